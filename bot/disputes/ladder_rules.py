"""The ladder of ways (升级阶梯) as data: values and reader of escalation.yml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.disputes.cards import Cited
from bot.disputes.loader import Reader, RulebookError
from bot.disputes.when import When, read_when


@dataclass(frozen=True)
class Closed:
    """Why a way is not open."""

    when: tuple[When, ...]
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LadderStep:
    """X1..X9. `relevant` empty = for every case; `open_if` = facts that must be true; `ask` = facts that settle it."""

    id: str
    name: str
    when: str
    venue: str
    how: str
    materials: tuple[str, ...]
    time_limit: str
    cost: str
    effect: str
    sources: tuple[str, ...]
    relevant: tuple[When, ...]
    closed: tuple[Closed, ...]
    open_if: tuple[str, ...]
    ask: tuple[str, ...]
    special: bool


@dataclass(frozen=True)
class Office:
    """An office for one kind of trouble (专门渠道)."""

    id: str
    name: str
    when: tuple[When, ...]
    venue: str
    limit: str
    closed: tuple[Closed, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Ladder:
    """`small_claims` = province -> limit in yuan, None = not confirmed. `seats` = platform -> where it has its seat."""

    steps: dict[str, LadderStep]
    offices: tuple[Office, ...]
    small_claims: dict[str, int | None]
    small_claims_note: str
    seats: dict[str, str]
    seat_sources: tuple[str, ...]
    first: dict[str, str]

    def source_ids(self) -> frozenset[str]:
        closed = [
            *(c for s in self.steps.values() for c in s.closed),
            *(c for o in self.offices for c in o.closed),
        ]
        cited: list[Cited] = [*self.steps.values(), *self.offices, *closed]
        return frozenset(source for item in cited for source in item.sources) | {*self.seat_sources}

    def conditions(self) -> Iterator[tuple[When, ...]]:
        """Every condition, for checking."""
        for step in self.steps.values():
            yield step.relevant
            yield from (closed.when for closed in step.closed)
        for office in self.offices:
            yield office.when
            yield from (closed.when for closed in office.closed)

    def kinds(self) -> frozenset[str]:
        return frozenset(kind for step in self.steps.values() for kind in step.materials)

    def facts(self) -> frozenset[str]:
        return frozenset(fact for step in self.steps.values() for fact in (*step.open_if, *step.ask))


def read_ladder(top: Reader) -> Ladder:
    """escalation.yml. Raises RulebookError naming the key."""
    steps, offices, limits = top.child("steps"), top.child("special"), top.child("small_claims")
    if steps is None or offices is None or limits is None:
        raise RulebookError(top.where, "needs steps, special and small_claims")
    ladder = Ladder(
        steps={key: _step(key, entry) for key, entry in steps.children()},
        offices=tuple(_office(key, entry) for key, entry in offices.children()),
        small_claims={province: limits.number(province) for province in limits.raw_keys()},
        small_claims_note=top.text("small_claims_note"),
        seats=top.text_map("seats"),
        seat_sources=top.texts("seat_sources"),
        first=top.text_map("first"),
    )
    top.done()
    unknown = sorted(set(ladder.first.values()) - set(ladder.steps))
    if unknown:
        raise RulebookError(f"{top.where}.first", f"unknown step {', '.join(unknown)}")
    return ladder


def _step(key: str, entry: Reader) -> LadderStep:
    step = LadderStep(
        id=key,
        name=entry.text("name"),
        when=entry.text("when"),
        venue=entry.text("venue"),
        how=entry.text("how"),
        materials=entry.texts("materials"),
        time_limit=entry.text("time_limit"),
        cost=entry.text("cost"),
        effect=entry.text("effect"),
        sources=entry.texts("sources"),
        relevant=read_when(entry, "relevant"),
        closed=_closed(entry),
        open_if=entry.texts("open_if"),
        ask=entry.texts("ask"),
        special=entry.flag("special"),
    )
    entry.done()
    if not step.sources:
        raise RulebookError(f"{entry.where}.sources", "needs a source")
    return step


def _office(key: str, entry: Reader) -> Office:
    office = Office(
        key,
        entry.text("name"),
        read_when(entry),
        entry.text("venue"),
        entry.opt_text("limit") or "",
        _closed(entry),
        entry.texts("sources"),
    )
    entry.done()
    if not office.sources or not office.when:
        raise RulebookError(entry.where, "needs when and sources")
    return office


def _closed(entry: Reader) -> tuple[Closed, ...]:
    found = []
    for item in entry.items("closed"):
        found.append(Closed(read_when(item), item.text("why"), item.texts("sources")))
        item.done()
        if not found[-1].when or not found[-1].sources:
            raise RulebookError(item.where, "needs when and sources")
    return tuple(found)
