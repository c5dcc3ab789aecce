"""What a channel reports: one kind sentence, then the open question."""

from __future__ import annotations

from typing import Any

import pytest

from actions.channel_events import ActionMediaLost, ActionUnsupported
from tests.actions.conftest import Scene


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("location", "utter_unsupported_location"),
        ("voice", "utter_unsupported_voice"),
        ("video", "utter_unsupported_video"),
        ("sticker", "utter_unsupported_sticker"),
        ("other", "utter_unsupported_other"),
        ("contact_card", "utter_unsupported_other"),
        (None, "utter_unsupported_other"),
    ],
)
async def test_what_cannot_be_read(scene: Scene, kind: str | None, said: str) -> None:
    told = await scene.run(ActionUnsupported, intent="channel_unsupported", answer={"kind": kind})

    assert (told.keys, told.next) == ([said], "action_ask_again")


@pytest.mark.parametrize(
    ("answer", "said", "value"),
    [
        ({"kind": "image"}, "utter_media_lost", {"what": "图片"}),
        ({"kind": "voice", "why": ""}, "utter_media_lost", {"what": "语音"}),
        ({}, "utter_media_lost", {"what": "文件"}),
        ({"kind": "image", "why": "太大了"}, "utter_media_refused", {"what": "图片", "why": "太大了"}),
    ],
)
async def test_a_lost_file(scene: Scene, answer: dict[str, Any], said: str, value: dict[str, str]) -> None:
    told = await scene.run(ActionMediaLost, intent="media_lost", answer=answer, asked="offer")

    assert (told.keys, told.slots["asked"]) == ([said], "offer")
    assert value.items() <= told.values[said].items()
