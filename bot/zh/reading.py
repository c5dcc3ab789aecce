"""All grammars over one text: the entities that need no trained model."""

from __future__ import annotations

import re
from datetime import datetime

from bot.zh.amounts import find_amounts
from bot.zh.countdown import find_countdowns
from bot.zh.dates import find_dates
from bot.zh.found import Found, without_overlaps
from bot.zh.lexicon import find_terms
from bot.zh.normalise import Normalised, normalise
from bot.zh.order_numbers import find_order_numbers
from bot.zh.stance import read_stance
from bot.zh.tracking import find_tracking_numbers

_SHOP = re.compile(
    r"(?:店铺名?|店名|卖家店铺|店家)(?:名称)?(?:是|叫|叫做|:|为)+\s*[「\"'“”]?(?P<a>[一-龥A-Za-z\d·&]{2,20})"
    r"|(?:^|在|[,。\s的是叫]|淘宝|天猫|京东|拼多多|抖音)(?P<b>[一-龥A-Za-z\d·&]{2,12}?(?:官方旗舰店|旗舰店|专卖店|专营店|企业店|精品店))"
)
_NOT_A_SHOP = re.compile(
    r"^(?:[这那]个?|某|一家|官方|品牌|他们|你们|我们|什么|哪家|这家|该|买|去|从|天猫|京东|淘宝)*(?:官方)?(?:旗舰店|专卖店|专营店|企业店|精品店)$"
)
# 买了一套《三体》: a title behind a word of buying is what was bought.
_TITLE = re.compile(
    r"(?:(?<![没未不])买|拍|订|下单|入手|购)(?:了|的|过|到)?[^,。!?;\s《》]{0,10}《(?P<name>[^《》\n]{1,40})》"
)
_LEAD_IN = re.compile(r"^(?:我|是|就|都|也|之前|昨天|今天|前天)*(?:在|从|去|到|跟|和|的|叫|找)+")
_RETOLD = re.compile(
    r"(?:商家|卖家|店家|店主|老板|客服|对方|他们?|店铺|掌柜)(?P<words>[^。!?\n]{0,3}(?:说|回复|答复|表示|告诉|讲|态度|不|拒绝|同意|让我|叫我|没|要我|一直|只|骂|爱)[^。!?\n]{0,60})"
)
# Where the retelling ends and the buyer goes on about the own wishes: “…让我找快递赔，我要退款，实付88元”.
_OWN_WORDS = re.compile(r"[,，](?=我(?!们)|实付|订单|要求|想|今天|昨天|请问?)")
LONGEST = 5000


def read_entities(text: str, now: datetime, platform: str | None = None) -> tuple[Found, ...]:
    """What the grammars find in a text, without overlaps, in text order; offsets are those of `text`.

    `now` must be aware. Text beyond 5,000 characters is not read. Never raises on odd text.
    """
    normal = normalise(text[:LONGEST])
    platforms = find_terms(normal, "platform")
    if platform is None and len({one.resolved["value"] for one in platforms}) == 1:
        platform = str(platforms[0].resolved["value"])
    waybills = find_tracking_numbers(normal)
    orders = find_order_numbers(normal, platform)
    in_order = (
        *waybills,
        *orders,
        *find_countdowns(normal),
        *find_amounts(normal),
        *find_dates(normal, now),
        *find_terms(normal, "courier"),
        *_titles(normal),
        *_shops(normal),
        *platforms,
        *find_terms(normal, "order_stage"),
        *find_terms(normal, "remedy"),
    )
    return _said_once(without_overlaps(in_order, len(text))) + _stances(normal)


def _said_once(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Without the repetitions of a value: 今天…今天 is one day, unless each says what happened then."""
    kept: dict[tuple[str, str, str], Found] = {}
    for one in found:
        kept.setdefault((one.kind, one.value, str(one.resolved.get("role"))), one)
    told = {(kind, value) for kind, value, role in kept if role != "None"}
    return tuple(
        one
        for (kind, value, role), one in kept.items()
        if not (kind == "date_time" and role == "None" and (kind, value) in told)
    )


def _shops(text: Normalised) -> tuple[Found, ...]:
    out = []
    for match in _SHOP.finditer(text.text):
        group = "a" if match["a"] else "b"
        name = _LEAD_IN.sub("", match[group])
        if not name or _NOT_A_SHOP.match(name):
            continue
        start, end = text.span(match.end(group) - len(name), match.end(group))
        out.append(Found("shop", start, end, text.original[start:end], {"value": name}, "check"))
    return tuple(out)


def _titles(text: Normalised) -> tuple[Found, ...]:
    out = []
    for match in _TITLE.finditer(text.text):
        start, end = text.span(*match.span("name"))
        name = text.original[start:end]
        out.append(Found("product", start, end, name, {"value": match["name"]}, "exact"))
    return tuple(out)


def _stances(text: Normalised) -> tuple[Found, ...]:
    """What the merchant answered, where the buyer retells it. The span is the deciding words; they may lie over
    other entities (a remedy, a sum), so these come after the rest."""
    out = []
    for match in _RETOLD.finditer(text.text):
        reading = read_stance(_OWN_WORDS.split(match["words"])[0])
        if reading.stance is None:
            continue
        at = match.start("words") + normalise(match["words"]).text.find(reading.cues[0])
        start, end = text.span(at, at + len(reading.cues[0]))
        resolved = {
            "value": reading.stance,
            "offer": str(reading.offer) if reading.offer is not None else None,
        }
        out.append(Found("merchant_stance", start, end, text.original[start:end], resolved, "check"))
        break
    return tuple(out)
