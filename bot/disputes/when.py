"""When a row of a rule table is for a case: a small language of facts, types, words and evidence, written in YAML.

```
when:                                   # a list: one of them must hold; a mapping: all of it must hold
  - {facts: {settled_before: true}}     # true | false | a choice | a list of choices
  - {types: [food], said: [刷单]}        # words the buyer used; heard: words of the merchant
  - {held: [E08, E03|E11], moment: before, platforms: [jd], known: [ruled_at], flags: [durable]}
```
`only_types` = the case has no other type. `flags` are readings the calling module works out.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.disputes.loader import Reader, RulebookError

MOMENTS = ("before", "after")


@dataclass(frozen=True)
class When:
    """One alternative: everything named must hold. `held` = groups, one kind of each is enough."""

    types: frozenset[str] = frozenset()
    only_types: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    facts: tuple[tuple[str, tuple[object, ...]], ...] = ()
    known: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    held: tuple[tuple[str, ...], ...] = ()
    moment: str | None = None
    flags: tuple[str, ...] = ()


def read_when(entry: Reader, key: str = "when") -> tuple[When, ...]:
    """The alternatives under `key`; empty = always. Raises RulebookError naming the key."""
    raw = entry.raw(key)
    if raw is None:
        return ()
    listed = raw if isinstance(raw, list) else [raw]
    return tuple(_when(Reader(one, f"{entry.where}.{key}[{no}]")) for no, one in enumerate(listed))


def _when(entry: Reader) -> When:
    facts = entry.child("facts")
    moment = entry.opt_text("moment")
    if moment not in (None, *MOMENTS):
        raise RulebookError(f"{entry.where}.moment", f"must be one of {', '.join(MOMENTS)}")
    when = When(
        types=frozenset(entry.texts("types")),
        only_types=frozenset(entry.texts("only_types")),
        platforms=frozenset(entry.texts("platforms")),
        stages=frozenset(entry.texts("stages")),
        facts=() if facts is None else tuple((name, _values(facts, name)) for name in facts.raw_keys()),
        known=entry.texts("known"),
        said=entry.texts("said"),
        heard=entry.texts("heard"),
        held=tuple(tuple(group.split("|")) for group in entry.texts("held")),
        moment=moment,
        flags=entry.texts("flags"),
    )
    entry.done()
    if when == When():
        raise RulebookError(entry.where, "needs at least one condition")
    return when


def _values(facts: Reader, name: str) -> tuple[object, ...]:
    value = facts.raw(name)
    values = value if isinstance(value, list) else [value]
    if not values or any(one is None for one in values):
        raise RulebookError(f"{facts.where}.{name}", "needs a value")
    return tuple(values)


def references(alternatives: tuple[When, ...]) -> dict[str, set[str]]:
    """What the alternatives name, for checking: facts, types, evidence kinds, flags."""
    found: dict[str, set[str]] = {"fact": set(), "type": set(), "evidence kind": set(), "flag": set()}
    for when in alternatives:
        found["fact"] |= {name for name, _ in when.facts} | set(when.known)
        found["type"] |= when.types | when.only_types
        found["evidence kind"] |= {kind for group in when.held for kind in group}
        found["flag"] |= set(when.flags)
    return found
