"""Why a conversation goes to a person: the names of the reasons, and the signs that speak for one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from bot.cases.model import Case
from bot.handoff.hours import DeskPolicy
from bot.handoff.model import Disposition, Reason
from bot.zh.normalise import normalise

LABELS: Mapping[Reason, str] = {
    Reason.USER_REQUEST: "买家要求",
    Reason.LOW_CONFIDENCE: "没听懂",
    Reason.REPEAT_FAILURE: "多次失败",
    Reason.HIGH_AMOUNT: "金额较大",
    Reason.SAFETY: "安全风险",
    Reason.LEGAL_THREAT: "法律威胁",
    Reason.AGENT: "客服主动接入",
}

DISPOSITIONS: Mapping[Disposition, str] = {
    Disposition.RESOLVED: "已解决",
    Disposition.UNRESOLVED: "未解决",
    Disposition.REFERRED: "转其他渠道",
    Disposition.SPAM: "无效会话",
}

_THEM = r"(?:你们?|您|商家|卖家|店家|店铺|这家店|他们?|她|老板|平台|客服|公司)"
_THREATS = tuple(
    re.compile(pattern)
    for pattern in (
        # Going to court, said as a plan or as what comes next.
        rf"起诉{_THEM}",
        r"(?:我|就|要|会|一定|准备|打算|决定|直接|马上|已经)(?:去|要|会)?(?:法院)?(?:起诉|打官司)",
        rf"(?<![广警报转公])(?:告死?|状告){_THEM}(?!们?(?:一声|一下|诉))",
        r"(?:上|去|到)法院(?:告|起诉|见|讨)|告(?:上|到)法[院庭]|法[院庭]上?见|对簿公堂|法院(?:传票|的传票).{0,4}(?:等着|收)",
        r"(?:等着?|准备)(?:收|接)(?:我的?)?(?:律师函|法院传票|传票)",
        rf"(?:发|寄|送|给{_THEM}).{{0,6}}律师函|律师函.{{0,4}}(?:已经|马上|明天|这就)",
        r"(?:找|请|委托|联系|咨询|叫)(?:了|好|过)?(?:我的?|个|一个)?律师.{0,8}(?:告|起诉|处理|解决|跟你|找你|谈|了$|$)",
        rf"(?:我的?|让)律师.{{0,4}}(?:会|来|联系|找){_THEM}?",
        # The public: press and social media.
        rf"曝光(?:一下)?{_THEM}|(?:给|把){_THEM}.{{0,8}}曝光|(?:我|就|要|会|去|直接|马上|全网|网上|抖音|微博|小红书)(?:去|要|会|上)?曝光",
        r"(?:找|联系|叫|请|喊|通知|告诉|爆料给|捅给)(?:了|过)?(?:我的?)?.{0,4}(?:媒体|记者|电视台|315晚会|新闻|报社)",
        r"(?:媒体|记者|电视台|微博|抖音|小红书|热搜|315晚会).{0,4}(?:见|爆料|来采访|来曝光|等着你)",
        r"(?:发|挂|捅|传|放)(?:到|上)(?:网上|网络上|抖音|微博|小红书|朋友圈|媒体)(?!的)",
        r"(?:我|就|要|会|去|直接|马上)(?:去|要|会)?发(?:个)?(?:抖音|微博|小红书|视频曝光)(?!的)",
        r"我(?:就)?是(?:一?[个名位])?(?:律师|记者|媒体)",
    )
)
_NOT_MEANT = re.compile(
    r"(?:不想|不打算|没想|没有想|不会|不是要|不至于|不愿意?|没打算|别|不用|不必|懒得|如果不|犯不着)[^,。]{0,8}$"
)
# A complaint to the market regulator or the consumers' association is everybody's ordinary way.
_OFFICE = re.compile(r"(?:12315|工商局?|消协|消费者协会|市场监管局?|市监局?)[^,。]{0,2}$")
# The other side threatens, or advises: what somebody said to the buyer is no threat of the buyer's.
_BY_OTHERS = re.compile(
    r"(?:商家|卖家|店家|对方|老板|他们?|她|客服|平台|朋友|家人|网上|别人|有人)(?:就|还|又|也|老|一直|却)?"
    r"(?:说|讲|回复?|要|威胁|扬言|会|让|叫|建议|劝|发|给|告诉|已经)"
)
_AT_BUYER = re.compile(
    r"(?:起诉|状告|告|曝光|律师函.{0,2}(?:给|寄给|发给))我|(?:给|向|对)我.{0,6}(?:律师函|传票|起诉)|收到.{0,8}(?:律师函|传票)"
)
_ASKING = re.compile(
    r"怎么(?!还|这么|办事)|如何|怎样|能不能|能否|可不可以|可以.{0,12}吗|能.{0,10}吗|是否|要不要|该不该|用不用|需不需要|有没有用|有用吗|"
    r"值得|行不行|行吗|什么(?:材料|流程|条件|证据|手续|时候|意思|是)|哪些(?:材料|证据|条件)|多少钱|费用|流程|哪个法院|哪里的?法院|划算|吗$|么$|[?？]"
)
# A demand in the form of a question (“到底退不退？”).
_DEMAND = re.compile(
    r"(?:到底|还|凭什么|为什么|怎么还).{0,6}(?:退|赔|解决|处理|管)|(?:退|赔|管|处理|解决)不(?:退|赔|管|处理|解决)"
)
_TO_YOU = re.compile(r"你们?|您")
_CLAUSE = re.compile(r"[^,，。；;!！\n?？]*[?？]?")


def reason_label(reason: Reason) -> str:
    """The reason as agents read it."""
    return LABELS[reason]


def legal_threat(text: str) -> bool:
    """Whether the buyer threatens this service or the merchant with a court, a lawyer, the press or the net.

    A question about such a way (“怎么起诉商家”), a threat made by the merchant and a way not wanted
    (“我不想打官司”) are none.
    """
    clauses = [one for one in _CLAUSE.findall(normalise(text).text) if one.strip()]
    asks = any(_ASKING.search(one) and not _DEMAND.search(one) for one in clauses)
    return any(_threatens(one, asks) for one in clauses)


def _threatens(clause: str, asks: bool) -> bool:
    for pattern in _THREATS:
        found = pattern.search(clause)
        if found is None:
            continue
        before = clause[: found.start() + 1]  # 不会 may be cut in two by the match
        if any(sign.search(before) for sign in (_NOT_MEANT, _OFFICE, _BY_OTHERS)) or _AT_BUYER.search(clause):
            continue
        # Who asks how to sue wants advice; who says “you” says it to our face.
        if asks and not _TO_YOU.search(clause, found.start()):
            continue
        return True
    return False


def is_high_amount(case: Case | None, policy: DeskPolicy) -> bool:
    """Whether the sum paid is one that a person should look at."""
    paid = case.facts.get("amount") if case is not None else None
    return paid is not None and Decimal(str(paid.value)) >= policy.high_amount


def misunderstood(times: int, policy: DeskPolicy) -> bool:
    """Whether the bot has failed to understand so often in a row that a person should be offered."""
    return times >= policy.misunderstood_limit
