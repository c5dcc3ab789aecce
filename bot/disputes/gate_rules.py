"""The six conditions as data: values and reader of gates.yml."""

from __future__ import annotations

from dataclasses import dataclass

from bot.disputes.loader import Reader, RulebookError


@dataclass(frozen=True)
class GatePolicy:
    """Names and sources of G1..G6, and the types their exceptions are for (see gates.yml)."""

    names: dict[str, str]
    sources: dict[str, tuple[str, ...]]
    jd_sources: dict[str, tuple[str, ...]]
    exempt_types: frozenset[str]
    late_types: frozenset[str]
    late_proof: dict[str, frozenset[str]]
    not_received_types: frozenset[str]
    rulable: frozenset[str]
    compensation_types: frozenset[str]
    compensation_types_jd: frozenset[str]
    promise_cues: tuple[str, ...]

    def source_ids(self) -> frozenset[str]:
        groups = (*self.sources.values(), *self.jd_sources.values())
        return frozenset(source for group in groups for source in group)


def read_gates(top: Reader) -> GatePolicy:
    """gates.yml. Raises RulebookError naming the key."""
    proof = {kind: frozenset(ids) for kind, ids in _lists(top, "late_proof").items()}
    policy = GatePolicy(
        names=top.text_map("names"),
        sources=_lists(top, "sources"),
        jd_sources=_lists(top, "jd_sources"),
        exempt_types=frozenset(top.texts("exempt_types")),
        late_types=frozenset(top.texts("late_types")),
        late_proof=proof,
        not_received_types=frozenset(top.texts("not_received_types")),
        rulable=frozenset(top.texts("rulable")),
        compensation_types=frozenset(top.texts("compensation_types")),
        compensation_types_jd=frozenset(top.texts("compensation_types_jd")),
        promise_cues=top.texts("promise_cues"),
    )
    top.done()
    if set(proof) != {"goods", "not_received"}:
        raise RulebookError(f"{top.where}.late_proof", "must be goods and not_received")
    return policy


def _lists(top: Reader, key: str) -> dict[str, tuple[str, ...]]:
    table = top.child(key)
    return {} if table is None else {name: table.texts(name) for name in table.raw_keys()}
