"""`bot advise --ics`: the deadlines that lie ahead as a calendar file, and impossible facts by their names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Bot = Callable[..., Any]
Check = Callable[..., None]
AT = "2026-11-21T10:00"


def facts_file(folder: Path, facts: dict[str, Any]) -> Path:
    file = folder / "facts.json"
    file.write_text(json.dumps({"types": ["seven_day"], "facts": {"platform": "taobao", **facts}}))
    return file


def test_the_calendar_holds_what_lies_ahead(bot: Bot, tmp_path: Path) -> None:
    file = facts_file(tmp_path, {"order_stage": "signed", "signed_at": "2026-11-18", "product": "双肩包"})
    result = bot("advise", "--facts", file, "--at", AT, "--ics", tmp_path / "case.ics")
    assert (result.exit_code, result.stderr) == (0, "")
    text = (tmp_path / "case.ics").read_bytes().decode("utf-8")
    dated = [one["id"] for one in json.loads(result.stdout)["deadlines"] if one["due"] and not one["passed"]]
    assert text.count("BEGIN:VEVENT") == len(dated) > 0
    unfolded = text.replace("\r\n ", "")
    assert (
        "X-WR-CALNAME:双肩包 七天无理由" in unfolded
        and "《网络购买商品七日无理由退货暂行办法》第10条" in unfolded
    )


def test_a_calendar_that_cannot_be_written_is_said_first(
    bot: Bot, one_sentence: Check, tmp_path: Path
) -> None:
    result = bot("advise", "--facts", facts_file(tmp_path, {}), "--ics", tmp_path / "nowhere" / "x.ics")
    one_sentence(result, "cannot write")
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("facts", "code", "fact"),
    [
        ({"amount": 0}, "amount_zero", "amount"),
        ({"paid_at": "1999-01-01"}, "before_2000", "paid_at"),
        ({"paid_at": "2026-11-15", "signed_at": "2026-11-12"}, "signed_before_paid", "signed_at"),
        (
            {"order_stage": "confirmed", "tracking_status": "no_number"},
            "confirmed_not_shipped",
            "order_stage",
        ),
    ],
)
def test_an_impossible_fact_is_named(
    bot: Bot, one_sentence: Check, tmp_path: Path, facts: dict[str, Any], code: str, fact: str
) -> None:
    file = facts_file(tmp_path, facts)
    one_sentence(bot("advise", "--facts", file, "--at", AT), f"{file}: {code}: {fact}: ")


def test_an_unknown_type_is_named(bot: Bot, one_sentence: Check, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"types": ["nope"]}')
    one_sentence(bot("advise", "--facts", file), "unknown_type: problem: unknown dispute type nope")
