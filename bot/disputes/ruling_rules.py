"""What follows a ruling (判定之后), and what counts as new evidence, as data: values and reader of after_ruling.yml."""

from __future__ import annotations

from dataclasses import dataclass

from bot.disputes.loader import Reader, RulebookError

CELLS = (
    "supported", "before_new", "before_none", "after_new", "after_none", "jd_new", "jd_late", "jd_none", "other_new",
    "other_none",
)  # fmt: skip
TOLD = ("new", "same_file", "same_kind", "beside_point", "unnamed", "unrelated", "admitted")


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix: its single action, what it means, what comes after, the steps of the ladder beyond."""

    id: str
    action: str
    say: str
    then: str
    ladder: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class NewEvidenceRule:
    """Kinds that help most, kinds a second of which is new again, kinds that never are; the words for each verdict."""

    strong: tuple[str, ...]
    again: frozenset[str]
    never: frozenset[str]
    told: dict[str, str]
    sources: tuple[str, ...]

    def kinds(self) -> frozenset[str]:
        return frozenset(self.strong) | self.again | self.never


@dataclass(frozen=True)
class AfterRuling:
    """`ask` = fact -> why it decides."""

    followed_stages: frozenset[str]
    about: frozenset[str]
    cells: dict[str, Cell]
    ask: dict[str, str]
    ask_sources: dict[str, tuple[str, ...]]
    new_evidence: NewEvidenceRule

    def source_ids(self) -> frozenset[str]:
        groups = [cell.sources for cell in self.cells.values()]
        groups += [*self.ask_sources.values(), self.new_evidence.sources]
        return frozenset(source for group in groups for source in group)

    def steps(self) -> frozenset[str]:
        return frozenset(step for cell in self.cells.values() for step in cell.ladder)


def read_after_ruling(top: Reader) -> AfterRuling:
    """after_ruling.yml. Raises RulebookError naming the key."""
    cells, sources, new = top.child("cells"), top.child("ask_sources"), top.child("new_evidence")
    if cells is None or sources is None or new is None:
        raise RulebookError(top.where, "needs cells, ask_sources and new_evidence")
    rules = AfterRuling(
        followed_stages=frozenset(top.texts("followed_stages")),
        about=frozenset(top.texts("about")),
        cells={key: _cell(key, entry) for key, entry in cells.children()},
        ask=top.text_map("ask"),
        ask_sources={fact: sources.texts(fact) for fact in sources.raw_keys()},
        new_evidence=_new_evidence(new),
    )
    top.done()
    if set(rules.cells) != set(CELLS):
        raise RulebookError(f"{top.where}.cells", f"must be {', '.join(CELLS)}")
    if set(rules.ask) != set(rules.ask_sources):
        raise RulebookError(f"{top.where}.ask_sources", "must be the facts of ask")
    return rules


def _cell(key: str, entry: Reader) -> Cell:
    cell = Cell(
        key,
        entry.text("action"),
        entry.text("say"),
        entry.text("then"),
        entry.texts("ladder"),
        entry.texts("sources"),
    )
    entry.done()
    if not cell.sources:
        raise RulebookError(f"{entry.where}.sources", "needs a source")
    return cell


def _new_evidence(entry: Reader) -> NewEvidenceRule:
    rule = NewEvidenceRule(
        entry.texts("strong"),
        frozenset(entry.texts("again")),
        frozenset(entry.texts("never")),
        entry.text_map("told"),
        entry.texts("sources"),
    )
    entry.done()
    if set(rule.told) != set(TOLD):
        raise RulebookError(f"{entry.where}.told", f"must be {', '.join(TOLD)}")
    return rule
