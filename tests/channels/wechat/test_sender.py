"""Lines on their way to buyers: what the platform allows, in order, and nothing lost in silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from bot.channels.wechat import quota
from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.render import MORE
from bot.channels.wechat.sender import SendCounts, WeChatSender, address_of
from bot.channels.wechat.transport import Transport
from bot.conversation.messages import Entry
from bot.conversation.outbox import MAX_ATTEMPTS, Outcome, Outgoing
from bot.database.engine import Database
from bot.database.migrate import upgrade
from tests.channels.wechat.api_server import (
    APP_ID,
    APP_SECRET,
    SEND,
    TOKEN,
    Answer,
    PlatformApi,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OPENID = "o-openid-that-no-log-may-hold"
BUYER = f"wechat:main:{OPENID}"
LINK = "https://bot.example.com/widget/#resume=signed"
BIG = "长" * 600  # 1800 bytes: two of them do not go into one message
TOO_BIG = "很长" * 600  # 3600 bytes: two messages


@dataclass
class Desk:
    """A sender on a local platform, with the ledger in a real database."""

    api: PlatformApi
    database: Database
    sender: WeChatSender
    client: WeChatClient
    now: datetime = NOW

    async def grant(self, kind: quota.Kind = "message", used: int = 0) -> None:
        async with self.database.transaction() as tx:
            await quota.granted(tx, BUYER, kind, self.now)
            for _ in range(used):
                assert await quota.take(tx, BUYER, self.now)

    async def left(self) -> int:
        async with self.database.read() as tx:
            return await quota.left(tx, BUYER, self.now)

    async def send(self, *texts: str, attempts: int = 0) -> list[Outcome]:
        return await self.sender.send(BUYER, [line(n, text, attempts) for n, text in enumerate(texts)])

    @property
    def texts(self) -> list[str]:
        return [message["text"]["content"] for message in self.api.sent]

    def another_sender(self, account: WeChatAccount) -> WeChatSender:
        return WeChatSender(self.database, {"main": WeChatClient(account)}, lambda: self.now)


def line(number: int, text: str, attempts: int = 0) -> Outgoing:
    return Outgoing(number, attempts, Entry(number + 1, f"l{number}", BUYER, NOW, "bot", "小助手", text))


def states(outcomes: list[Outcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    upgrade(url)
    database = Database(url)
    await database.connect()
    async with PlatformApi() as api:
        account = WeChatAccount("main", APP_ID, APP_SECRET, "token", verified=True, api_base=api.url)
        client = WeChatClient(account)
        clock: list[Callable[[], datetime]] = []
        sender = WeChatSender(
            database, {"main": client}, lambda: clock[0](), lambda _: LINK, pauses=(0.0, 0.0)
        )
        one = Desk(api, database, sender, client)
        clock.append(lambda: one.now)
        yield one
        await client.close()
    await database.close()


async def test_short_lines_share_one_message(desk: Desk) -> None:
    await desk.grant()
    assert await desk.send("收到。", "请上传快递面单。", "谢谢！") == [Outcome("sent")] * 3
    assert desk.texts == ["收到。\n\n请上传快递面单。\n\n谢谢！"]
    assert desk.api.sent[0]["touser"] == OPENID
    assert await desk.left() == 4
    assert "请上传快递面单".encode() in desk.api.raw[0]


async def test_order(desk: Desk) -> None:
    await desk.grant()
    assert states(await desk.send("一" + BIG, "二" + BIG, "三" + BIG)) == ["sent"] * 3
    assert [text[0] for text in desk.texts] == ["一", "二", "三"]
    assert await desk.left() == 2


async def test_what_does_not_fit_is_behind_the_link(desk: Desk) -> None:
    await desk.grant()
    assert states(await desk.send(*[BIG] * 6)) == ["sent"] * 6
    assert len(desk.api.sent) == 3
    assert LINK in desk.texts[-1] and LINK not in "".join(desk.texts[:-1])


async def test_no_more_messages_than_granted(desk: Desk) -> None:
    await desk.grant(used=4)
    assert states(await desk.send(BIG, BIG)) == ["sent", "sent"]
    assert len(desk.api.sent) == 1 and LINK in desk.texts[0]
    assert await desk.left() == 0


@pytest.mark.parametrize("why", ["never wrote", "used up", "expired"])
async def test_without_a_grant_nothing_is_asked(desk: Desk, why: str) -> None:
    if why != "never wrote":
        await desk.grant(used=5 if why == "used up" else 0)
    if why == "expired":
        desk.now += timedelta(hours=48)
    outcomes = await desk.send("您好", "在吗")
    assert states(outcomes) == ["held", "held"] and "next message" in outcomes[0].error
    assert desk.api.calls == []


async def test_a_line_with_nothing_to_show_is_done(desk: Desk) -> None:
    await desk.grant()
    assert states(await desk.send("", "您好", "")) == ["sent"] * 3
    assert desk.texts == ["您好"]


STOPS: list[tuple[Answer, str, str, int]] = [
    # the answer to the second of three messages, what becomes of its line and of the third's, grants left
    (45015, "held", "held", 0),
    (45047, "held", "held", 0),
    (48001, "held", "held", 4),
    (50002, "held", "held", 4),
    (-1, "retry", "retry", 4),
    ("http 502", "retry", "retry", 4),
    ("drop", "held", "retry", 3),
    (45002, "failed", "sent", 3),
]


@pytest.mark.parametrize(("answer", "second", "third", "left"), STOPS, ids=[str(row[0]) for row in STOPS])
async def test_an_error_in_the_middle(desk: Desk, answer: Answer, second: str, third: str, left: int) -> None:
    await desk.grant()
    desk.api.next(SEND, 0, answer)
    outcomes = await desk.send("一" + BIG, "二" + BIG, "三" + BIG)
    assert states(outcomes) == ["sent", second, third]
    assert outcomes[1].error
    assert [text[0] for text in desk.texts] == (["一", "三"] if third == "sent" else ["一"])
    assert await desk.left() == left


async def test_a_database_that_goes_away_in_the_middle_repeats_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.grant()
    real, calls = quota.take, []

    async def take(*given: Any) -> quota.Grant | None:
        calls.append(given)
        if len(calls) == 2:
            raise OperationalError("UPDATE", {}, Exception("gone"))
        return await real(*given)

    monkeypatch.setattr(quota, "take", take)
    assert states(await desk.send("一" + BIG, "二" + BIG, "三" + BIG)) == ["sent", "retry", "retry"]
    assert [text[0] for text in desk.texts] == ["一"]


async def test_two_turns_at_once_both_fall_back_to_numbers(desk: Desk) -> None:
    await desk.grant()
    asked = replace(line(0, ""), entry=replace(line(0, "您想怎么解决？").entry, buttons=BUTTONS))
    desk.api.next(SEND, 40200, 40200)
    both = await asyncio.gather(*(desk.sender.send(BUYER, [asked]) for _ in range(2)))
    assert [one.state for outcomes in both for one in outcomes] == ["retry", "retry"]


async def test_uncertain_lines_are_marked(desk: Desk) -> None:
    await desk.grant()
    await desk.client.check()
    desk.client._transport = Transport(connect_s=1.0, whole_s=0.3)
    desk.api.next(SEND, "hang")
    (outcome,) = await desk.send("您好")
    assert outcome.state == "held" and outcome.error.startswith("uncertain")
    assert desk.api.calls.count(SEND) == 1


async def test_the_platform_is_busy_for_a_minute(desk: Desk) -> None:
    await desk.grant()
    desk.api.next(SEND, 45011)
    assert (await desk.send("您好"))[0].retry_after == 60
    desk.api.next(SEND, -1)
    assert (await desk.send("您好"))[0].retry_after is None  # then the outbox's own growing pauses apply


async def test_the_last_attempt_holds_the_line(desk: Desk) -> None:
    await desk.grant()
    desk.api.next(SEND, -1)
    assert states(await desk.send("您好", attempts=MAX_ATTEMPTS - 1)) == ["held"]


async def test_the_rest_of_a_long_line_is_tried_again_at_once(desk: Desk) -> None:
    await desk.grant()
    desk.api.next(SEND, 0, -1, "http 502")
    assert states(await desk.send(TOO_BIG)) == ["sent"]
    assert desk.api.calls.count(SEND) == 4 and len(desk.api.sent) == 2
    assert await desk.left() == 3
    desk.api.next(SEND, 0, -1, -1, -1, -1)
    assert states(await desk.send(TOO_BIG)) == ["retry"]
    assert desk.api.calls.count(SEND) == 8


async def test_a_refused_token_is_renewed_on_the_way(desk: Desk) -> None:
    await desk.grant()
    desk.api.next(SEND, 40001)
    assert states(await desk.send("您好")) == ["sent"]
    assert await desk.left() == 4


async def test_without_the_right_to_push_the_account_answers_passively(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.grant()
    desk.api.next(SEND, 48001)
    for _ in range(3):
        assert states(await desk.send("您好")) == ["held"]
    assert desk.api.calls.count(SEND) == 1
    assert desk.sender.passive_only == {"main"}
    (record,) = caplog.records
    assert record.levelno == logging.WARNING and "微信认证" in record.getMessage()


async def test_an_account_that_is_not_verified_is_never_asked(desk: Desk) -> None:
    await desk.grant()
    sender = desk.another_sender(replace(desk.client.account, verified=False))
    assert states(await sender.send(BUYER, [line(0, "您好")])) == ["held"]
    assert desk.api.calls == []


async def test_an_account_that_is_gone(desk: Desk) -> None:
    outcomes = await desk.sender.send("wechat:old:openid", [line(0, "您好")])
    assert states(outcomes) == ["held"] and "'old' is not configured" in outcomes[0].error


async def test_wrong_settings_hold_the_lines_and_are_said_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.grant()
    sender = desk.another_sender(replace(desk.client.account, app_secret="another-secret"))
    for _ in range(3):
        assert states(await sender.send(BUYER, [line(0, "您好")])) == ["held"]
    (record,) = caplog.records
    assert record.levelno == logging.ERROR and "AppSecret" in record.getMessage()
    assert desk.api.calls == [TOKEN]
    assert await desk.left() == 5


async def test_without_a_link_what_does_not_fit_waits(desk: Desk) -> None:
    await desk.grant()
    sender = WeChatSender(desk.database, {"main": desk.client}, lambda: desk.now)
    lines = [line(n, text) for n, text in enumerate([BIG, BIG, TOO_BIG, "", "好"])]
    assert states(await sender.send(BUYER, lines)) == ["sent", "sent", "held", "sent", "held"]
    assert desk.texts == [BIG, BIG + MORE]


BUTTONS = [{"title": "只退款", "token": "btn:aaa"}, {"title": "退货退款", "token": "btn:bbb"}]


async def test_buttons_are_a_menu(desk: Desk) -> None:
    await desk.grant()
    asked = replace(
        line(0, "您想怎么解决？"), entry=replace(line(0, "您想怎么解决？").entry, buttons=BUTTONS)
    )
    assert states(await desk.sender.send(BUYER, [asked])) == ["sent"]
    assert desk.api.sent[0]["msgmenu"]["list"][1] == {"id": "btn:bbb", "content": "退货退款"}


@pytest.mark.parametrize("code", [40200, 40008])
async def test_an_account_without_menus_gets_a_numbered_list(
    desk: Desk, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    await desk.grant()
    asked = replace(line(0, ""), entry=replace(line(0, "您想怎么解决？").entry, buttons=BUTTONS))
    desk.api.next(SEND, code)
    (outcome,) = await desk.sender.send(BUYER, [asked])
    assert outcome.state == "retry" and outcome.retry_after == 0
    assert states(await desk.sender.send(BUYER, [asked])) == ["sent"]
    assert "2. 退货退款" in desk.texts[0]
    assert await desk.left() == 4
    assert len(caplog.records) == 1
    desk.api.next(SEND, code)  # refused as plain text as well: an error like any other
    assert states(await desk.sender.send(BUYER, [asked])) == ["failed"]


async def test_counts_by_account(desk: Desk) -> None:
    assert desk.sender.counts == {"main": SendCounts()}
    await desk.send("没有额度")
    await desk.grant()
    desk.api.next(SEND, 0, 45002, -1)
    await desk.send("一" + BIG, "二" + BIG, "三" + BIG)
    assert desk.sender.counts == {"main": SendCounts(sent=1, held=1, failed=1, retried=1)}


async def test_no_secret_and_no_buyer_in_the_logs(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)  # the database driver tells everything at DEBUG
    errors = []
    faults: list[Answer] = [45015, -1, "not json", "drop", 45002, 40003, 50002, 40001, 48001]
    for fault in faults:
        await desk.grant()
        desk.api.next(SEND, fault, fault)
        errors += [outcome.error for outcome in await desk.send("这句话不该进日志")]
    assert all(errors) and len(errors) == len(faults)
    assert "outbox rows [0]" in caplog.text
    for text in [*errors, caplog.text]:
        for secret in (APP_SECRET, "access-token-", OPENID, "这句话"):
            assert secret not in text


@pytest.mark.parametrize(
    ("conversation_id", "expected"),
    [
        ("wechat:main:o6_bmjrPTlm6_2sgVt7hMZOPfL2M", ("main", "o6_bmjrPTlm6_2sgVt7hMZOPfL2M")),
        ("wechat:main:openid:2", ("main", "openid")),
        ("wechat:main:openid:2:3", None),
        ("wechat:main:", None),
        ("wechat::openid", None),
        ("wechat:main", None),
        ("web-abc", None),
        ("", None),
    ],
)
def test_addresses(conversation_id: str, expected: tuple[str, str] | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="no conversation"):
            address_of(conversation_id)
    else:
        assert address_of(conversation_id) == expected
