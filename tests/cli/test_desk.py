"""`bot desk`: accounts are made, listed, disabled and given new passwords; mistakes end in one sentence."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import wiring
from bot.cli import desk
from bot.cli.main import app
from bot.conversation import inbox
from bot.conversation.messages import Incoming
from bot.handoff.model import Agent
from bot.settings import Settings
from tests.cli.conftest import ROOT, Bot

PASSWORD = "correct horse 42"
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def given(bot: Bot) -> Any:
    """`given("create-admin", "wang", words=PASSWORD)` runs one `bot desk` command with `words` on its stdin."""

    def run(*arguments: str, words: str = PASSWORD + "\n") -> Result:
        return CliRunner(mix_stderr=False).invoke(app, ["desk", *arguments], input=words)

    return run


@pytest.fixture
def verified(tmp_path: Path) -> Any:
    """`verified("wang", password)`: the agent who can log in with that, None when nobody can."""

    def check(name: str, password: str = PASSWORD) -> Agent | None:
        async def use() -> Agent | None:
            async with wiring.opened(Settings(data_dir=tmp_path / "var")) as services:
                return await services.agents.verify(name, password)

        return asyncio.run(use())

    return check


def test_the_first_admin_is_made_before_the_first_start(given, verified):
    done = given("create-admin", "wang", "--display", "小王", "--password-stdin")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "supervisor wang can now log in at /desk/\n"
    agent = verified("wang")
    assert (agent.display_name, agent.role) == ("小王", "supervisor")
    assert verified("wang", "correct horse 43") is None


def test_agents_are_added_and_listed(given, verified, data):
    assert given("list").stdout == ""
    given("create-admin", "wang", "--password-stdin")
    done = given("add-agent", "Li", "--display", "小李", "--password-stdin")
    assert done.stdout == "agent li can now log in at /desk/\n"
    assert verified("li").role == "agent"
    assert given("list").stdout.splitlines() == ["li\t小李\tagent\taway", "wang\twang\tsupervisor\taway"]


def test_a_disabled_agent_can_log_in_no_more(given, verified, data):
    given("add-agent", "li", "--password-stdin")
    done = given("disable", "li")
    assert (done.exit_code, done.stdout) == (0, "li is disabled\n")
    assert verified("li") is None
    assert given("list").stdout == ""


def test_disabling_says_which_conversations_are_left(given, data):
    given("add-agent", "li", "--password-stdin")

    async def hand_over() -> None:
        async with wiring.opened(Settings(data_dir=data)) as services:
            async with services.database.transaction() as tx:
                await inbox.store(tx, Incoming("web-1", "web", "m1", text="转人工"), NOW)
            agent = await services.agents.verify("li", PASSWORD)
            await services.handoffs.take_over("web-1", agent, NOW)

    asyncio.run(hand_over())
    done = given("disable", "LI")
    assert done.stdout.splitlines() == [
        "LI is disabled",
        "1 conversation(s) are still with LI: a supervisor can release them at the desk",
    ]


def test_a_new_password_takes_the_place_of_the_old(given, verified, data):
    given("add-agent", "li", "--password-stdin")
    done = given("reset-password", "li", "--password-stdin", words="another horse 43\r\n")
    assert done.exit_code == 0, done.stderr
    assert verified("li") is None
    assert verified("li", "another horse 43").name == "li"


def test_at_a_terminal_the_password_is_asked_twice_and_not_shown(given, verified, data, monkeypatch):
    # The runner's standard input is no terminal; it stands in for one here.
    monkeypatch.setattr(desk, "_at_a_terminal", lambda: True)
    done = given("add-agent", "li", words=f"{PASSWORD}\ntyped something else\n{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert done.stderr.count("Repeat for confirmation") == 2
    assert verified("li") is not None


@pytest.mark.parametrize(
    ("arguments", "words", "said"),
    [
        (("add-agent", "li"), PASSWORD, ("no terminal", "--password-stdin")),
        (("add-agent", "li", "--password-stdin"), "", ("password is empty",)),
        (("add-agent", "li", "--password-stdin"), "short\n", ("password needs",)),
        (("add-agent", "wang", "--password-stdin"), PASSWORD, ("wang already",)),
        (("add-agent", "a b", "--password-stdin"), PASSWORD, ("name needs",)),
        (("add-agent", "\udcff\udcff", "--password-stdin"), PASSWORD, ("name needs",)),
        (("add-agent", "li", "--display", "x" * 21, "--password-stdin"), PASSWORD, ("display name",)),
        (("disable", "nobody"), "", ("no agent named nobody",)),
        (("disable", "\udcff"), "", ("no agent named",)),
        (("reset-password", "nobody", "--password-stdin"), PASSWORD, ("no agent named nobody",)),
    ],
)
def test_a_mistake_ends_in_one_sentence(given, data, one_sentence, arguments, words, said):
    given("create-admin", "wang", "--password-stdin")
    one_sentence(given(*arguments, words=words), *said)


@pytest.mark.parametrize("command", ["list", "disable"])
def test_nothing_is_made_by_looking(given, one_sentence, tmp_path, command):
    one_sentence(given(command, *(["li"] if command == "disable" else [])), "nothing has been stored yet")
    assert not (tmp_path / "var").exists()


def test_the_password_is_in_no_argument(given):
    for command in ("create-admin", "add-agent", "reset-password"):
        assert given(command, "li", "--password", PASSWORD).exit_code == 2


def test_the_command_line_starts_without_the_server(tmp_path):
    code = "import sys, bot.cli.desk; print([m for m in ('rasa', 'sanic', 'sqlalchemy', 'argon2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
