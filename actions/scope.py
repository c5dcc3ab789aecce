"""Which way into the platform fits (介入渠道), and what neither the assistant nor the platform does (不支持/越界)."""

from __future__ import annotations

from actions.base import Turn
from actions.wording import sources
from bot.disputes.advise import Advice
from bot.disputes.out_of_scope import OutOfScope

_TOLD_OF = "scope_told"
_CHANNEL = "channel_told"
# Said where they come up by an action of their own: the redirect, the gate of the evidence, the stop sign, small talk.
_ELSEWHERE = ("O-01", "O-02", "O-08", "O-12")


def say_channel(turn: Turn, advice: Advice) -> None:
    """One sentence on the way to take, before an intervention is opened; once for each way."""
    chosen = advice.channel
    if turn.case.dialogue.get(_CHANNEL) == chosen.id:
        return
    turn.case.dialogue[_CHANNEL] = chosen.id
    cited = sources(chosen.sources, turn.services.rulebook)
    turn.say("utter_channel", name=chosen.name_zh, why=chosen.why_zh.rstrip("。"), sources=cited)


def say_out_of_scope(turn: Turn, advice: Advice) -> None:
    """What is not done here and where to go instead, when it first shows; once in a case."""
    told = turn.case.dialogue.get(_TOLD_OF, [])
    fresh = [one for one in advice.out_of_scope if one.id not in (*told, *_ELSEWHERE)]
    for one in fresh:
        say_scope(turn, one)
    if fresh:
        turn.case.dialogue[_TOLD_OF] = [*told, *(one.id for one in fresh)]


def refused(advice: Advice) -> OutOfScope | None:
    """The first thing for which the platform does not take the dispute up."""
    return next((one for one in advice.out_of_scope if one.platform_refuses), None)


def say_scope(turn: Turn, one: OutOfScope) -> None:
    """The sentence and where to go."""
    cited = sources(one.sources, turn.services.rulebook)
    turn.say("utter_scope", say=one.say_zh, go=one.go_zh, sources=cited)
