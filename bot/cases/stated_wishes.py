"""What a message wishes done (诉求) in plain words, as an answer or without having been asked."""

from __future__ import annotations

from typing import Any

from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.cases.statement import NOT_ABOUT_THE_ORDER, Stated
from bot.disputes.facts import FactKind
from bot.zh.open_question import gives_up
from bot.zh.wishes import read_wish

_NOT_HERE_YET = ("unpaid", "paid", "shipped")
_SENT_BACK = frozenset({"returned_at", "return_signed_at"})
_NOT_SENT = frozenset({"not_shipped", "out_of_stock", "fake_ship", "logistics_stalled", "not_received"})


def asked_wish(case: Case, heard: Heard, wanted: FactKind | None) -> list[Stated]:
    """The answer to “您最希望怎么解决”, in which the last word counts: 换一个吧 算了还是退了."""
    if wanted is None or wanted.name != "demand" or heard.intent in NOT_ABOUT_THE_ORDER:
        return []
    wish = read_wish(heard.text)
    return [] if wish is None else [("demand", remedy_now(case, wanted, wish), "exact")]


def from_bare_wish(case: Case, heard: Heard, demand: FactKind | None) -> list[Stated]:
    """“退吧” and “那我不要了” are demands without having been asked for, while no other is known.

    Giving up asks for the money back, and sends back what has come; only where the case tells which it is.
    """
    if demand is None or demand.name in case.facts or heard.asked_fact == demand.name:
        return []
    if heard.intent in ("return_exchange_request", "report_dispute"):
        wish = read_wish(heard.text, explicit=heard.intent == "report_dispute")
        return [] if wish is None else [(demand.name, remedy_now(case, demand, wish), "check")]
    if heard.intent != "cancel_order" or not gives_up(heard.text):
        return []
    stage = case.facts["order_stage"].value if "order_stage" in case.facts else None
    if stage in _NOT_HERE_YET or set(case.types) & _NOT_SENT:
        return [(demand.name, "refund_only", "check")]
    return [(demand.name, "return_refund", "check")] if stage in ("signed", "confirmed") else []


def remedy_now(case: Case, wanted: FactKind, value: Any) -> Any:
    """“退” before the goods have come, or when they are back already, is the money alone."""
    stage = case.facts["order_stage"].value if "order_stage" in case.facts else None
    elsewhere = stage in _NOT_HERE_YET or not _SENT_BACK.isdisjoint(case.facts)
    return "refund_only" if wanted.name == "demand" and value == "return_refund" and elsewhere else value
