"""Sums that a message states: what was paid, what the merchant offers, a number that can only be the price."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.cases.statement import NOT_ABOUT_THE_ORDER, Stated
from bot.disputes.facts import FactKind
from bot.zh.asking import asks_in_words
from bot.zh.sums import lone_number, sum_use

_LONGEST_SUM = 14  # characters: more tell something else as well
_NO_PRICE = 1_000  # yuan; from four digits on an answer to “订单号是多少” may be the end of that number
_PLATFORM_TOLD = "platform_told"
_PAID = re.compile(r"实付|付了|付款|花了|买的|价格|总共|一共|到手|拍的|下单|多少钱")


def is_no_sum(fact: str, certainty: str) -> bool:
    """几十块, 一百多, 大概300: their lower end would be a sum that nobody told, and letters and figures would rest on it.

    What a merchant offers is weighed, not claimed: there 大概50 will do.
    """
    return certainty == "range" or (certainty == "approximate" and fact != "offer_amount")


def amount_of(
    heard: Heard,
    entity: Mapping[str, Any],
    resolved: Mapping[str, Any],
    certainty: str,
    wanted: FactKind | None,
) -> list[Stated]:
    """The fact that a sum in the message is; none when it is neither what was asked for nor what was paid."""
    value = resolved.get("value")
    if value is None:
        return []
    if heard.intent == "merchant_reply":
        return [("offer_amount", value, certainty)]
    asked = wanted.name if wanted and wanted.kind == "money" else None
    use = sum_use(heard.text, int(entity.get("start") or 0), int(entity.get("end") or 0))
    if heard.intent == _PLATFORM_TOLD and use != "price":
        return []  # what the platform proposes or awards is no offer of the merchant
    if use in ("offered", "other") and asked in (None, "amount"):
        sure = certainty if certainty == "range" else "approximate"
        return [("offer_amount", value, sure)] if use == "offered" else []
    if asked and not (use == "price" and asked != "amount"):
        return [(asked, value, certainty)]
    return [("amount", value, certainty)] if use == "price" or _PAID.search(heard.text) else []


def from_bare_sum(case: Case, heard: Heard, amount: FactKind | None) -> list[Stated]:
    """“199块” or “5斤的 29块9” while something else is asked for is the price paid if none is known: it is read back."""
    if not _may_be_price(case, heard, amount) or len(heard.text) > _LONGEST_SUM:
        return []
    sums = [
        one
        for one in heard.entities
        if one.get("entity") == "amount" and not is_no_sum("amount", str(one.get("certainty")))
    ]
    if len(sums) != 1 or asks_in_words(heard.text):
        return []
    use = sum_use(heard.text, int(sums[0].get("start") or 0), int(sums[0].get("end") or 0))
    value = dict(sums[0].get("resolved") or {}).get("value")
    return [("amount", value, "check")] if value is not None and use in (None, "price") else []


def from_bare_number(
    case: Case, heard: Heard, wanted: FactKind | None, amount: FactKind | None
) -> list[Stated]:
    """“1299” that answers nothing that was asked, “15号付的 299”: who hurries ahead gives the price. It is read back."""
    taken = [(int(one.get("start") or 0), int(one.get("end") or 0)) for one in heard.entities]
    asked = wanted is not None and wanted.kind == "money"
    number = lone_number(heard.text, taken, asked=asked, answering=heard.asked_fact is not None)
    if number is None:
        return []
    numbered = wanted is not None and wanted.name in ("order_number", "tracking_number")
    if numbered and Decimal(number) >= _NO_PRICE:
        return []
    if wanted is not None and asked and heard.intent != "merchant_reply":
        return [(wanted.name, number, "check")]
    told = heard.intent not in NOT_ABOUT_THE_ORDER and _may_be_price(case, heard, amount)
    return [("amount", number, "check")] if told else []


def _may_be_price(case: Case, heard: Heard, amount: FactKind | None) -> bool:
    """Whether a sum out of the blue can only be the price: none is known, and no answer of another kind is open."""
    about_the_trouble = heard.asked in (None, "type", "complaint")
    about_an_answer = not about_the_trouble and heard.asked_fact is None  # a sum of the merchant's, perhaps
    unknown = amount is not None and amount.name not in case.facts
    return unknown and not about_an_answer and heard.intent != "merchant_reply"
