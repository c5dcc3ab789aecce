"""docs/seed-coverage.md: a row for every fact of the two guides, every path there, every named test there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "seed-coverage.md"
FACTS = [f"S0-{number:02}" for number in range(1, 17)] + [f"S1-{number:02}" for number in range(1, 16)]
IN_MARKS = re.compile(r"`([^`]+)`")


def rows() -> list[list[str]]:
    """The cells of the page's table, without its head."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| S")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


ROWS = [pytest.param(row, id=row[0]) for row in rows()]


def test_every_fact_has_one_row() -> None:
    assert [row[0] for row in rows()] == FACTS
    assert len(FACTS) == 31


@pytest.mark.parametrize("row", ROWS)
def test_what_a_row_names_exists(row: list[str]) -> None:
    fact, told, where, tests = row
    assert len(told) > 20, fact
    paths = IN_MARKS.findall(where)
    assert paths and [path for path in paths if not (ROOT / path).exists()] == []
    named = IN_MARKS.findall(tests)
    assert named and [name for name in named if not _exists(name)] == []


def test_every_row_of_the_seed_table_is_on_the_page_under_its_fact() -> None:
    listed = {row[0]: set(IN_MARKS.findall(row[3])) for row in rows()}
    table = yaml.safe_load((ROOT / "tests/disputes/seed_cases.yml").read_text(encoding="utf-8"))
    missing = [
        row["why"]
        for row in table
        if f"tests/disputes/seed_cases.yml::{row['why']}" not in listed[row["seed"]]
    ]
    assert not missing
    assert {row["seed"] for row in table} == set(FACTS)


def _exists(name: str) -> bool:
    file, _, wanted = name.partition("::")
    path = ROOT / file
    if not path.is_file() or not wanted:
        return False
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yml":
        return any(row.get("why") == wanted for row in yaml.safe_load(text))
    return any(
        isinstance(node, ast.FunctionDef) and node.name == wanted for node in ast.walk(ast.parse(text))
    )
