"""Whether a message is itself the name or the promise (商家承诺) that was asked for, and not something else said meanwhile."""

from __future__ import annotations

import re

from bot.cases.heard import Heard
from bot.disputes.facts import FactKind

A_NAME = re.compile(r"[\w\s·&+./%°\-（）()【】《》〈〉:：]{1,40}")
_BARE_NUMBER = re.compile(r"[\d\s.,¥￥$元块钱]+")  # 199 names no goods
_NAMED = frozenset({"shop", "product", "courier"})
_OTHER_FACTS = frozenset(
    {"amount", "date_time", "order_number", "tracking_number", "order_stage", "countdown"}
)
_NO_NAME = _OTHER_FACTS | {"remedy", "merchant_stance"}
# 我还没点确认收货, 收到那天就发现了: what somebody did, no name.
_AN_ACCOUNT = re.compile(
    r"^我|我[^的们]|了$|没|不(?:有|知道|记得|清楚)|发现|联系|确认|签收|收到|截图"
    r"|要求|全额|退[款货钱换]|赔[偿付钱]|介入|投诉|^(?:他们?|商家|卖家|客服|店家)说"
)
_PROMISES = re.compile(
    r"说|写|承诺|保证|宣传|标[注着明了]|包[退换邮赔]|送|价保|赔|假一|正品|无理由|保修|质保"
)
_THEY_REFUSE = re.compile(
    r"(?:商家|卖家|店家|客服|对方|他们?)(?:就|非|还|又)?说[^,，。]{0,12}不(?:退|换|赔|修|给|认|管|行|能|支持|同意)"
)
_WRITTEN = re.compile(r"写|承诺|保证|宣传|标[注着明了]|页面|详情|直播|主播")
_NO_PROMISE = re.compile(
    r"没(?:有)?(?:截图|保存|承诺|写|说)|忘了|想不起|店名|吧$|(?:啥|什么)意思|[?？]|吗$|为什么|为啥|怎么|你(?:前面|刚才|刚刚)"
)


def is_own_words(heard: Heard, wanted: FactKind) -> bool:
    """Whether the message, taken as it stands, is the value of the text fact that was asked for."""
    text = heard.text.strip()
    kinds = {str(one.get("entity")) for one in heard.entities}
    told = heard.intent in ("provide_order_info", wanted.name)  # merchant_reply is an intent and a fact
    if wanted.name == "promise":
        promises = bool(_PROMISES.search(text))
        if ("merchant_stance" in kinds or _THEY_REFUSE.search(text)) and not _WRITTEN.search(text):
            return False  # “卖家不承认 说发的时候好好的” is an answer, no promise
        other = kinds & (_OTHER_FACTS | {"shop"}) and not promises
        return (told or promises) and not other and not _NO_PROMISE.search(text)
    if wanted.name not in _NAMED:
        return told
    is_name = A_NAME.fullmatch(text) and not _BARE_NUMBER.fullmatch(text) and not _AN_ACCOUNT.search(text)
    return bool(told and is_name and not kinds & _NO_NAME)
