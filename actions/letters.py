"""Texts for the buyer to copy and hand in: 12315 complaint and report, pleading outline, rebuttal. Never sent by us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, back_to, go
from actions.wording import sources
from bot.cases.drafts import NAMES, keep_draft
from bot.cases.view import view_of
from bot.disputes.model import CaseView
from bot.disputes.rulebook import Rulebook
from bot.disputes.statements import Letter, complaint_12315, pleading_outline, rebuttal, report_12315

_WRITERS: dict[str, Callable[[CaseView, datetime, Rulebook], Letter]] = {
    "complaint": complaint_12315,
    "report": report_12315,
    "pleading": pleading_outline,
    "rebuttal": rebuttal,
}
_WHERE = {
    "complaint": "核对无误后，由您本人在全国 12315 平台或拨打 12315 提交",
    "report": "核对无误后，由您本人在全国 12315 平台的举报入口提交，和投诉分开",
    "pleading": "核对无误后，由您本人向法院提交",
    "rebuttal": "请贴到平台的举证页面，在举证截止之前交",
}


class ActionDraftLetter(CaseAction):
    """Write the text that was asked for, keep it with the case, name its blanks, come back to the open question."""

    def name(self) -> str:
        return "action_draft_letter"

    async def act(self, turn: Turn) -> list[EventType]:
        noted = turn.case.dialogue.pop("letter", None) or {"back": turn.heard.asked}
        kind = str(turn.heard.answer.get("letter") or noted.get("kind"))
        if kind not in _WRITERS or not turn.case.types:
            return go(NEXT)
        letter = _WRITERS[kind](view_of(turn.case), turn.now, turn.services.rulebook)
        if letter.refused is not None:
            cited = sources(letter.refused.sources, turn.services.rulebook)
            turn.say("utter_letter_refused", why=letter.refused.text, sources=cited)
        else:
            _give(turn, letter)
        return back_to(noted["back"])


def _give(turn: Turn, letter: Letter) -> None:
    keep(turn, letter)
    title = NAMES[letter.kind]
    turn.say(
        "utter_letter",
        title=title,
        text=letter.text,
        card={"type": "draft", "title": title, "text": letter.text},
    )
    turn.say(
        "utter_letter_next",
        where=_WHERE[letter.kind],
        blanks=blanks_line(letter),
        notes="".join(f"\n· {note.text}" for note in letter.notes),
        sources=sources(_cited(letter), turn.services.rulebook),
    )


def _cited(letter: Letter) -> tuple[str, ...]:
    """What the notes rest on; the text names its own basis."""
    return tuple(dict.fromkeys(one for note in letter.notes for one in note.sources)) or letter.sources


def keep(turn: Turn, letter: Letter) -> bool:
    """Keep a letter with the case; False when it is there already."""
    return keep_draft(
        turn.case,
        letter.kind,
        letter.text,
        turn.now,
        template=letter.template,
        blanks=letter.blanks,
        message_id=turn.heard.message_id,
    )


def blanks_line(letter: Letter) -> str:
    """“还要您填：…” naming each blank; nothing when there is none."""
    return f"\n标着“请补充”的地方要您自己填：{'；'.join(letter.blanks)}。" if letter.blanks else ""
