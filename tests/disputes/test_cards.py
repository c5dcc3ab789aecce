"""The cards of the dispute types: complete, cited, promising nothing; and that a new type is only new files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.disputes import rulebook as rulebook_module
from bot.disputes.advise import Advice, advise
from bot.disputes.cards import DisputeType
from bot.disputes.facts import SHANGHAI
from bot.disputes.letters import ASK_FOR_GROUNDS, citations, held_words
from bot.disputes.loader import RulebookError
from bot.disputes.model import CaseView, Facts, HeldEvidence, MerchantReply
from bot.disputes.negotiation import judge_reply
from bot.disputes.rulebook import load_rulebook
from bot.disputes.situation import Situation
from bot.disputes.tone import neutral

BOOK = load_rulebook()
DATA = Path(rulebook_module.__file__).parent
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
CARDS = [pytest.param(card, id=code) for code, card in BOOK.types.items()]
PROMISES = (
    "一定能赢", "保证退款", "必胜", "胜诉率", "一定会支持", "百分之百", "包赢", "肯定能退", "稳赢", "胜算",
    "保证您", "绝对支持", "肯定支持", "必定", "十拿九稳",
)  # fmt: skip


def sentences(card: DisputeType) -> list[str]:
    """Everything of a card that a buyer or a merchant gets to read."""
    said = [
        card.definition,
        *(text for need in card.evidence for text in (need.why, need.how, need.substitute or "")),
    ]
    said += [text for item in card.seller_must_show for text in (item.what, item.if_not)]
    said += [text for row in card.burden for text in (row.must_show, row.if_not)]
    said += [text for item in card.reasons for text in (item.reason, item.pros, item.cons)]
    said += [item.text for item in (*card.outcomes, *card.warnings)]
    return said + [text for item in card.counter_arguments for text in (item.says, item.reply)]


def as_facts(row: dict[str, Any]) -> Facts:
    return Facts.from_json({"platform": "taobao", "order_stage": row.get("stage", "signed")})


@pytest.mark.parametrize("card", CARDS)
def test_a_card_is_complete(card: DisputeType) -> None:
    assert card.complete
    assert len(card.wordings) >= 4 and len(card.definition) >= 8
    assert card.ask and card.clarify and card.demands
    assert sum(1 for need in card.evidence if need.level == "must") >= 2
    assert any(need.level != "must" for need in card.evidence)
    for part in (
        card.seller_must_show,
        card.burden,
        card.reasons,
        card.outcomes,
        card.legal_basis,
        card.warnings,
    ):
        assert part
    assert all(text.strip() for text in sentences(card) if text)
    for need in card.evidence:
        assert need.why and need.how, need.id
    for showing in card.seller_must_show:
        assert showing.what and showing.if_not
    for reason in card.reasons:
        assert reason.pros and reason.cons, reason.reason


@pytest.mark.parametrize("card", CARDS)
def test_a_card_says_each_thing_once(card: DisputeType) -> None:
    kinds = [need.id for need in card.evidence]
    assert len(kinds) == len(set(kinds))
    for question in card.clarify:
        labels = [option.label for option in question.options]
        assert len(labels) >= 2 and len(labels) == len(set(labels))
        assert card.code in {option.type for option in question.options}
    says = [item.says for item in card.counter_arguments]
    cues = [cue for item in card.counter_arguments for cue in item.cues]
    assert len(says) == len(set(says)) and len(cues) == len(set(cues))


@pytest.mark.parametrize("card", CARDS)
def test_every_statement_is_cited_from_the_table(card: DisputeType) -> None:
    parts = [*card.evidence, *card.seller_must_show, *card.burden, *card.reasons]
    parts += [*card.outcomes, *card.counter_arguments, *card.warnings]
    for item in parts:
        assert item.sources, item
        assert set(item.sources) <= set(BOOK.sources), item
        assert len(item.sources) == len(set(item.sources)), item
    assert set(card.cite) | set(card.legal_basis) <= set(BOOK.sources)
    own = {law for profile in BOOK.profiles.values() for law in profile.rules}
    assert {BOOK.sources[s].law for s in card.legal_basis} - own, "platform rules alone are no law"


@pytest.mark.parametrize("card", CARDS)
def test_a_card_promises_nothing_and_keeps_its_temper(card: DisputeType) -> None:
    for text in sentences(card):
        assert not [word for word in PROMISES if word in text], text
        assert "！" not in text and "!" not in text, text
        assert len(text) <= 160, text
    for item in card.counter_arguments:
        calm = neutral(item.reply, BOOK.policy.tone).text
        assert calm.rstrip("。") == item.reply.rstrip("。")


@pytest.mark.parametrize("card", CARDS)
def test_what_merchants_say_gets_an_answer(card: DisputeType) -> None:
    """The whole answer to a buyer who has everything; something useful to one who has nothing."""
    assert len(card.counter_arguments) >= 2
    traps = {trap.reply for trap in BOOK.policy.negotiation.traps}
    account = "，".join(BOOK.policy.letters.vouches_for)
    known = Facts.from_json({"platform": "taobao", "order_stage": "signed", "problem": account})
    full = tuple(HeldEvidence(kind, kind, "0" * 64, NOW, kind) for kind in BOOK.evidence)
    for item in card.counter_arguments:
        assert item.cues and len(item.reply) >= 10
        reply = MerchantReply("deny", item.cues[0], None)
        answer = judge_reply(CaseView((card.code,), known, full), reply, NOW, BOOK).counter_text
        assert item.reply.rstrip("。") in answer or any(trap in answer for trap in traps), item
        bare = Situation(CaseView((card.code,), Facts.from_json({"platform": "taobao"})), NOW, BOOK)
        assert held_words(bare, item.reply) != ASK_FOR_GROUNDS, item


@pytest.mark.table("cards_cases.yml")
def test_a_type_at_a_glance(row: dict[str, Any]) -> None:
    card = BOOK.types[row["type"]]
    assert sorted(need.id for need in card.evidence if need.level == "must") == sorted(row["must"])
    advice = advise(CaseView((card.code,), as_facts(row)), NOW, BOOK)
    assert advice.burden.who == row["first"]
    assert list(card.legal_basis) == row["law"]
    case = Situation(CaseView((card.code,), as_facts(row)), NOW, BOOK)
    assert list(citations(case, 2)) == row["cites"]


def test_the_table_has_every_type_once() -> None:
    import yaml

    table = yaml.safe_load((Path(__file__).parent / "cards_cases.yml").read_text(encoding="utf-8"))
    assert sorted(row["type"] for row in table) == sorted(BOOK.types)


NEW_TYPE = """
code: rental
name: 租用押金不退
name_en: rental deposit
family: after_sales
definition: 网上租用的东西还了，商家不退押金或乱扣钱。
wordings: [租的东西押金不退, 押金被扣, 还了不退押金, 租机扣款]
complete: true
ask: [platform, product, returned_at, amount, demand]
clarify:
  - question: 是租来的，还是买来的？
    options: [{label: 租来的, type: rental}, {label: 买来的, type: refund_withheld}]
evidence:
  - {id: E12, level: must, why: 押金怎么退要看约定。, how: 截下租用的约定。, sources: [ss-20]}
  - {id: E14, level: must, why: 证明已经归还。, how: 归还的单号和签收。, sources: [ss-20]}
  - {id: E15, level: nice, must_if: harmed, why: 损失要有票据。, how: 保留票据。, sources: [mf-584]}
seller_must_show:
  - {what: 扣押金的依据, if_not: 应当退还, sources: [ss-20]}
burden:
  - {when: any, who: seller, must_show: 扣押金的依据, if_not: 应当退还, sources: [ss-20]}
reasons:
  - {reason: 押金未退, refund_type: refund_only, pros: 有约定就好。, cons: 要有归还凭证。, sources: [ss-20]}
outcomes:
  - {text: 符合约定条件的，押金应当及时退还。, sources: [ss-20]}
legal_basis: [ss-20, test-1]
cite: [test-1]
counter_arguments:
  - {says: 有使用痕迹要扣, cues: [折旧费], reply: 请说明约定里哪一条写明可以扣，并给出依据。, sources: [ss-20]}
demands: [refund_only]
windows: [X-01, L-10]
warnings:
  - {text: 归还前先拍照。, sources: [seed0-11]}
"""
NEW_LAW = """
law: {id: test, title: 租赁押金规则, in_force: 2020-01-01, as_of: 2026-11-21}
articles:
  "1": {fact: 租用到期归还的，押金在三日内退还。, confidence: M}
"""
NEW_WINDOW = """
X-01: {name: 退还押金, kind: statutory, length: {days: 3}, base: returned_at, who: seller, consequence: 逾期可以投诉,
  sources: [test-1], confidence: M, as_of: 2026-11-21}
"""


@pytest.fixture
def dropped_in(tmp_path: Path) -> Path:
    """A folder of overrides with a new type, a new source and a new window, as an operator would write it."""
    for folder, name, text in (("types", "rental.yml", NEW_TYPE), ("sources", "test.yml", NEW_LAW)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    windows = (DATA / "windows.yml").read_text(encoding="utf-8")
    (tmp_path / "windows.yml").write_text(windows + NEW_WINDOW, encoding="utf-8")
    return tmp_path


def rental_advice(folder: Path, **facts: object) -> Advice:
    known = {"platform": "taobao", "order_stage": "signed", "returned_at": "2026-11-18T12:00", **facts}
    held = (HeldEvidence("f1", "E12", "0" * 64, NOW, "x"),)
    return advise(CaseView(("rental",), Facts.from_json(known), held), NOW, load_rulebook(folder))


def test_dropping_in_files_adds_a_type(dropped_in: Path) -> None:
    advice = rental_advice(dropped_in)
    assert advice.types == ("rental",)
    assert [item.kind for item in advice.evidence.items] == ["E12", "E14", "E15"]
    assert (advice.evidence.score, advice.evidence.grade) == (43, "C")
    assert advice.burden.who == "seller" and "test-1" in load_rulebook(dropped_in).types["rental"].cite
    due = {item.id: item.due_zh for item in advice.deadlines}
    assert due["X-01"] == "2026年11月23日 24:00"
    assert {item.text_zh for item in advice.warnings} >= {"归还前先拍照。"}
    assert "租赁押金规则" in str(advice.to_json()["sources"])
    assert "rental" not in load_rulebook().types


def test_a_dropped_in_type_uses_every_part_of_the_rulebook(dropped_in: Path) -> None:
    harmed = rental_advice(dropped_in, harmed=True).evidence
    assert [item.kind for item in harmed.missing_must] == ["E14", "E15"]
    book = load_rulebook(dropped_in)
    view = CaseView(("rental",), Facts.from_json({"platform": "taobao"}))
    answer = judge_reply(view, MerchantReply("deny", "要扣折旧费", None), NOW, book)
    assert "约定里哪一条写明可以扣" in answer.counter_text
    assert citations(Situation(view, NOW, book), 2) == ("test-1",)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("must_if: harmed", "must_if: hurt", "unknown fact hurt"),
        ("cite: [test-1]", "cite: [test-2]", "unknown source test-2"),
        ("windows: [X-01", "windows: [X-02", "unknown window X-02"),
        ("level: nice", "level: maybe", "level"),
        ("who: seller, must_show", "who: court, must_show", "who"),
        ("type: refund_withheld", "type: refund_kept", "unknown type refund_kept"),
    ],
)
def test_a_mistake_in_a_new_type_is_named(dropped_in: Path, old: str, new: str, named: str) -> None:
    file = dropped_in / "types" / "rental.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        load_rulebook(dropped_in)


def test_a_mistake_in_the_evidence_catalogue_is_named(tmp_path: Path) -> None:
    catalogue = (DATA / "evidence.yml").read_text(encoding="utf-8")
    for old, new, named in (
        ("once: unboxing", "once: unpacking", "once"),
        ("kept: L-14", "kept: L-99", "L-99"),
    ):
        assert old in catalogue
        folder = tmp_path / named
        folder.mkdir()
        (folder / "evidence.yml").write_text(catalogue.replace(old, new), encoding="utf-8")
        with pytest.raises(RulebookError, match=named):
            load_rulebook(folder)


def test_every_row_of_advice_for_a_type_is_cited(advice_for: Callable[[dict[str, Any]], Advice]) -> None:
    for code in BOOK.types:
        advice = advice_for({"types": [code], "facts": {"platform": "jd", "order_stage": "signed"}})
        assert all(item.sources for item in advice.evidence.items)
        assert advice.burden.sources and advice.burden.if_not_zh
