"""From words to facts: which facts of the case one message states (接单取证的事实记录).

Everything a message states is taken, not only what was asked for, and a later statement corrects an
earlier one; the case keeps the old value in its audit trail. Values that cannot be right (an order number
that is too short, a date in the future) are never guessed: they come back as `Doubt` so that the
dialogue can ask once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.cases.grounds import stated_grounds
from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.cases.stated import found_at_once, from_entity, from_plain_answer
from bot.cases.stated_sums import from_bare_number, from_bare_sum, is_no_sum
from bot.cases.stated_wishes import asked_wish, from_bare_wish
from bot.cases.statement import NOT_ABOUT_THE_ORDER, Doubt, Stated
from bot.disputes.facts import FactError, FactKind, fact_json, parse_fact
from bot.zh.conditions import read_conditions
from bot.zh.parcel import parcel_status

_STAGE_AFTER = (
    ("confirmed_at", "confirmed"),
    ("return_signed_at", "signed"),
    ("returned_at", "signed"),
    ("signed_at", "signed"),
    ("shipped_at", "shipped"),
)
# 自动确认收货 comes some ten days after the parcel was sent, and buyers or merchants may put it off once.
_CONFIRMS_ITSELF = timedelta(days=20)
_DAY_WORDS = ("today", "yesterday", "signed_day")


@dataclass
class Taken:
    """What one message changed in the case."""

    changed: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    known: bool = False  # it states something that the case knew already


def take_facts(case: Case, heard: Heard, kinds: Mapping[str, FactKind]) -> Taken:
    """Write every fact that ``heard`` states into ``case``.

    Args:
        case: changed in place.
        heard: the message.
        kinds: the rulebook's facts by name, which check and convert the values.
    """
    taken = Taken()
    for fact, value, certainty in _stated(case, heard, taken, kinds):
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
    unusable = _unusable(case, heard, kinds[fact], value, certainty)
    if unusable is not None:
        taken.doubts.extend(unusable)
        return
    meant, certainty = _relative(case, heard, value, certainty)
    try:
        json_value = _usable(kinds[fact], meant, heard.at)
    except FactError as error:
        taken.doubts.append(Doubt(fact, str(value), error.reason_zh))
        return
    old = case.facts.get(fact)
    # two values in one message (鞋子送的袜子没给) are no correction of something said before
    known_before = old is not None and old.message_id != heard.message_id
    origin = "button" if heard.origin == "button" else "buyer"
    learned = case.take(
        fact, json_value, at=heard.at, message_id=heard.message_id, certainty=certainty, origin=origin
    )
    taken.known = taken.known or (old is not None and old.value == json_value)
    if learned and not (old and old.value == json_value):  # to know the same more surely is no news
        if fact not in taken.changed:
            taken.changed.append(fact)
        if known_before:
            taken.corrected.append(fact)


def _unusable(
    case: Case, heard: Heard, kind: FactKind, value: Any, certainty: str
) -> tuple[Doubt, ...] | None:
    """What to ask again when a value is none that could be kept; empty when nobody asked for it, None when it can be kept."""
    if value == "signed_day" and "signed_at" not in case.facts:
        why = "还不知道您是哪天收到的，请先告诉我收到的日期；想不起来就说“记不清了”。"
        return (Doubt(kind.name, heard.text, why),)
    if kind.kind == "money" and is_no_sum(kind.name, certainty):
        why = f"“{heard.text.strip()}”我没法记成一个数，订单页上能看到具体是多少；想不起来就说“记不清了”。"
        return (Doubt(kind.name, heard.text, why),) if heard.asked_fact == kind.name else ()
    return None


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


def _relative(case: Case, heard: Heard, value: Any, certainty: str) -> tuple[Any, str]:
    """Buttons say “今天”, “昨天”, “收到当天”; the day itself, and how sure it is, is known only now."""
    today = heard.at.replace(hour=0, minute=0, second=0, microsecond=0)
    if value == "today":
        return today.isoformat(), certainty
    if value == "yesterday":
        return (today - timedelta(days=1)).isoformat(), certainty
    if value == "signed_day":
        signed = case.facts["signed_at"]
        return signed.value, signed.certainty
    return value, certainty


def _stated(case: Case, heard: Heard, taken: Taken, kinds: Mapping[str, FactKind]) -> list[Stated]:
    """(fact, value, certainty) for everything in the message; later rows win over earlier ones, but of two goods the
    first is what was bought (鞋子送的袜子没给)."""
    if heard.answer:
        return [
            (fact, value, "day" if value in _DAY_WORDS else "exact")
            for fact, value in heard.answer.items()
            if not (fact == "tracking_status" and _has_no_number_to_give(case, heard, str(value)))
        ]
    wanted = kinds.get(heard.asked_fact or "")
    rows: list[Stated] = []
    for entity in heard.entities:
        rows.extend(from_entity(heard, entity, wanted, taken.doubts))
    rows = [row for row in rows if not (_only_mentioned(case, heard, row[0]) or _less_sure(case, heard, row))]
    if not _corrects(heard):
        first = next((row for row in rows if row[0] == "product"), None)
        rows = [row for row in rows if row[0] != "product" or row is first]
    if heard.intent not in NOT_ABOUT_THE_ORDER:
        stated = {fact for fact, *_ in rows}
        conditions = read_conditions(heard.text).items()
        rows.extend((fact, value, "approximate") for fact, value in conditions if fact not in stated)
        rows.extend(row for row in stated_grounds(case, heard.text) if row[0] not in stated)
        if _found_on_the_day(case, heard, stated):
            rows.append(("found_at", "signed_day", "day"))
        status = parcel_status(heard.text)
        if status is not None and not _has_no_number_to_give(case, heard, status):
            rows.append(("tracking_status", status, "approximate"))
    if not rows:
        rows.extend(from_bare_sum(case, heard, kinds.get("amount")))
    rows.extend(from_plain_answer(case, heard, wanted, {row[0] for row in rows}))
    if wish := asked_wish(case, heard, wanted):
        rows = [row for row in rows if row[0] != "demand"] + wish
    if "amount" not in {row[0] for row in rows}:
        rows.extend(from_bare_number(case, heard, wanted, kinds.get("amount")))
    if "demand" not in {row[0] for row in rows}:
        rows.extend(from_bare_wish(case, heard, kinds.get("demand")))
    return rows


def _found_on_the_day(case: Case, heard: Heard, stated: set[str]) -> bool:
    """Whether the trouble showed on the day of receipt, and that day is known; which of both was told first is all one."""
    if "found_at" in stated:
        return False
    if "signed_at" in stated and "found_at" not in case.facts and "problem" in case.facts:
        return found_at_once(f"{case.facts['problem'].value}，{heard.text}")
    return ("signed_at" in stated or "signed_at" in case.facts) and found_at_once(heard.text)


def _has_no_number_to_give(case: Case, heard: Heard, status: str) -> bool:
    """“没有单号” to the question for it says that the buyer has none, and nothing of the parcel, known to be delivered."""
    return status == "no_number" and "tracking_status" in case.facts and heard.asked_fact != "tracking_status"


def _only_mentioned(case: Case, heard: Heard, fact: str) -> bool:
    """Another product or shop named in passing does not replace the one the case is about."""
    if fact not in ("product", "shop") or fact not in case.facts:
        return False
    return not (heard.asked_fact == fact or _corrects(heard))


def _less_sure(case: Case, heard: Heard, row: Stated) -> bool:
    """A demand that only may be one (差价400退给我, 拒绝退款) does not replace the one that was told."""
    fact, _, certainty = row
    known = fact == "demand" and fact in case.facts and case.facts[fact].certainty != "check"
    return known and certainty == "check" and not (heard.asked_fact == fact or _corrects(heard))


def _corrects(heard: Heard) -> bool:
    return heard.asked == "correction" or "不是" in heard.text


def _imply_stage(case: Case, heard: Heard, kinds: Mapping[str, FactKind], taken: Taken) -> None:
    """A date that only exists after a stage implies the stage: 有签收时间 means at least 已签收. An order received long ago
    has confirmed itself, if nothing stood against it: there the page tells, and the buyer is asked."""
    if "order_stage" in case.facts:
        return
    for fact, stage in _STAGE_AFTER:
        if fact in case.facts:
            if (
                fact == "signed_at"
                and heard.at - datetime.fromisoformat(case.facts[fact].value) > _CONFIRMS_ITSELF
            ):
                return
            _take(case, heard, kinds, taken, "order_stage", stage, "approximate")
            return
