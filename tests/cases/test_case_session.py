"""Working on a case inside a turn and outside one."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import pytest

from bot.cases.model import Case, Intervention, Stage
from bot.cases.session import active_session, turn_of
from bot.cases.store import StaleCase, UnknownCase
from bot.disputes.facts import SHANGHAI

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)


async def learn(kept: Any, name: str, value: object, conversation: str = "c1") -> None:
    async with kept.service.edit(conversation, NOW) as case:
        case.take(name, value, at=NOW, message_id="m1")


async def flush(kept: Any, session: Any) -> None:
    async with kept.database.transaction() as tx:
        await session.flush(tx)


async def test_outside_a_turn_an_edit_is_stored_at_once(kept: Any) -> None:
    await learn(kept, "amount", "99")
    await learn(kept, "shop", "小店")
    found = await kept.service.find("c1")
    assert sorted(found.facts) == ["amount", "shop"]
    assert found.version == 2


async def test_outside_a_turn_a_failed_edit_is_undone(kept: Any) -> None:
    await learn(kept, "amount", "99")
    with pytest.raises(RuntimeError):
        async with kept.service.edit("c1", NOW) as case:
            case.take("amount", "1", at=NOW, message_id="m2")
            raise RuntimeError("stop")
    assert (await kept.service.find("c1")).facts["amount"].value == "99.00"


async def test_a_case_in_which_nothing_happened_is_not_kept(kept: Any) -> None:
    async with kept.service.edit("c1", NOW):
        pass
    session = kept.service.session()
    await session.get_or_create("c2", NOW)
    await flush(kept, session)
    assert list(await kept.service.list()) == []


async def test_in_a_turn_nothing_is_stored_before_the_flush(kept: Any) -> None:
    session = kept.service.session()
    with turn_of(session):
        await learn(kept, "amount", "99")
        await learn(kept, "shop", "小店")
        assert sorted((await kept.service.find("c1")).facts) == ["amount", "shop"]
    assert active_session.get() is None
    assert await kept.service.find("c1") is None
    await flush(kept, session)
    assert sorted((await kept.service.find("c1")).facts) == ["amount", "shop"]


async def test_a_turn_that_only_looked_writes_nothing(kept: Any) -> None:
    await learn(kept, "amount", "99")
    session = kept.service.session()
    await session.get_or_create("c1", NOW)
    await flush(kept, session)
    assert (await kept.service.find("c1")).version == 1


async def test_in_a_turn_a_failed_action_leaves_no_half_change(kept: Any) -> None:
    session = kept.service.session()
    with turn_of(session):
        await learn(kept, "amount", "99")
        with pytest.raises(RuntimeError):
            async with kept.service.edit("c1", NOW) as case:
                case.take("shop", "小店", at=NOW, message_id="m2")
                case.move_to(Stage.EVIDENCE, NOW, "齐了")
                raise RuntimeError("the action failed")
    await flush(kept, session)
    found = await kept.service.find("c1")
    assert (sorted(found.facts), found.stage) == (["amount"], Stage.INTAKE)


async def test_a_turn_notices_that_somebody_else_was_faster(kept: Any) -> None:
    await learn(kept, "amount", "99")
    session = kept.service.session()
    (await session.get_or_create("c1", NOW)).take("shop", "甲", at=NOW, message_id="m2")
    await learn(kept, "shop", "乙")
    with pytest.raises(StaleCase):
        await flush(kept, session)
    again = kept.service.session()
    (await again.get_or_create("c1", NOW)).take("shop", "甲", at=NOW, message_id="m2")
    await flush(kept, again)
    found = await kept.service.find("c1")
    assert found.facts["shop"].value == "甲"
    assert [entry.detail["old"] for entry in found.audit if entry.what == "fact.shop"] == [None, "乙"]


@pytest.mark.parametrize("in_turn", [True, False])
async def test_start_over_closes_and_the_next_message_begins_anew(kept: Any, in_turn: bool) -> None:
    await learn(kept, "amount", "99")
    if in_turn:
        session = kept.service.session()
        with turn_of(session):
            closed = await kept.service.start_over("c1", NOW)
            assert await kept.service.find("c1") is None
            await learn(kept, "amount", "5")
        await flush(kept, session)
    else:
        closed = await kept.service.start_over("c1", NOW)
        assert await kept.service.find("c1") is None
        await learn(kept, "amount", "5")
    found = await kept.service.find("c1")
    assert (found.id != closed.id, found.facts["amount"].value) == (True, "5.00")
    assert (await kept.service.show(closed.id)).stage is Stage.CLOSED
    assert [case.id for case in await kept.service.of_conversation("c1")] == [closed.id, found.id]


async def test_start_over_within_an_edit_outside_a_turn(kept: Any) -> None:
    """An action that runs in another process has no turn around it."""
    await learn(kept, "amount", "99")
    async with kept.service.edit("c1", NOW) as case:
        case.take("shop", "小店", at=NOW, message_id="m2")
        await kept.service.start_over("c1", NOW)
        await learn(kept, "amount", "5")
        assert active_session.get() is not None
    assert active_session.get() is None
    closed, found = await kept.service.of_conversation("c1")
    assert (closed.stage, sorted(closed.facts)) == (Stage.CLOSED, ["amount", "shop"])
    assert found.facts["amount"].value == "5.00"


async def test_start_over_without_a_case(kept: Any) -> None:
    assert await kept.service.start_over("c1", NOW) is None


async def test_show_knows_the_case_of_the_running_turn(kept: Any) -> None:
    session = kept.service.session()
    with turn_of(session):
        async with kept.service.edit("c1", NOW) as case:
            case.set_types(["gift"], NOW)
        assert await kept.service.show(case.id) is case
    assert await kept.service.show("nothing") is None


async def test_erase_removes_the_cases_of_one_conversation(kept: Any) -> None:
    await learn(kept, "amount", "99")
    await kept.service.start_over("c1", NOW)
    await learn(kept, "amount", "5")
    await learn(kept, "amount", "7", conversation="c2")
    assert len(await kept.service.erase("c1")) == 2
    assert await kept.service.of_conversation("c1") == []
    assert [case.conversation_id for case in await kept.service.list()] == ["c2"]
    assert list(await kept.service.erase("c1")) == []


async def test_two_edits_at_once_lose_nothing(sql: Any) -> None:
    await asyncio.gather(*(learn(sql, name, "很好") for name in ("shop", "product", "promise", "courier")))
    assert len((await sql.service.find("c1")).facts) == 4


def number_of(case: Case) -> Intervention:
    return Intervention(
        f"JR-{case.id}", "受理", NOW, "说明", [], [], "退货退款", [("受理", NOW, "申请已提交")]
    )


async def closed_and_new(kept: Any) -> tuple[Case, Case]:
    """A case with an intervention, closed because the buyer began another; and that other one."""
    async with kept.service.edit("c1", NOW) as case:
        case.attach_intervention(number_of(case), NOW)
    closed = await kept.service.start_over("c1", NOW)
    await learn(kept, "amount", "5")
    return closed, await kept.service.find("c1")


@pytest.mark.parametrize("by", ["id", "number"])
@pytest.mark.parametrize("in_turn", [True, False])
async def test_a_case_that_is_not_the_active_one_can_be_changed(kept: Any, in_turn: bool, by: str) -> None:
    closed, new = await closed_and_new(kept)
    key = closed.id if by == "id" else closed.intervention.number
    session = kept.service.session()
    with turn_of(session) if in_turn else nullcontext():
        async with kept.service.edit("c1", NOW) as active:
            active.take("shop", "小店", at=NOW, message_id="m2")
            async with kept.service.edit_case(key) as case:
                case.record(NOW, "desk", "noted", {})
            async with kept.service.edit_case(key) as again:
                assert again is case
    if in_turn:
        assert (await kept.service.show(closed.id)).audit == closed.audit  # nothing before the turn's end
        await flush(kept, session)
    assert (await kept.service.show(closed.id)).audit[-1].what == "noted"
    found = await kept.service.find("c1")
    assert (found.id, sorted(found.facts)) == (new.id, ["amount", "shop"])


async def test_edit_case_alone_is_stored_at_once(kept: Any) -> None:
    closed, _ = await closed_and_new(kept)
    async with kept.service.edit_case(closed.id) as case:
        case.record(NOW, "desk", "noted", {})
    assert (await kept.service.show(closed.id)).audit[-1].what == "noted"


async def test_the_active_case_by_its_id_is_the_same_copy(kept: Any) -> None:
    await learn(kept, "amount", "99")
    stored = await kept.service.find("c1")
    session = kept.service.session()
    with turn_of(session):
        async with kept.service.edit_case(stored.id) as case:
            case.take("shop", "小店", at=NOW, message_id="m2")
        assert await kept.service.find("c1") is case
        await learn(kept, "product", "耳机")
    await flush(kept, session)
    assert sorted((await kept.service.find("c1")).facts) == ["amount", "product", "shop"]


async def test_a_failed_edit_of_a_case_leaves_no_half_change(kept: Any) -> None:
    closed, _ = await closed_and_new(kept)
    session = kept.service.session()
    with turn_of(session), pytest.raises(RuntimeError):
        async with kept.service.edit_case(closed.id) as case:
            case.record(NOW, "desk", "noted", {})
            raise RuntimeError("the action failed")
    await flush(kept, session)
    assert (await kept.service.show(closed.id)).audit == closed.audit


async def test_a_case_nobody_knows_cannot_be_changed(kept: Any) -> None:
    with pytest.raises(UnknownCase):
        async with kept.service.edit_case("nothing"):
            pass
