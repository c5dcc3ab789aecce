"""Only a stored record is ever confirmed, and it is confirmed once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.intervention import ActionOpenIntervention, ActionTakeConfirmation
from bot.cases.memory_store import MemoryCaseStore, NoDatabase
from bot.cases.model import Case, Intervention, Stage
from bot.cases.service import CaseService
from bot.disputes.statements import Statement
from bot.intervention.gateway import InterventionRefused
from bot.wiring import Services
from tests.actions.conftest import services_of

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=8)))
READY = {
    "platform": "tmall",
    "product": "运动鞋",
    "amount": "299.00",
    "order_number": "2512345678901234567",
    "order_stage": "signed",
    "paid_at": "2026-11-15",
    "signed_at": "2026-11-20",
    "found_at": "2026-11-20",
    "goods_used": False,
    "problem": "鞋底前掌开胶",
    "demand": "return_refund",
    "contacted_merchant": True,
    "merchant_stance": "deny",
}


class RefusingGateway:
    async def open(self, case: Case, statement: Statement, now: datetime) -> Intervention:
        raise InterventionRefused("the desk is closed")


@pytest.fixture
def cases() -> CaseService:
    return CaseService(MemoryCaseStore(), NoDatabase())


def parts(cases: CaseService, gateway: Any = None) -> Services:
    return services_of(cases, gateway)


async def ready_case(cases: CaseService, **other: Any) -> None:
    async with cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in {**READY, **other}.items():
            if value is not None:
                case.take(name, value, at=NOW, message_id="m1")
        case.acknowledge_gaps(NOW)
        case.move_to(Stage.INTERVENTION_READY, NOW, "test")


def tracker(text: str = "确认提交", intent: str = "affirm") -> Tracker:
    event = {"event": "user", "metadata": {"now": NOW.isoformat(), "message_id": "m2"}}
    message = {"text": text, "intent": {"name": intent}, "entities": []}
    return Tracker("web-1", {"asked": "read_back"}, message, [event], False, None, {}, "action_listen")


async def run(action: Any) -> tuple[list[str], list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker(), {})
    return [one["response"] for one in dispatcher.messages], events


async def test_an_opened_intervention_is_said_with_its_number(cases: CaseService) -> None:
    await ready_case(cases)

    said, events = await run(ActionOpenIntervention(parts(cases)))

    case = await cases.find("web-1")
    assert case is not None and case.intervention is not None
    assert said == ["utter_opened", "utter_opened_next"]
    assert {
        "event": "slot",
        "timestamp": None,
        "name": "intervention_number",
        "value": case.intervention.number,
    } in events


async def test_confirming_twice_gives_one_record(cases: CaseService) -> None:
    await ready_case(cases)
    await run(ActionOpenIntervention(parts(cases)))
    first = (await cases.find("web-1")).intervention.number  # type: ignore[union-attr]

    said, _ = await run(ActionOpenIntervention(parts(cases)))

    assert said == ["utter_already_open"]
    assert (await cases.find("web-1")).intervention.number == first  # type: ignore[union-attr]


async def test_a_refusing_gateway_is_never_confirmed(cases: CaseService) -> None:
    await ready_case(cases)

    said, events = await run(ActionOpenIntervention(parts(cases, RefusingGateway())))

    case = await cases.find("web-1")
    assert case is not None and case.intervention is None
    assert said == ["utter_intervention_failed"]
    assert [one for one in events if one.get("name") == "intervention_number"] == []


@pytest.mark.parametrize("missing", [("contacted_merchant", "merchant_stance"), ("demand",), ("problem",)])
async def test_it_does_not_open_before_its_time(cases: CaseService, missing: tuple[str, ...]) -> None:
    await ready_case(cases, **dict.fromkeys(missing))

    said, _ = await run(ActionOpenIntervention(parts(cases)))

    case = await cases.find("web-1")
    assert case is not None and case.intervention is None
    assert said == []


async def test_a_yes_to_the_read_back_leads_to_the_opening_and_says_nothing_itself(
    cases: CaseService,
) -> None:
    await ready_case(cases)

    said, events = await run(ActionTakeConfirmation(parts(cases)))

    assert said == []
    assert [one["name"] for one in events if one["event"] == "followup"] == ["action_open_intervention"]
