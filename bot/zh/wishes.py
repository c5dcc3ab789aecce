"""What a buyer wants done, in a few plain words: 补发就行 不想退, 换一个吧 算了还是退了, 要换.

For answers and the short wishes at the end of a complaint; remedies named in whole sentences are read by `demands`.
"""

from __future__ import annotations

import re

from bot.zh.lexicon import terms
from bot.zh.normalise import normalise

# One word, or a verb and what goes with it; the lexicon's terms come first, the longest first.
_SHORT = {"退": "return_refund", "换": "exchange", "补": "reship", "修": "repair", "赔": "compensation"}
_BREAK = re.compile(r"[,。;!~…\s]+|(?=算了|还是|要不(?!要)|不然|或者)")
_FRONT = re.compile(
    r"^(?:算了|还是|要不然?|不然|或者|唉|哎|嗯|那|就|我|只|也|都|可以|直接|赶紧|麻烦|希望|想要?|要求?|需要|给我|帮我|给|帮|申请|请|再|重新|全部|把(?:钱|东西|货))+"
)
_BACK = re.compile(
    r"(?:[一两几]?[个件双条台份只套盒瓶本](?:新的)?|新的|货|一下|掉|吧|呗|了|得了|算了|就行|就好|就可以|也行|也可以|都行|行|好|可以|给我|回来|啊|呀|哈|谢谢)+$"
)
_DENIED = re.compile(
    r"不(?:想|要|用|需要|能|会|肯|给|让)|别|没|拒绝|怎么|能不能|[?]|吗|么$|商家|卖家|客服|他"
)
_PAY = re.compile(
    r"赔(?:偿|付|我)?[\d一二两三四五六七八九十百千万]+(?:块钱?|元|倍)?(?:吧|才行|就行)?"
)  # 赔一千
_EITHER_OR = re.compile(r"(?:退款?|货|换|补发?|修|赔)还是")  # 仅退款还是退货退款: a question
_EXPLICIT = re.compile(r"^(?:算了|那|就|我|只|还是|,)*(?:要求?|想要?|给我|帮我|申请|需要|麻烦)")


def read_wish(text: str, *, explicit: bool = False) -> str | None:
    """The code of the remedy that a message wishes for in its last clause that does; None when none does.

    Of several that would all do (退钱也行 重新发也行) the first counts, of second thoughts (换吧 算了还是退了) the last.

    Args:
        explicit: one clause has to have a word of wishing in it (要换, 给我补发); for wishes nobody asked for.
    """
    if _EITHER_OR.search(normalise(text).text):
        return None
    found, wished = [], False
    for clause in filter(None, map(str.strip, _BREAK.split(normalise(text).text))):
        code = None if _DENIED.search(clause) else _of_clause(clause)
        if code:
            found.append((code, clause.endswith(("也行", "都行", "也可以"))))
            wished = wished or bool(_EXPLICIT.match(clause))
    if not found or (explicit and not wished):
        return None
    return found[0][0] if all(any_will_do for _, any_will_do in found) else found[-1][0]


def _of_clause(clause: str) -> str | None:
    """The remedy of a clause that says nothing else."""
    known = terms("remedy")
    core = _FRONT.sub("", clause)
    for said in (clause, core, _BACK.sub("", core), _BACK.sub("", clause)):
        if said in known:
            return known[said]
        if said in _SHORT:
            return _SHORT[said]
    return "compensation" if _PAY.fullmatch(core) else None
