"""Messages in, replies out, through a stand-in for the platform: each once, in order, whatever goes wrong."""

from __future__ import annotations

import asyncio
import io
import logging
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot.conversation.messages import Reply
from bot.conversation.ownership import change_owner
from bot.conversation.tables import inbox
from bot.conversation.tables import outbox as outbox_table

HERE = "wechat:main:buyer1"
LONG = "。".join(f"第{number}句话说的是不一样的内容" for number in range(200))


async def rows(worker: Any, table: Any) -> list[Any]:
    async with worker.database.read() as tx:
        return list((await tx.execute(select(table).order_by(table.c.id))).all())


@pytest.mark.parametrize("aes", [True, False])
async def test_a_quick_answer_comes_in_the_platforms_own_request(make_platform, make_worker, settled, aes):
    platform = await make_platform(aes)
    worker = await make_worker(platform)
    message_id = await platform.say("buyer1", "你好")
    await settled(worker)
    assert [(one.how, one.text) for one in platform.buyer("buyer1").chat] == [("passive", "收到：你好")]
    assert platform.attempts[message_id] == 1
    (row,) = await rows(worker, outbox_table)
    assert row.state == "sent"


async def test_a_slow_answer_is_pushed_and_the_buyer_sees_that_somebody_types(
    make_platform, make_worker, settled, echo
):
    platform = await make_platform()
    worker = await make_worker(platform)
    echo.seconds = 2.0
    await platform.say("buyer1", "你好")
    await settled(worker)
    assert [(one.how, one.text) for one in platform.buyer("buyer1").chat] == [("custom", "收到：你好")]
    assert platform.calls["/cgi-bin/message/custom/typing"] == 1
    assert platform.acks[0] < 1.5


async def test_an_unverified_account_holds_the_retries(make_platform, make_worker, settled, echo):
    platform = await make_platform(verified=False)
    worker = await make_worker(platform)
    echo.seconds = 6.5
    message_id = await platform.say("buyer1", "你好")
    await settled(worker)
    assert [(one.how, one.text) for one in platform.buyer("buyer1").chat] == [("passive", "收到：你好")]
    assert platform.attempts[message_id] == 2
    assert len(echo.turns) == 1


async def test_an_answer_too_slow_for_all_retries_is_fetched_with_a_word(
    make_platform, make_worker, settled, echo
):
    platform = await make_platform(verified=False)
    worker = await make_worker(platform)
    echo.seconds = 14.9  # the longest a turn may take
    await platform.say("buyer1", "你好")
    (shown,) = platform.buyer("buyer1").chat
    assert "继续" in shown.text
    await platform.say("buyer1", "继续")
    await settled(worker)
    assert platform.buyer("buyer1").texts[1:] == ["收到：你好"]
    assert len(echo.turns) == 1  # the word itself is no question


async def test_a_long_answer_comes_in_pages_where_nothing_can_be_pushed(
    make_platform, make_worker, settled, echo
):
    async def long(turn: Any) -> None:
        turn.say(LONG if turn.message.body.get("text") == "说长一点" else "短")

    echo.script = long
    platform = await make_platform(verified=False)
    worker = await make_worker(platform)
    await platform.say("buyer1", "说长一点")
    for _ in range(10):
        if "继续" not in platform.buyer("buyer1").texts[-1]:
            break
        await platform.say("buyer1", "继续")
    whole = "".join(text.partition("\n\n（内容")[0] for text in platform.buyer("buyer1").texts)
    assert whole.replace("\n", "") == LONG
    assert len(platform.buyer("buyer1").texts) > 2
    await platform.say("buyer1", "谢谢你的回答")
    assert platform.buyer("buyer1").texts[-1] == "短"
    await settled(worker)


async def test_a_long_answer_leads_to_the_page_where_there_is_one(make_platform, make_worker, settled, echo):
    async def long(turn: Any) -> None:
        turn.say(LONG)

    echo.script = long
    platform = await make_platform(verified=False)
    worker = await make_worker(platform, link="https://bot.example/widget/#resume=abc")
    await platform.say("buyer1", "你好")
    await settled(worker)
    (shown,) = platform.buyer("buyer1").chat
    assert "https://bot.example/widget/#resume=abc" in shown.text
    assert {row.state for row in await rows(worker, outbox_table)} == {"sent"}


async def test_buttons_are_tapped_or_answered_with_a_number(make_platform, make_worker, settled, echo):
    async def asks(turn: Any) -> None:
        if turn.message.kind == "button":
            turn.say(f"选了{turn.message.body['entities']['name']}")
            return
        titles = ("只退款", "退货退款")
        turn.replies.append(
            Reply("要哪一种？", [{"title": t, "payload": f'/pick{{"name": "{t}"}}'} for t in titles])
        )

    echo.script = asks
    platform = await make_platform()
    worker = await make_worker(platform)
    await platform.say("buyer1", "你好")
    await settled(worker)
    shown = platform.buyer("buyer1").chat[-1]
    assert (shown.how, [entry["content"] for entry in shown.menu]) == ("custom", ["只退款", "退货退款"])
    await platform.press("buyer1", "退货退款")
    await settled(worker)
    assert platform.buyer("buyer1").texts[-1] == "选了退货退款"
    await platform.say("buyer1", "再问")
    await settled(worker)
    await platform.say("buyer1", "1")
    await settled(worker)
    assert platform.buyer("buyer1").texts[-1] == "选了只退款"


async def test_without_the_right_to_push_buttons_are_a_numbered_list(
    make_platform, make_worker, settled, echo
):
    async def asks(turn: Any) -> None:
        if turn.message.kind == "button":
            turn.say("好的")
        else:
            turn.replies.append(Reply("要吗？", [{"title": "要", "payload": "/yes"}]))

    echo.script = asks
    platform = await make_platform(verified=False)
    worker = await make_worker(platform)
    await platform.say("buyer1", "你好")
    assert platform.buyer("buyer1").texts == ["要吗？\n\n回复数字选择：\n1. 要"]
    await platform.say("buyer1", "1")
    await settled(worker)
    assert platform.buyer("buyer1").texts[-1] == "好的"


async def test_a_platform_that_forbids_pushing_is_believed(make_platform, make_worker, settled, echo, caplog):
    platform = await make_platform()
    platform.verified = False  # the operator said verified: true
    worker = await make_worker(platform, verified=True)
    echo.seconds = 2.0
    with caplog.at_level(logging.WARNING):
        await platform.say("buyer1", "你好")
        await settled(worker)
    assert [row.state for row in await rows(worker, outbox_table)] == ["held"]
    assert "may not push" in caplog.text
    echo.seconds = 0.0
    await platform.say("buyer1", "还在吗朋友")
    assert platform.buyer("buyer1").texts == ["收到：你好\n\n收到：还在吗朋友"]


async def test_what_the_quota_holds_back_comes_with_the_next_message(make_platform, make_worker, settled):
    platform = await make_platform()
    worker = await make_worker(platform)
    await platform.say("buyer1", "你好")
    for number in range(7):
        async with worker.database.transaction() as tx:
            await worker.road.voice.say(
                tx, HERE, [Reply(f"第{number}句")], _now(), author_type="agent", author_name="小王"
            )
        worker.road.voice.announce(HERE)
        await settled(worker)
    states = [row.state for row in await rows(worker, outbox_table)]
    assert states == ["sent"] * 6 + ["held"] * 2
    await platform.say("buyer1", "后来呢")
    await settled(worker)
    texts = "\n".join(platform.buyer("buyer1").texts)
    assert [texts.count(f"第{number}句") for number in range(7)] == [1] * 7
    assert "【人工客服 小王】" in texts


async def test_who_only_taps_gets_everything_though_taps_allow_no_more_pushes(
    make_platform, make_worker, settled, echo
):
    """The 48 hours of the first message run: a tap grants nothing then, and a slow answer must not wait in silence."""

    async def ask(turn: Any) -> None:
        await asyncio.sleep(1.0)  # longer than a verified account's answer is waited for
        turn.say(
            f"第{len(echo.turns)}问",
            buttons=[{"title": f"答{len(echo.turns)}", "payload": "/answer_button{}"}],
        )
        turn.say("说明")

    echo.script = ask
    platform = await make_platform()
    worker = await make_worker(platform)
    await platform.say("buyer1", "你好")
    for number in range(1, 6):
        await settled(worker)
        if any(
            entry["content"] == f"答{number}" for one in platform.buyer("buyer1").chat for entry in one.menu
        ):
            await platform.press("buyer1", f"答{number}")
        else:
            await platform.say("buyer1", "1")
    await settled(worker)
    assert not [row for row in await rows(worker, outbox_table) if row.state == "held"]
    texts = "\n".join(platform.buyer("buyer1").texts)
    assert [texts.count(f"第{number}问") for number in range(1, 7)] == [1] * 6


async def test_a_picture_is_fetched_hashed_and_kept(make_platform, make_worker, settled, folder):
    platform = await make_platform()
    worker = await make_worker(platform)
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "brown").save(data, "JPEG")
    url = platform.picture(data.getvalue())
    await platform.message("buyer1", "image", PicUrl=url, MediaId="M1")
    await settled(worker)
    (entry, _) = await worker.road.transcript(HERE)
    assert (entry.text, entry.attachment["mime"]) == ("［图片］", "image/jpeg")
    assert any(file.read_bytes() == data.getvalue() for file in (folder / "evidence").rglob("*.jpg"))
    assert platform.buyer("buyer1").texts == ["收到：upload"]


async def test_a_person_has_it_and_the_bot_keeps_quiet(make_platform, make_worker, settled, echo):
    platform = await make_platform()
    worker = await make_worker(platform)
    await platform.say("buyer1", "你好")
    async with worker.database.transaction() as tx:
        await change_owner(tx, HERE, "human")
    await platform.say("buyer1", "在吗")
    assert len(echo.turns) == 1
    assert platform.buyer("buyer1").texts == ["收到：你好"]
    assert max(platform.acks) < 1.5


@pytest.mark.parametrize(
    ("kind", "fields", "event"),
    [
        ("location", {"Location_X": "30.2", "Location_Y": "120.1", "Label": "杭州"}, "channel_unsupported"),
        ("voice", {"MediaId": "M", "Format": "amr"}, "channel_unsupported"),
        ("sticker", {}, "channel_unsupported"),
    ],
)
async def test_what_cannot_be_read_is_answered_too(make_platform, make_worker, echo, kind, fields, event):
    platform = await make_platform()
    await make_worker(platform)
    await platform.message("buyer1", kind, **fields)
    assert echo.turns[0].message.body["intent"] == event
    assert platform.buyer("buyer1").texts == [f"收到：{event}"]


async def test_events(make_platform, make_worker, settled, echo):
    platform = await make_platform()
    worker = await make_worker(platform)
    await platform.happen("buyer1", "subscribe")
    await platform.happen("buyer1", "CLICK", EventKey="human")
    await platform.happen("buyer1", "VIEW", EventKey="https://bot.example/")
    await platform.happen("buyer1", "unsubscribe")
    await settled(worker)
    assert [turn.message.body["intent"] for turn in echo.turns] == ["channel_welcome", "ask_human"]


@pytest.mark.parametrize(("welcome", "values"), [(None, {}), ("欢迎来到小店", {"text": "欢迎来到小店"})])
async def test_who_follows_is_welcomed_in_the_operators_words(
    make_platform, make_worker, echo, welcome, values
):
    platform = await make_platform()
    await make_worker(platform, welcome=welcome)
    await platform.happen("buyer1", "subscribe")
    assert echo.turns[0].message.body["entities"] == values


async def test_forged_and_unreadable_callbacks_are_refused_and_leave_nothing(
    make_platform, make_worker, caplog
):
    platform = await make_platform()
    worker = await make_worker(platform)
    query, body = platform.sealed(
        "buyer1", {"MsgType": "text", "Content": "你好", "MsgId": "1", "CreateTime": "1"}
    )
    forged = [
        ({**query, "signature": "0" * 40}, body),
        ({**query, "msg_signature": "0" * 40}, body),
        ({**query, "timestamp": str(int(query["timestamp"]) - 3600)}, body),
        ({}, body),
        (query, body.replace(b"<Encrypt>", b"<Encrypt>AAAA")),
        (query, b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>"),
        (query, b"x" * (65 * 1024)),
        (query, b"\xff\xfe"),
    ]
    with caplog.at_level(logging.DEBUG):
        for params, data in forged:
            async with platform._session.post(worker.address, params=params, data=data) as answer:
                assert (answer.status, await answer.text()) == (403, "")
    assert await rows(worker, inbox) == []
    async with platform._session.get(worker.address.replace("main", "nobody")) as answer:
        assert answer.status == 404


async def test_the_console_can_verify_the_address(make_platform, make_worker):
    platform = await make_platform()
    worker = await make_worker(platform)
    query, _ = platform.sealed("buyer1", {})
    async with platform._session.get(worker.address, params={**query, "echostr": "8273645"}) as answer:
        assert (answer.status, await answer.text()) == (200, "8273645")


async def test_a_buyer_who_had_everything_erased_begins_anew(make_platform, make_worker, settled):
    platform = await make_platform()
    worker = await make_worker(platform)
    await platform.say("buyer1", "你好")
    await worker.road.erase(HERE)
    await platform.say("buyer1", "又来了")
    await settled(worker)
    assert platform.buyer("buyer1").texts == ["收到：你好", "收到：又来了"]
    assert await worker.road.transcript(HERE) == []
    assert len(await worker.road.transcript(f"{HERE}:2")) == 2


async def test_no_secret_and_no_word_of_a_buyer_in_any_log(make_platform, make_worker, settled, caplog):
    platform = await make_platform(errors=0.5)
    worker = await make_worker(platform, passive_wait_s=0.0)
    with caplog.at_level(logging.DEBUG):
        for number in range(10):
            await platform.say("buyer1", f"秘密的话{number}")
        await settled(worker, 60)
    assert platform.injected
    ours = "\n".join(record.getMessage() for record in caplog.records if record.levelno > logging.DEBUG)
    everything = caplog.text
    for secret in ("the-secret-no-log-may-hold", "callbacktoken", "access-", "ABCDEFG"):
        assert secret not in everything, secret
    for word in ("秘密的话", "buyer1"):
        assert word not in ours


async def test_acknowledged_within_a_second_while_the_bot_takes_eight(
    make_platform, make_worker, settled, echo
):
    platform = await make_platform()
    worker = await make_worker(platform)
    echo.seconds = 8.0

    async def later(number: int) -> None:
        await asyncio.sleep(number * 0.03)
        await platform.say(f"buyer{number}", "你好")

    await asyncio.gather(*(later(number) for number in range(100)))
    acks = sorted(platform.acks)
    assert len(acks) == 100
    assert acks[98] < 1.0, f"p99 {acks[98]:.2f} s"
    await settled(worker, 60)
    for number in range(100):
        assert platform.buyer(f"buyer{number}").texts == ["收到：你好"]


def _now() -> Any:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Shanghai"))
