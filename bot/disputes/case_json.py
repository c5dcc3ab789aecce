"""A case view from plain JSON, for whoever asks the rulebook from outside (command line, other programs).

```
{"types": ["seven_day"],              dispute types, or "type": "seven_day"
 "facts": {"signed_at": "2026-11-18", …},   see facts.yml; null = unknown
 "evidence": ["E01", {"kind": "E08", "sha256": …, "uploaded_at": …, "name": …}],
 "filed": ["E01"],                     what the platform had when it decided, like evidence
 "rounds": [{"at": …, "ours": …, "theirs": …, "stance": …, "offer": …}],
 "declined": ["order_number"], "gaps_acknowledged": false, "opened_at": null, "stage": "intake"}
```
Only ``types`` is required.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from bot.disputes.consistency import contradictions
from bot.disputes.facts import SHANGHAI, FactError, parse_fact
from bot.disputes.model import CaseView, Facts, HeldEvidence, Round

KEYS = (
    "types",
    "type",
    "facts",
    "evidence",
    "filed",
    "rounds",
    "declined",
    "gaps_acknowledged",
    "opened_at",
    "stage",
)


def view_from_json(given: object, now: datetime) -> CaseView:
    """The view, checked.

    Raises:
        FactError: an unknown key, type or fact, an impossible value, or facts that contradict each other.
    """
    if not isinstance(given, Mapping):
        raise _bad("case", "expected a JSON object")
    unknown = sorted(set(given) - set(KEYS))
    if unknown:
        raise _bad(unknown[0], f"unknown key; the keys are {', '.join(KEYS)}")
    facts = Facts.from_json(_mapping(given, "facts"))
    types = _types(given)
    clashes = contradictions(facts, now, types)
    if clashes:
        raise clashes[0].as_error()
    return CaseView(
        types=types,
        facts=facts,
        evidence=tuple(
            _held(one, number, now) for number, one in enumerate(_list(given, "evidence"), start=1)
        ),
        rounds=tuple(_round(one, now) for one in _list(given, "rounds")),
        declined=frozenset(str(one) for one in _list(given, "declined")),
        gaps_acknowledged=bool(given.get("gaps_acknowledged", False)),
        opened_at=_moment("opened_at", given.get("opened_at")),
        stage=str(given.get("stage") or "intake"),
        filed=tuple(_held(one, no, now, "filed") for no, one in enumerate(_list(given, "filed"), start=1)),
    )


def check_types(types: tuple[str, ...], known: Container[str]) -> None:
    """Raises a FactError named unknown_type; asking what the problem is mends it."""
    unknown = "、".join(code for code in types if code not in known)
    if unknown:
        shown = f"没有“{unknown}”这一类纠纷，请说说具体出了什么问题。"
        raise FactError(
            "problem", shown, f"unknown dispute type {unknown.replace('、', ', ')}", "unknown_type"
        )


def _types(given: Mapping[str, Any]) -> tuple[str, ...]:
    types = given.get("types", given.get("type"))
    listed = [types] if isinstance(types, str) else types
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) for one in listed):
        raise _bad("types", 'name at least one dispute type: "types": ["seven_day"]')
    return tuple(dict.fromkeys(listed))


def _mapping(given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = given.get(key) or {}
    if not isinstance(value, Mapping):
        raise _bad(key, "expected an object")
    return value


def _list(given: Mapping[str, Any], key: str) -> list[Any]:
    value = given.get(key) or []
    if not isinstance(value, list):
        raise _bad(key, "expected a list")
    return value


def _held(one: object, number: int, now: datetime, key: str = "file") -> HeldEvidence:
    piece: Mapping[str, object] = one if isinstance(one, Mapping) else {"kind": one}
    kind = piece.get("kind")
    if not isinstance(kind, str):
        raise _bad("evidence", 'each piece is an id ("E01") or {"kind": "E01"}')
    return HeldEvidence(
        id=str(piece.get("id") or f"{key}-{number}"),
        kind=kind,
        sha256=str(piece.get("sha256") or ""),
        uploaded_at=_moment("evidence", piece.get("uploaded_at")) or now,
        name=str(piece.get("name") or kind),
    )


def _round(one: object, now: datetime) -> Round:
    if not isinstance(one, Mapping):
        raise _bad("rounds", "each round is an object")
    offer = one.get("offer")
    return Round(
        at=_moment("rounds", one.get("at")) or now,
        ours=one.get("ours"),
        theirs=one.get("theirs"),
        stance=one.get("stance"),
        offer=None if offer is None else parse_fact("offer_amount", offer),  # type: ignore[arg-type]
    )


def _moment(key: str, value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise _bad(key, f"not ISO 8601: {value!r}") from None
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


def _bad(key: str, reason: str) -> FactError:
    return FactError(key, f"“{key}”写得不对。", reason, "malformed")
