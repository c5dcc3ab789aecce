"""What else can be done (升级阶梯): one step at a time, which one next and why not the others."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import EventType

from actions.after_ruling import TOLD, ruled
from actions.base import NEXT, CaseAction, Turn, back_to, go, wait
from actions.ways_words import letter_of, named_way, wanted_letter
from actions.wording import button, sources
from bot.disputes.advise import Advice
from bot.disputes.escalation import WITHIN_PLATFORM, Step
from bot.disputes.suspension import deciding
from bot.intervention.steps import final

_LETTER_TITLES = {"complaint": "写12315投诉", "report": "写12315举报", "pleading": "起诉提纲"}
_PLATFORM, _POLICE = "X1", "X9"
_BESIDE = ("X3", "X5", "X6", "X9")  # do something else than bring the money back: no step on the way to it
_OTHERS = 2  # further ways offered as buttons
_URGENT = ("scam", "injury")


class ActionShowWays(CaseAction):
    """Show the way that is asked about, else the next one, then come back to the open question."""

    def name(self) -> str:
        return "action_show_ways"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            turn.say("utter_ways_without_case")
            return go(NEXT)
        wanted, letter, asked = _wish(turn)
        advice = turn.advice()
        step = _shown_step(advice, wanted)
        if step is None and wanted is None and _platform_speaks(turn, advice):
            return go("action_after_ruling")
        need = _open_question(turn, step)
        if need is not None:
            return _ask_first(turn, need, {"wanted": wanted, "letter": letter, "back": asked, "asks": need})
        _tell(turn, advice, wanted, step)
        return _to_the_letter(turn, letter, asked) if letter else back_to(asked)


def _wish(turn: Turn) -> tuple[str | None, str | None, str | None]:
    """(the way, the letter, the question to come back to): of this message, or of the one before our question."""
    asked, heard = turn.case.dialogue.pop("ways", None), turn.heard
    if asked and heard.asked_fact == asked["asks"]:
        return asked["wanted"], asked["letter"], asked["back"]
    if "way" in heard.answer:
        chosen = str(heard.answer["way"])
        return (None if chosen in ("next", "other") else chosen), None, heard.asked
    if heard.origin == "button":
        return None, None, heard.asked
    return named_way(heard.text), wanted_letter(heard.text), heard.asked


def _shown_step(advice: Advice, wanted: str | None) -> Step | None:
    steps = {step.id: step for step in advice.escalation}
    return steps.get(wanted) if wanted else next((one for one in steps.values() if one.next), None)


def _platform_speaks(turn: Turn, advice: Advice) -> bool:
    """Whether the ruling leaves the next word with the platform, and that has not been told yet."""
    after = advice.after_ruling
    within = after is not None and after.action in WITHIN_PLATFORM and ruled(turn.case)
    return within and after is not None and turn.case.dialogue.get(TOLD) != after.cell


def _open_question(turn: Turn, step: Step | None) -> str | None:
    """The fact that decides whether this way is open; None when nothing is left to ask."""
    if step is None or step.allowed is not None:
        return None
    return next((fact for fact in step.needs if fact not in turn.case.declined), None)


def _ask_first(turn: Turn, need: str, ways: dict[str, str | None]) -> list[EventType]:
    turn.case.dialogue["ways"] = ways
    turn.say("utter_ways_ask_first")
    turn.say(f"utter_ask_{need}")
    return wait(f"fact:{need}")


def _to_the_letter(turn: Turn, letter: str, asked: str | None) -> list[EventType]:
    turn.case.dialogue["letter"] = {"kind": letter, "back": asked}
    return go("action_draft_letter")


def _tell(turn: Turn, advice: Advice, wanted: str | None, step: Step | None) -> None:
    chosen = next((one for one in advice.escalation if one.next), None)
    if step is None and wanted is None:
        turn.say("utter_ways_wait", why=_why_wait(turn, advice))
    elif step is None or step.allowed is False:
        _tell_shut(turn, wanted, step)
    else:
        _tell_way(turn, step, _place(turn, advice, step, chosen))
    _tell_trap(turn, advice, step)
    rest = _rest(turn, advice.escalation, step, chosen)
    turn.say("utter_ways_rest", rest=rest or "· 没有别的了", buttons=_buttons(advice.escalation, step))


def _tell_shut(turn: Turn, wanted: str | None, step: Step | None) -> None:
    """This way is closed, or it is for another kind of trouble."""
    rules, rule_of = turn.services.rulebook, turn.services.rulebook.procedure.ladder.steps
    if step is not None:
        name, why, cited = step.name_zh, step.why_not_zh, step.sources
    else:
        rule = rule_of[wanted or ""]
        name, why, cited = rule.name, f"它适合的是：{rule.when}；您这件事目前看不出来", rule.sources
    turn.say("utter_way_shut", name=name, why=why.rstrip("。"), sources=sources(cited, rules))


def _tell_way(turn: Turn, step: Step, place: str) -> None:
    rows = {
        "去哪里": "\n".join([step.venue_zh, *_offices(step)]),
        "怎么办": step.how_zh,
        "带什么": _materials(turn, step),
        "时限": step.time_limit_zh,
        "费用": step.cost_zh,
        "结果": step.effect_zh,
        "注意": step.note_zh,
    }
    turn.say(
        "utter_way",
        name=step.name_zh,
        place=place,
        rows="\n".join(f"· {label}：{text}" for label, text in rows.items() if text),
        sources=sources(step.sources, turn.services.rulebook),
    )


def _place(turn: Turn, advice: Advice, step: Step, chosen: Step | None) -> str:
    """Whether this is the step to take now."""
    if step.next:
        return "现在先走这一步"
    if step.id == _POLICE:
        return "有危险或者已经被骗的，马上就去"
    if chosen is not None:
        return f"这条路开着，但现在先走的是“{chosen.name_zh}”"
    return f"这条路开着，但现在不急着走：{_why_wait(turn, advice)}"


def _why_wait(turn: Turn, advice: Advice) -> str:
    """Why no step outside is due yet."""
    facts, after = turn.case.facts, advice.after_ruling
    if after is not None and after.action in WITHIN_PLATFORM and after.needs is None and ruled(turn.case):
        return f"先做判决之后的那一步，{after.say_zh.rstrip('。')}"
    if _deciding(turn):
        return "平台正在处理这件事，先等它的结果"
    if "complaint_filed_at" in facts or "complaint_accepted_at" in facts:
        return "12315 投诉已经在办，先等它的结果，不要两头并行"
    return "平台还能处理，先把现在这一步走完，谈不成就申请客服介入"


def _deciding(turn: Turn) -> bool:
    """Whether the platform still works on a decision: not once the review is decided."""
    case = turn.situation()
    return deciding(case) and not final(turn.case)


def _materials(turn: Turn, step: Step) -> str:
    kinds = turn.services.rulebook.evidence
    return "、".join(
        kinds[kind].name + ("（已有）" if kind in step.held else "")
        for kind in step.materials
        if kind in kinds
    )


def _offices(step: Step) -> Iterable[str]:
    for one in step.special:
        limit = f"，{one.time_limit_zh}" if one.time_limit_zh else ""
        shut = f"（现在还不行：{one.why_not_zh}）" if not one.allowed else ""
        yield f"　{one.name_zh}：{one.venue_zh}{limit}{shut}"


def _tell_trap(turn: Turn, advice: Advice, step: Step | None) -> None:
    """While the platform decides, a word to it of a suit or of the police stops its work."""
    if not _deciding(turn) or "court_told_at" in turn.case.facts:
        return
    texts = turn.services.rulebook.procedure.suspension.texts
    urgent = step is not None and step.id == _POLICE and bool({*advice.types} & {*_URGENT})
    said = texts["urgent" if urgent else "trap"]
    turn.say("utter_ways_trap", say=said.text, sources=sources(said.sources, turn.services.rulebook))


def _rest(turn: Turn, steps: tuple[Step, ...], shown: Step | None, chosen: Step | None) -> str:
    return "\n".join(
        f"· {one.name_zh}：{_why_not_now(turn, one, shown, chosen)}" for one in steps if one is not shown
    )


def _why_not_now(turn: Turn, step: Step, shown: Step | None, chosen: Step | None) -> str:
    if step.next:
        return "现在该走的是这一步"
    if step.allowed is False:
        return step.why_not_zh.rstrip("。")
    if step.id == _PLATFORM and final(turn.case):
        return "平台内复审已经是最后的结果"
    if step.id in _BESIDE:
        return f"{step.effect_zh.rstrip('。')}；需要时可以另外走"
    if step.allowed is None and step.needs:
        labels = "、".join(turn.services.rulebook.facts[fact].label for fact in step.needs)
        return f"要先弄清：{labels}"
    before = chosen or shown
    return f"先看“{before.name_zh}”的结果" if before else "先看平台的结果"


def _buttons(steps: tuple[Step, ...], shown: Step | None) -> list[dict[str, str]]:
    """What can be written for the way that was shown; then other ways that are not closed, the next one first."""
    letter = letter_of(shown.id) if shown is not None and shown.allowed is not False else None
    first = [button(_LETTER_TITLES[letter], letter=letter)] if letter else []
    ordered = sorted(steps, key=lambda one: (not one.next, one.id in _BESIDE))
    open_ones = [one for one in ordered if one is not shown and one.allowed is not False]
    return first + [
        button(f"{one.name_zh.partition('（')[0]}怎么走", way=one.id) for one in open_ones[:_OTHERS]
    ]
