"""The map is true: what one file promises, another one holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.disputes.facts import fact_kinds
from bot.disputes.rulebook import load_rulebook

ROOT = Path(__file__).resolve().parents[1]
DOMAIN_FILES = [ROOT / "domain.yml", *sorted((ROOT / "domain").rglob("*.yml"))]
PLACEHOLDER = re.compile(r"\{([\w/]+)\}")
FEWEST_EXAMPLES = 25


@cache
def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


@cache
def responses() -> dict[str, str]:
    """Every response and its texts."""
    found: dict[str, str] = {}
    for file in DOMAIN_FILES:
        for key, variants in (read(file).get("responses") or {}).items():
            assert key not in found, f"{key} is in two files"
            found[key] = "\n".join(str(one.get("text", "")) for one in variants)
    return found


def slots() -> set[str]:
    return {name for file in DOMAIN_FILES for name in (read(file).get("slots") or {})}


def domain_actions() -> set[str]:
    return {name for file in DOMAIN_FILES for name in (read(file).get("actions") or [])}


def said_in_code() -> Iterator[tuple[Path, int, str, set[str]]]:
    """(file, line, response key, names of the values given) for every call that says a response."""
    for file in sorted((ROOT / "actions").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                given = {word.arg for word in node.keywords if word.arg} - {"card", "buttons"}
                for key in filter(None, map(response_key, alternatives(node.args[0]))):
                    yield file, node.lineno, key, given


def alternatives(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def response_key(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("utter_"):
        return node.value
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
        return text if text.startswith("utter_") else None
    return None


TYPES = sorted(load_rulebook().types)
FACTS = sorted(fact_kinds())


@pytest.mark.parametrize("code", TYPES)
def test_each_dispute_type_has_its_files(code: str) -> None:
    examples = read(ROOT / "data" / "nlu" / "disputes" / f"{code}.yml")["nlu"][0]

    assert examples["intent"] == f"report_dispute/{code}"
    assert examples["examples"].count("\n- ") + 1 >= FEWEST_EXAMPLES
    assert f"utter_report_dispute/{code}" in responses()


def test_there_is_no_file_without_its_dispute_type() -> None:
    for folder in ("data/nlu/disputes", "domain/disputes"):
        assert sorted(file.stem for file in (ROOT / folder).glob("*.yml")) == TYPES


@pytest.mark.parametrize("fact", FACTS)
def test_each_fact_has_a_slot_and_a_question(fact: str) -> None:
    assert fact in slots()
    assert f"utter_ask_{fact}" in responses()


def test_every_response_said_in_code_exists_and_gets_its_values() -> None:
    known = responses()
    problems = []
    for file, line, key, given in said_in_code():
        pattern = re.compile(re.escape(key).replace(r"\*", r"[\w/]+") + "$")
        matching = [name for name in known if pattern.match(name)]
        if not matching:
            problems.append(f"{file.name}:{line}: {key} is in no domain file")
        for name in matching:
            missing = set(PLACEHOLDER.findall(known[name])) - given
            if missing:
                problems.append(f"{file.name}:{line}: {name} needs {sorted(missing)}")

    assert problems == []


def test_every_response_is_said_somewhere() -> None:
    patterns = [re.compile(re.escape(key).replace(r"\*", r"[\w/]+") + "$") for *_, key, _ in said_in_code()]
    said_by_table = set(
        re.findall(r'"(utter_[\w/]+)"', (ROOT / "actions" / "safety.py").read_text(encoding="utf-8"))
    )
    unused = [n for n in responses() if n not in said_by_table and not any(p.match(n) for p in patterns)]

    assert unused == []


def test_every_action_is_in_the_domain_and_back() -> None:
    names = set()
    for file in (ROOT / "actions").glob("*.py"):
        names |= set(
            re.findall(
                r'def name\(self\) -> str:\n\s+return "(action_[\w/]+)"', file.read_text(encoding="utf-8")
            )
        )

    assert names == domain_actions()


def test_every_action_that_follows_another_exists() -> None:
    named: set[str] = set()
    for file in (ROOT / "actions").glob("*.py"):
        named |= set(re.findall(r'"(action_[\w/]+)"', file.read_text(encoding="utf-8")))

    assert named - domain_actions() == {"action_listen"}


def test_every_intent_has_a_rule() -> None:
    intents = {
        next(iter(one)) if isinstance(one, dict) else one for one in read(ROOT / "domain.yml")["intents"]
    }
    ruled = {
        step["intent"]
        for file in (ROOT / "data" / "stories").glob("*.yml")
        for rule in read(file).get("rules", [])
        for step in rule["steps"]
        if "intent" in step
    }

    assert ruled == intents


def test_every_button_is_read_by_an_action() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in DOMAIN_FILES)
    pressed = {
        key for body in re.findall(r"/answer_button\{(\{.*?\})\}'", text) for key in yaml.safe_load(body)
    }
    special = set(
        re.findall(r'^    "([\w/]+)": "action_', (ROOT / "actions" / "intake.py").read_text("utf-8"), re.M)
    )

    assert pressed - set(FACTS) - special == {"skip", "number"}  # read with the button it comes with


@pytest.mark.parametrize("window", sorted(load_rulebook().windows))
def test_each_time_limit_has_a_source_and_a_date(window: str) -> None:
    one = load_rulebook().windows[window]

    assert one.sources
    assert one.as_of.year >= 2020


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_every_path_in_the_docs_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    paths = set(re.findall(r"[`(]([\w./-]+/[\w./-]*|[\w-]+\.(?:md|yml|py|toml|in))[`)]", text))
    missing = [
        p for p in paths if not p.startswith(("var/", "/", ".venv", "http")) and not (ROOT / p).exists()
    ]

    assert missing == []


DOCS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "widget" / "README.md"])
FOLDERS = ("actions", "bot", "data", "docs", "domain", "requirements", "tests", "tools", "widget")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_in_docs_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`", text)
    linked = re.findall(r"\]\(([\w./-]+)(?:#[^)]*)?\)", text)
    missing = [p for p in named if not (ROOT / p).exists()]
    missing += [p for p in linked if not (page.parent / p).exists()]

    assert missing == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_link_to_a_heading_finds_it(page: str) -> None:
    for file, anchor in re.findall(
        r"\]\(([\w./-]+\.md)#([^)]+)\)", (ROOT / page).read_text(encoding="utf-8")
    ):
        headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text(encoding="utf-8"), re.M)

        assert anchor in {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in headings}


def test_no_file_of_the_program_is_over_its_size() -> None:
    for folder, most in (("bot", 300), ("actions", 300), ("tools", 300), ("tests", 500)):
        for file in (ROOT / folder).rglob("*.py"):
            assert len(file.read_text(encoding="utf-8").splitlines()) <= most, file


LONGEST_FUNCTION, LONGEST_RUN = 40, 15


def test_no_function_is_over_its_size() -> None:
    for folder in ("bot", "actions", "tools"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    most = LONGEST_RUN if folder == "actions" and node.name == "run" else LONGEST_FUNCTION
                    assert (node.end_lineno or 0) - node.lineno < most, f"{file}: {node.name}"
