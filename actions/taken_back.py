"""A trouble that the buyer says is none (撤回纠纷类型): 我没退货啊, 没有发票问题. The case goes on with what is left."""

from __future__ import annotations

from actions.base import Turn
from actions.intake import say_taken
from bot.cases.intake import take_facts
from bot.zh.ruled_out import denied


def take_back_types(turn: Turn) -> bool:
    """Drop the types that the message denies, and take what else it states; False where none is dropped.

    The last type is never dropped: a case without one would have nothing to go on with.
    """
    case, rulebook = turn.case, turn.services.rulebook
    gone = denied(turn.heard.text) & set(case.types)
    left = [code for code in case.types if code not in gone]
    if not gone or not left:
        return False
    case.set_types(left, turn.now, message_id=turn.heard.message_id)
    say_taken(turn, take_facts(case, turn.heard, rulebook.facts))
    turn.say("utter_type_taken_back", names="、".join(sorted(rulebook.types[code].name for code in gone)))
    return True
