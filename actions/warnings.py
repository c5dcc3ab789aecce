"""What the buyer should hear now (必须提示): the rulebook's warnings at their moment, each once in a case.

Dangers and dates that are close are said at once; the rest when the step comes that they are about. A warning about
safety is said again when it has ceased to apply and applies anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from actions.base import Turn
from actions.wording import sources
from bot.disputes.advise import Advice
from bot.disputes.findings import Warning

_HEARD = "warnings_heard"
_SIGNS = "stop_signs_seen"
_MOST = 2  # in one message
SAFETY = frozenset(
    {"injury_first", "fake_service", "credentials", "off_platform", "refund_route", "bribe_review", "hostile",
     "no_forging", "no_review_bargain", "suspension_trap", "suspension_urgent"}
)  # fmt: skip
_AT_ONCE = SAFETY | frozenset(
    {"auto_confirm_soon", "after_sale_soon", "late", "seven_day_soon", "seven_day_over", "modify_soon", "return_soon",
     "other_platform", "dont_confirm", "confirm_trap", "suspension_told", "suspension_told_late", "suspension_police_accepted", "suspension_agreed_pause"}
)  # fmt: skip
# When the others are due, by the step the conversation comes to (bot/disputes/steps.py). Not with the list of the evidence:
# that is long enough.
_TALKS = ("contact_merchant", "await_merchant", "judge_reply", "resolved")
_HANDED_IN = ("contact_merchant", "judge_reply", "fix_gate", "read_back")
_MOMENTS: dict[str, tuple[str, ...]] = {
    "auto_confirm_paused": _HANDED_IN,
    "induced": _HANDED_IN,
    "after_sale_open": _HANDED_IN,
    "used_goods": _HANDED_IN,
    "ask_page": _HANDED_IN,
    "honest_reason": _HANDED_IN,
    "refund_only": _HANDED_IN,
    "multiples": _HANDED_IN,
    "older_rules": _HANDED_IN,
    "settle_once": _TALKS,
    "film_return": _TALKS,
    "return_number": _TALKS,
    "freight_agree": _TALKS,
    "reason_trap": _TALKS,
    "reason_lost": (*_TALKS, "read_back"),
    "seven_day_reason": (*_TALKS, "read_back"),
    "no_court_yet": ("follow_intervention",),
    "mediation_clock": ("follow_intervention",),
}
# Said by fixed texts: the gate of the evidence, the opening of an intervention and its steps.
_ELSEWHERE = frozenset({"gaps", "dont_urge", "proof_now", "app_only"})
# What actions/safety.py has said already, by the names under which it remembers them.
_STOP_SIGNS = {
    "fraud": ("fake_service", "credentials", "off_platform", "refund_route"),
    "danger": ("injury_first",),
    "threat": ("hostile",),
}


def say_warnings(turn: Turn, advice: Advice, step: str) -> None:
    """Say what is due at `step` (the first part of the next step's id) and was not heard yet."""
    heard = _still_heard(turn, advice)
    if step != "safety_stop":  # the stop sign speaks for itself
        due = [one for one in advice.warnings if one.id not in heard and _is_due(one, step, advice)]
        due = sorted(due, key=_before_others)[:_MOST]
        _say(turn, due)
        heard |= {one.id for one in due}
    if heard or _HEARD in turn.case.dialogue:
        turn.case.dialogue[_HEARD] = sorted(heard)


def _before_others(one: Warning) -> tuple[bool, bool]:
    """Safety, then that the rules cited below are another platform's; the rest as the rulebook has them."""
    return one.id not in SAFETY, one.id != "other_platform"


def _still_heard(turn: Turn, advice: Advice) -> set[str]:
    """What need not be said again: not safety that had ceased to apply, which may come anew."""
    now = {one.id for one in advice.warnings}
    heard = {one for one in turn.case.dialogue.get(_HEARD, []) if one not in SAFETY or one in now}
    seen = turn.case.dialogue.get(_SIGNS, [])
    fresh = [about for about in turn.case.dialogue.get("warned", {}) if about not in seen]
    for about in fresh:
        heard |= now & {*_STOP_SIGNS.get(about, ())}
    if fresh:
        turn.case.dialogue[_SIGNS] = [*seen, *fresh]
    return heard


def _is_due(one: Warning, step: str, advice: Advice) -> bool:
    if one.id in _ELSEWHERE or (one.id == "bribe_review" and advice.reviews is not None):
        return False
    if one.id in _AT_ONCE:
        return True
    if one.id in _MOMENTS:
        return step in _MOMENTS[one.id]
    return step in _HANDED_IN  # a card's own


def _say(turn: Turn, due: Iterable[Warning]) -> None:
    listed = list(due)
    if listed:
        cited = dict.fromkeys(source for one in listed for source in one.sources[:1])
        lines = "\n".join(f"· {one.text_zh}" for one in listed)
        turn.say("utter_heed", lines=lines, sources=sources(cited, turn.services.rulebook))
