"""Whole answers, as a lawyer approved them: one page a case, everything the rulebook says of it and every letter.

A page that differs is either a mistake or a change of the rules that somebody has to read. After reading the
difference, write the pages anew with `tools/approve.py`.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from bot.disputes.rulebook import load_rulebook

APPROVE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "approve.py"))
FOLDER: Path = APPROVE["FOLDER"]
CASES = APPROVE["cases"]()


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_answer_is_the_approved_one(name: str) -> None:
    approved = (FOLDER / name).read_text(encoding="utf-8")

    told = APPROVE["page"](CASES[name], load_rulebook())

    assert told == approved, "read the difference; if it is right, run tools/approve.py"


def test_no_page_is_left_of_a_case_that_is_gone() -> None:
    assert {file.name for file in FOLDER.glob("*.md")} == set(CASES)
