"""Log lines in the two forms that WeChat takes: one passive text, or a few customer-service messages.

Source: developers.weixin.qq.com, 被动回复用户消息 and 发送客服消息 (message/custom/send, msgtype text and msgmenu).
Neither states how much a msgmenu holds; the limits here are those of the sister API 微信客服 (kf/send_msg: head
1024 bytes, 10 entries, id 64 bytes, entry 128 bytes), which the same client shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wechatpy.replies import TextReply

from bot.channels.capabilities import Capabilities
from bot.channels.render import Bubble, plan, visible
from bot.channels.splitting import size, split
from bot.conversation.messages import Entry

TEXT_BYTES = 2048
ENTRY_BYTES = 128
MENU_HEAD = "请选择："
CUT_OFF = "（内容太长，后面的这里显示不下了）"
MORE = "\n\n（内容没有显示完，回复“继续”查看后面的部分）"
SHORTEST_BEGINNING = 60  # UTF-8 bytes, 20 Chinese characters

PASSIVE = Capabilities(text_bytes=TEXT_BYTES, buttons="numbered", most_buttons=0, images=False, bubbles=1)
CUSTOM = Capabilities(
    text_bytes=TEXT_BYTES, buttons="menu", most_buttons=10, images=False, bubbles=3, button_text_bytes=1024
)
# For accounts that may send text but no msgmenu (errcode 40200).
CUSTOM_NUMBERED = replace(CUSTOM, buttons="numbered")


@dataclass(frozen=True)
class Message:
    """One customer-service message: `body` without `touser`, and the indexes of the lines that are in it."""

    body: dict[str, Any]
    lines: tuple[int, ...]


def more_notice(link: str) -> str:
    """What leads to the rest of an answer that does not fit."""
    return f"内容较长，点此查看全部：\n{link}"


def passive_xml(text: str, openid: str, original_id: str, at: datetime) -> str:
    """The body that answers a callback with `text` (to be sealed in AES mode).

    Args:
        openid: of the buyer, as checked by `inbound.parse`.
        original_id: the account's own name, from the message that is answered.
        at: now.
    """
    # An XML reader puts the two sections together again; one section cannot hold its own end.
    content = visible(text).replace("]]>", "]]]]><![CDATA[>")
    reply = TextReply(source=original_id, target=openid, time=int(at.timestamp()), content=content)
    return str(reply.render())


def custom_messages(
    lines: Sequence[Entry], most: int, link: str | None, capabilities: Capabilities = CUSTOM
) -> list[Message]:
    """`lines` as at most `most` customer-service messages, in order.

    What does not fit stands behind `link`, which the last message then carries together with the newest
    buttons. Without a link the lines that do not fit whole are left out (they are in no message's `lines`),
    to be sent when there is room again; a first line too long for any answer is cut, and says so.

    Args:
        most: at least 1.
    """
    bubbles = plan(lines, capabilities)
    if len(bubbles) > most:
        bubbles = (
            _whole_lines(lines, most, capabilities)
            if link is None
            else _shortened(lines, bubbles, most, link, capabilities)
        )
    return [Message(_body(bubble), bubble.lines) for bubble in bubbles]


def _shortened(
    lines: Sequence[Entry], bubbles: Sequence[Bubble], most: int, link: str | None, limits: Capabilities
) -> list[Bubble]:
    """The first `most` bubbles; the last of them ends with where the rest is and has the newest buttons."""
    notice = CUT_OFF if link is None else more_notice(link)
    last = replace(lines[-1], text=notice, author_type="bot", card=None, attachment=None)
    closing = plan([last], limits)[-1]
    limit = limits.text_bytes_with_buttons if closing.buttons else limits.text_bytes
    text = _beginning(bubbles[most - 1].text, limit - size(closing.text)) + closing.text
    covered = tuple(dict.fromkeys(index for bubble in bubbles[most - 1 :] for index in bubble.lines))
    return [*bubbles[: most - 1], replace(closing, text=text, lines=covered)]


def _beginning(text: str, room: int) -> str:
    """What of `text` fits into `room` bytes, set off from what follows; nothing when that is hardly a sentence."""
    end = "……\n\n"
    room -= size(end)
    return split(text, room)[0] + end if text and room >= SHORTEST_BEGINNING else ""


def _whole_lines(lines: Sequence[Entry], most: int, limits: Capabilities) -> list[Bubble]:
    """The first lines that fit whole into `most` bubbles; the last bubble says how to get the others."""
    for count in range(len(lines) - 1, 0, -1):
        bubbles = plan(lines, limits, only_first=count)
        if bubbles and len(bubbles) <= most:
            return [*bubbles[:-1], _with_more(bubbles[-1], limits)]
    if most < limits.bubbles:
        return []  # the first line waits until there is room for it
    return _shortened(lines[:1], plan(lines, limits, only_first=1), most, None, limits)


def _with_more(bubble: Bubble, limits: Capabilities) -> Bubble:
    limit = limits.text_bytes_with_buttons if bubble.buttons else limits.text_bytes
    fits = size(bubble.text) + size(MORE) <= limit
    return replace(bubble, text=bubble.text + MORE) if fits else bubble


def _body(bubble: Bubble) -> dict[str, Any]:
    if not bubble.buttons:
        return {"msgtype": "text", "text": {"content": bubble.text}}
    entries = [{"id": button.token, "content": _entry(button.title)} for button in bubble.buttons]
    menu = {"head_content": bubble.text or MENU_HEAD, "list": entries, "tail_content": ""}
    return {"msgtype": "msgmenu", "msgmenu": menu}


def _entry(title: str) -> str:
    if size(title) <= ENTRY_BYTES:
        return title
    return split(title, ENTRY_BYTES - size("…"))[0] + "…"
