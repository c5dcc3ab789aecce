"""The replies agents send with one click: those we ship, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.disputes.loader import RulebookError
from bot.handoff.canned import canned_replies


def test_those_we_ship() -> None:
    replies = canned_replies()

    assert len(replies) >= 10
    assert replies[0].title == "开场"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("replies: [{title: 开场}]", r"replies\[0\].text: is required"),
        ("replies: [{title: 开场, text: 您好, colour: red}]", "unknown key colour"),
        ("replies: [{title: 开场, text: 您好}, {title: 开场, text: 你好}]", "'开场' is there twice"),
        (f"replies: [{{title: {'长' * 13}, text: 您好}}]", "up to 12 characters"),
        (f"replies: [{{title: 开场, text: {'长' * 201}}}]", "up to 200 characters"),
        ("replies: 您好", "expected a list"),
        ("answers: []", "unknown key answers"),
        ("- 您好", "expected a mapping"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, wrong: str, why: str) -> None:
    file = tmp_path / "canned.yml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(RulebookError, match=why):
        canned_replies(file)
