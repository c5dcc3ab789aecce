"""What a question is about, by its words: what can be claimed (能赔多少), the refund form (选什么原因), reviews (算恶意差评吗).

Questions of these kinds are read as many things: a complaint, a wish to return, a refused offer. Pure rules over the text.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.zh.normalise import normalise

Topic = Literal["remedies", "refund_form", "reviews"]

_MULTIPLE = (
    r"(?:退一赔|假一赔|假一罚|(?<![一二三四五六七八九十\d])(?:三|四|十|双|两|几|[2-4]|10) ?倍|惩罚性赔)"
)
_EXTRA = r"(?:精神(?:损失|损害|赔)|误工|医药费|医疗费|违约金)"
_PAY = rf"(?:{_MULTIPLE}|{_EXTRA}|补偿|赔)"
_MAY = r"(?:能不能|可不可以|能否|可否|可以|应该|够不够|算不算|是不是|有没有|还能|能|该)"

_REMEDIES_ASKED = re.compile(
    rf"赔(?:偿|付)?(?:我|给我|金额)?(?:多少|几倍|几|什么|哪些|啥)|(?:怎么|如何|咋|按什么)[^,。!;]{{0,3}}(?:赔|补偿)"
    rf"|赔(?:偿|付)?[^,。!;]{{0,4}}(?:怎么|如何|咋)(?:算|要|办)|{_MAY}[^,。!;?]{{0,10}}{_PAY}"
    rf"|(?:{_MULTIPLE}|{_EXTRA}|补偿|赔偿|赔付)[^,。!;?]{{0,8}}(?:吗|么|能|可以|行不行|怎么|多少|支持|标准|\?)"
    r"|(?:什么|哪些|多少|啥|几倍)(?:的)?(?:赔|补偿)|赔(?:偿|付)?[^,。!;?]{0,4}(?:吗|标准|不$)"
)
_REMEDIES_DEMANDED = re.compile(
    rf"(?:要求|我要|想要|必须|主张|索赔|得给)[^,。!;?]{{0,6}}(?:{_MULTIPLE}|{_EXTRA})"
)
_REMEDIES_NAMED = re.compile(_PAY)
_FORM_ASKED = re.compile(
    r"(?:退款|退货|退换|申请|售后)(?:的|时|单)*(?:的)?(?:原因|理由|类型)[^,。]{0,6}(?:选|填|写|点|勾|哪|什么|怎么|咋|影响|改)"
    r"|(?:原因|理由|类型)[^,。]{0,3}(?:选|填|写|点|勾)(?:择)?(?:什么|哪|啥|质量|不想要|七天|7天)"
    r"|(?:选|填|写|点|勾)(?:择|个|错)?(?:了)?(?:什么|哪个?|啥|哪一?[个项种])?(?:退款|退货)?(?:的)?(?:原因|理由|类型)"
    r"|仅退款(?:还是|或者?|跟|和)[^,。]{0,3}退货|退货(?:退款)?(?:还是|或者?|跟|和)[^,。]{0,3}仅退款"
    r"|(?:选|点|写|填|用)(?:成)?(?:仅退款|退货退款|质量问题|[七7]天无理由|不想要|不喜欢|多拍)[^,。]{0,10}(?:还是|会不会|影响|区别|[行好吧]吗|可以吗|能不能)"
    r"|(?:退款单|退款申请|申请单)[^,。]{0,6}(?:怎么|咋|如何)[^,。]{0,2}(?:填|写|选)|(?:退款|售后)类型"
)
_FORM_BARE = re.compile(
    r"(?:那|我|这个|应该|要|该|得)*(?:填|选)(?:什么|啥|哪个|哪一个|哪项)(?:好|呢|啊|呀|[?.!])*"
)
_REFUSED = re.compile(r"(?:拒绝|驳回|不通过|不同意)[^,。]{0,6}(?:原因|理由)")
_ACCUSED = re.compile(
    r"恶意(?:的)?(?:差评|评价|中评|评论)|(?:差评|中评|评价|评论|追评)[^,。]{0,12}(?:违规|违法|恶意|被?投诉|处罚|算不算|判)"
    r"|投诉我[^,。]{0,6}(?:差评|评价|评论)"
)
_REVIEWS_ASKED = re.compile(
    rf"{_ACCUSED.pattern}|(?:删|撤|改)(?:掉|除|了|不)?(?:我的|这条|那条|个)?(?:差评|中评|评价|评论|好评)|删评"
    r"|(?:差评|中评|评价|评论|追评|好评)[^,。]{0,10}(?:影响|有事|会不会|要不要|能不能|删|返现|红包|退款)"
)
_REVIEWS_NAMED = re.compile(r"差评|中评|好评|删评|追评|评价")
_ASKS = re.compile(
    r"\?|吗|么$|呢$|怎么|什么|啥|哪|咋|多少|几倍|能不能|可不可以|会不会|要不要|是不是|算不算|行不行|够不够|有没有|还是(?!坚持|要|不)|不$"
)
_LAST = 2  # clauses: who tells a story asks at its end
_RETOLD = re.compile(
    r"(?:商家|卖家|店家|店铺|客服|他们|对方|老板)[^,。!?]{0,6}(?:说|讲|回|答应|同意|愿意|肯|提出|只|表示)(?!我的?(?:差评|评价))"
)

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("tenfold", re.compile(r"(?:十|10) ?倍|退一赔(?:十|10)")),
    ("triple", re.compile(r"(?:三|3) ?倍|退一赔(?:三|3)|欺诈|最少[^,。]{0,3}500|500元?起")),
    ("promise", re.compile(r"假一(?:赔|罚)|承诺[^,。]{0,6}赔")),
    ("deposit", re.compile(r"[定订]金|双倍返")),
    ("payout", re.compile(r"红包|(?:延迟|晚|超时|缺货|虚假|不)(?:发货?)[^,。]{0,8}(?:赔|补)|晚到|必赔|包赔")),
    ("freight", re.compile(r"运费|邮费|退货宝")),
    ("testing", re.compile(r"(?:检测|鉴定|检验|质检)费")),
    ("distress", re.compile(r"精神|误工|时间成本|路费|交通费")),
    ("injury", re.compile(r"医药费|医疗费|受伤|烫伤|吃坏|住院|损害赔偿|误工")),
    ("loss", re.compile(r"(?<!精神)损失|违约金")),
)


def topic_of(text: str, *, asking: bool) -> Topic | None:
    """What the message asks about; None when it is none of these topics.

    Args:
        text: the message as written.
        asking: it is known to be a question about rules, so that naming the matter is enough.
    """
    plain = normalise(text).text.strip()
    if asking:
        return _named(plain)
    clauses = [clause for clause in re.split(r"(?<=[?!])|[,。;\n]", plain) if clause.strip()]
    for clause in reversed(clauses[-_LAST:]):
        found = _asked(clause.strip())
        if found is not None:
            return found
    return None


def _named(plain: str) -> Topic | None:
    if _form(plain):
        return "refund_form"
    if _REVIEWS_NAMED.search(plain):
        return "reviews"
    return "remedies" if _REMEDIES_NAMED.search(plain) else None


def _asked(clause: str) -> Topic | None:
    asks = _ASKS.search(clause)
    if _REMEDIES_DEMANDED.search(clause) and not _RETOLD.search(clause):
        return "remedies"
    if not asks:
        return None
    if _form(clause):
        return "refund_form"
    if _REVIEWS_ASKED.search(clause):
        return "reviews"
    return "remedies" if _REMEDIES_ASKED.search(clause) else None


def _form(plain: str) -> bool:
    asked = _FORM_ASKED.search(plain) and not _REFUSED.search(plain)
    return bool(asked or _FORM_BARE.fullmatch(plain))


def asks_in_words(text: str) -> bool:
    """Whether the message has the form of a question at all."""
    return bool(_ASKS.search(normalise(text).text.strip()))


def remedy_kinds(text: str) -> tuple[str, ...]:
    """Which remedies are asked about by name: tenfold, triple, promise, deposit, payout, freight, testing, distress,
    injury, loss. Empty when the question is a general one."""
    plain = normalise(text).text
    return tuple(kind for kind, pattern in _KINDS if pattern.search(plain))


def speaks_of_malice(text: str) -> bool:
    """Whether somebody holds the buyer's review to be malicious or complains of it (恶意评价)."""
    return bool(_ACCUSED.search(normalise(text).text))
