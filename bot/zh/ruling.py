"""The platform's ruling (判决) as the buyer tells it: “判我输了”, “结果下来了 支持商家”, “客服判了退一半”.

A question who will win, a wish, a fear, “还没判”, a court's judgment and what the merchant claims are no ruling.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.zh.amounts import find_amounts
from bot.zh.normalise import normalise
from bot.zh.platform_voice import NAMED, SELLER, clauses_of, platform_speaks, seller_speaks, told_of_others

Result = Literal["supported", "partly", "rejected"]


@dataclass(frozen=True)
class Ruling:
    """`result` as the fact `ruling` has it; None = there is a ruling, but not who won. `amount` = the sum awarded in
    yuan where only a sum was told: whether that is all or a part depends on what was asked for."""

    result: Result | None
    amount: Decimal | None = None
    clause: str = ""


_JUDGED = r"判(?:决|定)?(?:了|的?是|的|成|给|下来|结果)*"
_BUYER = r"(?:我们?(?:买家)?(?:这边|方|这一方)?|买家|买方|消费者)"
_THEIRS = rf"(?:{SELLER}(?:那边|那方|方)?|卖方|他们?(?:家)?)"
_LOSES = r"输(?!入|密|错|送|出|液|血|号|验证)"
_LOST = rf"(?:{_LOSES}|败诉?|没理|不占理|理亏|不成立|全责|有责|的错|责任|承担责任)"
_WON = r"(?:赢|胜诉?|有理|占理|没错|没有?责任?|无责|不用(?:退|赔)|成立)"
_GOOD = r"(?:全额?|全部|全款)?(?:退款|退货|退钱|退一赔|退给?我|赔|换货|换新|重发|补发|维修|退(?!一半|一部分|部分|半))"

# A merchant turns down a refund (驳回) as well: only the platform turns down a demand or an intervention.
_TURNED_DOWN = r"(?:平台|小二|官方|介入|维权|仲裁|纠纷)[^,]{0,8}驳回|驳回[^,]{0,4}(?:介入|维权|诉求)"
# A word that a decision has been made at all.
_DECIDED = re.compile(
    rf"(?<![批谈审误宣研评裁])判(?!断|若|处|刑|读|为?(?:恶意|违规|异常|虚假))|裁决|裁定|裁判结果|{_TURNED_DOWN}|(?:介入|维权)(?:失败|成功|不成立)"
    r"|(?<![测验定查检])结果(?:都|已经|也|今天|昨天|刚刚?|终于)*(?:(?:下来|出来|出|通知)了|(?:是|还是|就是)?(?:不)?支持)"
)
_SIDES = re.compile(
    rf"(?:没有?|不|未|不予)?支持(?:了|的是|的)?(?:{_BUYER}|{_THEIRS}|我的(?:诉求|申请|请求|退款|退货))"
)
_PARTLY = re.compile(
    r"部分支持|支持(?:了|我)*(?:一)?部分|(?:退|赔|补)(?:给)?(?:了)?(?:我)?(?:货款)?的?(?:一半|半|部分|一部分|[一二三四五六七八九1-9]成|\d{1,2}%|百分之|运费)"
    rf"|一半(?:责任)?|五五|各(?:打五十|退一步|承担|负|一半|出)|双方(?:都|各|均)有?责|(?:只|就|才){_JUDGED}(?:退|赔|补|支持)|{_JUDGED}(?:只|就|才)(?:退|赔|补|支持)"
)
_AGAINST = re.compile(
    rf"{_JUDGED}[^,]{{0,3}}?{_BUYER}[^,]{{0,3}}?{_LOST}|{_BUYER}(?:被)?(?:{_JUDGED})?(?:{_LOSES}|败诉|败)了?|{_JUDGED}[^,]{{0,3}}?{_THEIRS}[^,]{{0,3}}?{_WON}|{_THEIRS}(?:{_JUDGED})?(?:赢|胜)"
    rf"|{_JUDGED}(?:归|给)?{_THEIRS}(?:了|$)|(?<![不没未])(?<!没有)支持(?:了|的是|的)?{_THEIRS}|(?:没有?|不|未|不予)支持(?:了)?(?:{_BUYER}|(?:我的)?(?:诉求|申请|请求|退款|退货))"
    rf"|(?:没有?|不|未){_JUDGED}(?:给)?{_BUYER}(?:赢|胜|有理)|{_JUDGED}[^,]{{0,4}}?(?:不(?:能|可以|用|给|予|该)?(?:退|赔|支持|成立|受理))|{_JUDGED}{_LOSES}|{_TURNED_DOWN}|(?:介入|维权)(?:失败|不成立)|责任(?:在|归|算)(?:我|买家)"
)
_FOR = re.compile(
    rf"{_JUDGED}[^,]{{0,3}}?{_BUYER}[^,]{{0,3}}?{_WON}|{_BUYER}(?:{_JUDGED})?赢|{_JUDGED}[^,]{{0,3}}?{_THEIRS}[^,]{{0,3}}?(?:{_LOST}|{_GOOD})|{_THEIRS}(?:被)?(?:{_JUDGED})?(?:输|败)"
    rf"|(?<![不没未])(?<!没有)(?<!不予)支持(?:了|的是|的)?(?:{_BUYER}|(?:我的)?(?:诉求|申请|请求|退款|退货))|{_JUDGED}[^,]{{0,4}}?(?:{_GOOD}|赢)|(?:介入|维权)成功|责任(?:在|归|算){_THEIRS}"
)
_GAVE = re.compile(r"[退赔补]")
_DONE = re.compile(
    r"判(?:决|定)?(?:完|好|过|下来|出来)*了|判决书?(?:下来|出来|到)|(?<![测验定查检])结果(?:都|已经|也|今天|昨天|刚刚?|终于)*(?:下来|出来|出)了"
    r"|(?:介入|裁决|判决|仲裁|判定|平台)的?结果[^,]{0,6}(?:了|不满|不服|不公|异议|不认)|裁决(?:下来|出来|了)|判得|(?<!系统)判的(?!我|是)"
)
# Not yet, not for sure, or how things usually are.
_NOT_YET = re.compile(
    r"还(?:没|未|在等|要等|不知道)|(?:没|没有|未|尚未)(?:有)?(?:判(?!我|买家)|裁决|结果|出结果)|等(?:着|待|平台|客服|小二|他们)*(?:判|结果|裁决)|在判|(?:什么时候|啥时候|多久|几天|何时)"
    r"|(?:要是|如果|假如|万一|若是?|倘若|一旦|要不|即使|就算|哪怕)|(?:(?<!怎么)会|能|将|可能|估计|应该|希望|最好|肯定|一定|必须|怕|担心|恐怕|求|请|要求?|该|想让?|凭证据|重新|再|来|才|准备|打算|快|等着)(?:会|要|给我|被|平台|客服|小二|他们?|帮我|系统|自动|直接)*(?:判|裁|支持)"
    r"|一般|通常|往往|总是|老是|都是?支持|向来|每次|从来|多半|之前那?次|上[次回]|我(?:也|都|就)?认|也行|请求?[^,]{0,4}驳回"
)
_ASKS = re.compile(
    r"[?]|吗|(?<![怎什这那])么|没(?:有)?[啊呢呀]?$|谁|(?<!凭)啥|(?<!凭)(?<!为)什么(?!都)|会不会|能不能|是不是|有没有|该不该|多大|几率|概率|怎么判(?!我|我们|买家|商家|卖家|成|的我)"
)
# What is asked about a ruling there is: 怎么办, 凭什么.
_GIVEN_IN_IT = re.compile(
    r"(?:怎么|咋|该)(?:办|整|弄|申诉|上诉|才能|反驳)|凭什么|为什么|凭啥|为啥|怎么(?:就|会|能|可以)?判(?:我|我们|买家|商家|卖家|成)|(?:能|可以|可不可以|能不能|还能)[^,]{0,4}(?:申诉|上诉|复审)|找谁|有什么办法|有用|合理|公平"
)


def read_ruling(text: str, *, asked: bool = False) -> Ruling | None:
    """The ruling that a message tells of; None when it tells of none.

    Args:
        asked: it was asked what the ruling is, so that “输了” and “支持我” are enough.
    """
    plain = normalise(text).text.strip()
    if told_of_others(plain) or len(plain) > _LONGEST:
        return None
    clauses = [one for one in clauses_of(plain) if not seller_speaks(one)]
    told = [one for one in clauses if _is_told(one)]
    about = asked or any(_DECIDED.search(one) or _speaks_for_a_side(one) for one in told)
    if not about:
        return None
    return _with_result(told, asked) or _without_result(told)


_LONGEST = 400
"""Characters: in a longer account the sides are spoken of in more ways than a table can tell apart."""


def _is_told(clause: str) -> bool:
    """Whether the clause tells how it is, and not how it might be; “判我输了怎么办” tells it."""
    if _NOT_YET.search(clause) and not _AGAINST_ALL_THE_SAME.search(clause):
        return False
    return not _ASKS.search(clause) or bool(_GIVEN_IN_IT.search(clause))


_AGAINST_ALL_THE_SAME = re.compile(r"(?:没有?|未)判(?:给)?(?:我|买家)(?:赢|胜|有理)|(?:还是|就)(?:判|支持)")


def _speaks_for_a_side(clause: str) -> bool:
    """“平台支持卖家”: no word of a decision is needed where the platform does it."""
    return bool(_SIDES.search(clause)) and platform_speaks(clause)


def _with_result(told: list[str], asked: bool) -> Ruling | None:
    """The last clause that says who won: “判我输了，然后又改判支持我”."""
    decided = asked
    found: Ruling | None = None
    for clause in told:
        decided = decided or bool(_DECIDED.search(clause)) or _speaks_for_a_side(clause)
        result = _result(clause, asked) if decided else None
        if result is not None and not (found and _adds_only(clause)):
            found = result
    return found


def _adds_only(clause: str) -> bool:
    """A clause without its own word of a decision that follows one which told the result."""
    return not (_DECIDED.search(clause) or _SIDES.search(clause))


def _result(clause: str, asked: bool) -> Ruling | None:
    if _PARTLY.search(clause):
        return Ruling("partly", clause=clause)
    if asked:
        bare = _BARE.fullmatch(clause.strip("!.~ "))
        if bare:
            return Ruling(
                "rejected" if bare["lost"] else "supported" if bare["won"] else "partly", clause=clause
            )
    sums = [Decimal(str(one.resolved["value"])) for one in find_amounts(normalise(clause))]
    against = _AGAINST.search(clause)
    if sums and _GAVE.search(clause) and not against:
        return Ruling(None, max(sums), clause)
    if against:
        return Ruling("rejected", clause=clause)
    return Ruling("supported", clause=clause) if _FOR.search(clause) else None


_BARE = re.compile(
    r"(?:(?P<lost>(?:我|判我)?(?:输|败)了?|(?:没|没有|不)支持(?:我)?|(?:没|没有)赢|不退|(?:支持)?(?:商家|卖家|对方)(?:赢)?了?|驳回了?)"
    r"|(?P<won>(?:我|判我)?赢了?|支持(?:我|买家)?了?|(?:全退|退款|全额退款?)了?|我(?:有理|胜))"
    r"|(?P<part>(?:支持)?(?:了)?(?:一)?部分(?:支持)?|一半(?:一半)?|一人一半))(?:的|啊|呀|吧|呢|,)*"
)


def _without_result(told: list[str]) -> Ruling | None:
    """“平台判了”, “结果出来了” and no more."""
    clause = next((one for one in told if _DONE.search(one)), None)
    judged = clause is not None and (re.search(r"判|裁|介入|处理", clause) or platform_speaks(clause))
    bare = clause is not None and re.fullmatch(
        rf"(?:{NAMED}|那个|客服|的|最后|终于|刚刚?)*结果[^,]{{0,6}}了[!吧啊呀]*", clause
    )
    return Ruling(None, clause=clause) if clause is not None and (judged or bare) else None
