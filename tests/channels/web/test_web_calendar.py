"""The calendar file of the buyer's own dispute: a download for the session alone, only what lies ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases.model import Stage
from tests.channels.web.conftest import NOW
from tests.channels.web.test_web_contract import error_of


async def dispute(site, buyer, **facts: str) -> None:
    async with site.cases.edit(buyer.session_id, site.now[0]) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in facts.items():
            case.take(name, value, at=NOW, message_id="m0")


SIGNED = {"product": "水杯", "order_stage": "signed", "signed_at": "2026-11-20T00:00:00+08:00"}


async def test_it_is_a_calendar_to_download(site, buyer):
    await dispute(site, buyer, **SIGNED)
    answer = await buyer.get("deadlines.ics")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="deadlines.ics"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    lines = answer.content.decode("utf-8").replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert any(line.startswith("SUMMARY:质量不合格退货") for line in lines)
    assert any("水杯" in line for line in lines) and any("依据：" in line for line in lines)
    starts = [line.partition(":")[2] for line in lines if line.startswith("DTEND:")]
    assert starts and min(starts) > f"{NOW - timedelta(hours=8):%Y%m%dT%H%M%SZ}"


async def test_the_same_dispute_keeps_its_event_ids(site, buyer):
    await dispute(site, buyer, **SIGNED)
    first, again = [(await buyer.get("deadlines.ics")).text for _ in range(2)]

    assert first == again and first.count("UID:") == first.count("BEGIN:VEVENT") > 0


@pytest.mark.parametrize("what", ["no dispute", "nothing dated", "all over", "closed"])
async def test_nothing_ahead_is_no_file(site, buyer, what):
    if what == "nothing dated":
        await dispute(site, buyer)
    if what in ("all over", "closed"):
        await dispute(site, buyer, **SIGNED)
    if what == "all over":
        async with site.cases.edit(buyer.session_id, NOW) as case:
            case.take("signed_at", "2019-01-01T00:00:00+08:00", at=NOW, message_id="m1")
    if what == "closed":
        async with site.cases.edit(buyer.session_id, NOW) as case:
            case.move_to(Stage.CLOSED, NOW, "for the test")
    answer = await buyer.get("deadlines.ics")

    assert (answer.status_code, error_of(answer)) == (404, "no_deadlines")


async def test_another_buyer_gets_nothing_of_it(site, buyer):
    await dispute(site, buyer, **SIGNED)
    stranger = await site.buyer()
    for path in ("deadlines.ics", f"deadlines.ics?session_id={buyer.session_id}"):
        answer = await stranger.get(path)
        assert answer.status_code == 404 and "水杯" not in answer.text
    assert (await site.client.get("/webhooks/web/deadlines.ics")).status_code == 401
