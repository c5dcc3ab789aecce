"""From class scores of a message and its clauses to one intent and the dispute types it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.calibration import sharpened
from bot.zh.clauses import split_clauses

REPORT = "report_dispute"
FALLBACK = "nlu_fallback"
Scorer = Callable[[list[str]], NDArray[np.float64]]

MOST_CLAUSES = 4  # with 5 a long message takes a ninth longer, and no more of 550 are read right
MAY_REPORT = 0.2  # share of all dispute types together: “…过期了，可以要求十倍赔偿吗” is mostly a question
MOST_TYPES = 4
SURE = 0.5  # share from which the message's own type leads
# Without it the shares are too modest. Of 1.0 to 1.3 the one that errs least on 800 real utterances together (0.031), and
# no less on the 640 of them that no example was written after (tools/calibrate.py, docs/benchmarks.md).
POWER = 1.2
# A second type counts from this part of the best share on, unless it is as weak as that.
CLOSE_RIVAL, WEAK = 0.5, 0.12
# A type that the words deny is no complaint: 不是假货, 没有破损. A denied cue takes away the type unless the cue
# stands undenied elsewhere in the message.
_CUES: dict[str, str] = {
    "counterfeit": r"假货|假的|仿品|高仿|盗版|冒牌|山寨|翻新",
    "damaged": r"破损|摔坏|压坏|碎了?|破了",
    "quality_visible": r"质量问题|瑕疵|划痕",
    "quality_hidden": r"质量问题|坏的?|故障",
    "missing_part": r"少件|漏发|少发|空包",
    "wrong_item": r"发错",
    "scam": r"骗子|诈骗",
    "food": r"过期|变质",
    "injury": r"受伤|伤到|烫伤|烫到|烫着|过敏",
    "secondhand": r"二手|翻新机?",
}
_ENOUGH = 4  # characters that tell what happened
_DENIAL = (
    r"(?:不是|并非|又不是|也不是|没说是?|不算|不像是?|没有|没|不怀疑是?|不存在)(?:什么|说|啥|有?人|孩子|谁)?"
)


@dataclass(frozen=True)
class Meaning:
    """`ranking` has each intent once, best first, with shares that sum to 1; `types` the dispute types, best first."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    types: tuple[tuple[str, float], ...]


def certain(intent: str) -> Meaning:
    """A meaning that a rule knows, not a share."""
    return Meaning(intent, 1.0, ((intent, 1.0),), ())


def split_class(name: str) -> tuple[str, str | None]:
    """report_dispute/damaged -> (report_dispute, damaged); an act has no type."""
    intent, _, kind = name.partition("/")
    return intent, kind or None


def denied_types(text: str) -> frozenset[str]:
    """Types whose cue the normalised text only denies."""
    out = set()
    for kind, cue in _CUES.items():
        left = re.sub(f"{_DENIAL}(?:{cue})", "", text)
        if left != text and not re.search(cue, left):
            out.add(kind)
    return frozenset(out)


def _without_denied(text: str) -> str:
    """The message without what it denies (水壶漏水 不是假货), where enough is left to be judged."""
    left = text
    for cue in _CUES.values():
        left = re.sub(f"{_DENIAL}(?:{cue})", "", left)
    return left if len(re.findall(r"\w", left)) >= _ENOUGH else text


def shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of one-against-rest judges as shares of one whole per row, as sure as they are right."""
    return sharpened(_of_one_whole(scores), POWER)


def _of_one_whole(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-9)
    return result


def read_meaning(
    text: str,
    classes: tuple[str, ...],
    scorer: Scorer,
    *,
    fallback_below: float,
    clause_needs: float,
) -> Meaning:
    """Judge a normalised message. `clause_needs` is the share at which a clause's own best type joins the types."""
    clauses = split_clauses(text)[:MOST_CLAUSES]
    # judged at once, though one message in ten turns out to need no clauses: a second pass costs all others a quarter
    told = _without_denied(text)
    judged = shares(scorer([told, *clauses] if len(clauses) > 1 else [told]))
    if not _may_report(judged[0], classes):
        judged = judged[:1]
    denied = denied_types(text)
    for at, name in enumerate(classes):
        if split_class(name)[1] in denied:
            judged[:, at] *= 0.05
    judged = _of_one_whole(judged)
    whole = judged[0]
    ranking = _by_intent(whole, classes)
    if ranking[0][1] < fallback_below:
        ranking = ((FALLBACK, 1.0 - ranking[0][1]), *ranking)
    types = _types(judged, classes, clause_needs, is_report=ranking[0][0] == REPORT)
    return Meaning(ranking[0][0], ranking[0][1], ranking, types)


def _may_report(whole: NDArray[np.float64], classes: tuple[str, ...]) -> bool:
    """Whether it can be a complaint; the clauses of a greeting or a question say nothing."""
    complaints = sum(
        share for share, name in zip(whole, classes, strict=True) if split_class(name)[0] == REPORT
    )
    return bool(complaints >= MAY_REPORT)


def _by_intent(whole: NDArray[np.float64], classes: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Shares by intent, best first. All types together support report_dispute: 收到的东西有问题 is a complaint,
    though each type by itself has less of it than some act, and its type can be asked."""
    total: dict[str, float] = {}
    for name, share in zip(classes, whole, strict=True):
        intent = split_class(name)[0]
        total[intent] = total.get(intent, 0.0) + float(share)
    return tuple(sorted(total.items(), key=lambda item: -item[1]))


def _types(
    judged: NDArray[np.float64], classes: tuple[str, ...], clause_needs: float, is_report: bool
) -> tuple[tuple[str, float], ...]:
    """The message's best type, close rivals of it, and what its clauses clearly name.

    Where the message's own best is sure it stays first, however sure a clause is of another: clauses are read without
    what is round them, and side remarks are short and clear. Where it is not, the surest leads (together two points
    on real text)."""
    kinds = [(at, kind) for at, name in enumerate(classes) if (kind := split_class(name)[1])]
    if not kinds:
        return ()
    found: dict[str, float] = {}
    at, main = max(kinds, key=lambda item: float(judged[0, item[0]]))
    best = float(judged[0, at])
    for at, kind in kinds:
        share = float(judged[0, at])
        if (
            (is_report and share == best)
            or share >= clause_needs
            or (is_report and share >= max(CLOSE_RIVAL * best, WEAK))
        ):
            found[kind] = share
    for row in judged[1:]:
        at, kind = max(kinds, key=lambda item: float(row[item[0]]))
        if row[at] >= clause_needs and at == int(row.argmax()):
            found[kind] = max(found.get(kind, 0.0), float(row[at]))
    first = main if best >= SURE else None
    return tuple(sorted(found.items(), key=lambda item: (item[0] != first, -item[1])))[:MOST_TYPES]
