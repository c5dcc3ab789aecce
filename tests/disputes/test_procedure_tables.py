"""Tables of procedure: after a ruling, ladder, out of scope, channel, suspension, new evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.disputes import burden, channel_choice, escalation, out_of_scope, procedure
from bot.disputes.advise import Advice, advise
from bot.disputes.case_json import view_from_json
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Round
from bot.disputes.rulebook import RulebookError, load_rulebook

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
BOOK = load_rulebook()
_HERE = Path(__file__).parent
AdviceFor = Callable[[dict[str, Any]], Advice]
ViewOf = Callable[[dict[str, Any]], CaseView]


@pytest.mark.table("after_ruling_cases.yml")
def test_after_ruling(row: dict[str, Any], advice_for: AdviceFor) -> None:
    found = advice_for(row).after_ruling
    if "asks" in row:
        assert found is not None and (found.action, found.needs) == ("ask", row["asks"])
    elif row["action"] is None:
        assert found is None
    else:
        assert found is not None and (found.action, found.cell) == (row["action"], row["cell"])
        assert found.needs is None and found.say_zh and found.then_zh and found.ladder
    assert found is None or found.sources
    if "source" in row:
        assert found is not None and row["source"] in found.sources


@pytest.mark.table("escalation_cases.yml")
def test_ladder(row: dict[str, Any], advice_for: AdviceFor) -> None:
    ladder = {step.id: step for step in advice_for(row).escalation}
    assert all(step.sources and step.venue_zh and step.effect_zh for step in ladder.values())
    if "next" in row:
        assert [step.id for step in ladder.values() if step.next] == ([row["next"]] if row["next"] else [])
    if "step" not in row:
        return
    assert (row["step"] in ladder) == row.get("listed", True)
    if not row.get("listed", True):
        return
    step = ladder[row["step"]]
    office = next((one for one in step.special if one.id == row.get("office")), None)
    allowed, why, sources = step.allowed, step.why_not_zh, step.sources
    if "office" in row:
        assert office is not None
        allowed, why, sources = office.allowed, office.why_not_zh, office.sources
    assert allowed == row.get("open")
    assert bool(why) == (allowed is False)
    assert list(step.needs) == row.get("asks", [])
    text = step.venue_zh + step.note_zh
    assert row.get("says", "") in text and row.get("silent", "nothing") not in text
    assert row.get("source", sources[0]) in sources and row.get("without") not in sources


@pytest.mark.table("out_of_scope_cases.yml")
def test_out_of_scope(row: dict[str, Any], advice_for: AdviceFor) -> None:
    advice = advice_for(row)
    found = {item.id: item for item in advice.out_of_scope}
    if "not" in row:
        assert row["not"] not in found
        return
    item = found[row["has"]]
    assert item.say_zh and item.go_zh and item.sources
    if "refused" in row:
        assert item.platform_refuses == row["refused"]
        gate = next(gate for gate in advice.gates if gate.id == "G4")
        assert (gate.state == "fail") == row["refused"]


@pytest.mark.table("channel_cases.yml")
def test_channel(row: dict[str, Any], view_of: ViewOf) -> None:
    refused = Round(datetime(2026, 11, 20, tzinfo=SHANGHAI), "请退款", "不退", "deny")
    view = replace(view_of(row), rounds=(refused,) * row.get("refusals", 0))
    choice = advise(view, NOW, BOOK).channel
    assert choice.id == row["channel"]
    assert row.get("says", "") in choice.name_zh
    assert choice.sources and choice.how_zh and choice.next_zh


@pytest.mark.table("suspension_cases.yml")
def test_suspension(row: dict[str, Any], advice_for: AdviceFor) -> None:
    found = {item.id: item for item in advice_for(row).warnings}
    assert row.get("also", next(iter(found))) in found
    if "not" in row:
        assert row["not"] not in found
        return
    warning = found[row["has"]]
    assert row.get("says", "") in warning.text_zh and "{" not in warning.text_zh
    assert row.get("source", warning.sources[0]) in warning.sources
    assert not {"no_court_yet", "court_told"} & set(found)


@pytest.mark.table("new_evidence_cases.yml")
def test_new_evidence(row: dict[str, Any]) -> None:
    plain = _texts(row["case"])
    fresh = advise(view_from_json(plain, NOW), NOW, BOOK).new_evidence
    assert fresh.counts == row["counts"]
    assert [piece.kind for piece in fresh.new_pieces] == row["new"]
    assert all(piece.why_zh for piece in fresh.pieces)
    filed = {one if isinstance(one, str) else one["kind"] for one in plain.get("filed", [])}
    assert not filed & set(fresh.would_help)


def _texts(value: Any) -> Any:
    """Dates of YAML as the ISO text JSON has."""
    if isinstance(value, dict):
        return {key: _texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return value if isinstance(value, (str, bool)) or value is None else value.isoformat()


@pytest.mark.parametrize("code", sorted(BOOK.types))
@pytest.mark.parametrize("stage", ["signed", "confirmed"])
def test_somebody_has_to_prove_next_in_every_type(code: str, stage: str, view_of: ViewOf) -> None:
    """No case is left without a turn, on either side of 确认收货, on Taobao or JD."""
    for platform in ("taobao", "jd"):
        view = view_of({"types": [code], "facts": {"platform": platform, "order_stage": stage}})
        turn = advise(view, NOW, BOOK).burden
        assert turn.must_show_zh and turn.if_not_zh and turn.sources
        assert turn.id != "own-evidence", f"{code} has no row of its own"


def test_every_row_of_the_burden_table_is_reached() -> None:
    table = yaml.safe_load((_HERE / "burden_cases.yml").read_text(encoding="utf-8"))
    named = {row["row"] for row in table if "row" in row}
    assert {row.id for row in BOOK.procedure.burden.rows} <= named


def test_every_cell_and_every_scope_rule_has_a_row() -> None:
    cells = {row.get("cell") for row in yaml.safe_load((_HERE / "after_ruling_cases.yml").read_text("utf-8"))}
    scope = {row.get("has") for row in yaml.safe_load((_HERE / "out_of_scope_cases.yml").read_text("utf-8"))}
    steps = {row.get("step") for row in yaml.safe_load((_HERE / "escalation_cases.yml").read_text("utf-8"))}
    assert set(BOOK.procedure.after_ruling.cells) <= cells
    assert {rule.id for rule in BOOK.procedure.scope} - scope == {"J-08"}  # in gates_cases.yml
    assert set(BOOK.procedure.ladder.steps) - steps == {"X1"}  # reached as next


def test_each_table_may_name_the_readings_its_module_offers() -> None:
    """`procedure.FLAGS` is what the reader accepts; a reading that no module offers would fail only in use."""
    offered = {
        "burden.yml": set(burden.FLAGS),
        "out_of_scope.yml": {*out_of_scope.FLAGS, "gaps"},
        "channel_choice.yml": set(channel_choice.FLAGS),
        "escalation.yml": set(escalation.FLAGS),
    }
    assert {file: set(names) for file, names in procedure.FLAGS.items()} == offered


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("burden.yml", "types: [missing_part]", "types: [mising_part]", "unknown type mising_part"),
        ("burden.yml", "flags: [durable]", "flags: [durabel]", "unknown flag durabel"),
        ("burden.yml", "merged_shipping: true", "merged: true", "unknown fact merged"),
        ("burden.yml", "held: [E10]", "held: [E99]", "unknown evidence kind E99"),
        ("burden.yml", "fallback:", "fallbak:", "fallback"),
        ("out_of_scope.yml", "refused_when:", "refused_wen:", "refused_wen"),
        ("channel_choice.yml", "  online:", "  onlin:", "channel_choice.yml.channels"),
        ("suspension.yml", "trap:", "trapp:", "suspension.yml.trap"),
        ("after_ruling.yml", "  jd_late:", "  jd_lat:", "after_ruling.yml.cells"),
        ("after_ruling.yml", "ladder: [X1, X8]", "ladder: [X1, X88]", "unknown step X88"),
        ("escalation.yml", "[l121-16, l121-17]", "[l121-16, l121-99]", "unknown source l121-99"),
        ("escalation.yml", "first: {scam: X9", "first: {scam: X0", "unknown step X0"),
        ("gates.yml", "late_proof:", "late_prof:", "late_prof"),
    ],
)
def test_a_mistake_in_a_table_names_file_and_key(
    tmp_path: Path, file: str, old: str, new: str, named: str
) -> None:
    text = (Path(procedure.__file__).parent / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=re.escape(named)):
        load_rulebook(tmp_path)


def test_no_phone_number_of_a_platform_is_printed() -> None:
    """Numbers change and are imitated: only public hotlines that the law sources name stand in the tables."""
    allowed = {"12315", "12305", "12366", "96110", "110"}
    for step in BOOK.procedure.ladder.steps.values():
        text = f"{step.venue} {step.how} {step.when} {step.cost} {step.effect}"
        assert set(re.findall(r"(?<!\d)\d{3,}(?!\d)", text)) <= allowed
    for office in BOOK.procedure.ladder.offices:
        assert set(re.findall(r"(?<!\d)\d{3,}(?!\d)", office.venue)) <= allowed
    for channel in BOOK.procedure.channel.channels.values():
        assert not re.search(r"\d{4,}", channel.how + channel.why + channel.next)


def test_small_claims_limits_are_not_invented() -> None:
    ladder = BOOK.procedure.ladder
    assert len(ladder.small_claims) == 31 and set(ladder.small_claims.values()) == {None}
    assert "以当地法院公布为准" in ladder.small_claims_note
