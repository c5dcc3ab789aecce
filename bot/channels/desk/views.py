"""The JSON that the desk's page reads. ``mask`` shows a text as this agent may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.channels.desk.lists import ListedIntervention
from bot.conversation.messages import Entry
from bot.disputes.facts import SHANGHAI
from bot.disputes.rulebook import Rulebook
from bot.handoff.model import Agent, QueueItem
from bot.handoff.reasons import reason_label
from bot.handoff.words import buyer_name, type_names

Mask = Callable[[str], str]


def when(at: datetime | None) -> str | None:
    """ISO 8601 with +08:00."""
    return None if at is None else at.astimezone(SHANGHAI).isoformat()


def agent_view(agent: Agent) -> dict[str, Any]:
    """An agent as the page shows him or her."""
    return {"id": agent.id, "name": agent.name, "display_name": agent.display_name, "role": agent.role}


def handoff_view(item: QueueItem, mask: Mask) -> dict[str, Any]:
    """One item of the queue."""
    handoff = item.handoff
    nearest = {"name": handoff.nearest_name or "", "due": when(handoff.nearest_due)}
    return {
        "id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "channel": handoff.channel,
        "state": handoff.state.value,
        "reason": {
            "code": handoff.reason.value,
            "label": reason_label(handoff.reason),
            "detail": mask(handoff.reason_detail),
        },
        "priority": handoff.priority,
        "summary": mask(handoff.summary),
        "requested_at": when(handoff.requested_at),
        "claimed_at": when(handoff.claimed_at),
        "waiting_s": item.waiting_s,
        "nearest": nearest if handoff.nearest_due else None,
        "agent": None if handoff.agent_id is None else {"id": handoff.agent_id, "name": handoff.agent_name},
        "buyer": buyer_name(handoff.channel, handoff.conversation_id),
        "position": item.position,
        "intervention_number": item.intervention_number,
        "case_id": handoff.case_id,
        "left_text": None if handoff.left_text is None else mask(handoff.left_text),
    }


def intervention_view(one: ListedIntervention, rulebook: Rulebook) -> dict[str, Any]:
    """One line of the list of interventions."""
    nearest = {"name": one.nearest.name, "due": when(one.nearest.due)} if one.nearest else None
    return {
        "number": one.number,
        "state": one.state,
        "conversation_id": one.conversation_id,
        "case_id": one.case_id,
        "types": type_names(one.types, rulebook),
        "opened_at": when(one.opened_at),
        "updated_at": when(one.updated_at),
        "amount": one.amount,
        "nearest": nearest,
        "handoff_id": one.handoff_id,
    }


def evidence_url(conversation_id: str, evidence_id: str) -> str:
    """Where the desk gets a file; the picture's small form is the same with ``?thumb=1``."""
    return f"/desk/api/evidence/{quote(conversation_id, safe='')}/{quote(evidence_id, safe='')}"


def entry_view(entry: Entry, mask: Mask, delivery: str | None = None) -> dict[str, Any]:
    """A line of the log as the web channel shows it, its file behind the desk's own address.

    ``delivery`` is how far a platform has taken it: pending, sending, sent, held or failed.
    """
    body = entry.to_json()
    if delivery is not None:
        body["delivery"] = delivery
    for key in ("text", "card"):
        if key in body:
            body[key] = masked(body[key], mask)
    if entry.buttons:
        # Without their tokens: pressing them is the buyer's.
        body["buttons"] = [{"title": mask(button["title"])} for button in entry.buttons]
    if entry.attachment:
        body["attachment"] = _attachment(entry, mask)
    return body


def _attachment(entry: Entry, mask: Mask) -> dict[str, Any]:
    shown = dict(entry.attachment or {})
    shown["name"] = mask(str(shown.get("name", "")))
    url = evidence_url(entry.conversation_id, str(shown.get("evidence_id", "")))
    picture = str(shown.get("mime", "")).startswith("image/")
    return {**shown, "url": url, "thumb": f"{url}?thumb=1" if picture else None}


def masked(value: Any, mask: Mask) -> Any:
    """``value`` with every text in it masked; keys stay."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: masked(one, mask) for key, one in value.items()}
    return [masked(one, mask) for one in value] if isinstance(value, list) else value
