"""The help that `bot` gives about itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import click
import pytest
import typer
from click.testing import Result

from bot.cli.main import app

Bot = Callable[..., Result]


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ROOT_GROUP = typer.main.get_command(app)
assert isinstance(ROOT_GROUP, click.Group)
ALL = [pytest.param(path, command, id=" ".join(path)) for path, command in commands(ROOT_GROUP)]


def test_there_is_every_command() -> None:
    assert {" ".join(str(word) for word in one.values[0]) for one in ALL} == {
        *("serve", "train", "parse", "evaluate", "converse", "chat", "advise", "draft", "doctor"),
        *("case", "case list", "case show", "case export"),
        *("channels", "channels check", "channels menu"),
        *("desk", "desk create-admin", "desk add-agent", "desk list", "desk disable", "desk reset-password"),
    }


@pytest.mark.parametrize(("path", "command"), ALL)
def test_command_explains_itself(bot: Bot, path: tuple[str, ...], command: click.Command) -> None:
    result = bot(*path, "--help", COLUMNS="100", TERMINAL_WIDTH="100")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"Usage: bot {' '.join(path)}" in result.stdout.replace("root", "bot")
    assert "[default: None]" not in result.stdout and "[default: ]" not in result.stdout
    assert command.help and command.help.strip().endswith((".", "before it reads the next."))
    for parameter in command.params:
        help_text = getattr(parameter, "help", None)
        assert help_text and help_text.endswith("."), f"{parameter.name}: {help_text!r}"
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in result.stdout


def test_overview_lists_every_command_in_full(bot: Bot) -> None:
    shown = " ".join(bot("--help", COLUMNS="100", TERMINAL_WIDTH="100").stdout.replace("│", " ").split())
    for one in ALL:
        path, command = one.values
        if len(path) == 1:
            assert " ".join(command.help.split("\n\n")[0].split()) in shown, path


def test_no_command_shows_the_help(bot: Bot) -> None:
    assert "Usage: " in bot().stdout
    assert "Usage: " in bot("case").stdout


@pytest.mark.parametrize(
    "arguments", [("nosuch",), ("case", "nosuch"), ("case", "show"), ("doctor", "extra")]
)
def test_wrong_usage_is_code_2(bot: Bot, arguments: tuple[str, ...]) -> None:
    result = bot(*arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr and "--help" in result.stderr and "Traceback" not in result.stderr


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, bot.cli.main; print({'rasa', 'tensorflow', 'sqlalchemy', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
