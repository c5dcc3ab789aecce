"""The registry of facts: Chinese name, kind, choices; and reading one value into its typed form.

`facts.yml` is the data. A value that cannot be right is a `FactError` carrying a sentence for the buyer and one
for the operator; what contradicts another fact is found in `consistency.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from bot.disputes.loader import RulebookError, read_mapping

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China Standard Time. A fixed offset: no daylight saving since 1991, and no need of a tz database."""

Kind = Literal["text", "money", "datetime", "bool", "choice", "count"]
FactValue: TypeAlias = str | Decimal | datetime | bool | int
KINDS: tuple[str, ...] = ("text", "money", "datetime", "bool", "choice", "count")
LONGEST_TEXT = 5000
LARGEST_AMOUNT = Decimal("100000000")
LARGEST_COUNT = 10_000
LAST_YEAR = 2100


class FactError(ValueError):
    """A fact that cannot be right. `reason_zh` may be shown to the buyer, `reason_en` is for operators.

    `code` names what is wrong, e.g. "amount_zero"; `fact` is the one question that mends it."""

    def __init__(self, fact: str, reason_zh: str, reason_en: str, code: str = "impossible_fact") -> None:
        super().__init__(f"{fact}: {reason_en}")
        self.code = code
        self.fact = fact
        self.reason_zh = reason_zh
        self.reason_en = reason_en


@dataclass(frozen=True)
class FactKind:
    """One entry of the registry. `future` marks a date that may lie ahead (a promise, a countdown); `yes` and `no` are words
    that answer a yes-or-no question by themselves (自己用, 转卖)."""

    name: str
    label: str
    kind: Kind
    why: str
    choices: tuple[tuple[str, str], ...] = ()
    future: bool = False
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def label_of(self, value: str) -> str:
        """The Chinese label of a choice; the value itself when it has none."""
        return dict(self.choices).get(value, value)


@lru_cache(maxsize=1)
def fact_kinds() -> dict[str, FactKind]:
    """The packaged registry, by name in the order of the file. Raises RulebookError for a malformed entry."""
    file = Path(__file__).with_name("facts.yml")
    kinds: dict[str, FactKind] = {}
    for name, entry in read_mapping(file).children():
        kind = entry.text("kind")
        if kind not in KINDS:
            raise RulebookError(entry.where, f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
        choices = tuple((key, label) for key, label in entry.text_map("choices").items())
        if bool(choices) != (kind == "choice"):
            raise RulebookError(entry.where, "choices belong to kind: choice, and only there")
        kinds[name] = FactKind(
            name=name,
            label=entry.text("label"),
            kind=kind,  # type: ignore[arg-type]
            why=entry.text("why"),
            choices=choices,
            future=entry.flag("future"),
            yes=entry.texts("says_yes"),
            no=entry.texts("says_no"),
        )
        entry.done()
    return kinds


def parse_fact(name: str, raw: object) -> FactValue:
    """Reads one JSON value (or an already typed one) as the fact `name`. Raises FactError."""
    kind = fact_kinds().get(name)
    if kind is None:
        raise FactError(name, f"没有“{name}”这一项信息。", f"unknown fact {name!r}", "unknown_fact")
    if kind.kind == "money":
        return _money(kind, raw)
    if kind.kind == "datetime":
        return _datetime(kind, raw)
    if kind.kind == "count":
        return _count(kind, raw)
    if kind.kind == "bool":
        if not isinstance(raw, bool):
            said = f"expected true or false, got {raw!r}"
            raise FactError(name, f"“{kind.label}”只能回答是或不是。", said, "not_yes_or_no")
        return raw
    if not isinstance(raw, str) or not raw.strip():
        said = f"expected a non-empty string, got {raw!r}"
        raise FactError(name, f"“{kind.label}”没有读到内容。", said, "empty_text")
    if len(raw) > LONGEST_TEXT:
        raise FactError(
            name, f"“{kind.label}”太长了，请简短一些。", f"text longer than {LONGEST_TEXT}", "text_too_long"
        )
    if kind.kind == "choice" and raw not in dict(kind.choices):
        listed = "、".join(label for _, label in kind.choices)
        said = f"unknown choice {raw!r}"
        raise FactError(name, f"“{kind.label}”请从这些里选：{listed}。", said, "unknown_choice")
    return raw


def fact_json(value: FactValue) -> str | bool | int:
    """The JSON form: money as "120.50", a time as ISO 8601 with +08:00; bool, count and text as they are."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _money(kind: FactKind, raw: object) -> Decimal:
    shown = f"“{kind.label}”没有看懂，请写成数字，例如 120.50。"
    bad = FactError(kind.name, shown, f"not an amount: {raw!r}", "not_an_amount")
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise bad
    try:
        value = Decimal(str(raw))
    except InvalidOperation:
        raise bad from None
    if not value.is_finite():
        raise bad
    code = _out_of_range(kind, value)
    if code is not None:
        shown = f"“{kind.label}”应当大于 0 元，请再核对一下。"
        raise FactError(kind.name, shown, f"amount out of range: {value}", code)
    return value.quantize(Decimal("0.01"))


def _out_of_range(kind: FactKind, value: Decimal) -> str | None:
    if value < 0:
        return "amount_negative"
    if value == 0 and kind.name != "offer_amount":  # a merchant may offer nothing
        return "amount_zero"
    return "amount_too_large" if value > LARGEST_AMOUNT else None


def _count(kind: FactKind, raw: object) -> int:
    try:
        value = -1 if isinstance(raw, bool) else int(str(raw).strip())
    except ValueError:
        value = -1
    if not 0 <= value <= LARGEST_COUNT:
        said = f"expected a whole number, got {raw!r}"
        raise FactError(kind.name, f"“{kind.label}”请写成数字，例如 2。", said, "not_a_count")
    return value


def _datetime(kind: FactKind, raw: object) -> datetime:
    if isinstance(raw, datetime):
        value = raw
    else:
        try:
            value = datetime.fromisoformat(str(raw).replace("Z", "+00:00"))
        except ValueError:
            raise FactError(
                kind.name,
                f"“{kind.label}”没有看懂，请写成年月日，例如 2026年11月12日。",
                f"not ISO 8601: {raw!r}",
                "not_a_date",
            ) from None
    if value.year > LAST_YEAR:
        shown = f"“{kind.label}”晚于 {LAST_YEAR} 年，请再核对一下。"
        raise FactError(kind.name, shown, f"date after {LAST_YEAR}: {value}", "date_too_late")
    value = value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)
    if value.year < 2000:
        shown = f"“{kind.label}”早于 2000 年，请再核对一下。"
        raise FactError(kind.name, shown, f"date before 2000: {value}", "before_2000")
    return value
