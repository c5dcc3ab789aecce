"""The case card of the desk: what is stored, with Chinese names, gaps and running clocks beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.cases.drafts import NAMES, drafts_of
from bot.cases.export import STAGE_NAMES, to_json
from bot.cases.model import Case
from bot.channels.desk.views import Mask, evidence_url, when
from bot.disputes.facts import FactKind
from bot.disputes.rulebook import Rulebook
from bot.handoff.gaps import advice_of, evidence_gaps
from bot.handoff.words import evidence_name, type_names
from bot.intervention.clocks import clocks

_HIDDEN = ("audit", "dialogue")
_WORDS = ("statement", "demand", "text", "note", "notes", "ours", "theirs", "name")
"""The keys under which a person's own words stand; numbers, times and hashes are left alone."""


def case_view(case: Case, now: datetime, rulebook: Rulebook, mask: Mask) -> dict[str, Any]:
    """The case as `bot.cases.export.to_json` gives it, without its audit trail, and what a person needs with it.

    Added: ``types_zh``, ``stage_zh``, ``labels`` and ``choices`` (Chinese names of facts and of what can be chosen
    for them), ``evidence_names``, ``gaps`` (evidence that is missing and why it counts), ``deadlines_open``,
    ``drafts`` (texts written for the buyer to hand in, with what is still to be filled in).
    """
    body = {key: value for key, value in to_json(case).items() if key not in _HIDDEN}
    known = {name: rulebook.facts[name] for name in case.facts if name in rulebook.facts}
    for name, kind in known.items():
        if kind.kind == "text":
            body["facts"][name]["value"] = _masked_fact(kind, body["facts"][name]["value"], mask)
    for key in ("rounds", "intervention", "evidence"):
        body[key] = mask_words(body[key], mask)
    for item in body["evidence"]:
        _show_file(item, case.conversation_id)
    advice = advice_of(case, rulebook, now)
    return {
        **body,
        "drafts": mask_words(_drafts(case), mask),
        "types_zh": type_names(case.types, rulebook),
        "stage_zh": STAGE_NAMES[case.stage],
        "labels": {name: kind.label for name, kind in known.items()},
        "choices": {name: dict(kind.choices) for name, kind in rulebook.facts.items() if kind.choices},
        "evidence_names": {
            item.kind: evidence_name(item.kind, rulebook) for item in case.evidence if item.kind
        },
        "gaps": [{"name": gap.name, "why": gap.why} for gap in evidence_gaps(advice)],
        "deadlines_open": _running(case, now, rulebook) if advice is not None else [],
    }


def _drafts(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "title": NAMES[one.kind],
            "at": when(one.at),
            "text": one.text,
            "blanks": list(one.blanks),
        }
        for one in drafts_of(case)
    ]


def _masked_fact(kind: FactKind, value: str, mask: Mask) -> str:
    # The label says what a bare number is: 19 digits after 订单编号 are no bank card.
    label = f"{kind.label}："
    return mask(label + value).removeprefix(label)


def mask_words(value: Any, mask: Mask) -> Any:
    """``value`` with the texts under `_WORDS` masked."""
    if isinstance(value, dict):
        return {
            key: mask(one) if key in _WORDS and isinstance(one, str) else mask_words(one, mask)
            for key, one in value.items()
        }
    return [mask_words(one, mask) for one in value] if isinstance(value, list) else value


def _show_file(item: dict[str, Any], conversation_id: str) -> None:
    """The file's address in place of its path on our disk."""
    del item["path"]
    item["url"] = evidence_url(conversation_id, item["id"])
    item["thumb"] = f"{item['url']}?thumb=1" if item["mime"].startswith("image/") else None


def _running(case: Case, now: datetime, rulebook: Rulebook) -> list[dict[str, Any]]:
    running = [one for one in clocks(case, now, rulebook) if one.due and one.due > now]
    return [
        {
            "id": one.id,
            "name": one.name_zh,
            "due": when(one.due),
            "due_zh": one.due_zh,
            "kind": one.kind,
            "consequence": one.consequence_zh,
            "source": "；".join(rulebook.source_labels(s for s in one.sources[:2] if s in rulebook.sources)),
        }
        for one in running
    ]
