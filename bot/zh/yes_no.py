"""Short answers: yes, no, don't know. Only when the whole message is such an answer."""

from __future__ import annotations

import re
from typing import Literal

from bot.zh.normalise import normalise

Answer = Literal["yes", "no", "unknown"]

_FILLER = re.compile(
    r"^(?:亲|那个|呃|额|那|就|我|你好|哦|噢|都|其实)+|(?:啊|呀|哦|噢|呢|哈|吧|的|了|啦|嘛|哟|喽|咯|滴|亲|谢谢|~|[\s,。.!?;:…])+$"
)
_WORDS: dict[Answer, frozenset[str]] = {
    "yes": frozenset(
        ["是", "是的", "对", "对的", "嗯", "嗯嗯", "恩", "恩恩", "好", "好的", "好好", "行", "可以", "可以的", "没错", "没问题", "有", "有的", "确认", "同意", "ok", "okay", "yes", "y", "要", "需要", "愿意", "当然", "确定", "收到", "已收到", "已经", "做了", "联系过", "联系", "能", "会", "用过", "用", "嗯好", "好哒", "好滴", "好嘞", "中", "成", "正确", "就是", "1", "想", "接受", "支持"]
    ),
    "no": frozenset(
        ["不", "不是", "不对", "没", "没有", "不行", "不可以", "不要", "不用", "不需要", "不同意", "不能", "不会", "不想", "没用过", "还没", "还没有", "没联系", "no", "n", "不是的", "没有的", "未", "否", "不接受", "不愿意", "算", "算了", "错", "错了", "不必", "没用", "没有用", "从来没有", "并没有", "不支持", "没拆", "没穿", "还没用", "不好"]
    ),
    "unknown": frozenset(
        ["不知道", "不清楚", "忘", "忘记", "不记得", "记不清", "记不得", "不确定", "说不好", "不晓得", "没注意", "跳过", "随便", "都行", "不好说", "想不起来", "找不到", "先跳过", "略过", "下一个", "下一题", "往下走", "先往下走", "往下", "不太清楚", "不太记得", "过"]
    ),
}  # fmt: skip


def read_answer(text: str) -> Answer | None:
    """yes | no | unknown when the message is nothing but that, else None."""
    plain = normalise(text).text.strip().lower()
    for candidate in (plain.rstrip("。.!~ ,"), _FILLER.sub("", _FILLER.sub("", plain))):
        for answer, words in _WORDS.items():
            if candidate in words:
                return answer
    return None


_NAMED = {
    "单号": ("order_number", "tracking_number"),
    "号码": ("order_number", "tracking_number"),
    "店名": ("shop",),
}
_BARE_NO = re.compile(
    r"(?:我|这个|那个|现在|手上|手头|真的|确实|还|都)*(?:没有?|无|没得|找不到|不方便|不想|没法)(?:有|给|说|提供|填|这个|那个|单号|订单号|号码|店名)*(?:了|啊|呀|哦|的|吧|呢|[,。.!~ ])*"
)


def is_bare_no(text: str, asked: str | None = None) -> bool:
    """Whether a message says that there is nothing to give, and no more: 没有, 没单号, 找不到了.

    Where `asked` is known, what names another thing (没有单号 when the price was asked for) is no answer to it.
    """
    plain = normalise(text).text.strip().lower()
    if asked is not None and any(word in plain and asked not in facts for word, facts in _NAMED.items()):
        return False
    return read_answer(text) == "no" or bool(_BARE_NO.fullmatch(plain))


_REFUSAL = re.compile(
    r"(?:那|这|我|肯定|当然|绝对|坚决)*(?:不行|不接受|不同意|不干|不可能|不答应|免谈)(?:的|啊|吧|[,。.!~ ])*"
)


def refuses(text: str) -> bool:
    """Whether a short answer turns something down (不行, 不接受), rather than denying a fact (没有, 不是)."""
    return bool(_REFUSAL.fullmatch(normalise(text).text.strip()))


_AGREEMENT = re.compile(
    r"(?<!不)(?<!没)(?:同意|接受|就按(?:商家|他|你)|依(?:商家|他)(?:的|说)|成交)(?![吗么?])"
)


def agrees(text: str) -> bool:
    """Whether the words themselves accept something that was put forward (同意, 就按商家的), and do not only say yes."""
    return bool(_AGREEMENT.search(normalise(text).text))
