"""From words to facts: which facts of the case one message states (接单取证的事实记录).

Everything a message states is taken, not only what was asked for, and a later statement corrects an
earlier one; the case keeps the old value in its audit trail. Values that cannot be right (an order number
that is too short, a date in the future) are never guessed: they come back as `Doubt` so that the
dialogue can ask once more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.disputes.facts import FactError, FactKind, fact_json, parse_fact
from bot.zh.conditions import read_conditions

# Entities whose resolved value is the fact itself.
_DIRECT = {
    "platform": "platform",
    "tracking_number": "tracking_number",
    "remedy": "demand",
    "order_stage": "order_stage",
}
# A date tells its own role by the verb beside it.
_DATE_ROLES = {
    "paid": "paid_at",
    "shipped": "shipped_at",
    "signed": "signed_at",
    "confirmed": "confirmed_at",
    "contacted": "contacted_at",
    "refused": "refused_at",
    "returned": "returned_at",
    "found": "found_at",
    "requested": "refund_requested_at",
}
_YES_NO_FACTS = frozenset(
    {
        "goods_used",
        "goods_intact",
        "contacted_merchant",
        "seven_day_supported",
        "exclusion_confirmed",
        "induced_confirmation",
    }
)
_DAY_WORDS = ("today", "yesterday", "signed_day")
# Questions and the merchant's words state nothing about the buyer's order.
_NOT_ABOUT_THE_ORDER = frozenset({"merchant_reply", "ask_rule_or_deadline", "ask_evidence", "out_of_scope"})
_A_NAME = re.compile(r"[\w\s·&+./%°\-（）()【】]{1,40}")
_LONGEST_FREE_ANSWER = 60
_PAID_CUES = ("实付", "付了", "付款", "花了", "买的", "价格", "总共", "一共", "到手", "拍的", "下单")


@dataclass(frozen=True)
class Doubt:
    """A value that was given but cannot be used as it stands."""

    fact: str
    value: str
    why: str


@dataclass
class Taken:
    """What one message changed in the case."""

    changed: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def take_facts(case: Case, heard: Heard, kinds: Mapping[str, FactKind]) -> Taken:
    """Write every fact that ``heard`` states into ``case``.

    Args:
        case: changed in place.
        heard: the message.
        kinds: the rulebook's facts by name, which check and convert the values.
    """
    taken = Taken()
    for fact, value, certainty in _stated(case, heard, taken):
        _take(case, heard, kinds, taken, fact, value, certainty)
    _imply_stage(case, heard, kinds, taken)
    return taken


def _take(
    case: Case,
    heard: Heard,
    kinds: Mapping[str, FactKind],
    taken: Taken,
    fact: str,
    value: Any,
    certainty: str,
) -> None:
    if fact not in kinds:
        return
    try:
        json_value = _usable(kinds[fact], _relative(case, heard, value), heard.at)
    except FactError as error:
        taken.doubts.append(Doubt(fact, str(value), error.reason_zh))
        return
    known_before = fact in case.facts
    origin = "button" if heard.origin == "button" else "buyer"
    if case.take(
        fact, json_value, at=heard.at, message_id=heard.message_id, certainty=certainty, origin=origin
    ):
        taken.changed.append(fact)
        if known_before:
            taken.corrected.append(fact)


def _usable(kind: FactKind, value: Any, now: datetime) -> Any:
    """The value in JSON form.

    Raises:
        FactError: not a value of this fact, or a day that has not come yet.
    """
    typed = parse_fact(kind.name, value)
    if isinstance(typed, datetime) and not kind.future and typed > now:
        raise FactError(
            kind.name,
            f"您说的“{kind.label}”还没到，请再核对一下日期。",
            f"{typed.isoformat()} lies after {now.isoformat()}",
        )
    return fact_json(typed)


def _relative(case: Case, heard: Heard, value: Any) -> Any:
    """Buttons say “今天”, “昨天”, “收到当天”; the day itself is known only now."""
    today = heard.at.replace(hour=0, minute=0, second=0, microsecond=0)
    if value == "today":
        return today.isoformat()
    if value == "yesterday":
        return (today - timedelta(days=1)).isoformat()
    if value == "signed_day":
        return case.facts["signed_at"].value if "signed_at" in case.facts else today.isoformat()
    return value


def _stated(case: Case, heard: Heard, taken: Taken) -> list[tuple[str, Any, str]]:
    """(fact, value, certainty) for everything in the message; later rows win over earlier ones."""
    if heard.answer:
        return [
            (fact, value, "day" if value in _DAY_WORDS else "exact") for fact, value in heard.answer.items()
        ]
    rows: list[tuple[str, Any, str]] = []
    for entity in heard.entities:
        rows.extend(_from_entity(heard, entity, taken))
    rows = [row for row in rows if not _only_mentioned(case, heard, row[0])]
    if heard.intent not in _NOT_ABOUT_THE_ORDER:
        stated = {fact for fact, *_ in rows}
        conditions = read_conditions(heard.text).items()
        rows.extend((fact, value, "approximate") for fact, value in conditions if fact not in stated)
    rows.extend(_from_plain_answer(heard, {row[0] for row in rows}))
    return rows


def _only_mentioned(case: Case, heard: Heard, fact: str) -> bool:
    """Another product or shop named in passing does not replace the one the case is about."""
    if fact not in ("product", "shop") or fact not in case.facts:
        return False
    meant = heard.asked_fact == fact or heard.asked == "correction" or "不是" in heard.text
    return not meant


def _from_entity(heard: Heard, entity: Mapping[str, Any], taken: Taken) -> list[tuple[str, Any, str]]:
    kind, resolved = str(entity.get("entity")), dict(entity.get("resolved") or {})
    certainty = str(entity.get("certainty") or resolved.get("certainty") or "exact")
    if kind in _DIRECT and resolved.get("value") is not None:
        return [(_DIRECT[kind], resolved["value"], certainty)]
    if kind == "courier":
        return [("courier", str(entity.get("value", "")), certainty)]
    if kind in ("shop", "product"):
        return _named_thing(heard, kind, str(entity.get("value", "")))
    if kind == "merchant_stance" and heard.intent != "merchant_reply":
        return [
            ("contacted_merchant", True, certainty),
            ("merchant_stance", resolved.get("value"), certainty),
        ]
    if kind == "order_number":
        return _order_number(entity, resolved, certainty, taken)
    if kind == "amount":
        return _amount(heard, resolved, certainty)
    if kind == "date_time":
        return _date(heard, resolved, certainty)
    if kind == "countdown" and resolved.get("seconds") is not None:
        due = heard.at + timedelta(seconds=float(resolved["seconds"]))
        return [("page_deadline_at", due.isoformat(), certainty)]
    return []


def _named_thing(heard: Heard, kind: str, value: str) -> list[tuple[str, Any, str]]:
    # A product named in the merchant's words or in a question is not necessarily the buyer's.
    if not _A_NAME.fullmatch(value) or heard.intent in _NOT_ABOUT_THE_ORDER:
        return []
    return [(kind, value, "approximate")]


def _order_number(
    entity: Mapping[str, Any], resolved: Mapping[str, Any], certainty: str, taken: Taken
) -> list[tuple[str, Any, str]]:
    number = str(resolved.get("value") or entity.get("value") or "")
    if certainty == "check":
        taken.doubts.append(Doubt("order_number", number, str(resolved.get("why") or "位数看起来不对")))
        return []
    rows: list[tuple[str, Any, str]] = [("order_number", number, certainty)]
    if resolved.get("platform"):
        rows.append(("platform", resolved["platform"], "approximate"))
    return rows


def _amount(heard: Heard, resolved: Mapping[str, Any], certainty: str) -> list[tuple[str, Any, str]]:
    value = resolved.get("value")
    if value is None:
        return []
    if heard.intent == "merchant_reply":
        return [("offer_amount", value, certainty)]
    if heard.asked_fact in ("amount", "offer_amount"):
        return [(heard.asked_fact, value, certainty)]
    return [("amount", value, certainty)] if any(cue in heard.text for cue in _PAID_CUES) else []


def _date(heard: Heard, resolved: Mapping[str, Any], certainty: str) -> list[tuple[str, Any, str]]:
    value, role = resolved.get("value"), resolved.get("role")
    asked_for_a_day = bool(heard.asked_fact and heard.asked_fact.endswith("_at"))
    if value is None or (resolved.get("future") and not asked_for_a_day and heard.asked != "correction"):
        return []
    if asked_for_a_day and heard.asked_fact and role is None:
        return [(heard.asked_fact, value, certainty)]
    return [(_DATE_ROLES[role], value, certainty)] if role in _DATE_ROLES else []


def _from_plain_answer(heard: Heard, already: set[str]) -> list[tuple[str, Any, str]]:
    """An answer that holds no entity: a bare name, a yes or no, a bare number."""
    fact, text = heard.asked_fact, heard.text.strip()
    if fact is None or fact in already or not text:
        return []
    if heard.intent in ("affirm", "deny"):
        return [(fact, heard.intent == "affirm", "exact")] if fact in _YES_NO_FACTS else []
    if heard.intent != "provide_order_info" or len(text) > _LONGEST_FREE_ANSWER:
        return []
    if fact == "promise" or (fact in ("shop", "product") and _A_NAME.fullmatch(text)):
        return [(fact, text, "approximate")]
    if fact == "amount" and _bare_number(text):
        return [(fact, text, "exact")]
    return []


def _bare_number(text: str) -> bool:
    try:
        return Decimal(text) > 0
    except ArithmeticError:
        return False


def _imply_stage(case: Case, heard: Heard, kinds: Mapping[str, FactKind], taken: Taken) -> None:
    """A date that only exists after a stage implies the stage: 有签收时间 means at least 已签收."""
    if "order_stage" in case.facts:
        return
    for fact, stage in (("confirmed_at", "confirmed"), ("signed_at", "signed"), ("shipped_at", "shipped")):
        if fact in case.facts:
            _take(case, heard, kinds, taken, "order_stage", stage, "approximate")
            return
