"""Whose words a clause holds: the platform's (小二, 平台客服), the merchant's, a court's. “客服” alone may be either's."""

from __future__ import annotations

import re

NAMED = (
    r"(?:店?小二|平台(?:的人|方|那边|专员|客服)?|官方(?:客服|专员|那边)?|(?:淘宝|天猫|京东|拼多多|抖音|快手|闲鱼|微信小店)(?:的|那边|平台|官方|客服|小二|专员)*"
    r"|(?:介入|纠纷|维权|仲裁)(?:的)?(?:客服|专员|小二|人员|审核员)|调解员|仲裁员|(?:平台)?工作人员|(?:大众)?评审(?:团|员)?)"
)
"""The platform's people by a name that no merchant has."""
SELLER = r"(?:商家|卖家|店家|店主|店铺|店里|掌柜|老板|对方|商户)"

_ADDRESSED = re.compile(
    r"(?:跟|和|给|找|问|向|告诉|联系|催|等|请|叫|让|求|在|去|到|上|投诉|举报|指望|希望|申请|回复?|求助|挂|关掉|用|听|按)(?:了|过|一下|着)?$"
)
_NOT_SPEAKING = re.compile(
    r"^(?:上|里|规则|规定|页面|入口|的?(?:规则|规定|页面|消息框|聊天|按钮|介入)|介入|通知|提额|购|买|下单|店)"
)
_NAMED = re.compile(NAMED)
_SELLER_SPEAKS = re.compile(
    rf"(?:{SELLER}|他们?|(?:商家|店铺|店里|他家|他们)的?客服)[^,。!?;]{{0,4}}?(?:说|讲|回复?|答复|表示|称|觉得|认为|非说|一口咬定|威胁|发来|告诉|(?:打|来)了?个?电话)"
)
_OUTSIDE = re.compile(
    r"法院|法官|法庭|法律上|起诉|开庭|仲裁委|12315|消协|消委会|工商|市监|监管局|派出所|警察|交警|朋友(?:说|被|的)|别人|人家(?:都|说)|网上(?:说|有)|听说|我(?:姐|哥|妈|爸|同事|室友)[^,]{0,4}(?:被|的)"
)


def platform_speaks(clause: str) -> bool:
    """Whether the platform does or says something in a normalised clause; who asks it for something is not meant."""
    return any(
        not _ADDRESSED.search(clause[: found.start()]) and not _NOT_SPEAKING.match(clause[found.end() :])
        for found in _NAMED.finditer(clause)
    )


def seller_speaks(clause: str) -> bool:
    """Whether the clause gives the merchant's words: what they say of the platform is a claim of theirs."""
    found = _SELLER_SPEAKS.search(clause)
    before = clause[: found.start()] if found else ""
    return found is not None and not _NAMED.search(before)


def told_of_others(text: str) -> bool:
    """Whether a court, an authority or another buyer's case is spoken of."""
    return bool(_OUTSIDE.search(text))


def clauses_of(plain: str) -> list[str]:
    """The clauses of a normalised text with their marks of a question, in order; a blank separates them too."""
    return [one.strip() for one in re.split(r"(?<=[?!])|[,。;\n\s、:]+", plain) if one.strip(" !?")]
