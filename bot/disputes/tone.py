"""The tone guard: insults and threats in a buyer's own words become neutral, the facts stay.

Words are in tone.yml. Product and shop names, titles in 《》 and longer innocent words (垃圾桶, 打死结) are left alone;
an accusation nobody has proved is called 疑似.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.disputes.policy import TonePolicy

_CLAUSE = re.compile(r"[^，。！？!?；;,\n]*[，。！？!?；;,\n]?")
_END = "，。！？!?；;,\n"
_TITLE = r"《[^《》\n]{1,40}》"
_GAP = r"[ *＊·•]?"
"""What people put between the characters of a word to get it past a filter."""
_NEAR, _SHORT, _LEAD_UP = 16, 8, 16
"""Characters: how far before a threat its lead may stand; a threat this early takes the whole clause with it; the
longest clause that only leads up to a threat."""
_MARKS = re.compile(r"[！!﹗❗❕‼⁉]+")
_STOPS = re.compile(r"[，,。；;？?](?:\s*[，,。；;？?])+")
_TIDY: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"“”|‘’|（）|\(\)|【】"), ""),
    (re.compile(r"\.{3,}"), "…"),
    (re.compile(r"…{3,}"), "……"),
    (re.compile(r"[~～]{2,}"), ""),
    (_STOPS, lambda run: _strongest(run.group())),
    (re.compile(r"[，,；;\s]+$"), ""),
)


@dataclass(frozen=True)
class Toned:
    """The neutral text, the words that were taken out or replaced, and those of them that were threats."""

    text: str
    changed: tuple[str, ...]
    threats: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Words:
    """The compiled lists. `swaps` and `called` (names for people, swearing) by lower-case word without gaps."""

    kept: re.Pattern[str]
    any: re.Pattern[str]
    threat: re.Pattern[str]
    if_led: re.Pattern[str]
    condition: re.Pattern[str]
    lead: re.Pattern[str]
    called: frozenset[str]
    swaps: dict[str, str]


def neutral(text: str, policy: TonePolicy, names: Iterable[str] = (), proven: bool = False) -> Toned:
    """Cuts threats, replaces insults, softens accusations, turns exclamation marks into full stops.

    Args:
        names: product and shop of the case; where they stand in the text they are left as they are.
        proven: an authority or a court has found so: accusations stay as they are.
    """
    words = _words(policy, proven)
    protected = tuple(name for name in names if len(name) > 1 and neutral_name(name, policy) == name)
    changed: list[str] = []
    threats: list[str] = []
    clauses: list[str] = []
    for clause in _CLAUSE.findall(text):
        led = bool(clauses) and _leads_up(clauses[-1], policy)
        head, threat = _before_threat(clause, words, protected, led)
        if threat is not None:
            changed.append(threat)
            threats.append(threat)
            if not head and led:
                clauses.pop()
        clauses.append(_swapped(head, words, protected, changed))
    return Toned(_tidy("".join(clauses)), tuple(changed), tuple(threats))


def neutral_name(name: str, policy: TonePolicy) -> str:
    """A product's or shop's name: what may be part of a name stays, unless the words read as a complaint."""
    if any(cue in name for cue in policy.complaints):
        return neutral(name, policy).text
    return neutral(name, _for_names(policy)).text


@lru_cache(maxsize=4)
def _for_names(policy: TonePolicy) -> TonePolicy:
    def without(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((word, new) for word, new in pairs if word not in policy.in_names)

    return TonePolicy(
        threats=policy.threats, insults=without(policy.insults), keep=policy.keep, leads=policy.leads,
        conditions=policy.conditions, people=without(policy.people), addressed=policy.addressed,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _words(policy: TonePolicy, proven: bool) -> _Words:
    accusations = () if proven else policy.accusations
    swaps = dict([*policy.people, *policy.insults, *accusations])
    keep = dict.fromkeys([*policy.keep, *(new for _, new in accusations)])
    kept = "|".join([_TITLE, *map(_spelled, _longest(keep))])
    address, found = _any_of(policy.addressed).pattern, _any_of(swaps).pattern
    called = [*dict(policy.people), *(word for word, new in policy.insults if not new)]
    return _Words(
        kept=re.compile(kept, re.I),
        any=re.compile(f"(?P<kept>{kept})|(?P<to>{address})?(?!{kept})(?P<word>{found})", re.I),
        called=frozenset(_plain(word) for word in called),
        threat=_any_of(policy.threats),
        if_led=re.compile(rf"(?:{_any_of(policy.if_led).pattern})(?![了过])"),
        condition=_any_of(policy.conditions),
        lead=_any_of(policy.leads),
        swaps={_plain(word): new for word, new in swaps.items()},
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_spelled, _longest(words))) or r"(?!)", re.I)


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _spelled(word: str) -> str:
    """The word with gaps allowed between its characters; Latin letters only as a word of their own."""
    if word.isascii() and word.isalnum():
        edge = "A-Za-z_-" if len(word) > 2 else "A-Za-z0-9_-"  # SB200 is a model
        return rf"(?<![{edge}]){re.escape(word)}(?![{edge}])"
    return _GAP.join(map(re.escape, word))


def _plain(word: str) -> str:
    return re.sub(_GAP[:-1], "", word).lower()


def _spans(text: str, words: _Words, protected: tuple[str, ...]) -> list[tuple[int, int]]:
    spans = [match.span() for match in words.kept.finditer(text)]
    for name in protected:
        spans += [match.span() for match in re.finditer(re.escape(name), text)]
    return spans


def _before_threat(
    clause: str, words: _Words, protected: tuple[str, ...], led: bool
) -> tuple[str, str | None]:
    """(what comes before the threat, the words of the threat); the clause and None when there is none.

    `led`: the clause before was the condition of a threat.
    """
    spans = _spans(clause, words, protected)
    condition = words.condition.search(clause)
    cues = list(words.threat.finditer(clause))
    for cue in words.if_led.finditer(clause):
        if led or (condition is not None and condition.start() < cue.start()):
            cues.append(cue)
    free = [c for c in cues if not any(start < c.end() and c.start() < end for start, end in spans)]
    if not free:
        return clause, None
    cue = min(free, key=lambda found: found.start())
    cut = _cut(clause, cue.start(), words)
    ending = clause[-1] if cut and clause[-1] in _END else ""
    return clause[:cut].rstrip() + ending, cue.group()


def _cut(clause: str, cue: int, words: _Words) -> int:
    """Where the threat begins: at its lead, else at the cue; 0 when next to nothing stands before it."""
    leads = words.lead.finditer(clause, max(0, cue - _NEAR))
    cut = next((lead.start() for lead in leads if lead.start() <= cue), cue)
    return 0 if cut <= (_SHORT if cut == cue else 2) else cut


def _leads_up(clause: str, policy: TonePolicy) -> bool:
    return len(clause) <= _LEAD_UP and clause.lstrip().startswith(policy.conditions)


def _swapped(clause: str, words: _Words, protected: tuple[str, ...], changed: list[str]) -> str:
    spans = _spans(clause, words, protected) if protected else []

    def swap(found: re.Match[str]) -> str:
        word = found.group()
        inside = any(start <= found.start() and found.end() <= end for start, end in spans)
        if found["kept"] is not None or inside:
            return word
        changed.append(word)
        plain = _plain(found["word"])
        if found["to"] and plain in words.called:
            return ""
        return (found["to"] or "") + words.swaps[plain]

    return words.any.sub(swap, clause)


def _tidy(text: str) -> str:
    calm = _MARKS.sub("。", text).strip()
    for pattern, new in _TIDY:
        calm = pattern.sub(new, calm)
    return calm.lstrip(_END + " 　").strip()


def _strongest(run: str) -> str:
    """Of several stops in a row: a question mark, else a full stop, else the first."""
    return next((mark for mark in "？?。" if mark in run), run[0])
