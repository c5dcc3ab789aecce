"""Letters to hand in: within the limit, calm, nothing invented, at most two citations of the table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes.facts import SHANGHAI, fact_kinds
from bot.disputes.letters import citations
from bot.disputes.model import CaseView, Facts, HeldEvidence, Round
from bot.disputes.negotiation import draft_message
from bot.disputes.remedies import remedies_of
from bot.disputes.rulebook import Rulebook, load_rulebook
from bot.disputes.situation import Situation
from bot.disputes.statements import (
    appeal,
    claims,
    complaint_12315,
    intervention_statement,
    pleading_outline,
    rebuttal,
    refund_note,
    report_12315,
)

BOOK = load_rulebook()
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
ViewOf = Callable[[dict[str, Any]], CaseView]
KINDS: dict[str, Callable[..., Any]] = {
    "statement": intervention_statement,
    "note": refund_note,
    "message": draft_message,
    "rebuttal": rebuttal,
    "appeal": appeal,
    "complaint": complaint_12315,
    "report": report_12315,
    "pleading": pleading_outline,
}
SHORT = ("statement", "note", "rebuttal", "appeal")
"""Letters for a platform's form, which has a limit of its own."""
TEXTS = [name for name, kind in fact_kinds().items() if kind.kind == "text"]
SUMS = re.compile(r"(\d+(?:\.\d+)?) ?元")
NUMBERS = re.compile(r"见证据 ([\d、]+)")
READY = {
    "platform": "taobao", "order_number": "2468013579246801", "shop": "某箱包店", "product": "双肩包 黑色 L",
    "amount": "239.00", "order_stage": "signed", "paid_at": "2026-11-15", "signed_at": "2026-11-18",
    "problem": "肩带开线", "demand": "return_refund", "merchant_reply": "人为的，不退", "ruling": "rejected",
    "merchant_stance": "deny", "consumer_use": True,
}  # fmt: skip
FACTS = Facts.from_json(READY)


def files(*kinds: str | None) -> tuple[HeldEvidence, ...]:
    return tuple(
        HeldEvidence(f"f{no}", kind, "0" * 64, NOW, kind or "图.jpg") for no, kind in enumerate(kinds)
    )


VIEW = CaseView(("quality_visible",), FACTS, files("E01", "E08"))


def written(kind: str, view: CaseView, now: datetime = NOW, book: Rulebook = BOOK, **more: Any) -> Any:
    return KINDS[kind](view, now, book, **more)


@pytest.mark.table("statements_cases.yml")
def test_letter(row: dict[str, Any], view_of: ViewOf, moment: Callable[[object], datetime]) -> None:
    filed = tuple(
        replace(one, id=f"filed-{one.id}")
        for one in view_of({"types": [], "held": row.get("filed", [])}).evidence
    )
    held = view_of(row)
    had = {one.kind for one in filed}
    evidence = tuple(
        replace(one, sha256=f"{no}" * 64) if one.kind not in had else one
        for no, one in enumerate(held.evidence, start=1)
    )
    view = replace(held, filed=filed, evidence=evidence)
    more = {"reason": row["reason"]} if "reason" in row else {}
    letter = written(row["kind"], view, moment(row.get("now", "2026-11-21T10:00")), **more)
    if "refused" in row:
        assert row["refused"] in letter.refused.text and not letter.text
        assert set(letter.refused.sources) <= set(BOOK.sources) and letter.refused.sources
        return
    assert getattr(letter, "refused", None) is None, letter.refused
    for words in row.get("says", []):
        assert words in letter.text, letter.text
    for words in row.get("never", []):
        assert words not in letter.text, letter.text
    for what in row.get("blanks", []):
        assert what in letter.blanks and f"（请补充：{what}）" in letter.text
    for words in row.get("notes", []):
        assert any(words in one.text for one in letter.notes), letter.notes
    if "note_cites" in row:
        assert row["note_cites"] in {source for one in letter.notes for source in one.sources}
    if "cites" in row:
        assert len(letter.sources) == row["cites"]
    assert letter.limit == row.get("limit", letter.limit)


def check(letter: Any, view: CaseView) -> None:
    """What holds for every letter whatever the case."""
    assert len(letter.text) == letter.length <= letter.limit
    assert not [mark for mark in "！!﹗" if mark in letter.text]
    cited = getattr(letter, "sources", ())
    assert len(cited) <= 2 and set(cited) <= set(BOOK.sources)
    own = {str(no) for no in range(1, len(view.evidence) + 1)}
    for found in NUMBERS.findall(letter.text):
        assert set(found.split("、")) <= own


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(BOOK.types)),
    st.sampled_from(["taobao", "jd", "wechat", "pdd", None]),
    st.dictionaries(st.sampled_from(TEXTS), st.text(min_size=1, max_size=900), max_size=4),
    st.lists(st.sampled_from([*sorted(BOOK.evidence), None]), max_size=24),
    st.lists(st.text(max_size=120), max_size=12),
)
def test_every_letter_of_any_case_is_within_its_limit_and_calm(
    code: str, platform: str | None, texts: dict[str, str], held: list[str | None], said: list[str]
) -> None:
    rounds = tuple(Round(NOW - timedelta(hours=no), theirs=one, stance="deny") for no, one in enumerate(said))
    facts = replace(FACTS, platform=platform, **texts)  # type: ignore[arg-type]
    view = CaseView((code,), facts, files(*held), rounds)
    for kind in KINDS:
        if kind == "message":
            continue
        letter = written(kind, view)
        if getattr(letter, "refused", None) is None:
            check(letter, view)
            assert (
                letter.template.startswith(("intervention_", "refund_", kind[:5])) and ".v" in letter.template
            )


@pytest.mark.parametrize("kind", SHORT)
@pytest.mark.parametrize("limit", [80, 120, 200, 300])
def test_a_platforms_own_limit_is_kept_and_the_demand_survives(kind: str, limit: int) -> None:
    profile = replace(BOOK.profiles["taobao"], text_limit=limit, note_limit=limit)
    book = replace(BOOK, profiles={**BOOK.profiles, "taobao": profile})
    view = replace(VIEW, facts=replace(FACTS, problem="肩带开线" * 300, new_evidence=True))
    letter = written(kind, view, book=book)
    assert letter.limit == limit
    check(letter, view)
    if limit >= 120:
        assert "退货退款 239.00 元" in letter.text


@pytest.mark.parametrize("kind", ["statement", "rebuttal", "appeal"])
def test_what_matters_least_goes_first(kind: str) -> None:
    order = ("background", "basis", "evidence", "timeline")
    for limit in range(100, 480, 20):
        profile = replace(BOOK.profiles["taobao"], text_limit=limit)
        book = replace(BOOK, profiles={**BOOK.profiles, "taobao": profile})
        letter = written(kind, replace(VIEW, facts=replace(FACTS, new_evidence=True)), book=book)
        gone = [order.index(part) for part in letter.dropped if part in order]
        assert gone == sorted(gone), letter.dropped
        if "evidence" in letter.dropped:
            assert "basis" in letter.dropped and letter.sources == ()


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"note", "message"}))
@pytest.mark.parametrize("code", sorted(BOOK.types))
@pytest.mark.parametrize("platform", ["taobao", "jd", "pdd", None])
def test_citations_are_in_the_text_and_of_the_right_platform(
    kind: str, code: str, platform: str | None
) -> None:
    view = replace(VIEW, types=(code,), facts=replace(FACTS, platform=platform, new_evidence=True))
    letter = written(kind, view)
    if getattr(letter, "refused", None) is not None:
        return
    for source in letter.sources:
        assert BOOK.sources[source].label in letter.text
        assert source not in BOOK.policy.negotiation.no_basis
        if platform in ("jd", "pdd") or kind in ("complaint", "report", "pleading"):
            assert not source.startswith("tb")
        if kind in ("complaint", "report", "pleading"):
            assert not source.startswith("jd")
    named = set(re.findall(r"《[^》]+》第\d+条", letter.text))
    assert named <= {BOOK.sources[source].label for source in letter.sources}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"note", "message"}))
def test_sums_and_days_come_from_the_facts(kind: str) -> None:
    letter = written(kind, replace(VIEW, types=("false_ad",), facts=replace(FACTS, new_evidence=True)))
    assert {Decimal(one) for one in SUMS.findall(letter.text.replace("不足500元按500元", ""))} <= {
        Decimal("239")
    }
    assert set(re.findall(r"(\d+)月(\d+)日", letter.text)) <= {("11", "15"), ("11", "18")}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_marks_of_a_template_in_the_buyers_words_are_only_text(kind: str) -> None:
    planted = "开线 {{ 7 * 7 }}{% if x %}{# y #}"
    facts = replace(FACTS, problem=planted, shop=planted, product=planted, new_evidence=True)
    letter = written(kind, CaseView(("counterfeit",), facts))
    assert "{{ 7 * 7 }}" in letter.text


def test_every_letter_of_an_empty_case_has_blanks_instead_of_facts() -> None:
    empty = CaseView(("counterfeit",), Facts(new_evidence=True, ruling="rejected"))
    for kind in ("rebuttal", "appeal", "complaint", "report", "pleading"):
        letter = written(kind, empty)
        assert letter.blanks and "None" not in letter.text
        assert not SUMS.search(letter.text)
        assert not re.search(r"\d+月\d+日", letter.text)


def test_punishing_remedies_are_not_added_up() -> None:
    confirmed = {
        "consumer_use": True, "false_statement": True, "fraud_basis": "listed", "relied_on_it": True,
        "label_flaw_only": False, "price_conduct": True, "price_exception": False, "promise_times": 4,
        "promise_met": True, "promise": "假一赔四",
    }  # fmt: skip
    facts = Facts.from_json({**READY, **confirmed})
    text = written("pleading", CaseView(("false_ad", "price", "counterfeit"), facts)).text
    asked = [line for line in text.splitlines() if "判令被告" in line and "赔" in line]
    assert len(asked) == 1, asked


def test_nothing_is_claimed_while_a_precondition_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Situation(VIEW, NOW, BOOK)
    triple = next(one for one in remedies_of(replace_types(case, "false_ad")) if one.id == "R-11")
    for state, claimed in ((True, True), (None, False), (False, False)):
        given = replace(triple, available=state, amount=Decimal("717.00"))
        monkeypatch.setattr(claims, "remedies_of", lambda _case, given=given: (given,))
        amounts = [one.amount for one in claims.claims_of(case, "court")]
        assert (Decimal("717.00") in amounts) is claimed


def replace_types(case: Situation, code: str) -> Situation:
    return replace(case, view=replace(case.view, types=(code,)))


@pytest.mark.parametrize("kind", ["statement", "complaint"])
def test_a_long_account_gives_way_before_evidence_and_basis(kind: str) -> None:
    letter = written(kind, replace(VIEW, facts=replace(FACTS, problem="肩带开线" * 1000)))
    assert letter.dropped == () and letter.sources
    assert letter.length == letter.limit or kind == "complaint"


def test_complaint_facts_stay_within_their_own_limit() -> None:
    rounds = tuple(
        Round(NOW - timedelta(hours=no), theirs="我们核实一下" * 9, stance="stall") for no in range(40)
    )
    facts = replace(FACTS, problem="肩带开线" * 400)
    text = written("complaint", replace(VIEW, facts=facts, rounds=rounds)).text
    told = text.split("事实与理由：\n")[1].split("\n证据：")[0]
    assert 600 < len(told) <= BOOK.policy.letters.facts_limit == 800


@pytest.mark.parametrize("code", sorted(BOOK.types))
def test_law_that_came_later_is_not_cited(code: str) -> None:
    early = datetime(1993, 12, 1, tzinfo=SHANGHAI)  # before every law of the table
    dated = replace(FACTS, paid_at=early, signed_at=early)
    case = Situation(replace(VIEW, types=(code,), facts=dated), NOW, BOOK)
    for source in (BOOK.sources[one] for one in citations(case, 2, laws_only=True)):
        by_another_day = source.judged_by != ("paid_at",)  # of a suit or complaint, which may come today
        assert by_another_day or source.in_force is None or source.in_force <= early.date()


def test_the_letters_data_names_only_what_exists() -> None:
    policy = BOOK.policy.letters
    assert set(policy.reportable) <= set(BOOK.types)
    assert {one.after for one in policy.reportable.values()} - {None} <= set(BOOK.windows)
    assert set(policy.proves) == set(BOOK.evidence)
    assert {kind for kinds in policy.speaks_of.values() for kind in kinds} <= set(BOOK.evidence)
    assert policy.source_ids() <= set(BOOK.sources)
    assert {*policy.one_of, *policy.overlap, *policy.claims} <= set(BOOK.policy.remedy_tables.rules)


def test_all_text_facts_are_in_the_registry() -> None:
    assert set(TEXTS) <= {one.name for one in fields(Facts)}
