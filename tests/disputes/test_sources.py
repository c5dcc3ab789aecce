"""Rules by their dates: a case is judged by the rules of its own day, and an update is a new entry with a new date."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.disputes import rulebook as rulebook_module
from bot.disputes.advise import Advice, advise
from bot.disputes.facts import SHANGHAI
from bot.disputes.in_force import in_force_at
from bot.disputes.model import CaseView, Facts
from bot.disputes.rulebook import RulebookError, load_rulebook
from bot.disputes.situation import Situation

DATA = Path(rulebook_module.__file__).parent
BOOK = load_rulebook()
NEW_LAW = """
law: {id: tb27, title: 淘宝平台争议处理规则（新版）, in_force: 2027-03-01, judged_by: [now], as_of: 2027-03-01}
articles:
  "70": {fact: 肉眼可见的质量问题，买家先给初步凭证。, confidence: H, replaces: [tb-65]}
"""


@pytest.mark.table("sources_cases.yml")
def test_cited_on_the_case_s_own_date(
    row: dict[str, Any], advice_for: Callable[[dict[str, Any]], Advice]
) -> None:
    advice = advice_for(row)
    found = {item.id: item.sources for item in (*advice.deadlines, *advice.warnings)}
    cited = advice.burden.sources if row["where"] == "burden" else found[row["where"]]
    assert list(cited) == row["cites"]
    listed = {source.id for source in advice.sources}
    assert set(cited) <= listed
    if "later" in row:
        assert ("older_rules" in found) == row["later"]
        assert not row["later"] or set(row["cites"]) <= set(found["older_rules"])


def test_a_source_counts_on_both_its_days() -> None:
    order_121 = BOOK.sources["l121-15"]
    assert not in_force_at(order_121, date(2026, 4, 14))
    assert in_force_at(order_121, date(2026, 4, 15))
    assert in_force_at(BOOK.sources["seed0-01"], date(1990, 1, 1)), "no date = always"


def _updated(folder: Path) -> Path:
    """What an operator does when the Taobao rules are revised: the old file ends, a new one starts."""
    for name in ("sources", "platforms"):
        (folder / name).mkdir()
    old = (DATA / "sources" / "tb.yml").read_text(encoding="utf-8")
    ended = old.replace("in_force: 2025-08-15,", "in_force: 2025-08-15, until: 2027-02-28,", 1)
    assert ended != old
    (folder / "sources" / "tb.yml").write_text(ended, encoding="utf-8")
    (folder / "sources" / "tb27.yml").write_text(NEW_LAW, encoding="utf-8")
    shop = (DATA / "platforms" / "taobao.yml").read_text(encoding="utf-8")
    (folder / "platforms" / "taobao.yml").write_text(
        shop.replace("rules: [tb,", "rules: [tb, tb27,"), encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize(("day", "cited"), [(28, "tb-65"), (1, "tb27-70")])
def test_a_revised_rule_is_a_new_entry_and_no_card_changes(tmp_path: Path, day: int, cited: str) -> None:
    now = datetime(2027, 2 if day == 28 else 3, day, 10, tzinfo=SHANGHAI)
    facts = Facts.from_json({"platform": "taobao", "order_stage": "signed", "paid_at": "2027-02-20"})
    advice = advise(CaseView(("quality_visible",), facts), now, load_rulebook(_updated(tmp_path)))
    assert advice.burden.sources == (cited,)
    later = [one for warning in advice.warnings if warning.id == "older_rules" for one in warning.sources]
    assert not {"tb-65", "tb27-70"} & set(later), "what has a successor is replaced, not excused"


def test_what_is_replaced_exists_and_is_older() -> None:
    """A predecessor that starts later than its successor would never be cited."""
    for source in BOOK.sources.values():
        for old in (BOOK.sources[one] for one in source.replaces):
            assert old.in_force is None or source.in_force is None or old.in_force <= source.in_force, (
                source.id
            )


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("replaces: [ss-46]", "replaces: [ss-460]", "unknown source ss-460"),
        ("judged_by: [complaint_filed_at,", "judged_by: [complaint_day,", "unknown fact complaint_day"),
        ("in_force: 2026-04-15", "in_force: 下个月", "in_force"),
    ],
)
def test_a_mistake_in_a_date_names_the_source(tmp_path: Path, old: str, new: str, named: str) -> None:
    (tmp_path / "sources").mkdir()
    target = tmp_path / "sources" / "l121.yml"
    shutil.copy(DATA / "sources" / "l121.yml", target)
    text = target.read_text(encoding="utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        load_rulebook(tmp_path)


@pytest.mark.parametrize("day", ["2024-05-01", "2025-06-01", "2026-03-01", "2026-11-20"])
def test_no_part_of_the_advice_cites_a_rule_that_has_a_predecessor(day: str) -> None:
    now = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=SHANGHAI)
    dates = dict.fromkeys(
        ("paid_at", "signed_at", "found_at", "refund_requested_at", "complaint_filed_at"), day
    )
    for code in BOOK.types:
        for platform in ("taobao", "jd", "wechat"):
            facts = Facts.from_json({"platform": platform, "order_stage": "signed", "amount": "100", **dates})
            view = CaseView((code,), facts)
            case, advice = Situation(view, now, BOOK), advise(view, now, BOOK)
            shown = [
                *advice.gates,
                *advice.evidence.items,
                advice.burden,
                *advice.deadlines,
                *advice.remedies,
            ]
            shown += [*advice.warnings, *advice.escalation, advice.channel, *advice.out_of_scope]
            late = [one for one in shown if case.in_time(one.sources) != one.sources and one.sources]
            assert not late, (code, platform)


def test_every_source_file_is_explained_to_operators() -> None:
    page = (Path(__file__).parents[2] / "docs" / "law-sources.md").read_text(encoding="utf-8")
    missing = [file.stem for file in (DATA / "sources").glob("*.yml") if f"`{file.stem}`" not in page]
    assert not missing
