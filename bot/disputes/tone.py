"""The tone guard: insults and threats in a buyer's own words become neutral, the facts stay."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.disputes.policy import TonePolicy

_CLAUSE = re.compile(r"[^，。！？!?；;,\n]*[，。！？!?；;,\n]?")
_END = "，。！？!?；;,\n"


@dataclass(frozen=True)
class Toned:
    """The neutral text, and the words that were taken out or replaced."""

    text: str
    changed: tuple[str, ...]


def neutral(text: str, policy: TonePolicy) -> Toned:
    """Drops clauses that threaten, replaces insults, turns exclamation marks into full stops."""
    changed: list[str] = []
    kept = []
    for clause in _CLAUSE.findall(text):
        threat = next((cue for cue in policy.threats if cue in clause), None)
        if threat is not None:
            changed.append(threat)
            continue
        kept.append(_without_insults(clause, policy, changed))
    calm = re.sub(r"[！!]+", "。", "".join(kept))
    calm = re.sub(r"[，,；;]+(?=[。？?]|$)", "", re.sub(r"。{2,}", "。", calm.strip()))
    calm = re.sub(r"([，。；])[，；。]+", r"\1", calm)
    return Toned(calm.lstrip(_END).strip(), tuple(changed))


def _without_insults(clause: str, policy: TonePolicy, changed: list[str]) -> str:
    replacements = dict(policy.insults)
    words = [*policy.keep, *sorted(replacements, key=len, reverse=True)]
    if not words:
        return clause

    def swap(found: re.Match[str]) -> str:
        word = found.group()
        if word in replacements:
            changed.append(word)
        return replacements.get(word, word)

    return re.sub("|".join(map(re.escape, words)), swap, clause)
