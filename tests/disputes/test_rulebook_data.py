"""The packaged data as a whole: complete, every reference known, every stated rule cited; and clear errors."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from bot.disputes import rulebook as rulebook_module
from bot.disputes.facts import fact_kinds
from bot.disputes.model import Facts
from bot.disputes.rulebook import RulebookError, load_rulebook

BOOK = load_rulebook()
DATA = Path(rulebook_module.__file__).parent
TYPES = [
    "quality_visible",
    "quality_hidden",
    "damaged",
    "wrong_item",
    "missing_part",
    "misdescribed",
    "false_ad",
    "counterfeit",
    "not_shipped",
    "out_of_stock",
    "fake_ship",
    "not_received",
    "logistics_stalled",
    "seven_day",
    "refund_withheld",
    "aftersale_broken",
    "freight",
    "price",
    "gift",
    "invoice",
    "presale",
    "food",
    "fresh",
    "live",
    "custom",
    "virtual",
    "secondhand",
    "livestream",
    "injury",
    "minor",
    "violation",
    "review",
    "cs_complaint",
    "scam",
    "remorse",
]
PROMISES = ("一定能赢", "保证退款", "必胜", "胜诉率", "一定会支持", "百分之百", "包赢")


def test_all_types_windows_and_evidence_are_there() -> None:
    assert sorted(BOOK.types) == sorted(TYPES)
    assert list(BOOK.evidence) == [f"E{no:02}" for no in range(1, 21)]
    assert [w for w in BOOK.windows if w[0] == "T"] == [f"T-{no:02}" for no in range(1, 26)]
    assert [w for w in BOOK.windows if w[0] == "L"] == [f"L-{no:02}" for no in range(1, 27)]
    assert sorted(BOOK.profiles) == sorted(
        ["taobao", "tmall", "jd", "wechat", "pdd", "douyin", "kuaishou", "xianyu"]
    )


def test_the_facts_dataclass_is_the_registry() -> None:
    assert [item.name for item in fields(Facts)] == list(fact_kinds())


@pytest.mark.parametrize("code", TYPES)
def test_every_statement_of_a_card_has_a_source(code: str) -> None:
    card = BOOK.types[code]
    cited = [*card.evidence, *card.seller_must_show, *card.burden, *card.outcomes]
    for item in (*cited, *card.counter_arguments, *card.warnings):
        assert item.sources, f"{code}: {item}"
    assert card.evidence and any(need.level == "must" for need in card.evidence)
    assert card.demands and card.ask


def test_every_window_and_table_has_a_source() -> None:
    for window in BOOK.windows.values():
        assert window.sources, window.id
        assert window.configurable == (window.kind == "platform")
    policy = BOOK.policy
    cited = [*policy.warnings.values(), *policy.remedies.values(), *policy.conflicts]
    for item in (*cited, *policy.negotiation.traps, *policy.negotiation.counters):
        assert item.sources, item
    for profile in BOOK.profiles.values():
        assert all(override.sources for override in profile.windows.values()), profile.id


def test_a_window_is_never_surer_than_its_platform_default() -> None:
    """A default nobody confirmed must not look confirmed: the window carries the confidence of its cfg source."""
    for window in BOOK.windows.values():
        defaults = [BOOK.sources[s].confidence for s in window.sources if s.startswith("cfg-")]
        assert all("HML".index(window.confidence) >= "HML".index(c) for c in defaults), window.id


def test_labels_never_invent_article_numbers() -> None:
    for source in BOOK.sources.values():
        numbered = re.search(r"第(\S+)条$", source.label)
        assert numbered is None or numbered.group(1) == source.article


def test_no_text_promises_a_result() -> None:
    for file in DATA.rglob("*.yml"):
        text = file.read_text(encoding="utf-8")
        assert not [word for word in PROMISES if word in text], file.name
        assert "！" not in text, file.name


def test_an_overriding_file_replaces_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "platforms").mkdir()
    text = (DATA / "platforms" / "pdd.yml").read_text(encoding="utf-8")
    (tmp_path / "platforms" / "pdd.yml").write_text(
        text.replace("text_limit: null", "text_limit: 300"), encoding="utf-8"
    )
    assert load_rulebook(tmp_path).profiles["pdd"].text_limit == 300
    assert load_rulebook().profiles["pdd"].text_limit is None


def test_a_dropped_in_type_is_there(tmp_path: Path) -> None:
    (tmp_path / "types").mkdir()
    card = (DATA / "types" / "gift.yml").read_text(encoding="utf-8").replace("code: gift", "code: gift_two")
    (tmp_path / "types" / "gift_two.yml").write_text(card, encoding="utf-8")
    assert "gift_two" in load_rulebook(tmp_path).types


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        (
            "types/quality_visible.yml",
            "code: quality_visible",
            "code: other",
            "types/quality_visible.yml.code",
        ),
        ("types/quality_visible.yml", "ask: [platform", "ask: [plattform", "unknown fact plattform"),
        ("types/quality_visible.yml", "family: quality", "family: nonsense", "family"),
        ("types/quality_visible.yml", "  - id: E08", "  - id: E99", "unknown evidence kind E99"),
        ("types/quality_visible.yml", "windows: [T-11", "windows: [T-99", "unknown window T-99"),
        ("types/quality_visible.yml", "definition:", "definiton:", "definition"),
        ("types/quality_visible.yml", "sources: [tb-65", "sources: [tb-650", "unknown source tb-650"),
        ("platforms/pdd.yml", "id: pdd", "id: pinduoduo", "platforms/pdd.yml.id"),
        ("windows.yml", "kind: platform", "kind: nonsense", "kind"),
        ("tone.yml", "threats: [", "threats: [[", "is not valid YAML"),
        ("conflicts.yml", "types: [quality_visible]", "types: [quality]", "unknown type quality"),
        ("conflicts.yml", "platforms: [taobao,", "platforms: [taobo,", "unknown platform taobo"),
        ("platforms/xianyu.yml", "sources: [xy-court]", "sources: [xy-yard]", "unknown source xy-yard"),
    ],
)
def test_a_mistake_in_the_data_names_file_and_key(
    tmp_path: Path, file: str, old: str, new: str, named: str
) -> None:
    target = tmp_path / file
    target.parent.mkdir(exist_ok=True)
    shutil.copy(DATA / file, target)
    text = target.read_text(encoding="utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=re.escape(named)):
        load_rulebook(tmp_path)
