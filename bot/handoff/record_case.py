"""The sections of a handoff record that come from the case: facts and claims, evidence, clocks, talks, advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.cases.drafts import NAMES, drafts_of
from bot.cases.export import STAGE_NAMES
from bot.cases.model import Case
from bot.conversation.messages import Entry
from bot.disputes.advise import Advice
from bot.disputes.facts import SHANGHAI
from bot.disputes.rulebook import Rulebook
from bot.handoff.gaps import evidence_gaps, labels, open_clocks
from bot.handoff.words import WHO, due_text, evidence_name, fact_text, type_names

SAID_BY_BUYER = ("buyer", "button")
"""The origins of a fact that make it a claim of the buyer: nobody else has confirmed it."""


@dataclass(frozen=True)
class Sheet:
    """The case with what is needed to read it.

    Attributes:
        lines: the id of a transcript line by the platform's message id.
        files_at: the address under which the desk gives out the files; None when that must not be told.
    """

    case: Case | None
    advice: Advice | None
    rulebook: Rulebook
    entries: Sequence[Entry]
    lines: Mapping[str, str]
    now: datetime
    files_at: str | None = None

    def line(self, message_id: str | None) -> str | None:
        """The transcript line of a message; None when it left no line."""
        if message_id is None:
            return None
        if message_id in self.lines:
            return self.lines[message_id]
        own = (one.id for one in self.entries if message_id in (one.id, one.client_msg_id))
        return next(own, None)

    def moment(self, at: datetime | None) -> str | None:
        """ISO 8601 in Shanghai."""
        return None if at is None else at.astimezone(SHANGHAI).isoformat()

    def said_at(self, words: str) -> str | None:
        """The first line in which the bot said these words."""
        said = (one.id for one in self.entries if one.author_type == "bot" and words in (one.text or ""))
        return next(said, None) if words else None


def case_section(sheet: Sheet) -> dict[str, Any] | None:
    """What the dispute is, with what is known apart from what the buyer says."""
    case, rulebook = sheet.case, sheet.rulebook
    if case is None:
        return None
    known = {name: rulebook.facts[name] for name in rulebook.facts if name in case.facts}
    facts = [_fact(sheet, name) for name in known]
    return {
        "id": case.id,
        "stage": case.stage.value,
        "stage_label": STAGE_NAMES[case.stage],
        "types": [
            {"code": code, "label": label}
            for code, label in zip(case.types, type_names(case.types, rulebook), strict=True)
        ],
        "facts": [one for one in facts if one["origin"] not in SAID_BY_BUYER],
        "claims": [one for one in facts if one["origin"] in SAID_BY_BUYER],
        "declined": [rulebook.facts[name].label for name in rulebook.facts if name in case.declined],
        "missing": [
            {"name": name, "label": rulebook.facts[name].label, "why": rulebook.facts[name].why}
            for name in (sheet.advice.missing_facts if sheet.advice else ())
        ],
        "gaps_acknowledged": case.gaps_acknowledged,
    }


def _fact(sheet: Sheet, name: str) -> dict[str, Any]:
    assert sheet.case is not None
    record, kind = sheet.case.facts[name], sheet.rulebook.facts[name]
    return {
        "name": name,
        "label": kind.label.removeprefix("您的"),
        "value": record.value,
        "text": fact_text(kind, record.value),
        "origin": record.origin,
        "certainty": record.certainty,
        "message_id": sheet.line(record.message_id),
        "at": sheet.moment(record.at),
    }


def evidence_section(sheet: Sheet) -> list[dict[str, Any]]:
    """The files, with the hash that shows they are unchanged."""
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "label": evidence_name(one.kind, sheet.rulebook),
            "name": one.name,
            "mime": one.mime,
            "size": one.size,
            "sha256": one.sha256,
            "uploaded_at": sheet.moment(one.uploaded_at),
            "source": one.source,
            "url": f"{sheet.files_at}/{quote(one.id, safe='')}" if sheet.files_at else None,
            "message_id": sheet.line(one.message_id),
        }
        for one in (sheet.case.evidence if sheet.case else ())
    ]


def gap_section(sheet: Sheet) -> list[dict[str, Any]]:
    """The evidence that has to be had and is missing."""
    return [asdict(one) for one in evidence_gaps(sheet.advice)]


def clock_section(sheet: Sheet) -> list[dict[str, Any]]:
    """The time limits that are running, the nearest first, with whole hours left."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "kind": one.kind,
            "due": sheet.moment(one.due),
            "due_text": due_text(one.due),
            "hours_left": int((one.due - sheet.now).total_seconds() // 3600),
            "who": one.who,
            "opens": one.opens,
            "consequence": one.consequence,
            "sources": list(one.sources),
            "fixed": one.fixed,
            "told": sheet.moment(one.told) if _deadline_line(sheet, one.name) else None,
        }
        for one in open_clocks(sheet.case, sheet.advice, sheet.rulebook, sheet.now)
    ]


def round_section(sheet: Sheet) -> list[dict[str, Any]]:
    """The talks with the merchant."""
    stances = sheet.rulebook.facts["merchant_stance"]
    return [
        {
            "no": one.no,
            "at": sheet.moment(one.at),
            "ours": one.ours,
            "theirs": one.theirs,
            "stance": one.stance,
            "stance_label": None if one.stance is None else stances.label_of(one.stance),
            "offer": None if one.offer is None else str(one.offer),
            "verdict": one.verdict,
            "message_id": sheet.line(one.message_id),
        }
        for one in (sheet.case.rounds if sheet.case else ())
    ]


def intervention_section(sheet: Sheet) -> dict[str, Any] | None:
    """What was handed in and where it stands."""
    found = sheet.case.intervention if sheet.case else None
    if found is None:
        return None
    return {
        "number": found.number,
        "state": found.state,
        "opened_at": sheet.moment(found.opened_at),
        "demand": found.demand,
        "statement": found.statement,
        "history": [
            {"state": state, "at": sheet.moment(at), "note": note} for state, at, note in found.history
        ],
    }


def draft_section(sheet: Sheet) -> list[dict[str, Any]]:
    """The texts written for the buyer to hand in; none of them was sent by the assistant."""
    return [
        {
            "kind": one.kind,
            "title": NAMES[one.kind],
            "at": sheet.moment(one.at),
            "text": one.text,
            "template": one.template,
            "blanks": list(one.blanks),
            "message_id": sheet.line(one.message_id),
        }
        for one in (drafts_of(sheet.case) if sheet.case else ())
    ]


def advice_section(sheet: Sheet, *, told: bool) -> list[dict[str, Any]]:
    """What was said to the buyer (with the line it stands in), or what the rulebook adds that was not said yet."""
    points = [*_deadlines(sheet), *_points(sheet)]
    return [one for one in points if one.pop("told") is told]


def _deadline_line(sheet: Sheet, name: str) -> str | None:
    """The line that told a deadline. The case keeps them all, the buyer is told the nearest few."""
    return sheet.said_at(f"{name}：")


def _deadlines(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """The deadlines that were told. The others are among the clocks while they matter."""
    for one in sheet.case.deadlines if sheet.case else ():
        line = _deadline_line(sheet, one.name)
        if line is not None and one.due is not None:
            yield {
                "kind": "deadline",
                "point": f"{one.name}：{due_text(one.due)}",
                "sources": list(labels(one.sources, sheet.rulebook)),
                "message_id": line,
                "told": True,
            }


def _points(sheet: Sheet) -> Iterator[dict[str, Any]]:
    advice = sheet.advice
    if advice is None:
        return
    burden = advice.burden
    found = [
        ("burden", burden.must_show_zh, f"由{WHO[burden.who]}举证：{burden.must_show_zh}", burden.sources)
    ]
    found += [("warning", one.text_zh, one.text_zh, one.sources) for one in advice.warnings]
    found += [
        ("remedy", one.name_zh, _remedy(one.name_zh, one.amount), one.sources)
        for one in advice.remedies
        if one.available
    ]
    for kind, words, point, sources in found:
        line = sheet.said_at(words.rstrip("。"))
        yield {
            "kind": kind,
            "point": point,
            "sources": list(labels(sources, sheet.rulebook)),
            "message_id": line,
            "told": line is not None,
        }


def _remedy(name: str, amount: object) -> str:
    return f"可以主张：{name}" + ("" if amount is None else f"，{amount} 元")
