"""Dialogue acts that a whole short message decides, and the few that only the line before it can tell."""

from __future__ import annotations

import re
from typing import Any

from bot.zh.normalise import normalise
from bot.zh.yes_no import read_answer

# Whole normalised messages (fillers at the end are ignored). Sentence vectors do not see 不, so these are rules.
_WHOLE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "greeting",
        re.compile(
            r"(?:亲亲?,?)?(?:你好|您好|在吗|在么|在不在?|哈喽|hello|hi|嗨|早上好|下午好|晚上好|早|有人在?吗|你们?好呀?)(?:,?(?:你好|您好|在吗|在么|亲|客服))*",
            re.I,
        ),
    ),
    (
        "thanks_or_bye",
        re.compile(
            r"(?:好的?,?|嗯,?|没有?了,?|没别的了,?)?(?:谢谢|多谢|感谢|非常感谢|十分感谢|辛苦|麻烦|3q|thanks?|thank you|拜拜|再见|bye)(?:你|您|了|亲|客服|啦|大家)*(?:,?(?:谢谢|再见|拜拜|辛苦了))*",
            re.I,
        ),
    ),
    (
        "ask_human",
        re.compile(
            r"(?:我要|要|帮我|给我|请|能不能|可以|转|找|叫)*(?:转|接|找|叫|换)?(?:个)?(?:人工|真人)(?:客服|服务|坐席)?(?:吗|来)?"
        ),
    ),
)
_TRAILING = re.compile(r"(?:[啊呀哦噢呢哈吧嘛哟~!。,.?…\s]|\[\S{1,4}\])+$")
_OFFER = re.compile(
    r"(?:补偿|赔|退(?:您|你|给|款)|优惠券|换货|补发|维修|方案|返现|红包|折|运费).{0,40}(?:可以吗|行吗|好吗|您看|接受|同意|怎么样|如何|可否|愿意|能接受)|(?:接受|同意).{0,16}(?:方案|提议|补偿|商家|卖家).{0,6}(?:吗|\?)"
)
_ASKS_FACT = re.compile(
    r"订单号|单号|什么时候|哪天|几号|日期|时间|商品|什么东西|型号|哪个平台|在哪|多少钱|金额|店铺|快递公司|颜色|尺码|联系方式|付款方式|名称|告诉我|提供一下|说一下"
)
_YES_ACTS = {"yes": "affirm", "no": "deny", "unknown": "dont_know"}
_FACT_KINDS = {
    "order_number",
    "tracking_number",
    "courier",
    "amount",
    "date_time",
    "platform",
    "shop",
    "product",
    "order_stage",
}
_NOT_CONFIRMED = re.compile(r"(?:还|也|但|就是)*(?:没有?|未)(?:去|有)?点?(?:过)?确认(?:收货)?")
_SAYS_NOTHING = re.compile(
    r"[\s,。.:!?、的是在我了买订单号快递物流单付款时间金额共一收到大概左右应该就那个于这叫实花天号和亲自营旗舰店]"
)
SHORT = 12
ONLY_FACTS = "provide_order_info"


def whole_message_act(text: str) -> str | None:
    """The act of a short normalised message that is nothing else, or None."""
    core = re.sub(r"\s+", ",", _TRAILING.sub("", text.strip()))
    for act, pattern in _WHOLE:
        if core and pattern.fullmatch(core):
            return act
    answer = read_answer(text)
    return _YES_ACTS[answer] if answer else None


def only_facts(text: str, entities: list[dict[str, Any]]) -> bool:
    """Whether the original text names facts and says nothing else: 京东 / 昨天下的单 / 订单号 …"""
    kinds = [entity for entity in entities if entity["entity"] in _FACT_KINDS and not _is_complaint(entity)]
    if not kinds:
        return False
    rest = list(_NOT_CONFIRMED.sub(lambda found: " " * len(found.group()), text))
    for entity in kinds:
        rest[entity["start"] : entity["end"]] = [" "] * (entity["end"] - entity["start"])
    return not _SAYS_NOTHING.sub("", normalise("".join(rest)).text)


def _is_complaint(entity: dict[str, Any]) -> bool:
    """还没发货 is a state of the order and may be the trouble; 已签收 is only the state."""
    value = (entity.get("resolved") or {}).get("value")
    return entity["entity"] == "order_stage" and value not in ("unpaid", "signed", "confirmed")


def act_in_context(text: str, context: str, entities: list[dict[str, Any]]) -> str | None:
    """What a short answer means after the line before it (the bot's or an agent's), or None."""
    if not context or len(text) > SHORT:
        return None
    before = normalise(context[-300:]).text
    answer = read_answer(text)
    if answer in ("yes", "no") and _OFFER.search(before):
        return "accept_seller_offer" if answer == "yes" else "reject_seller_offer"
    if (
        answer is None
        and _ASKS_FACT.search(before)
        and entities
        and not re.search(r"[?吗呢]|不|没|退|投诉|人工", text)
    ):
        return ONLY_FACTS
    return None
