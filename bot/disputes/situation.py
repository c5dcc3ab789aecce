"""A case view read once: its cards, branch, the merchant's last word, how long they have been quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.disputes.cards import DisputeType
from bot.disputes.catalogue import PlatformProfile
from bot.disputes.confirmation import confirmation_of
from bot.disputes.findings import Confirmation
from bot.disputes.in_force import in_time, out_of_force
from bot.disputes.model import CaseView, Facts, Round
from bot.disputes.rulebook import Rulebook

TAOBAO_FAMILY = ("taobao", "tmall")
REFUSING = ("deny", "blame_user", "blame_courier", "hostile")


@dataclass(frozen=True)
class Situation:
    """Derived readings of one view at `now`; every module of the rulebook starts from here."""

    view: CaseView
    now: datetime
    book: Rulebook

    @cached_property
    def cards(self) -> tuple[DisputeType, ...]:
        return self.book.cards(self.view.types)

    @property
    def facts(self) -> Facts:
        return self.view.facts

    @cached_property
    def confirmation(self) -> Confirmation:
        return confirmation_of(self.facts)

    @cached_property
    def profile(self) -> PlatformProfile | None:
        return self.book.profile(self.facts.platform)

    @cached_property
    def on_taobao(self) -> bool:
        """Taobao and Tmall, and an order whose platform nobody has named yet."""
        return self.facts.platform is None or self.facts.platform in TAOBAO_FAMILY

    @cached_property
    def replies(self) -> tuple[Round, ...]:
        return tuple(item for item in self.view.rounds if item.theirs or item.stance)

    @cached_property
    def stance(self) -> str | None:
        """The merchant's present stance: the last round that has one, else the fact."""
        said = [item.stance for item in self.view.rounds if item.stance]
        return said[-1] if said else self.facts.merchant_stance

    @cached_property
    def merchant_text(self) -> str:
        """Everything the merchant is known to have said."""
        said = [item.theirs for item in self.view.rounds if item.theirs]
        return "\n".join([*filter(None, [self.facts.merchant_reply]), *said])

    @cached_property
    def contacted(self) -> bool | None:
        """Has the merchant been approached at all."""
        if self.view.rounds or self.stance is not None or self.facts.refused_at is not None:
            return True
        return self.facts.contacted_merchant

    @cached_property
    def waiting_since(self) -> datetime | None:
        """When the merchant last owed an answer: our last message, the refund request, or the first contact."""
        ours = [item.at for item in self.view.rounds if item.ours]
        if ours:
            return ours[-1]
        moments = [self.facts.contacted_at, self.facts.refund_requested_at]
        known = [moment for moment in moments if moment is not None]
        return min(known) if known else None

    @cached_property
    def patience_over(self) -> bool | None:
        """Has the merchant had the time a fair buyer gives (48 h)? None while no time is known."""
        if self.waiting_since is None:
            return None
        return self.now - self.waiting_since >= timedelta(hours=self.book.policy.negotiation.patience_hours)

    def any_type(self, codes: Iterable[str]) -> bool:
        return not frozenset(codes).isdisjoint(self.view.types)

    def applicable(self, sources: Iterable[str]) -> tuple[str, ...]:
        """The sources without the rules of other platforms; all of them when nothing else would be left."""
        given = tuple(sources)
        fitting = tuple(s for s in given if self.book.sources[s].law not in self._foreign_laws)
        return self.in_time(fitting or given)

    def concerns(self, sources: Iterable[str]) -> bool:
        """Whether a statement resting on these sources is for this order: not only on another platform's rules."""
        return any(self.book.sources[source].law not in self._foreign_laws for source in sources)

    @cached_property
    def _foreign_laws(self) -> frozenset[str]:
        """The rules of platforms the order was not placed on; an order nobody has placed counts as Taobao's."""
        profile = self.book.profile(self.facts.platform or "taobao")
        own = set(profile.rules) if profile is not None else set()
        return frozenset(law for one in self.book.profiles.values() for law in one.rules if law not in own)

    @cached_property
    def out_of_force(self) -> frozenset[str]:
        """The sources that do not count on this case's own dates."""
        return out_of_force(self.book.rule_groups, self.facts, self.now)

    def in_time(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """The sources that count on the case's own dates, predecessors instead of rules that came later."""
        return in_time(sources, self.out_of_force, self.book.sources, self.book.successors)
