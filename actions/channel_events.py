"""What a channel reports that is no message: a new follower, something the assistant cannot read, a lost picture."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, go, wait

_MEDIA = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}
_UNREADABLE = ("location", "voice", "video", "sticker")


class ActionUnsupported(CaseAction):
    """Something came that cannot be read: say so, and what to send instead."""

    def name(self) -> str:
        return "action_unsupported"

    async def act(self, turn: Turn) -> list[EventType]:
        kind = turn.heard.answer.get("kind")
        turn.say(f"utter_unsupported_{kind if kind in _UNREADABLE else 'other'}")
        return go("action_ask_again")


class ActionMediaLost(CaseAction):
    """A file could not be fetched whole: nothing of it was kept."""

    def name(self) -> str:
        return "action_media_lost"

    async def act(self, turn: Turn) -> list[EventType]:
        what = _MEDIA.get(str(turn.heard.answer.get("kind")), "文件")
        why = str(turn.heard.answer.get("why") or "")
        if why:
            turn.say("utter_media_refused", what=what, why=why)
        else:
            turn.say("utter_media_lost", what=what)
        return wait(turn.heard.asked)
