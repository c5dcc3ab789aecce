"""What fits into the one passive reply, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.capabilities import Capabilities
from bot.channels.render import Part, grouped, parts, plan, text_of
from bot.channels.splitting import size
from bot.channels.wechat.render import MORE, PASSIVE
from bot.conversation.outbox import Outcome, Outgoing

_LINK = "\n\n（内容较长，完整内容请点这里查看：{link} ）"


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
    part: Part


def compose(lines: Sequence[Outgoing], *, link: str | None, pages: bool) -> Composed:
    """Put as many lines as fit into one text.

    Args:
        link: of a page that shows the whole conversation; with one nothing has to wait.
        pages: the account cannot push: what does not fit waits for the buyer's next words. Without it whole
            lines that do not fit are left to the relay.
    """
    whole = plan([line.entry for line in lines], PASSIVE)
    if not any(line.parts_sent for line in lines) and len(whole) <= 1:
        return Composed(whole[0].text if whole else None, [(line, Outcome("sent")) for line in lines], [])
    if not pages:
        return _leading_lines(lines)
    ending = MORE if link is None else _LINK.format(link=link)
    limits = replace(PASSIVE, text_bytes=PASSIVE.text_bytes - size(ending))
    waiting = _pieces(lines, limits)
    first = next(iter(grouped([piece.part for piece in waiting], limits)), [])
    text, shown, rest = text_of(first), waiting[: len(first)], waiting[len(first) :]
    if link is not None or not rest:
        return Composed(text + (ending if rest else ""), [(line, Outcome("sent")) for line in lines], [])
    return Composed(text + ending, [(line, _fate(line, shown)) for line in lines], [])


def _leading_lines(lines: Sequence[Outgoing]) -> Composed:
    """The first lines as long as they fit whole; a pushed message can hold the others better."""
    for count in range(len(lines) - 1, 0, -1):
        bubbles = plan([line.entry for line in lines[:count]], PASSIVE)
        if len(bubbles) == 1 and not any(line.parts_sent for line in lines[:count]):
            sent = [(line, Outcome("sent")) for line in lines[:count]]
            return Composed(bubbles[0].text, sent, list(lines[count:]))
    return Composed(None, [], list(lines))


def _pieces(lines: Sequence[Outgoing], limits: Capabilities) -> list[_Piece]:
    """What the buyer has not got yet of the lines, in order."""
    found = parts([line.entry for line in lines], limits)
    waiting = []
    for index, line in enumerate(lines):
        own = [part for part in found if part.line == index]
        waiting += [
            _Piece(line, number, number == len(own), part)
            for number, part in enumerate(own, start=1)
            if number > line.parts_sent
        ]
    return waiting


def _fate(line: Outgoing, shown: Sequence[_Piece]) -> Outcome:
    mine = [piece for piece in shown if piece.line is line]
    if mine and mine[-1].last:
        return Outcome("sent")
    return Outcome("held", error="waits for the buyer's next words", parts=mine[-1].number if mine else 0)
