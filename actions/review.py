"""Having a decision reviewed (申诉复审): what counts as new, the appeal read back, and only then the buyer's wish noted."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.after_ruling import TOLD
from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.intervention_answers import REASON, asks_what_is_new
from actions.intervention_steps import due_line
from actions.letters import blanks_line, keep
from actions.named_case import answered_case
from actions.wording import button, sources
from bot.cases.drafts import NAMES, newest_draft
from bot.cases.view import view_of
from bot.disputes.new_evidence import NewEvidence
from bot.disputes.statements import Letter, appeal
from bot.intervention.clocks import APPEAL
from bot.intervention.states import NotAllowed, State, want_review, wants_noted
from bot.intervention.told import told_ruling

_NEW_EVIDENCE = re.compile(
    r"新的?(?:证据|凭证|材料|视频|照片|录像|录音|报告|截图)|(?:检测|鉴定|质检|检验)报告|补充(?:了)?(?:证据|材料)"
)
_DENIED = re.compile(r"(?:没有?|无)(?:什么|别的|其他)?新的?(?:证据|凭证|材料)")
_FILLER = re.compile(
    r"我(?:要|想|还是|坚决|就)*|要求|申请|申诉|复审|重新(?:判|审)?|不服(?:气)?|不公平|不公正|判错了?|这个|判决|结果|[，,。.!！~\s]"
)
_GROUNDS = re.compile(
    r"没有?(?:人)?(?:看|考虑|采信|核实|回应|理会)|漏|忽略|明明|弄错|搞错|认错|看错|不属实|说谎|撒谎|伪造|矛盾|应该由商家|商家.{0,6}(?:没|未)|举证|因为|理由"
)
_LEAST = 6  # characters of the buyer's own that make a reason
_LONGEST = 200
_UNDECIDED = (State.ACCEPTED.value, State.EVIDENCE.value, State.MEDIATION.value)


class ActionWantReview(CaseAction):
    """The buyer wants the decision reviewed: new evidence or a reason is what it takes; then the appeal is read back."""

    def name(self) -> str:
        return "action_want_review"

    async def act(self, turn: Turn) -> list[EventType]:
        if turn.heard.asked == REASON and turn.heard.intent in ("deny", "dont_know"):
            return _nothing_to_add(turn)
        if _ruling_unknown(turn):
            turn.say("utter_review_no_ruling")
            turn.say("utter_ask_ruling")
            return wait("fact:ruling")
        async with answered_case(turn) as meant:
            if _refused(turn, meant) or meant is None:
                return go(NEXT)
            asked = _prepare(meant)
            return wait(asked if meant.case is turn.case else turn.heard.asked)


def _ruling_unknown(turn: Turn) -> bool:
    """Whether the desk still works on it and nobody has said that the platform has ruled."""
    found = turn.case.intervention
    undecided = found is not None and found.state in _UNDECIDED and "number" not in turn.heard.answer
    return undecided and told_ruling(turn.case) is None and "ruling" not in turn.case.declined


def _nothing_to_add(turn: Turn) -> list[EventType]:
    """Neither new evidence nor a reason: what is left to do then."""
    if "new_evidence" not in turn.case.facts:
        turn.case.take("new_evidence", False, at=turn.now, message_id=turn.heard.message_id)
    turn.case.dialogue.pop(TOLD, None)
    return go("action_after_ruling")


def _refused(turn: Turn, meant: Turn | None) -> bool:
    """Say that nothing can be reviewed now, and why; False when it can."""
    found = meant.case.intervention if meant is not None else None
    if found is not None and found.state == State.DECIDED.value:
        return False
    if meant is not None and told_ruling(meant.case) is not None:
        return False
    running = found is not None and found.state == State.REVIEW.value
    turn.say("utter_review_running" if running else "utter_review_none")
    return True


def _prepare(turn: Turn) -> str | None:
    """Draft the appeal for reading back, or say what is missing for one; returns the question that is open then."""
    fresh = turn.advice().new_evidence
    if asks_what_is_new(turn.heard.text):
        return _tell_what_is_new(turn, fresh)
    _note_words(turn)
    fresh = turn.advice().new_evidence
    reason = str(turn.case.dialogue.get(REASON) or "")
    letter = appeal(view_of(turn.case), turn.now, turn.services.rulebook, reason)
    if letter.refused is not None:
        _tell_what_it_takes(turn, letter, fresh)
        return REASON
    if (
        told_ruling(turn.case) is not None
    ):  # the desk has decided nothing: there is nobody here to hand it in to
        _hand_over(turn, letter, fresh)
        return None
    if not keep(turn, letter) and wants_noted(turn.case):
        turn.say("utter_review_noted_already")
        return None
    _read_back(turn, letter, fresh)
    return "appeal"


def _tell_what_is_new(turn: Turn, fresh: NewEvidence) -> str:
    """What counts as new, without taking a question for news of a piece."""
    turn.say(
        "utter_review_what_is_new",
        pieces=_pieces(fresh),
        kinds=_would_help(turn, fresh),
        sources=sources(fresh.sources, turn.services.rulebook),
    )
    return REASON


def _hand_over(turn: Turn, letter: Letter, fresh: NewEvidence) -> None:
    """The appeal as a text that the buyer hands in where the ruling was made."""
    keep(turn, letter)
    card = {"type": "draft", "title": NAMES[letter.kind], "text": letter.text}
    turn.say("utter_letter", title=NAMES[letter.kind], text=letter.text, card=card)
    turn.say(
        "utter_appeal_to_hand_in",
        pieces=_pieces(fresh) + _weak(turn, fresh),
        blanks=blanks_line(letter),
        appeal=_due(turn),
        sources=sources(fresh.sources, turn.services.rulebook),
    )


def _note_words(turn: Turn) -> None:
    """New evidence or a reason that the message tells of."""
    text, case = turn.heard.text.strip(), turn.case
    if turn.heard.origin == "button" or not text:
        return
    if _NEW_EVIDENCE.search(text) and not _DENIED.search(text):
        case.take("new_evidence", True, at=turn.now, message_id=turn.heard.message_id)
    own = _FILLER.sub("", text)
    if len(own) >= _LEAST and (turn.heard.asked == REASON or _GROUNDS.search(text)):
        before = str(case.dialogue.get(REASON) or "")
        case.dialogue[REASON] = "；".join(filter(None, [before, text]))[:_LONGEST]


def _due(turn: Turn) -> str:
    return due_line(turn, APPEAL, "申诉期限请看平台页面，越早越好。")


def _number(turn: Turn) -> str:
    return turn.case.intervention.number if turn.case.intervention else ""


def _pieces(fresh: NewEvidence) -> str:
    """Each piece that came after the decision, with whether it counts as new and why."""
    lines = [
        f"· {piece.name}：{'算新证据' if piece.new else '不算新证据'}，{piece.why_zh}"
        for piece in fresh.pieces
    ]
    return "\n".join(["", "您判决之后交来的：", *lines]) if lines else ""


def _weak(turn: Turn, fresh: NewEvidence) -> str:
    """A word of caution where only reasons are brought."""
    told = turn.case.facts.get("new_evidence")
    if fresh.counts or (told is not None and told.value is True):
        return ""
    return f"\n没有新证据、只凭理由的，平台一般不再支持，最好先补上。这些一般算新证据：{_would_help(turn, fresh)}。"


def _would_help(turn: Turn, fresh: NewEvidence) -> str:
    kinds = turn.services.rulebook.evidence
    return "、".join(kinds[kind].name for kind in fresh.would_help if kind in kinds) or "能改变结论的新材料"


def _tell_what_it_takes(turn: Turn, letter: Letter, fresh: NewEvidence) -> None:
    refused = letter.refused
    turn.say(
        "utter_review_needs_new",
        why=refused.text if refused else "",
        pieces=_pieces(fresh),
        kinds=_would_help(turn, fresh),
        appeal=_due(turn),
        sources=sources([*fresh.sources, *(refused.sources if refused else ())], turn.services.rulebook),
    )


def _read_back(turn: Turn, letter: Letter, fresh: NewEvidence) -> None:
    number = _number(turn)
    turn.say(
        "utter_appeal_draft",
        draft=letter.text,
        pieces=_pieces(fresh) + _weak(turn, fresh),
        blanks=blanks_line(letter),
        sources=sources(fresh.sources, turn.services.rulebook),
        appeal=_due(turn),
        card=_card(turn, letter, fresh),
        buttons=[
            button("确认提出申诉", appeal="file", number=number),
            button("有地方要改", appeal="correct", number=number),
            button("先不申诉", appeal="later", number=number),
        ],
    )


def _card(turn: Turn, letter: Letter, fresh: NewEvidence) -> dict[str, object]:
    """A page shows this instead of the text, so everything in the text is in it."""
    rows = [
        ("申诉稿", letter.text),
        ("判决之后交来的", _pieces(fresh).strip().partition("\n")[2]),
        ("请注意", _weak(turn, fresh).strip()),
        ("要您自己填", "；".join(letter.blanks)),
        ("期限", _due(turn)),
    ]
    shown = [{"label": label, "value": value} for label, value in rows if value]
    return {"type": "read_back", "title": "申诉前请核对（还没有提出）", "rows": shown}


class ActionTakeAppealAnswer(CaseAction):
    """The answer to the appeal that was read back; only a yes is noted in the intervention's record."""

    def name(self) -> str:
        return "action_take_appeal_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        chosen = turn.heard.answer.get("appeal") or turn.heard.intent
        async with answered_case(turn) as meant:
            if _refused(turn, meant) or meant is None:
                return go(NEXT)
            asked = _answered(meant, str(chosen))
            return wait(asked if meant.case is turn.case else turn.heard.asked)


def _answered(turn: Turn, chosen: str) -> str | None:
    if chosen in ("later", "dont_know"):
        turn.say("utter_appeal_later", appeal=_due(turn))
        return None
    if chosen not in ("file", "affirm"):
        turn.say("utter_ask_appeal_correction")
        return REASON
    _file(turn)
    return None


def _file(turn: Turn) -> None:
    """Note the wish where the desk reads it. Said as noted only when it is."""
    if newest_draft(turn.case, "appeal") is None:
        turn.say("utter_review_none")
        return
    try:
        noted = want_review(turn.case, _summary(turn), turn.now)
    except NotAllowed:
        turn.say("utter_review_none")
        return
    if noted:
        turn.say("utter_review_noted", fresh=_summary(turn), appeal=_due(turn))
    else:
        turn.say("utter_review_noted_already")


def _summary(turn: Turn) -> str:
    """What is new and why, in one line for the intervention's history; the whole text is among the drafts."""
    kinds = turn.services.rulebook.evidence
    pieces = turn.advice().new_evidence.new_pieces
    names = [kinds[one.kind].name if one.kind in kinds else one.name for one in pieces]
    if not names and "new_evidence" in turn.case.facts and turn.case.facts["new_evidence"].value is True:
        names = ["买家说有新证据，待上传"]
    reason = str(turn.case.dialogue.get(REASON) or "")
    parts = [f"新证据：{'、'.join(names)}" if names else "", f"理由：{reason}" if reason else ""]
    return "；".join(filter(None, parts)) or "理由见申诉稿"
