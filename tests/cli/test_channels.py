"""`bot channels`: whether the platforms accept us, in words that say what to do and hold no secret."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot import wiring
from bot.cli import serve
from bot.cli.channels import channel_lines
from bot.conversation.tables import conversations, message_log, outbox
from bot.settings import Settings
from tests.channels.wechat.api_server import APP_ID, APP_SECRET, MENU, TOKEN, PlatformApi
from tests.cli.conftest import Bot

CALLBACK_TOKEN = "callbackTokenThatNoOutputMayHold"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
Check = Callable[..., None]


@pytest.fixture
def api() -> Iterator[PlatformApi]:
    """The platform, in a loop of its own: the commands make their own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    def do(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    platform = PlatformApi()
    do(platform.__aenter__())
    yield platform
    do(platform.__aexit__())
    loop.call_soon_threadsafe(loop.stop)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    """`write(main={...}, shop={...})` makes a credentials.yml with accounts that are right but for these values."""

    def make(**accounts: dict[str, Any]) -> None:
        given = {"app_id": APP_ID, "app_secret": APP_SECRET, "token": CALLBACK_TOKEN, "aes_key": AES_KEY}
        listed = {key: {**given, "verified": True, **values} for key, values in accounts.items()}
        file = tmp_path / "credentials.yml"
        file.write_text(json.dumps({"wechat": {"accounts": listed}}))  # JSON is YAML

    return make


@pytest.fixture
def channels(bot: Bot) -> Bot:
    """`channels("check", ...)`; nothing it says may hold a secret."""

    def run(*arguments: str, **env: str) -> Any:
        result = bot("channels", *arguments, **env)
        said = result.stdout + result.stderr
        for secret in (APP_SECRET, CALLBACK_TOKEN, AES_KEY, "no-log-may-hold", "secret words"):
            assert secret not in said, said
        return result

    return run


def findings(result: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """(channel, account) -> (state, words)."""
    return {
        (one["channel"], one["account"]): (one["state"], one["says"]) for one in json.loads(result.stdout)
    }


def test_without_accounts(channels: Bot, tmp_path: Path) -> None:
    found = findings(channels("check", "--json"))
    assert found[("web", "")][0] == "ok"
    assert found[("wechat", "")] == ("off", "no account; docs/channels/wechat.md says how to add one")
    assert not list(tmp_path.iterdir()), "looking makes nothing"


def test_an_account_that_is_right(channels: Bot, write: Any, api: PlatformApi) -> None:
    write(main={"api_base": api.url})
    result = channels("check", "--json", BOT_PUBLIC_URL="https://help.example.com")
    state, says = findings(result)[("wechat", "main")]
    assert (result.exit_code, state) == (0, "ok")
    assert says == (
        "pushes messages, AES; URL for the console: https://help.example.com/webhooks/wechat/main"
    )
    assert [one["appid"] for one in api.token_requests] == [APP_ID]


@pytest.mark.parametrize(
    ("values", "state", "says"),
    [
        ({"aes_key": None}, "degraded", "plain mode: set an EncodingAESKey for 安全模式"),
        ({"verified": False}, "ok", "answers passively only (verified: false)"),
        ({}, "ok", "set BOT_PUBLIC_URL to an https:// address"),
    ],
)
def test_what_works_with_less(
    channels: Bot, write: Any, api: PlatformApi, values: dict[str, Any], state: str, says: str
) -> None:
    write(main={"api_base": api.url, **values})
    found = findings(channels("check", "--json"))[("wechat", "main")]
    assert found[0] == state and says in found[1]


@pytest.mark.parametrize(
    ("values", "answer", "says"),
    [
        ({"app_secret": "another-secret-of-an-app"}, 0, ("app secret is wrong", "40125", "基本配置")),
        ({}, 40164, ("IP白名单", "40164", "address 203.0.113.9")),
        ({}, 40013, ("app id is wrong", "40013")),
        ({}, "http 502", ("502",)),
    ],
)
def test_what_the_platform_refuses(
    channels: Bot,
    write: Any,
    api: PlatformApi,
    one_sentence: Check,
    values: dict[str, Any],
    answer: Any,
    says: tuple[str, ...],
) -> None:
    write(main={"api_base": api.url, **values})
    api.next(TOKEN, *[answer] * 5)
    result = channels("check")
    one_sentence(result, "broken: main", "bot channels check")
    (line,) = [one for one in result.stdout.splitlines() if one.startswith("broken")]
    assert all(words in line for words in says), line
    assert "another-secret" not in result.stdout + result.stderr


def test_a_platform_that_cannot_be_reached(channels: Bot, write: Any, one_sentence: Check) -> None:
    write(main={"api_base": "http://127.0.0.1:9"})
    one_sentence(channels("check"), "broken: main")


def test_offline_nobody_is_asked(channels: Bot, write: Any, api: PlatformApi) -> None:
    write(main={"api_base": api.url}, shop={"api_base": api.url, "app_id": "wx0000000000000001"})
    result = channels("check", "--offline", "--json")
    assert result.exit_code == 0
    assert {key: state for key, (state, _) in findings(result).items()} == {
        ("web", ""): "ok",
        ("wechat", "main"): "unknown",
        ("wechat", "shop"): "unknown",
    }
    assert api.calls == []


def test_one_account_of_two(channels: Bot, write: Any, api: PlatformApi, one_sentence: Check) -> None:
    write(main={"api_base": api.url}, shop={"api_base": api.url, "app_id": "wx0000000000000001"})
    assert set(findings(channels("check", "--json", "--account", "main"))) == {
        ("web", ""),
        ("wechat", "main"),
    }
    assert [one["appid"] for one in api.token_requests] == [APP_ID]
    one_sentence(channels("check", "--account", "other"), "no WeChat account 'other'", "main, shop")


@pytest.mark.parametrize("command", ["check", "menu"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f"wechat: [{APP_SECRET}", ("is not YAML",)),
        (f"wechat: {APP_SECRET}", ("wechat must hold accounts",)),
        (f"- {APP_SECRET}", ("at the start of each block",)),
        (f"wechat: {{accounts: {{main: {APP_SECRET}}}}}", ("'main' must be a mapping",)),
        (f"wechat: {{accounts: {{main: {{app_secret: {APP_SECRET}}}}}}}", ("app_id",)),
        ("wechat: {accounts: {main: {app_id: '${NO_SUCH}'}}}", ("NO_SUCH", "not set")),
    ],
)
def test_a_broken_file(
    channels: Bot, tmp_path: Path, one_sentence: Check, command: str, content: str, says: tuple[str, ...]
) -> None:
    (tmp_path / "credentials.yml").write_text(content)
    one_sentence(channels(command), "credentials.yml", *says)


def test_values_come_from_the_environment(channels: Bot, write: Any, api: PlatformApi) -> None:
    write(main={"api_base": api.url, "app_secret": "${WX_SECRET}"})
    result = channels("check", "--json", WX_SECRET=APP_SECRET)
    assert findings(result)[("wechat", "main")][0] == "ok"


def test_the_menu(channels: Bot, write: Any, api: PlatformApi, one_sentence: Check) -> None:
    one_sentence(channels("menu"), "no WeChat account is configured")
    write(main={"api_base": api.url})
    assert channels("menu").stdout == "main: the menu is set; buyers see it within some minutes\n"
    assert [one["name"] for one in api.menu["button"]] == ["说说问题", "查进度", "转人工"]
    api.next(MENU, 48001)
    one_sentence(channels("menu"), "the menu of main was not changed", "no right to this API")


def queue_lines(data: Path, *lines: tuple[str, str]) -> None:
    """Lines of these (channel, state) in the outbox."""

    async def store() -> None:
        async with wiring.opened(Settings(data_dir=data)) as services, services.database.transaction() as tx:
            await tx.execute(insert(conversations).values(id="c1", channel="wechat", created_at=NOW))
            for no, (channel, state) in enumerate(lines, start=1):
                said = {"author_type": "bot", "author_name": "小助手", "text": "您好", "created_at": NOW}
                await tx.execute(
                    insert(message_log).values(id=f"l{no}", seq=no, conversation_id="c1", **said)
                )
                row = {"attempts": 1, "next_try_at": NOW, "created_at": NOW}
                await tx.execute(
                    insert(outbox).values(
                        conversation_id="c1", log_id=f"l{no}", channel=channel, state=state, **row
                    )
                )

    asyncio.run(store())


@pytest.mark.parametrize(
    ("lines", "state", "says"),
    [
        ([], None, None),
        ([("wechat", "sent"), ("wechat", "pending")], None, None),
        ([("wechat", "held")] * 2, "ok", "2 held until the buyer writes again"),
        ([("wechat", "failed")], "degraded", "1 given up"),
        (
            [("wechat", "held"), ("wechat", "failed"), ("wechat", "failed"), ("wechat", "sent")],
            "degraded",
            "1 held until the buyer writes again, 2 given up",
        ),
    ],
)
def test_lines_that_were_not_delivered(
    channels: Bot, bot: Bot, data: Path, lines: list[Any], state: str | None, says: str | None
) -> None:
    queue_lines(data, *lines)
    result = channels("check", "--json", "--offline")
    listed = [one for one in json.loads(result.stdout) if one["says"].startswith("lines: ")]
    expected = [{"channel": "wechat", "account": "", "state": state, "says": f"lines: {says}"}]
    assert (result.exit_code, listed) == (0, expected if state else [])

    doctor = {one["part"]: one for one in json.loads(bot("doctor", "--json").stdout)}["outbox"]
    assert doctor["state"] == (state or "ok")
    assert doctor["says"].startswith(f"wechat: {says}" if says else "no line is held")
    assert ("`bot channels check`" in doctor["says"]) == (state == "degraded")


def test_a_damaged_database_is_no_matter_for_the_channels(channels: Bot, data: Path) -> None:
    (data / "bot.db").write_bytes(b"\xee" * 5000)
    assert channels("check", "--offline").exit_code == 0


@pytest.mark.parametrize(
    ("accounts", "said"),
    [((), "WeChat: off (docs/channels/wechat.md)"), (("main", "shop"), "WeChat: on (main, shop)")],
)
def test_the_start_says_which_doors_are_open(
    bot: Bot, write: Any, capsys: pytest.CaptureFixture[str], accounts: tuple[str, ...], said: str
) -> None:
    if accounts:
        write(**{key: {"app_id": f"wx000000000000000{no}"} for no, key in enumerate(accounts)})
    serve._announce(channel_lines(Settings()), "http://127.0.0.1:5080/")
    shown = capsys.readouterr().out
    assert "Open http://127.0.0.1:5080/ in a browser" in shown
    assert "Desk for agents: http://127.0.0.1:5080/desk/" in shown
    assert f"Channels: web: on; {said}; " in shown
    assert APP_SECRET not in shown


def test_serve_stops_at_a_broken_file_before_anything_is_made(
    bot: Bot, tmp_path: Path, no_training: None, one_sentence: Check
) -> None:
    (tmp_path / "credentials.yml").write_text("wechat: {accounts: {main: {app_id: '${NO_SUCH}'}}}")
    one_sentence(bot("serve"), "credentials.yml", "NO_SUCH")
    assert not (tmp_path / "var").exists()
