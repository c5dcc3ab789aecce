"""Where one thing said ends and the next begins."""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"[,。.!?;:、~…\n]+(?!\d)|\s{1,}|(?:而且|并且|还有|另外|同时|然后|结果|但是|可是|不过|还(?=少|有|没|不|是|说|骂))"
)


def split_clauses(text: str, shortest: int = 4) -> list[str]:
    """Clauses of a normalised text in order; a piece shorter than `shortest` characters joins the one before."""
    clauses: list[str] = []
    position = 0
    for match in _BREAK.finditer(text):
        _append(clauses, text[position : match.start()], shortest)
        # a connecting word belongs to what follows; punctuation belongs to nothing
        position = match.start() if match.group()[0] > "\u4e00" else match.end()
    _append(clauses, text[position:], shortest)
    return clauses


def _append(clauses: list[str], piece: str, shortest: int) -> None:
    piece = piece.strip()
    if not piece:
        return
    if clauses and (len(piece) < shortest or len(clauses[-1]) < shortest):
        clauses[-1] = f"{clauses[-1]},{piece}"
    else:
        clauses.append(piece)


def clause_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """The punctuation-free stretch of the normalised text round `start:end`."""
    stops = ",。!?;\n"
    left = max((text.rfind(stop, 0, start) for stop in stops), default=-1) + 1
    rights = [at for at in (text.find(stop, end) for stop in stops) if at >= 0]
    return left, min(rights, default=len(text))
