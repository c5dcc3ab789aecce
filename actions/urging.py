"""“怎么还没结果”: whether it makes sense to ask the platform now, once; otherwise when."""

from __future__ import annotations

import re
from datetime import datetime

from rasa_sdk.events import EventType

from actions.after_ruling import TOLD, ruled
from actions.base import CaseAction, Turn, go, wait
from actions.wording import sources
from bot.disputes.chronology import full_day_zh
from bot.disputes.urging import Urging, may_urge
from bot.intervention.states import State
from bot.intervention.steps import final
from bot.intervention.urged import last_urged, note_urged

_URGES = re.compile(
    r"催|(?:怎么|咋|为什么|为啥)(?:还|都|这么).{0,6}(?:没|不|慢|久)|还没(?:有)?(?:结果|消息|处理|进展|动静|人)|没(?:有)?动静"
    r"|(?:什么时候|多久|几时)(?:才)?(?:能|会)?(?:有|出|给)(?:个)?(?:结果|消息|说法)|太慢|等(?:了)?(?:很|好|这么)久|快点"
)


def wants_to_urge(turn: Turn) -> bool:
    """Whether the buyer presses for news of an intervention that is running."""
    found = turn.case.intervention
    running = found is not None and found.state != State.CLOSED.value and not final(turn.case)
    return running and turn.heard.origin == "buyer" and bool(_URGES.search(turn.heard.text))


class ActionUrge(CaseAction):
    """Ask for news once where it makes sense; otherwise say when it will."""

    def name(self) -> str:
        return "action_urge"

    async def act(self, turn: Turn) -> list[EventType]:
        record = turn.case.intervention
        if record is None:
            return wait(turn.heard.asked)
        if record.state == State.REVIEW.value:
            turn.say("utter_urge_review")
            return wait(turn.heard.asked)
        if ruled(turn.case):
            turn.case.dialogue.pop(TOLD, None)
            return go("action_after_ruling")
        case = turn.situation()
        _tell(turn, may_urge(case, turn.now, last_urged(turn.case)), record.number)
        return wait(turn.heard.asked)


def _tell(turn: Turn, found: Urging, number: str) -> None:
    cited = sources(found.sources, turn.services.rulebook)
    why, then = found.why_zh.rstrip("。"), _then(found.next_at, found.provisional)
    if not found.allowed or found.topic is None:
        turn.say("utter_urge_not_yet", why=why, then=then, sources=cited)
        return
    note_urged(turn.case, found.topic, found.text, turn.now, message_id=turn.heard.message_id)
    card = {"type": "draft", "title": "问一次进度", "text": found.text}
    turn.say("utter_urge_draft", draft=found.text, card=card)
    turn.say("utter_urge_now", why=why, number=number, then=then, sources=cited)


def _then(at: datetime | None, provisional: bool) -> str:
    if at is None:
        return ""
    unsure = "（放假安排以公布的为准）" if provisional else ""
    return f"最早可以再问的时间：{full_day_zh(at)}{unsure}。"
