"""What an operator reads for a wrong script, facts file or labelled file; nothing has been begun then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bot.cli.rows import read_rows, text_fault
from bot.cli.turns import as_turn

Bot = Callable[..., Result]
Check = Callable[..., None]

DEEP = "[" * 100_000

WRONG_LINES = (
    ("not json", "line 2 is not JSON"),
    (DEEP, "line 2 cannot be read as JSON"),
    ('["text"]', "line 2: expected a JSON object, found a list"),
    ("null", "line 2: expected a JSON object, found null"),
    ('{"text": 5}', 'line 2: "text" has to be a string, found a number'),
    ('{"text": null}', "found null"),
    ('{"text": ["a"]}', "found a list"),
    ('{"button": {"title": "x"}}', '"button" has to be a string, found an object'),
    ('{"say": "x"}', 'a turn needs one of "text", "upload" or "button"; found \'say\''),
    ("{}", "found nothing"),
    ('{"text": "x", "button": "y"}', "a turn needs one of"),
    ('{"upload": "/nope"}', "line 2: there is no file '/nope'"),
    ('{"upload": "/dev/zero"}', "there is no file '/dev/zero'"),
    ('{"upload": "\\u0000"}', "there is no file"),
    ('{"upload": "\\ud800"}', "there is no file"),
)


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize(("line", "says"), WRONG_LINES, ids=[line[:30] for line, _ in WRONG_LINES])
def test_wrong_script_line(bot: Bot, one_sentence: Check, tmp_path: Path, line: str, says: str) -> None:
    script = tmp_path / "script.jsonl"
    script.write_text('{"text": "你好"}\n' + line + "\n", encoding="utf-8")
    result = bot("converse", "--script", script)
    one_sentence(result, str(script), says)
    assert result.stdout == ""
    assert not (tmp_path / "var").exists(), "a script that cannot be played to its end is not begun"


def test_broken_overrides_and_wrong_at_come_before_the_model(
    bot: Bot, one_sentence: Check, tmp_path: Path
) -> None:
    script = tmp_path / "script.jsonl"
    script.write_text('{"text": "你好"}\n')
    one_sentence(
        bot("converse", "--script", script, "--at", "gestern"), "--at 'gestern'", "write it like 2026"
    )


FILE_OPTIONS = (
    ("converse", "--script"),
    ("parse", "--input"),
    ("evaluate", "--data"),
    ("advise", "--facts"),
)


@pytest.mark.parametrize("command", FILE_OPTIONS, ids=" ".join)
def test_file_that_cannot_be_read(
    bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, str]
) -> None:
    one_sentence(bot(*command, tmp_path / "nowhere"), "cannot read", "No such file", "check the path")
    one_sentence(bot(*command, tmp_path), "cannot read", "directory")
    (tmp_path / "gbk").write_bytes("退货".encode("gbk"))
    one_sentence(bot(*command, tmp_path / "gbk"), "cannot read", "UTF-8")
    (tmp_path / "empty").write_text("\n\n")
    assert bot(*command, tmp_path / "empty").exit_code == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"text": 5}', 'line 1: "text" has to be a string'),
        ('{"question": "x"}', "\"text\" is missing; found 'question'"),
        ('{"text": "x", "context": 3}', '"context" has to be a string'),
        ("{", "is not JSON"),
    ],
)
@pytest.mark.parametrize("command", [("parse", "--input"), ("evaluate", "--data")])
def test_wrong_text_row(
    bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, str], line: str, says: str
) -> None:
    (tmp_path / "rows").write_text(line)
    one_sentence(bot(*command, tmp_path / "rows"), says)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"label": 3}, '"label" has to be a string'),
        ({"label": "affirm", "alt_labels": "deny"}, '"alt_labels" has to be a list'),
        ({"label": "affirm", "entities": [["amount", "5"]]}, '"entities" has to be a list of'),
        ({"label": "affirm", "entities": {"amount": "5"}}, '"entities" has to be a list of'),
        ({}, "no labelled row"),
    ],
)
def test_wrong_label_row(
    bot: Bot, one_sentence: Check, tmp_path: Path, row: dict[str, Any], says: str
) -> None:
    (tmp_path / "rows").write_text(json.dumps({"text": "x", **row}))
    one_sentence(bot("evaluate", "--data", tmp_path / "rows"), says)


def test_parse_wants_one_source_of_text(bot: Bot, one_sentence: Check, tmp_path: Path) -> None:
    (tmp_path / "rows").write_text('{"text": "x"}')
    for arguments in ([], ["你好", "--input", tmp_path / "rows"]):
        one_sentence(bot("parse", *arguments), "either a text or a file with --input")


def test_parse_output_is_tried_before_the_model_loads(bot: Bot, one_sentence: Check, tmp_path: Path) -> None:
    one_sentence(bot("parse", "你好", "--output", tmp_path / "nowhere" / "x"), "cannot write")


def test_rows_end_at_line_feeds_only(tmp_path: Path) -> None:
    file = tmp_path / "rows"
    file.write_text('\ufeff{"text": "一\u2028二\u0085三"}\r\n\n{"text": "四"}', encoding="utf-8")
    assert [row["text"] for row in read_rows(file, text_fault)] == ["一\u2028二\u0085三", "四"]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("我要退货", {"text": "我要退货"}),
        ('{"text": "x"}', {"text": "x"}),
        ('["x"]', {"text": '["x"]'}),
        ("12", {"text": "12"}),
        ('{"other": 1}', {"text": '{"other": 1}'}),
        (DEEP, {"text": DEEP}),
    ],
)
def test_typed_line(line: str, row: dict[str, str]) -> None:
    assert as_turn(line) == row


FACTS = (
    ('{"types": ["nope"]}', "unknown dispute type nope"),
    ('{"types": ["seven_day"], "facts": {"foo": 1}}', "unknown fact 'foo'"),
    ('{"types": ["seven_day"], "facts": {"amount": 0}}', "amount out of range: 0"),
    ('{"types": ["seven_day"], "facts": {"amount": -3}}', "amount out of range: -3"),
    ('{"types": ["seven_day"], "facts": {"amount": NaN}}', "not an amount"),
    ('{"types": ["seven_day"], "facts": {"signed_at": "1999-12-31"}}', "date before 2000"),
    ('{"types": ["seven_day"], "facts": {"signed_at": "2027-01-01"}}', "lies in the future"),
    (
        '{"types": ["seven_day"], "facts": {"paid_at": "2026-11-10", "signed_at": "2026-11-01"}}',
        "signed_at is before paid_at",
    ),
    ('{"types": ["seven_day"], "facts": {"platform": "ebay"}}', "unknown choice 'ebay'"),
    ('{"types": ["seven_day"], "facts": [1]}', "expected an object"),
    ('{"types": ["seven_day"], "evidence": ["E99"]}', "unknown evidence E99"),
    ('{"types": ["seven_day"], "declined": ["bogus"]}', "bogus"),
    ('{"types": ["seven_day"], "stage": "bogus"}', "unknown stage bogus; the stages are intake"),
    ('{"types": [], "facts": {}}', "at least one dispute type"),
    ('{"typs": ["seven_day"]}', "unknown key"),
    ("[1]", "expected a JSON object"),
    ('{"types":', "is not JSON (line 1"),
    ("", "is not JSON"),
    (DEEP, "cannot be read as JSON"),
)


@pytest.mark.parametrize(("content", "says"), FACTS, ids=[content[:60] for content, _ in FACTS])
def test_wrong_facts(bot: Bot, one_sentence: Check, tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "facts.json"
    file.write_text(content)
    result = bot("advise", "--facts", file, "--at", "2026-11-21T10:00")
    one_sentence(result, str(file), says)
    assert result.stdout == "" and result.stderr.isascii(), "one language"


@pytest.mark.parametrize("at", ["gestern", "2026-13-01", "0001-01-01", "9999-12-31", "1999-12-31T23:59"])
def test_wrong_moment(bot: Bot, one_sentence: Check, tmp_path: Path, at: str) -> None:
    (tmp_path / "facts.json").write_text('{"types": ["seven_day"]}')
    one_sentence(
        bot("advise", "--facts", tmp_path / "facts.json", "--at", at), f"--at {at!r}", "write it like"
    )


def test_surrogates_in_facts_do_not_break_the_output(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(
        '{"types": ["seven_day"], "facts": {"shop": "\\ud800", "problem": "\\ud800"}}'
    )
    result = bot("advise", "--facts", tmp_path / "facts.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["types"] == ["seven_day"]


def test_advise_without_facts(bot: Bot, one_sentence: Check) -> None:
    one_sentence(bot("advise"), "--facts", "--schema")
