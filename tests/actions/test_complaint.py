"""Two close readings of a complaint: one question with both as buttons, asked once; clear ones are taken at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.complaint import ActionAskComplaint, ActionTakeComplaint, ActionTakeType
from actions.intake import ActionTakeAnswer
from bot.disputes.rulebook import load_rulebook
from tests.actions.conftest import Said, Scene

CLOSE = {"missing_part": 0.35, "wrong_item": 0.3}  # a card has a question for these two
NO_CARD = {"food": 0.35, "invoice": 0.3}


async def complain(scene: Scene, types: dict[str, float], text: str = "收到的不对", **more: Any) -> Said:
    return await scene.run(ActionTakeComplaint, text=text, intent="report_dispute", types=types, **more)


async def types_of(scene: Scene) -> list[str]:
    return list((await scene.case()).types)


def buttons(said: Said, key: str) -> dict[str, str]:
    """Title -> type(s) of the question's buttons."""
    rows = said.values[key]["buttons"]
    return {one["title"]: json.loads(one["payload"].removeprefix("/answer_button"))["type"] for one in rows}


async def test_close_readings_are_asked_about_in_the_cards_words(scene: Scene) -> None:
    said = await complain(scene, CLOSE)
    assert said.keys == ["utter_which_of_these"] and said.slots["asked"] == "type"
    assert said.values["utter_which_of_these"]["question"] == "是少了东西，还是发错了别的东西？"
    assert buttons(said, "utter_which_of_these") == {
        "少了": "missing_part",
        "发错了": "wrong_item",
        "两个都有": "missing_part,wrong_item",
        "都不是": "",
    }
    assert await types_of(scene) == []


async def test_without_a_question_of_a_card_the_names_are_the_buttons(scene: Scene) -> None:
    said = await complain(scene, NO_CARD)
    names = {load_rulebook().types[code].name: code for code in NO_CARD}
    assert said.keys == ["utter_which_type"]
    assert names.items() <= buttons(said, "utter_which_type").items()


async def test_what_else_the_complaint_states_is_kept(scene: Scene) -> None:
    amount = {"entity": "amount", "value": "299元", "start": 7, "end": 11, "resolved": {"value": "299"}}
    await complain(scene, CLOSE, text="收到的不对，实付299元", found=[amount])
    facts = (await scene.case()).facts
    assert facts["amount"].value == "299.00" and "不对" in facts["problem"].value


@pytest.mark.parametrize(
    ("types", "taken"),
    [
        ({"missing_part": 0.8, "wrong_item": 0.1}, ["missing_part"]),
        ({"missing_part": 0.4, "wrong_item": 0.1}, ["missing_part"]),  # unsure, but nothing is near
        ({"missing_part": 0.7, "damaged": 0.6}, ["missing_part", "damaged"]),  # 摔坏了还少一件
    ],
)
async def test_a_clear_reading_is_not_asked_about(
    scene: Scene, types: dict[str, float], taken: list[str]
) -> None:
    said = await complain(scene, types)
    assert await types_of(scene) == taken
    assert not {"utter_which_type", "utter_which_of_these"} & set(said.keys)


@pytest.mark.parametrize(
    ("pressed", "taken"),
    [("wrong_item", ["wrong_item"]), ("missing_part,wrong_item", ["missing_part", "wrong_item"]), ("", [])],
)
async def test_the_button_decides(scene: Scene, pressed: str, taken: list[str]) -> None:
    await complain(scene, CLOSE)
    said = await scene.run(ActionTakeAnswer, intent="answer_button", answer={"type": pressed}, asked="type")
    assert said.next == "action_take_type"
    said = await scene.run(ActionTakeType, intent="answer_button", answer={"type": pressed}, asked="type")
    assert await types_of(scene) == taken
    assert said.next == ("action_next_step" if taken else "action_listen")
    if not taken:
        assert said.keys == ["utter_tell_me_more"] and said.slots["asked"] == "complaint"


@pytest.mark.parametrize(
    ("text", "intent", "taken"),
    [
        ("少了", "provide_order_info", ["missing_part"]),
        ("是发错了", "provide_order_info", ["wrong_item"]),
        ("第二个", "provide_order_info", ["wrong_item"]),
        ("都有", "affirm", ["missing_part", "wrong_item"]),
        ("是的", "affirm", ["missing_part"]),
        ("不清楚", "dont_know", ["missing_part"]),
        ("都不是", "deny", []),
    ],
)
async def test_words_decide_too(scene: Scene, text: str, intent: str, taken: list[str]) -> None:
    await complain(scene, CLOSE)
    said = await scene.run(ActionTakeAnswer, text=text, intent=intent, asked="type")
    assert said.next == "action_take_type"
    await scene.run(ActionTakeType, text=text, intent=intent, asked="type")
    assert await types_of(scene) == taken


@pytest.mark.parametrize(
    ("types", "taken", "assumed"),
    [
        (CLOSE, ["missing_part"], False),  # as close as before: no second question
        ({"wrong_item": 0.3, "missing_part": 0.29}, ["wrong_item"], False),
        ({"damaged": 0.34, "quality_visible": 0.33}, ["damaged"], False),  # another close pair: none now
        ({"missing_part": 0.7, "damaged": 0.6}, ["missing_part", "damaged"], False),
        ({}, ["missing_part"], True),
    ],
)
async def test_never_twice_in_a_row(
    scene: Scene, types: dict[str, float], taken: list[str], assumed: bool
) -> None:
    await complain(scene, CLOSE)
    said = await complain(scene, types, text="我说的就是收到的东西不对啊", asked="type")
    assert await types_of(scene) == taken
    assert not {"utter_which_type", "utter_which_of_these"} & set(said.keys)
    assert ("utter_type_assumed" in said.keys) is assumed


async def test_what_was_answered_is_not_asked_again(scene: Scene) -> None:
    await complain(scene, CLOSE)
    await scene.run(ActionTakeType, answer={"type": ""}, intent="answer_button", asked="type")
    said = await complain(scene, dict(reversed(CLOSE.items())), asked="complaint")
    assert await types_of(scene) == ["wrong_item"] and "utter_which_of_these" not in said.keys


async def test_after_something_in_between_the_same_question_comes_back(scene: Scene) -> None:
    first = await complain(scene, CLOSE)
    again = await scene.run(ActionAskComplaint, intent="ask_rule_or_deadline", text="多久能退", asked="type")
    assert buttons(again, "utter_which_of_these") == buttons(first, "utter_which_of_these")


async def test_a_known_dispute_is_not_questioned(scene: Scene) -> None:
    await complain(scene, {"damaged": 0.9})
    said = await complain(scene, CLOSE)
    assert await types_of(scene) == ["damaged"] and "utter_which_of_these" not in said.keys


async def test_every_question_of_a_card_offers_types_that_exist_under_different_names() -> None:
    cards = load_rulebook().types
    for card in cards.values():
        for own in card.clarify:
            labels = [option.label for option in own.options]
            assert len(set(labels)) == len(labels) and {o.type for o in own.options} <= cards.keys(), (
                card.code
            )
