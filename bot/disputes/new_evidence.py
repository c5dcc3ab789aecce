"""What counts as new evidence (新证据) against what the platform already had: for a review, and for a second claim.

Another picture of the same thing does not count, nor does a piece that only shows the order or who the buyer is.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.disputes.model import HeldEvidence
from bot.disputes.situation import Situation

CHAT = "E04"
GAVE_WAY = ("agree", "partial")


@dataclass(frozen=True)
class Piece:
    """One file that is held now, and whether it is new."""

    id: str
    kind: str | None
    name: str
    new: bool
    why_zh: str


@dataclass(frozen=True)
class NewEvidence:
    """`counts` None = it is not known what was filed. `would_help` = kinds (E..) that would be new, best first."""

    counts: bool | None
    pieces: tuple[Piece, ...]
    would_help: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def new_pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.new)


def new_evidence(case: Situation) -> NewEvidence:
    """The pieces held, compared with what was filed by content (sha256), then by kind and date."""
    rule = case.book.procedure.after_ruling.new_evidence
    filed = case.view.filed
    held = {item.kind for item in case.view.evidence}
    had = {item.kind for item in filed}
    would = tuple(kind for kind in rule.strong if kind not in had and kind not in held)
    sources = case.applicable(rule.sources)
    if not filed:
        return NewEvidence(None, (), would, sources)
    pieces = tuple(_judged(case, item) for item in _not_the_very_same(case))
    return NewEvidence(any(piece.new for piece in pieces), pieces, would, sources)


def _not_the_very_same(case: Situation) -> tuple[HeldEvidence, ...]:
    """Without the pieces that are filed pieces, by their id; a fresh upload of the same bytes stays, to be told."""
    filed = {item.id for item in case.view.filed}
    return tuple(item for item in case.view.evidence if item.id not in filed)


def _judged(case: Situation, item: HeldEvidence) -> Piece:
    verdict = _verdict(case, item)
    told = case.book.procedure.after_ruling.new_evidence.told
    return Piece(item.id, item.kind, item.name, verdict in ("new", "admitted"), told[verdict])


def _verdict(case: Situation, item: HeldEvidence) -> str:
    rule, filed = case.book.procedure.after_ruling.new_evidence, case.view.filed
    if item.sha256 and item.sha256 in {one.sha256 for one in filed}:
        return "same_file"
    if item.kind is None:
        return "unnamed"
    if item.kind in rule.never:
        return "beside_point"
    last = max(one.uploaded_at for one in filed)
    if item.kind in {one.kind for one in filed}:
        if item.kind == CHAT and any(one.at > last and one.stance in GAVE_WAY for one in case.replies):
            return "admitted"
        return "new" if item.kind in rule.again and item.sha256 else "same_kind"
    relevant = {need.id for card in case.cards for need in card.evidence} | {*rule.strong}
    return "new" if item.kind in relevant else "unrelated"
