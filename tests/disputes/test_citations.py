"""No citation outside the table: every YAML of the rulebook, its templates and letters, and the code that cites by hand;
and no statement that rests on a rule without one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot
from bot.disputes import rulebook as rulebook_module
from bot.disputes import statements
from bot.disputes.advise import Advice
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, MerchantReply
from bot.disputes.negotiation import judge_reply
from bot.disputes.rulebook import load_rulebook

BOOK = load_rulebook()
DATA = Path(rulebook_module.__file__).parent
CODE = Path(bot.__file__).parent
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
LAWS = {source.law for source in BOOK.sources.values()}
LABELS = {source.label for source in BOOK.sources.values()}
TITLES = {source.title for source in BOOK.sources.values()}
TABLES = sorted(file for file in DATA.rglob("*.yml") if file.parent.name != "sources")
LIKE_A_CITATION = re.compile(r"([a-z][a-z0-9]*)-[0-9A-Za-z][0-9A-Za-z-]*")
QUOTED_TITLE = re.compile(r"《([^》]+)》(?:第[0-9一二三四五六七八九十百]+条)?")
SAID = ("text", "reply", "if_not", "must_show", "what", "consequence", "why", "pros", "cons", "formula")
NO_RULE = {
    "facts.yml": "why a fact is asked",
    "evidence.yml": "how a piece of evidence is made",
    "remedy_conditions.yml": "preconditions, shown inside a remedy that has sources",
}
WRITERS = [getattr(statements, name) for name in statements.__all__ if name.islower()]
PLATFORMS = ["taobao", "tmall", "jd", "wechat", "pdd", None]


def entries(node: Any, where: str, cited: bool = False) -> Iterator[tuple[str, str, bool]]:
    """(place, text, does it or what it is part of name sources) of every text in a YAML file."""
    if isinstance(node, dict):
        cited = cited or bool(node.get("sources"))
        for key, value in node.items():
            yield from entries(value, f"{where}:{key}", cited)
    elif isinstance(node, list):
        for value in node:
            yield from entries(value, where, cited)
    elif isinstance(node, str):
        yield where, node, cited


def texts(file: Path) -> list[tuple[str, str, bool]]:
    name = str(file.relative_to(DATA))
    return list(entries(yaml.safe_load(file.read_text(encoding="utf-8")), name))


def is_citation(text: str) -> bool:
    found = LIKE_A_CITATION.fullmatch(text)
    return found is not None and found.group(1) in LAWS


@pytest.mark.parametrize("file", [pytest.param(f, id=str(f.relative_to(DATA))) for f in TABLES])
def test_every_citation_of_a_table_is_in_the_source_table(file: Path) -> None:
    found = texts(file)
    listed = [text for where, text, _ in found if where.endswith((":sources", ":legal_basis", ":cite"))]
    loose = [text for _, text, _ in found if is_citation(text)]
    assert not sorted({*listed, *loose} - set(BOOK.sources))
    titles = [title for _, text, _ in found for title in QUOTED_TITLE.findall(text)]
    assert not sorted(set(titles) - TITLES)


@pytest.mark.parametrize("file", [pytest.param(f, id=str(f.relative_to(DATA))) for f in TABLES])
def test_every_statement_to_a_buyer_names_its_source(file: Path) -> None:
    bare = [
        where
        for where, _, cited in texts(file)
        if not cited and where.rsplit(":", 1)[-1] in SAID and not where.startswith(tuple(NO_RULE))
    ]
    assert not sorted(set(bare))


def test_every_citation_in_the_code_is_in_the_source_table() -> None:
    unknown: list[str] = []
    for file in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_citation(node.value):
                unknown += [f"{file.name}: {node.value}"] if node.value not in BOOK.sources else []
    assert not unknown


def test_templates_name_no_law_themselves() -> None:
    """A law in a template would escape the table; titles come from the sources a letter is given."""
    for file in (DATA / "templates").rglob("*.jinja"):
        text = file.read_text(encoding="utf-8")
        assert not QUOTED_TITLE.findall(text), file.name
        assert not [word for word in LIKE_A_CITATION.finditer(text) if word.group(1) in LAWS], file.name


def view(code: str, platform: str | None, view_of: Callable[[dict[str, Any]], CaseView]) -> CaseView:
    facts = {
        "platform": platform, "merchant_stance": "deny", "merchant_reply": "不退", "consumer_use": True,
        "false_statement": True, "ruling": "rejected", "ruled_at": "2026-11-20T10:00", "new_evidence": True,
    }  # fmt: skip
    known = {name: value for name, value in facts.items() if value is not None}
    row = {"types": [code], "ready": True, "facts": known, "held": ["E01", "E04", "E08"]}
    seen = view_of(row)
    return seen if platform else CaseView((code,), seen.facts, seen.evidence)


@pytest.mark.parametrize("code", list(BOOK.types))
def test_what_is_written_cites_only_the_table(
    code: str, view_of: Callable[[dict[str, Any]], CaseView]
) -> None:
    for platform in PLATFORMS:
        case = view(code, platform, view_of)
        written = [write(case, NOW, BOOK) for write in WRITERS]
        answer = judge_reply(case, MerchantReply("deny", "不退", None), NOW, BOOK)
        said = [*(one.text for one in written), answer.counter_text]
        for cited in {found.group(0) for text in said for found in QUOTED_TITLE.finditer(text)}:
            assert cited in LABELS | {f"《{title}》" for title in TITLES}, cited
        assert any(getattr(one, "sources", ()) for one in written)
        for one in written:
            assert set(getattr(one, "sources", ())) <= set(BOOK.sources), one
        assert set(answer.sources) <= set(BOOK.sources)


@pytest.mark.parametrize("code", list(BOOK.types))
def test_every_item_of_advice_shows_source_confidence_and_date(
    code: str, advice_for: Callable[[dict[str, Any]], Advice]
) -> None:
    for platform in ("taobao", "jd"):
        data = advice_for(
            {"types": [code], "facts": {"platform": platform, "order_stage": "signed"}}
        ).to_json()
        listed = data["sources"]
        items = [*data["gates"], *data["evidence"]["items"], data["burden"], *data["deadlines"]]
        for item in (*items, *data["remedies"], *data["warnings"]):
            assert item["sources"] and set(item["sources"]) <= set(listed), item
            assert item["confidence"] in "HML" and re.fullmatch(r"\d{4}-\d\d-\d\d", item["as_of"]), item
