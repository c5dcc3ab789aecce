"""A buyer who writes traditional characters is answered in them."""

from __future__ import annotations

import pytest

from bot.conversation.messages import Reply
from bot.rasa.action_endpoint import InProcessActions
from bot.rasa.agent import load_agent
from bot.rasa.traditional import in_traditional


def test_words_are_converted_and_meanings_are_not() -> None:
    payload = '/answer_button{"demand": "refund_only", "note": "退货"}'
    reply = Reply(
        text="请核对订单号 2512345678901234567",
        buttons=[{"title": "确认提交", "payload": payload}],
        card={"type": "read_back", "rows": [{"label": "订单号", "value": "2512345678901234567"}]},
        attachment={"name": "证据.png"},
    )
    assert in_traditional(reply) == Reply(
        text="請核對訂單號 2512345678901234567",
        buttons=[{"title": "確認提交", "payload": payload}],
        card={"type": "read_back", "rows": [{"label": "訂單號", "value": "2512345678901234567"}]},
        attachment={"name": "证据.png"},
    )


def test_an_empty_line_stays_one() -> None:
    assert in_traditional(Reply(card={"type": "x"})) == Reply(card={"type": "x"})


@pytest.mark.model
async def test_traditional_in_traditional_out_until_the_buyer_changes(bench) -> None:
    assert await bench.texts("您好") == ["你好，我能帮你什么？"]
    assert await bench.texts("賣家不退款") == ["沒聽懂"]
    assert await bench.texts("提交") == ["已提交"]
    (question,) = await bench.say("选择")  # simplified again
    assert question.text == "请选择"
    assert await bench.texts("賣家不退款") == ["沒聽懂"]
    (question,) = await bench.say("按")
    assert question.text == "沒聽懂"


@pytest.mark.model
async def test_a_pressed_button_says_nothing_about_the_script(bench) -> None:
    (question,) = await bench.say("选择")
    await bench.texts("賣家")
    (answer,) = await bench.say(button=question.buttons[0]["token"])
    assert answer.text == "你選了refund_only"


@pytest.mark.model
async def test_the_choice_survives_a_restart(bench, model, executor, database) -> None:
    await bench.texts("賣家不退款")
    again = type(bench)(load_agent(model, database, InProcessActions(executor)), database)
    again.count = bench.count
    await again.road.start()
    assert await again.texts("你好") == ["你好，我能幫你什麼？"]
