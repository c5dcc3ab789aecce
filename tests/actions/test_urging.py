"""Asking for news: once a matter, when it makes sense; otherwise the buyer hears when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions.intervention import ActionWantIntervention
from actions.questions import ActionExplainProgress, ActionExplainRules
from actions.urging import ActionUrge
from bot.cases.drafts import newest_draft
from bot.cases.model import Intervention, Stage
from bot.intervention.urged import last_urged
from tests.actions.conftest import NOW, Said, Scene

THIRD_DAY = datetime(2026, 11, 25, 9, 0, tzinfo=NOW.tzinfo)  # NOW is a Saturday
"""The third working day after acceptance."""


@pytest.fixture
async def opened(scene: Scene) -> Scene:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in {"platform": "jd", "problem": "鞋底开胶"}.items():
            case.take(name, value, at=NOW, message_id="m0")
        record = Intervention("JR1", "受理", NOW, "说明", [], [], "退货退款", [("受理", NOW, "申请已提交")])
        case.attach_intervention(record, NOW)
        case.move_to(Stage.INTERVENTION_OPEN, NOW, "test")
    return scene


async def urge(scene: Scene, now: datetime, asked: str | None = "proposal") -> Said:
    return await scene.run(ActionUrge, intent="ask_progress", text="怎么还没结果", now=now, asked=asked)


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionExplainProgress, "ask_progress"),
        (ActionExplainRules, "ask_rule_or_deadline"),
        (ActionWantIntervention, "ask_intervention"),
    ],
)
@pytest.mark.parametrize(
    ("text", "urges"), [("怎么还没结果啊", True), ("帮我催一下", True), ("现在到哪一步了", False)]
)
async def test_pressing_for_news_leads_there(
    opened: Scene, action: type, intent: str, text: str, urges: bool
) -> None:
    told = await opened.run(action, intent=intent, text=text)

    assert (told.next == "action_urge") is urges


async def test_too_early_says_when(opened: Scene) -> None:
    told = await urge(opened, NOW + timedelta(hours=1))

    assert (told.keys, told.slots["asked"]) == (["utter_urge_not_yet"], "proposal")
    assert "2026年11月25日" in told.values["utter_urge_not_yet"]["then"]
    assert last_urged(await opened.case()) == {}


async def test_in_time_once_and_the_desk_reads_it(opened: Scene) -> None:
    told = await urge(opened, THIRD_DAY)

    assert told.keys == ["utter_urge_draft", "utter_urge_now"]
    case = await opened.case()
    assert last_urged(case) == {"progress": THIRD_DAY}
    assert case.intervention is not None and case.intervention.history[-1][2].startswith("买家询问进展：您好")
    assert newest_draft(case, "urging") is not None

    assert (await urge(opened, THIRD_DAY + timedelta(days=2))).keys == ["utter_urge_not_yet"]
    assert len(last_urged(await opened.case())) == 1


async def test_during_the_review_and_after_the_decision(opened: Scene) -> None:
    async with opened.cases.edit("web-1", NOW) as case:
        assert case.intervention is not None
        case.intervention.state = "申诉复审"
        case.take("ruling", "rejected", at=NOW, message_id=None, origin="rule")
    assert (await urge(opened, THIRD_DAY)).keys == ["utter_urge_review"]

    async with opened.cases.edit("web-1", NOW) as case:
        assert case.intervention is not None
        case.intervention.state = "判决"
    assert (await urge(opened, THIRD_DAY)).next == "action_after_ruling"
