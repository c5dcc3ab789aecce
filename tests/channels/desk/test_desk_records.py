"""The handoff record and its files: masked, revealed to supervisors alone, and every look written down."""

from __future__ import annotations

import json

import jsonschema
import pytest

from bot.handoff.record import record_schema
from tests.channels.desk.world import PHONE, error_of


async def test_the_record_is_masked_even_for_its_holder(site, agent):
    await site.with_case()
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    record = (await agent.get(f"handoffs/{handoff_id}/record")).json()
    jsonschema.validate(record, record_schema())
    assert record["handoff_id"] == handoff_id
    assert PHONE not in json.dumps(record)
    assert record["privacy"]["revealed"] is False


@pytest.mark.parametrize("what", ["record", "export"])
async def test_an_agent_cannot_reveal(site, agent, what):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    answer = await agent.get(f"handoffs/{handoff_id}/{what}?reveal=1")
    assert (answer.status_code, error_of(answer)) == (403, "supervisor_only")
    assert PHONE not in answer.text


async def test_a_supervisor_can_and_it_is_written_down(site, agent):
    handoff_id = await site.handed_over()
    boss = await site.agent("boss", "supervisor")
    hidden = await boss.get(f"handoffs/{handoff_id}/record")
    assert PHONE not in hidden.text
    before = await site.handoffs.events(handoff_id)
    record = (await boss.get(f"handoffs/{handoff_id}/record?reveal=1")).json()
    assert PHONE in json.dumps(record)
    jsonschema.validate(record, record_schema())
    events = await site.handoffs.events(handoff_id)
    assert len(events) == len(before) + 1
    assert (events[-1].what, events[-1].actor, events[-1].actor_type) == ("reveal", "boss", "agent")
    shown = (await agent.get(f"handoffs/{handoff_id}")).json()["events"][-1]
    assert (shown["what"], shown["actor"]) == ("查看完整信息", "boss")


@pytest.mark.parametrize(
    ("form", "ending", "kind"),
    [
        ("json", ".json", "application/json"),
        ("html", ".html", "text/html"),
        ("transcript", ".transcript", "application/json"),
        ("vcon", ".vcon.json", "application/json"),
    ],
)
async def test_files_to_take_away(site, agent, form, ending, kind):
    await site.with_case()
    handoff_id = await site.handed_over()
    answer = await agent.get(f"handoffs/{handoff_id}/export?format={form}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="{handoff_id}{ending}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert PHONE not in answer.text
    if kind == "application/json":
        assert json.loads(answer.text)
    (*_, event) = await site.handoffs.events(handoff_id)
    assert (event.what, event.detail) == ("export", {"format": form, "revealed": False})


async def test_a_revealed_file_says_so_in_the_audit_trail(site):
    boss = await site.agent("boss", "supervisor")
    handoff_id = await site.handed_over()
    answer = await boss.get(f"handoffs/{handoff_id}/export?format=html&reveal=1")
    assert PHONE in answer.text
    assert (await site.handoffs.events(handoff_id))[-1].detail == {"format": "html", "revealed": True}


async def test_words_in_the_page_cannot_run(site, agent):
    await site.buyer_says("<script>alert(1)</script><img src=x onerror=alert(1)>")
    handoff_id = await site.handed_over()
    page = (await agent.get(f"handoffs/{handoff_id}/export?format=html")).text
    assert "<script" not in page and "<img" not in page
    assert "&lt;script&gt;" in page


async def test_another_format_is_refused(site, agent):
    handoff_id = await site.handed_over()
    answer = await agent.get(f"handoffs/{handoff_id}/export?format=docx")
    assert (answer.status_code, error_of(answer)) == (400, "bad_format")
    assert [one.what for one in await site.handoffs.events(handoff_id)] == ["request"]
