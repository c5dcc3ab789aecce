"""After the platform has ruled: one next action, the facts it needs, and the appeal that is read back before it is noted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.after_ruling import ActionAfterRuling
from actions.evidence import ActionTakeUpload
from actions.intervention import ActionFollowIntervention, ActionWantIntervention
from actions.intervention_steps import ActionInterventionStep
from actions.next_step import ActionNextStep
from actions.questions import ActionAskAgain
from actions.review import ActionTakeAppealAnswer, ActionWantReview
from bot.cases.drafts import newest_draft
from bot.cases.model import Case, EvidenceItem, Intervention, Stage
from tests.actions.conftest import NOW, Said, Scene

LATER = NOW + timedelta(days=1)
AFTER = LATER + timedelta(hours=1)
FACTS = {
    "platform": "tmall",
    "product": "运动鞋",
    "amount": "299.00",
    "order_stage": "signed",
    "problem": "鞋底开胶",
    "demand": "return_refund",
}


@pytest.fixture
async def opened(scene: Scene) -> Scene:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in FACTS.items():
            case.take(name, value, at=NOW, message_id="m0")
        case.add_evidence(EvidenceItem("e0", "E08", "开胶.jpg", "image/png", 1, "sha0", "p", NOW), NOW)
        record = Intervention("JR1", "受理", NOW, "说明", [], [], "退货退款", [("受理", NOW, "申请已提交")])
        case.attach_intervention(record, NOW)
        case.move_to(Stage.INTERVENTION_OPEN, NOW, "test")
    return scene


async def step(scene: Scene, *, asked: str | None = None, now: Any = LATER, **values: Any) -> Said:
    answer = {"number": "JR1", **values}
    return await scene.run(
        ActionInterventionStep, intent="intervention_step", answer=answer, asked=asked, now=now
    )


async def ruled(scene: Scene, result: str = "rejected", **facts: Any) -> Scene:
    await step(scene, kind="rule", result=result)
    await take(scene, **facts)
    return scene


async def take(scene: Scene, **facts: Any) -> None:
    async with scene.cases.edit("web-1", AFTER) as case:
        for name, value in facts.items():
            case.take(name, value, at=AFTER, message_id="m5")


async def upload(scene: Scene, kind: str = "E10", at: Any = AFTER) -> None:
    async with scene.cases.edit("web-1", at) as case:
        case.add_evidence(EvidenceItem("e1", kind, "检测报告.pdf", "image/png", 1, "sha1", "p", at), at)


async def history(scene: Scene) -> list[str]:
    case = await scene.case()
    assert case.intervention is not None
    return [note for _, _, note in case.intervention.history]


async def test_the_ruling_is_a_fact_of_the_case_by_the_desks_record(opened: Scene) -> None:
    told = await step(opened, kind="rule", result="rejected")

    case = await opened.case()
    assert (case.facts["ruling"].value, case.facts["ruling"].origin) == ("rejected", "rule")
    assert case.facts["ruled_at"].value == LATER.isoformat()
    assert told.next == "action_after_ruling"


@pytest.mark.parametrize("asked", ["label:e1", "handoff_message"])
async def test_what_waits_for_its_word_comes_before_the_next_action(opened: Scene, asked: str) -> None:
    told = await step(opened, kind="rule", result="rejected", asked=asked)

    assert (told.next, told.slots["asked"]) == ("action_listen", asked)


@pytest.mark.parametrize(
    ("result", "facts", "says"),
    [
        ("supported", {}, "核对退款"),
        ("rejected", {"new_evidence": False}, "建议和商家协商"),
        ("partly", {"new_evidence": True}, "带着新证据先联系商家"),
        ("rejected", {"new_evidence": True, "confirmed_when_filed": True}, "联系平台客服反馈"),
        ("rejected", {"platform": "jd", "new_evidence": True}, "7 个自然日内"),
    ],
)
async def test_exactly_one_next_action(opened: Scene, result: str, facts: dict[str, Any], says: str) -> None:
    await ruled(opened, result, **facts)

    told = await opened.run(ActionAfterRuling, now=AFTER)

    assert (told.keys, told.next) == (["utter_ruling_next"], "action_listen")
    assert says in told.values["utter_ruling_next"]["say"]
    assert "依据" in told.values["utter_ruling_next"]["sources"]


async def test_said_once_then_as_a_reminder_and_anew_when_it_changes(opened: Scene) -> None:
    await ruled(opened, new_evidence=False)
    first = await opened.run(ActionAfterRuling, now=AFTER)
    again = await opened.run(ActionAfterRuling, now=AFTER)
    await upload(opened)
    changed = await opened.run(ActionAfterRuling, now=AFTER)

    assert [first.keys, again.keys] == [["utter_ruling_next"], ["utter_ruling_still"]]
    assert changed.keys == ["utter_ruling_next"]
    titles = [one["title"] for one in changed.values["utter_ruling_next"]["buttons"]]
    assert titles == ["写申诉稿", "还能怎么办"]


async def test_the_fact_that_decides_is_asked_for_but_not_for_ever(opened: Scene) -> None:
    await ruled(opened)

    first = await opened.run(ActionAfterRuling, now=AFTER)
    assert first.keys == ["utter_ruling_ask", "utter_ask_new_evidence"]
    assert first.slots["asked"] == "fact:new_evidence"
    for _ in range(2):
        await opened.run(ActionAfterRuling, now=AFTER)
    assert (await opened.run(ActionAfterRuling, now=AFTER)).keys == ["utter_ruling_unsure"]


async def test_nothing_is_said_before_a_ruling(opened: Scene) -> None:
    told = await opened.run(ActionAfterRuling, asked="proposal")

    assert (told.keys, told.slots["asked"]) == ([], "proposal")


async def test_the_conductor_and_the_state_of_things_lead_there(opened: Scene) -> None:
    assert (await opened.run(ActionNextStep)).next == "action_follow_intervention"
    await ruled(opened)

    assert (await opened.run(ActionNextStep, now=AFTER)).next == "action_after_ruling"
    told = await opened.run(ActionFollowIntervention, intent="ask_progress", now=AFTER)
    assert (told.keys, told.next) == (["utter_follow"], "action_after_ruling")


async def test_back_from_something_in_between_the_open_fact_is_asked_again(opened: Scene) -> None:
    await ruled(opened)

    told = await opened.run(ActionAskAgain, asked="fact:new_evidence", now=AFTER)

    assert (told.keys, told.slots["asked"]) == (["utter_ask_new_evidence"], "fact:new_evidence")
    await take(opened, new_evidence=False)
    assert (await opened.run(ActionAskAgain, asked=None, now=AFTER)).next == "action_after_ruling"
    await opened.run(ActionAfterRuling, now=AFTER)
    assert (await opened.run(ActionAskAgain, asked=None, now=AFTER)).next == "action_listen"


@pytest.mark.parametrize(
    ("text", "kind", "facts", "said", "asked"),
    [
        ("我要申诉", None, {}, "utter_review_needs_new", "review_reason"),
        ("我要申诉，不公平", None, {}, "utter_review_needs_new", "review_reason"),
        ("我要申诉", "E08", {}, "utter_review_needs_new", "review_reason"),
        ("我要申诉", "E10", {}, "utter_appeal_draft", "appeal"),
        ("不服，你们没有看我的开箱视频", None, {}, "utter_appeal_draft", "appeal"),
        ("不服，你们没有看我的开箱视频", None, {"platform": "jd"}, "utter_review_needs_new", "review_reason"),
    ],
)
async def test_an_appeal_takes_new_evidence_or_a_reason(
    opened: Scene, text: str, kind: str | None, facts: dict[str, Any], said: str, asked: str
) -> None:
    await ruled(opened, **facts)
    if kind:
        await upload(opened, kind)

    told = await opened.run(ActionWantReview, intent="ask_intervention", text=text, now=AFTER)

    assert (told.keys, told.slots["asked"]) == ([said], asked)
    assert "2026年11月29日 10:00" in told.values[said]["appeal"]
    assert (await history(opened))[-1].startswith("判决结果")  # nothing is noted before it was read back


async def test_each_piece_is_told_with_whether_it_is_new(opened: Scene) -> None:
    await ruled(opened)
    await upload(opened, "E08")

    told = await opened.run(ActionWantReview, text="我要申诉", now=AFTER)

    assert "检测报告.pdf：不算新证据，同类内容之前已经交过" in told.values["utter_review_needs_new"]["pieces"]
    assert "质检或鉴定报告" in told.values["utter_review_needs_new"]["kinds"]


async def test_only_a_yes_to_the_read_back_is_noted_and_once(opened: Scene) -> None:
    await ruled(opened)
    await upload(opened)
    await opened.run(ActionWantReview, text="我要申诉", now=AFTER)
    kept = newest_draft(await opened.case(), "appeal")
    assert kept is not None and "证据 2（质检或鉴定报告）" in kept.text

    told = await opened.run(ActionTakeAppealAnswer, intent="affirm", text="对", asked="appeal", now=AFTER)

    assert told.keys == ["utter_review_noted"]
    assert (await history(opened))[-1] == "买家申请复审：新证据：质检或鉴定报告"
    again = await opened.run(ActionWantReview, text="我要申诉", now=AFTER)
    assert again.keys == ["utter_review_noted_already"]
    assert (await opened.run(ActionAfterRuling, now=AFTER)).keys == ["utter_review_waiting"]


@pytest.mark.parametrize(
    ("answer", "said", "asked"),
    [("later", "utter_appeal_later", None), ("correct", "utter_ask_appeal_correction", "review_reason")],
)
async def test_without_a_yes_nothing_is_noted(
    opened: Scene, answer: str, said: str, asked: str | None
) -> None:
    await ruled(opened)
    await upload(opened)
    await opened.run(ActionWantReview, text="我要申诉", now=AFTER)

    told = await opened.run(
        ActionTakeAppealAnswer, intent="answer_button", answer={"appeal": answer, "number": "JR1"}, now=AFTER
    )

    assert (told.keys, told.slots["asked"]) == ([said], asked)
    assert (await history(opened))[-1].startswith("判决结果")


async def test_a_yes_without_a_draft_files_nothing(opened: Scene) -> None:
    await ruled(opened)

    told = await opened.run(ActionTakeAppealAnswer, intent="affirm", text="对", asked="appeal", now=AFTER)

    assert told.keys == ["utter_review_none"]
    assert (await history(opened))[-1].startswith("判决结果")


async def test_a_reason_told_afterwards_goes_into_the_draft(opened: Scene) -> None:
    await ruled(opened)
    await opened.run(ActionWantReview, text="我要申诉", now=AFTER)

    told = await opened.run(
        ActionWantReview,
        intent="provide_order_info",
        text="照片拍的就是签收当天",
        asked="review_reason",
        now=AFTER,
    )

    assert told.keys == ["utter_appeal_draft"]
    assert "照片拍的就是签收当天" in told.values["utter_appeal_draft"]["draft"]
    assert "只凭理由" in told.values["utter_appeal_draft"]["pieces"]


async def test_who_has_nothing_to_add_hears_what_is_left(opened: Scene) -> None:
    await ruled(opened)

    told = await opened.run(ActionWantReview, intent="deny", text="没有", asked="review_reason", now=AFTER)

    assert (told.keys, told.next) == ([], "action_after_ruling")
    assert (await opened.case()).facts["new_evidence"].value is False


@pytest.mark.parametrize("result", ["rejected", "supported"])
async def test_after_the_review_it_goes_outside_or_to_the_execution(opened: Scene, result: str) -> None:
    await ruled(opened, new_evidence=True)
    await upload(opened)
    await step(opened, kind="open_review", now=AFTER)
    assert (await opened.run(ActionAfterRuling, now=AFTER)).keys == ["utter_review_waiting"]

    await step(opened, kind="decide_review", result=result, now=AFTER + timedelta(days=3))

    case: Case = await opened.case()
    assert (case.facts["ruling"].value, case.facts["new_evidence"].value) == (result, False)
    told = await opened.run(ActionAfterRuling, now=AFTER + timedelta(days=3))
    if result == "rejected":
        assert (told.keys, told.next) == ([], "action_show_ways")
    else:
        assert "核对退款" in told.values["utter_ruling_next"]["say"]


async def test_words_of_a_review_are_no_second_wish_for_an_intervention(opened: Scene) -> None:
    run = opened.run
    before = await run(ActionWantIntervention, intent="ask_intervention", text="我要申诉")
    asked = await run(ActionWantReview, intent="ask_intervention", text="我要申诉")
    await ruled(opened)

    told = await run(ActionWantIntervention, intent="ask_intervention", text="我要申诉", now=AFTER)

    assert before.next == told.next == "action_want_review"
    assert asked.keys == ["utter_review_no_ruling", "utter_ask_ruling"]


async def test_a_decision_of_the_platform_itself_leads_to_the_talks(scene: Scene) -> None:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["cs_complaint"], NOW)
        told_facts = {"ruling": "rejected", "new_evidence": False, "confirmed_when_filed": False}
        for name, value in {**FACTS, **told_facts}.items():
            case.take(name, value, at=NOW, message_id="m0")
    since = await scene.run(ActionAfterRuling)
    async with scene.cases.edit("web-1", NOW) as case:
        case.decline("ruled_at", NOW)

    told = await scene.run(ActionAfterRuling)

    assert since.keys == ["utter_ask_ruled_at"]
    assert (told.keys, told.next) == (["utter_ruling_next"], "action_next_step")


async def test_a_file_after_the_ruling_may_be_what_would_be_new(opened: Scene) -> None:
    await ruled(opened)
    async with opened.cases.edit("web-1", AFTER) as case:
        case.add_evidence(EvidenceItem("e1", None, "报告.pdf", "image/png", 1, "sha1", "p", AFTER), AFTER)

    told = await opened.run(
        ActionTakeUpload, intent="upload_evidence", answer={"evidence_id": "e1"}, now=AFTER
    )

    titles = [one["title"] for one in told.values["utter_upload_stored"]["buttons"]]
    assert titles[0] == "质检或鉴定报告"


async def test_a_draft_that_was_put_off_is_read_back_again(opened: Scene) -> None:
    await ruled(opened)
    await upload(opened)

    for _ in range(2):
        told = await opened.run(ActionWantReview, text="我要申诉", now=AFTER)
        assert (told.keys, told.slots["asked"]) == (["utter_appeal_draft"], "appeal")
