"""What a merchant's offer consists of: money, coupons, freight, another performance, whether the goods stay.

A sum counts when a word of giving stands beside it; coupons and points count for the configured share of their face
value. "全额退款", "退一半" and "退30%" are sums of what was paid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.disputes.policy import NegotiationPolicy
from bot.zh.amounts import find_amounts
from bot.zh.normalise import normalise

Payer = Literal["seller", "buyer"]
PERFORMANCES = ("exchange", "repair", "reship")
CENT = Decimal("0.01")
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+")
_SHARE = re.compile(
    r"[退赔补返](?:还|偿|款|给)?(?:您|你|我)?.{0,4}?(?:(?P<percent>\d{1,3})[%％]|百分之(?P<hundred>[一二三四五六七八九]?十)|(?P<half>一半)"
    r"|(?P<tenth>[一二三四五六七八九])成)"
)
_KEEPS = re.compile(r"扣(?:除|掉|我|您|你|了)*$|倒贴$|收(?:我|您|你)?$")
_KEEPS_BARE = re.compile(r"扣(?:除|掉|我|您|你)*(?P<n>\d+)(?=[^%％\d]{0,2}(?:折旧|手续|服务|包装|费))")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_BEFORE, _AFTER, _NOT = 8, 6, 5
"""Characters: how far a word of giving may stand before or after a sum, and a "not" before or after a word."""


@dataclass(frozen=True)
class OfferValue:
    """An offer taken apart. Money in yuan; `worth` = cash + the configured share of coupons and points.

    `performance` exchange | repair | reship; `freight` who pays for sending the goods back, as far as it was said;
    `stated` False = no sum was named at all, `worth` is then 0.
    """

    cash: Decimal
    coupon: Decimal
    worth: Decimal
    stated: bool
    performance: str | None = None
    freight: Payer | None = None
    keeps_goods: bool = False
    whole: bool = False


@dataclass(frozen=True)
class _Sum:
    value: Decimal
    kind: Literal["cash", "coupon", "freight"]


def read_offer(
    offer: Decimal | None, text: str, paid: Decimal | None, policy: NegotiationPolicy
) -> OfferValue:
    """The offer in `text`, where `offer` is the sum already known of it and `paid` what the buyer paid (yuan)."""
    cues = policy.offer_cues
    whole = _said(text, cues, "whole")
    sums = _sums(text, policy)
    less = _kept_back(text)
    if less and paid is not None and less < paid:
        offer, sums = paid - less, []
    main = _main(offer, text, sums, paid if whole else None, paid, policy)
    rest = [one for one in sums if main is None or (one.kind != main.kind and one.value != main.value)]
    counted = [*([main] if main else []), *rest]
    coupon = sum((one.value for one in counted if one.kind == "coupon"), Decimal(0))
    cash = sum((one.value for one in counted if one.kind != "coupon"), Decimal(0))
    share = (coupon * policy.coupon_percent / 100).quantize(CENT)
    return OfferValue(
        cash=cash,
        coupon=coupon,
        worth=cash + share,
        stated=bool(counted),
        performance=next((one for one in PERFORMANCES if _said(text, cues, one)), None),
        freight=_payer(text, cues),
        keeps_goods=_said(text, cues, "keeps_goods"),
        whole=whole,
    )


def _main(
    offer: Decimal | None,
    text: str,
    sums: list[_Sum],
    whole: Decimal | None,
    paid: Decimal | None,
    policy: NegotiationPolicy,
) -> _Sum | None:
    """The sum the offer is about: the one already known, else all that was paid, a share of it, or the largest."""
    if offer is not None:
        same = next((one for one in sums if one.value == offer), None)
        coupon = any(cue in text for cue in policy.coupon_cues)
        return same or _Sum(offer, "coupon" if coupon and not sums else "cash")
    if whole is not None:
        return _Sum(whole, "cash")
    share = _share(text)
    if share is not None and paid is not None:
        return _Sum((paid * share / 100).quantize(CENT), "cash")
    return max(sums, key=lambda one: one.value, default=None)


def _sums(text: str, policy: NegotiationPolicy) -> list[_Sum]:
    """Every sum with a word of giving beside it, clause by clause, as cash, coupon or freight."""
    found = []
    for clause in (match.group() for match in _CLAUSE.finditer(text)):
        normal = normalise(clause)
        for amount in find_amounts(normal):
            before = normal.original[max(0, amount.start - _BEFORE) : amount.start]
            after = normal.original[amount.end : amount.end + _AFTER]
            near = before + after
            coupon = any(cue in clause for cue in policy.coupon_cues)
            if coupon or any(word in near for word in policy.offer_cues["given"]):
                freight = any(cue in clause for cue in policy.offer_cues["freight"])
                value = Decimal(str(amount.resolved.get("to", amount.resolved["value"])))
                found.append(_Sum(value, "coupon" if coupon else "freight" if freight else "cash"))
    return found


def _kept_back(text: str) -> Decimal | None:
    """What would be taken off a refund: 退可以，但要扣50折旧费."""
    normal = normalise(text)
    for amount in find_amounts(normal):
        if _KEEPS.search(normal.original[max(0, amount.start - _NOT) : amount.start]):
            return Decimal(str(amount.resolved["value"]))
    bare = _KEEPS_BARE.search(text)
    return Decimal(bare["n"]) if bare else None


def _share(text: str) -> int | None:
    """Percent of the price that is offered back."""
    match = _SHARE.search(text)
    if match is None:
        return None
    if match["percent"]:
        return min(100, int(match["percent"]))
    if match["half"]:
        return 50
    return 10 * _DIGITS.get((match["tenth"] or match["hundred"])[0], 1)


def _payer(text: str, cues: dict[str, tuple[str, ...]]) -> Payer | None:
    if _said(text, cues, "buyer_freight"):
        return "buyer"
    named = [word for word in cues["seller_freight"] if word in text]
    if not named:
        return None
    return "seller" if _said(text, cues, "seller_freight") else "buyer"


def _said(text: str, cues: dict[str, tuple[str, ...]], key: str) -> bool:
    """One of the words stands there and is not refused right before or after it."""
    return any(
        not _near(text[max(0, start - _NOT) : start], cues["refused"])
        and not _near(text[end : end + _NOT], cues["refused_after"])
        for start, end in _places(text, cues[key])
    )


def _places(text: str, words: Iterable[str]) -> Iterable[tuple[int, int]]:
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = text.find(word, at + 1)


def _near(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)
