"""Answers to whose fault it is and who pays for a test: who has to prove what, and how such cases usually end."""

from __future__ import annotations

from actions.base import Turn
from actions.wording import burden_line, sources
from bot.disputes.cards import CitedText

_MOST_OUTCOMES = 3


def tell_testing_cost(turn: Turn) -> None:
    """Who bears the cost of a test in the end, and whether the buyer's turn to test has come at all."""
    situation, rulebook = turn.situation(), turn.services.rulebook
    rules = [one for one in rulebook.procedure.burden.testing if situation.concerns(one.sources)]
    of_the_platform = [
        one for one in rules if turn.case.facts.get("platform") is None or not _general(turn, one)
    ]
    turn.say(
        "utter_testing_cost" if of_the_platform else "utter_testing_cost_unknown",
        answer="\n".join(f"· {one.text}。{sources(one.sources, rulebook).strip()}" for one in rules),
        burden=burden_line(turn.advice().burden, rulebook),
    )


def _general(turn: Turn, rule: CitedText) -> bool:
    """Whether it is law for every platform, and so says nothing of the one the order was placed on."""
    laws = {law for profile in turn.services.rulebook.profiles.values() for law in profile.rules}
    return all(turn.services.rulebook.sources[one].law not in laws for one in rule.sources)


def tell_whose_fault(turn: Turn) -> None:
    """Nobody is judged here: who has to prove what, what follows if they cannot, and the usual outcomes."""
    burden = burden_line(turn.advice().burden, turn.services.rulebook)
    turn.say("utter_whose_fault", burden=burden, answer=usual_outcomes(turn, costs=False))


def usual_outcomes(turn: Turn, *, costs: bool) -> str:
    """What the rules usually give in cases of these types; with `costs` the freight first."""
    rulebook = turn.services.rulebook
    situation = turn.situation()
    told: list[str] = []
    if costs:
        told.append(
            "运费：卖家有过错的由卖家承担，七天无理由默认由买家承担寄回的运费。"
            + sources(["xf-24", "xf-25"], rulebook)
        )
    for card in rulebook.cards(turn.case.types):
        here = [one for one in card.outcomes if situation.concerns(one.sources)]
        told += [
            f"· {one.text}{sources(situation.applicable(one.sources), rulebook)}"
            for one in here[:_MOST_OUTCOMES]
        ]
    return "按规则，这类情况一般是：\n" + "\n".join(told) + "\n具体结果要看证据，我不能替平台保证。"
