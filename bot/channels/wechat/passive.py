"""What fits into the one passive reply, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.capabilities import Capabilities
from bot.channels.render import pieces, plan
from bot.channels.splitting import size
from bot.conversation.outbox import Outcome, Outgoing

PASSIVE_BYTES = 2048  # of one passive text; more is cut off by the platform
MORE = "\n\n（内容没有显示完，回复“继续”查看后面的部分）"
_LINK = "\n\n（内容较长，完整内容请点这里查看：{link} ）"
_GAP = "\n\n"


@dataclass(frozen=True)
class Composed:
    """The text (None: nothing can be said passively), what became of the lines in it, and the other lines."""

    text: str | None
    outcomes: list[tuple[Outgoing, Outcome]]
    left_over: list[Outgoing]


@dataclass(frozen=True)
class _Piece:
    line: Outgoing
    number: int  # counts the pieces of its line from 1
    last: bool
    text: str


def _limits(most: int) -> Capabilities:
    return Capabilities(text_bytes=most, buttons="numbered", most_buttons=0, images=False, bubbles=1)


def compose(lines: Sequence[Outgoing], *, link: str | None, pages: bool) -> Composed:
    """Put as many lines as fit into one text.

    Args:
        link: of a page that shows the whole conversation; with one nothing has to wait.
        pages: the account cannot push: what does not fit waits for the buyer's next words. Without it whole
            lines that do not fit are left to the relay.
    """
    whole = plan([line.entry for line in lines], _limits(PASSIVE_BYTES))
    if not any(line.parts_sent for line in lines) and len(whole) <= 1:
        return Composed(whole[0].text if whole else None, [(line, Outcome("sent")) for line in lines], [])
    if not pages:
        return _leading_lines(lines)
    ending = MORE if link is None else _LINK.format(link=link)
    shown, rest = _fitting(_pieces(lines, PASSIVE_BYTES - size(ending)), PASSIVE_BYTES - size(ending))
    text = _GAP.join(piece.text for piece in shown)
    if link is not None or not rest:
        return Composed(text + (ending if rest else ""), [(line, Outcome("sent")) for line in lines], [])
    return Composed(text + ending, [(line, _fate(line, shown)) for line in lines], [])


def _leading_lines(lines: Sequence[Outgoing]) -> Composed:
    """The first lines as long as they fit whole; a pushed message can hold the others better."""
    for count in range(len(lines) - 1, 0, -1):
        bubbles = plan([line.entry for line in lines[:count]], _limits(PASSIVE_BYTES))
        if len(bubbles) == 1 and not any(line.parts_sent for line in lines[:count]):
            sent = [(line, Outcome("sent")) for line in lines[:count]]
            return Composed(bubbles[0].text, sent, list(lines[count:]))
    return Composed(None, [], list(lines))


def _pieces(lines: Sequence[Outgoing], most: int) -> list[_Piece]:
    found = []
    for line in lines:
        texts = pieces(line.entry, _limits(most), newest=line is lines[-1])
        last = len(texts)
        found += [
            _Piece(line, number, number == last, text)
            for number, text in enumerate(texts, start=1)
            if number > line.parts_sent
        ]
    return found


def _fitting(found: Sequence[_Piece], most: int) -> tuple[list[_Piece], list[_Piece]]:
    """(what fits, what does not). The first piece always fits: it was cut to."""
    taken = 0
    for piece in found:
        needed = size(piece.text) + (size(_GAP) if taken else 0)
        if taken and taken + needed > most:
            index = list(found).index(piece)
            return list(found[:index]), list(found[index:])
        taken += needed
    return list(found), []


def _fate(line: Outgoing, shown: Sequence[_Piece]) -> Outcome:
    mine = [piece for piece in shown if piece.line is line]
    if mine and mine[-1].last:
        return Outcome("sent")
    return Outcome("held", error="waits for the buyer's next words", parts=mine[-1].number if mine else 0)
