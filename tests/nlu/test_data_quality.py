"""The examples in data/nlu: one meaning each, enough of each label, nobody's data, well-formed marks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
import yaml

from bot.nlu.segmenter import ROOT
from bot.zh.normalise import normalise

FOLDER = ROOT / "data" / "nlu"
FEWEST = 25
MOST = 4  # times the median number of examples
# Labels that may be larger, and why.
LARGE = {
    "out_of_scope": "everything that is not our business is one label",
    "ask_rule_or_deadline": "a question about the rules of every dispute type",
    "ask_progress": "everything that buyers wait for",
}
MARKED = {"product", "shop"}  # entities learned from examples; all others are read by grammars and lists
MARK = re.compile(r"\[([^\[\]]*)\]\((\w+)\)")

PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)")
BANK_CARD = re.compile(r"(?<!\d)62\d{14,17}(?!\d)")
EMAIL = re.compile(r"[\w.]+@[\w-]+\.\w+")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Example(NamedTuple):
    file: str
    label: str
    written: str  # with marks

    @property
    def text(self) -> str:
        return MARK.sub(r"\1", self.written)


@cache
def examples() -> tuple[Example, ...]:
    return tuple(read(FOLDER))


def read(folder: Path) -> Iterator[Example]:
    for file in sorted(folder.rglob("*.yml")):
        for block in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("nlu", []):
            for line in block["examples"].splitlines():
                assert line.startswith("- "), f"{file.name}: {line!r} is no list item"
                yield Example(str(file.relative_to(folder)), block["intent"], line[2:])


def faults(written: str) -> list[str]:
    """What is wrong with one example."""
    text = MARK.sub(r"\1", written)
    found = []
    if not text.strip() or written != written.strip():
        found.append("blank, or blanks round it")
    if normalise(text).text.startswith("/"):
        found.append("a leading slash is a command")
    if any(set(mark) & set("[]") or not mark.strip() for mark, _ in MARK.findall(written)):
        found.append("an empty mark")
    if {kind for _, kind in MARK.findall(written)} - MARKED:
        found.append("marks an entity that is not learned")
    if re.search(r"\]\(|\[[^\]]*$", text) or re.search(r"\[[^\[\]]*\]\([^)]*$", written):
        found.append("a mark that is not closed")
    if PHONE.search(text) or (IDENTITY.search(text) and is_identity(text)):
        found.append("a telephone or identity number")
    if BANK_CARD.search(text) or EMAIL.search(text):
        found.append("a bank card or an address")
    return found


def is_identity(text: str) -> bool:
    """Whether one of the numbers has the check digit of an identity card (GB 11643)."""
    numbers = (found.group().upper() for found in IDENTITY.finditer(text))
    return any(
        "10X98765432"[sum(int(digit) * weight for digit, weight in zip(n[:17], WEIGHTS, strict=True)) % 11]
        == n[17]
        for n in numbers
    )


def in_two_labels(rows: list[tuple[str, str]]) -> list[str]:
    """Wordings, greeting and punctuation aside, that stand under more than one label."""
    labels = defaultdict(set)
    for text, label in rows:
        labels[key_of(text)].add(label)
    return [f"{key}: {', '.join(sorted(under))}" for key, under in labels.items() if len(under) > 1]


def key_of(text: str) -> str:
    """What two writings of one wording have in common; of signs alone, the signs."""
    return re.sub(r"[\s,。.!?~、:;…]+", "", normalise(text).text.lower()) or text


def twice(rows: list[tuple[str, str]]) -> list[str]:
    seen: set[str] = set()
    out = []
    for text, _ in rows:
        key = key_of(text)
        if key in seen:
            out.append(text)
        seen.add(key)
    return out


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("[手机](product)坏了", 0),
        ("联系电话是13800138000", 1),
        ("订单2513800138000123456", 0),
        ("身份证11010519491231002X", 1),
        ("订单号123456199001011234", 0),  # the form of one, not its check digit
        ("卡号6222021234567890123", 1),
        ("发到 someone@example.com", 1),
        ("/restart", 1),
        ("／restart", 1),
        ("[手机](product坏了", 1),
        ("[手机(product)坏了", 1),
        ("[](product)坏了", 1),
        ("[顺丰](courier)丢件", 1),
        ("", 1),
        ("[数字x]元没退", 0),  # a mask, no mark
    ],
)
def test_faults_are_seen(written: str, count: int) -> None:
    assert len(faults(written)) == count, faults(written)


def test_a_wording_in_two_labels_is_seen() -> None:
    assert in_two_labels([("还没 发货!", "a"), ("還沒發貨", "b"), ("发货", "b")]) == ["还没发货: a, b"]


def test_every_example_is_clean() -> None:
    problems = [f"{one.file}: {one.written}: {fault}" for one in examples() for fault in faults(one.written)]
    assert problems == []


def test_no_wording_stands_in_two_labels() -> None:
    assert in_two_labels([(one.text, one.label) for one in examples()]) == []


def test_no_wording_stands_twice() -> None:
    assert twice([(one.text, one.label) for one in examples()]) == []


def test_labels_are_large_enough_and_balanced() -> None:
    count: dict[str, int] = defaultdict(int)
    for one in examples():
        count[one.label] += 1
    middle = median(count.values())
    small = {label: rows for label, rows in count.items() if rows < FEWEST}
    large = {label: rows for label, rows in count.items() if rows > MOST * middle and label not in LARGE}
    assert (small, large) == ({}, {}), f"the median label has {middle:.0f} examples"
