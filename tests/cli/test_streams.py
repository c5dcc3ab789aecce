"""What goes to which stream, closed and full streams, Ctrl+C, and the chatter of libraries."""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bot.cli import guard

Bot = Callable[..., Result]
Check = Callable[..., None]

ROOT = Path(__file__).resolve().parents[2]
BOT = [sys.executable, "-m", "bot.cli.main"]


def clean_env() -> dict[str, str]:
    """The environment of an operator: Rasa, once it is loaded in a test, has put its own into ours."""
    chatty = ("TF_CPP_MIN_LOG_LEVEL", "RASA_TELEMETRY_ENABLED", "SQLALCHEMY_SILENCE_UBER_WARNING")
    return {name: value for name, value in os.environ.items() if name not in chatty}


def start(*arguments: str, data: Path, **options: Any) -> subprocess.Popen[str]:
    env = {**clean_env(), "PYTHONPATH": str(ROOT), "BOT_DATA_DIR": str(data), "BOT_LOG_LEVEL": "WARNING"}
    env.update(options.pop("env", {}))
    return subprocess.Popen(
        [*BOT, *arguments], cwd=data.parent, env=env, text=True, encoding="utf-8", **options
    )


def test_closed_pipe_is_no_error(case_id: str, data: Path) -> None:
    """bot case list | head -0"""
    for arguments in (("list",), ("show", case_id), ("show", case_id, "--json")):
        reading, writing = os.pipe()
        os.close(reading)
        with start("case", *arguments, data=data, stdout=writing, stderr=subprocess.PIPE) as process:
            os.close(writing)
            assert process.stderr is not None
            assert (process.stderr.read(), process.wait()) == ("", 0), arguments


def test_full_disk_is_one_sentence(case_id: str, data: Path) -> None:
    with (
        Path("/dev/full").open("w") as full,
        start("case", "show", case_id, data=data, stdout=full, stderr=subprocess.PIPE) as process,
    ):
        assert process.stderr is not None
        said = process.stderr.read().splitlines()
        assert process.wait() == 1
    assert len(said) == 1 and "No space left on device" in said[0]


@pytest.mark.parametrize("closed", [(1,), (0, 1, 2)])
def test_closed_streams_do_not_end_up_in_the_database(
    case_id: str, data: Path, closed: tuple[int, ...]
) -> None:
    """bot case show … >&-"""

    def close() -> None:
        for number in closed:
            os.close(number)

    with start("case", "show", case_id, data=data, preexec_fn=close) as process:
        assert process.wait() == 0
    with closing(sqlite3.connect(data / "bot.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (1,)


def test_terminal_that_is_not_utf8(case_id: str, data: Path) -> None:
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    with start("case", "show", case_id, data=data, env=env, stdout=-1, stderr=-1) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "\\u" in out and "299" in out


def test_warnings_of_libraries_are_not_shown() -> None:
    code = (
        "import warnings; from bot.cli.guard import quiet_libraries; quiet_libraries();"
        "warnings.filterwarnings('always'); warnings.warn('x', RuntimeWarning); import os;"
        "print(os.environ['TF_CPP_MIN_LOG_LEVEL'], os.environ['RASA_TELEMETRY_ENABLED'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean_env()
    )
    assert (done.stdout, done.stderr) == ("3 false\n", "")


class Unforeseen(Exception):
    pass


def test_unforeseen_error_is_one_sentence_too(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_settings: Any) -> None:
        raise Unforeseen("first line\nsecond line \ud800")

    monkeypatch.setattr("bot.wiring.rulebook_of", fail)
    result = bot("advise", "--schema")
    assert result.exit_code == 1
    assert result.stderr == (
        "bot: unexpected Unforeseen: first line second line \\ud800; "
        "BOT_LOG_LEVEL=DEBUG shows where it happened\n"
    )
    with_debug = bot("advise", "--schema", BOT_LOG_LEVEL="debug")
    assert isinstance(with_debug.exception, Unforeseen), "DEBUG shows the traceback"


def test_ctrl_c_is_quiet(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_settings: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.wiring.rulebook_of", interrupt)
    result = bot("advise", "--schema")
    assert (result.exit_code, result.stdout, result.stderr) == (guard.INTERRUPTED, "", "")


def test_ctrl_c_ends_a_wait_for_input_at_once() -> None:
    code = (
        "import asyncio; from bot.cli.keyboard import Lines\n"
        "async def wait():\n    lines = Lines()\n    print(await lines.next(), flush=True)\n    await lines.next()\n"
        "asyncio.run(wait())"
    )
    # a shell's background job ignores Ctrl-C, and hands that down
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=-1,
        stdout=-1,
        stderr=-1,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("一行\n")
        process.stdin.flush()
        assert process.stdout.readline() == "一行\n"
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        while process.poll() is None and time.monotonic() - begun < 10:
            time.sleep(0.02)
        assert process.returncode == -signal.SIGINT
        assert process.stderr is not None and "Fatal" not in process.stderr.read()


def test_lines_are_read_one_by_one() -> None:
    code = (
        "import asyncio; from bot.cli.keyboard import Lines\n"
        "async def read():\n    lines = Lines()\n"
        "    while (line := await lines.next()) is not None: print(ascii(line))\n"
        "asyncio.run(read())"
    )
    given = "一\r\n\n".encode() + b"\xff\n" + b"x" * 70_000 + b"\nlast"
    done = subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, check=True)
    shown = done.stdout.decode().splitlines()
    assert shown == ["'\\u4e00'", "''", "'\\ufffd'", repr("x" * 70_000), "'last'"]


# --- with a model

BUYERS_TURNS = (
    ({"text": "我买的鞋子收到就开胶了"}, ""),
    ({"button": "没有的按钮"}, "last buttons do not include"),
    ({"text": "\ud800"}, "nothing readable is left"),
    ({"text": "a\x00b\ud800你好"}, ""),
    ({"text": "鞋" * 6000}, "longer than 5000 characters"),
)


@pytest.mark.model
def test_script_is_played_to_its_end(bot: Bot, trained: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.jsonl"
    script.write_text("\n".join(json.dumps(row) for row, _ in BUYERS_TURNS))
    result = bot("converse", "--json", "--script", script)
    *turns, last = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["given"] for one in turns] == [row for row, _ in BUYERS_TURNS]
    assert all(one["replies"] and one["replies"][0]["text"] for one in turns)
    assert "problem" in last["case"]["facts"], "what was said before the wrong turn is kept"
    notes = [line for line in result.stderr.splitlines() if line.startswith("bot: ")]
    expected = [(number, says) for number, (_, says) in enumerate(BUYERS_TURNS, start=1) if says]
    assert len(notes) == len(expected) + 1
    for note, (number, says) in zip(notes, expected, strict=False):
        assert f"turn {number} was refused" in note and says in note
    assert (
        notes[-1] == "bot: these turns could not be played: 2; the others were answered, see the notes above"
    )
    assert result.exit_code == 1


@pytest.mark.model
def test_what_a_buyer_may_do_is_no_failure(bot: Bot, trained: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.jsonl"
    (tmp_path / "note.exe").write_bytes(b"MZ" + bytes(100))
    rows = [{"text": "鞋" * 6000}, {"upload": str(tmp_path / "note.exe")}]
    script.write_text("\n".join(json.dumps(row) for row in rows))
    result = bot("converse", "--script", script)
    assert result.exit_code == 0
    assert result.stderr.count("was refused: ") == 2
    assert "系统：" in result.stdout


def read_line(process: subprocess.Popen[str], within: float = 180.0) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], within)
    assert ready, "no answer before the next line was sent"
    return process.stdout.readline()


@pytest.mark.model
def test_each_line_is_answered_before_the_next_is_read(trained: Path, data: Path) -> None:
    env = {"BOT_MODELS_DIR": str(trained)}
    given = [
        "我买的鞋子收到就开胶了",
        '{"text": "昨天签收的，299元"}',
        '{"text": 5}',
        '{"upload": "/nope"}',
        "[1]",
    ]
    with start("converse", "--json", data=data, env=env, stdin=-1, stdout=-1, stderr=-1) as process:
        assert process.stdin is not None and process.stderr is not None
        for number, line in enumerate(given, start=1):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            answer = json.loads(read_line(process))
            assert (answer["turn"], bool(answer["replies"])) == (number, True)
        process.stdin.close()
        assert "case" in json.loads(read_line(process))
        said = process.stderr.read().splitlines()
        assert process.wait(30) == 1
    assert [line for line in said if not line.startswith(("==> ", "    done in ", "bot: "))] == []
    notes = [line for line in said if line.startswith("bot: ")]
    assert [note.split(" was ")[0] for note in notes[:-1]] == ["bot: turn 3", "bot: turn 4"]
    assert "could not be played: 3, 4" in notes[-1]
