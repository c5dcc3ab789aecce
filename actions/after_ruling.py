"""After the platform has ruled (判定之后): exactly one next action, or the one fact that decides which."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.patience import note_asked
from actions.wording import button, sources
from bot.cases.model import Case, Stage
from bot.disputes.advise import Advice
from bot.disputes.after_ruling import NextAction
from bot.disputes.chronology import full_day_zh
from bot.intervention.states import State, wants_noted
from bot.intervention.steps import final, newest
from bot.intervention.told import told_ruling

TOLD = "ruling_told"  # the cell of the action that was said last
_ASKED_AT_MOST = 3
_UNSURE_SOURCES = ("seed1-07", "seed1-08")
_WITH_THE_MERCHANT = ("negotiate", "negotiate_then_service", "after_sale_with_new_evidence")
_REVIEWABLE = ("before_new", "after_new", "jd_new", "other_new")
"""The cells in which there is something new to have the decision reviewed with."""


def ruled(case: Case) -> bool:
    """Whether the platform has ruled on this case, by the desk's record or by what the buyer says."""
    return "ruling" in case.facts or case.stage in (Stage.DECIDED, Stage.APPEAL)


def news(turn: Turn, advice: Advice) -> bool:
    """Whether what follows the ruling is another thing than what was said last."""
    after, told = advice.after_ruling, turn.case.dialogue.get(TOLD)
    return after is not None and told != "final" and (after.needs is not None or after.cell != told)


def review_waiting(case: Case) -> bool:
    """Whether a review was asked for and is not decided yet."""
    found = case.intervention
    if found is None or final(case):
        return False
    begun = newest(case, "open_review") is not None or found.state == State.REVIEW.value
    return found.state != State.CLOSED.value and (begun or wants_noted(case))


class ActionAfterRuling(CaseAction):
    """Say the next action once; where it is unchanged, a short reminder; where a fact is missing, ask for it."""

    def name(self) -> str:
        return "action_after_ruling"

    async def act(self, turn: Turn) -> list[EventType]:
        case, found = turn.case, turn.advice().after_ruling if turn.case.types else None
        if found is None or not ruled(case):
            return wait(turn.heard.asked)
        if review_waiting(case):
            turn.say("utter_review_waiting", number=case.intervention.number if case.intervention else "")
            return wait(None)
        if final(case) and found.action != "check_execution" and case.dialogue.get(TOLD) != "final":
            case.dialogue[TOLD] = "final"
            return go("action_show_ways")
        first = _to_know_first(turn)
        if first is not None or found.needs is not None:
            return _ask(turn, found, first)
        _tell(turn, found)
        talks = found.action in _WITH_THE_MERCHANT and case.intervention is None
        return go(NEXT) if talks else wait(None)  # where no desk of ours decided, the message to send follows


def _to_know_first(turn: Turn) -> str | None:
    """What the desk's record would tell of a ruling, and only the buyer can where it is told: whose rules hold, and
    since when."""
    told, case = told_ruling(turn.case), turn.case
    if told is None or told == "supported":
        return None
    wanted = (one for one in ("platform", "ruled_at") if one not in case.facts and one not in case.declined)
    return next((one for one in wanted if _worth_asking(turn, one)), None)


def _ask(turn: Turn, found: NextAction, first: str | None = None) -> list[EventType]:
    """The fact that decides, or what has to be known before it; who cannot say is not asked for ever."""
    if first is not None:
        turn.say(f"utter_ask_{first}")
        return wait(f"fact:{first}")
    fact = str(found.needs)
    if fact in turn.case.declined or not _worth_asking(turn, fact):
        turn.case.decline(fact, turn.now, message_id=turn.heard.message_id)
        _unsure(turn)
        return wait(None)
    turn.say("utter_ruling_ask", why=found.say_zh.rstrip("。"))
    turn.say(f"utter_ask_{fact}")
    return wait(f"fact:{fact}")


def _worth_asking(turn: Turn, fact: str) -> bool:
    return note_asked(turn, "after_ruling", fact) <= _ASKED_AT_MOST


def _unsure(turn: Turn) -> None:
    turn.say("utter_ruling_unsure", sources=sources(_UNSURE_SOURCES, turn.services.rulebook))


def _tell(turn: Turn, found: NextAction) -> None:
    told = turn.case.dialogue.get(TOLD)
    key = "final" if final(turn.case) and found.action != "check_execution" else found.cell
    turn.case.dialogue[TOLD] = key
    if told == key:
        turn.say("utter_ruling_still", say=found.say_zh, buttons=_buttons(turn, found))
        return
    turn.say(
        "utter_ruling_next",
        say=found.say_zh,
        due=f"\n期限：{full_day_zh(found.due)} 前。" if found.due else "",
        then=f"\n之后：{found.then_zh}" if found.then_zh else "",
        sources=sources(found.sources, turn.services.rulebook),
        buttons=_buttons(turn, found),
    )


def _buttons(turn: Turn, found: NextAction) -> list[dict[str, str]]:
    record = turn.case.intervention
    decided = record is not None and record.state == State.DECIDED.value
    review = [button("写申诉稿", review="wanted")] if decided and found.cell in _REVIEWABLE else []
    return [*review, button("还能怎么办", way="other")]
