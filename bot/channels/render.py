"""Log lines as plain text bubbles, for platforms without cards: one renderer, many limits.

A card is left out, for it always comes with a text that says the same. Nothing else is: what is too long is
split, what is short is put together, and nobody's words are shown as somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.capabilities import Capabilities
from bot.channels.splitting import size, split
from bot.conversation.messages import BOT_NAME, Entry

NUMBERED_HEAD = "回复数字选择："
MOST_NUMBERED = 9  # an answer by number is one digit

# Characters that no messenger shows and XML 1.0 does not allow (https://www.w3.org/TR/xml/#charsets).
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_LONGEST_NAME = 20  # characters of an author's name in a label
_ROLES = {"agent": "人工客服", "system": "系统", "buyer": "您"}
_UNITS = ((1024 * 1024, "MB"), (1024, "KB"))


@dataclass(frozen=True)
class Button:
    """A button that the channel draws; `token` comes back when it is pressed."""

    title: str
    token: str


@dataclass(frozen=True)
class Bubble:
    """One message to be sent.

    `lines` are the indexes of the log lines that are in it, whole or in part. `images` are the attachments
    that the channel sends itself, after the text.
    """

    text: str
    lines: tuple[int, ...]
    buttons: tuple[Button, ...] = ()
    images: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class _Author:
    type: str
    label: str


@dataclass(frozen=True)
class Part:
    """A piece of one line that fits into a bubble with its label; `line` is the index of the line."""

    line: int
    author: _Author
    text: str
    buttons: tuple[Button, ...] = ()
    images: tuple[dict[str, Any], ...] = ()


def visible(text: str) -> str:
    """`text` without characters that cannot be shown or sent, with plain line breaks, without outer space."""
    return _INVISIBLE.sub("", _BREAKS.sub("\n", text)).strip()


def numbered(titles: Sequence[str]) -> str:
    """Buttons as a list to answer with a number."""
    listed = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
    return "\n".join([NUMBERED_HEAD, *listed])


def plan(
    lines: Sequence[Entry], capabilities: Capabilities, *, only_first: int | None = None
) -> list[Bubble]:
    """The bubbles that show `lines`, in order.

    Every bubble keeps the limits; how many there are is for the caller to judge (`capabilities.bubbles`).
    Lines without anything to show take none.

    Args:
        lines: the last one is the newest of the conversation.
        only_first: show only so many of them.
    """
    shown = [part for part in parts(lines, capabilities) if only_first is None or part.line < only_first]
    return [_bubble(group) for group in grouped(shown, capabilities)]


def parts(lines: Sequence[Entry], capabilities: Capabilities) -> list[Part]:
    """The pieces of `lines`, the last of which is the newest of the conversation, in order."""
    return [
        part
        for index, line in enumerate(lines)
        for part in _parts(index, line, capabilities, newest=index == len(lines) - 1)
    ]


def grouped(given: Sequence[Part], capabilities: Capabilities) -> list[list[Part]]:
    """The pieces that share a bubble, bubble by bubble: each takes as many as fit."""
    groups: list[list[Part]] = []
    for part in given:
        if groups and _fits([*groups[-1], part], capabilities):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def text_of(group: Sequence[Part]) -> str:
    """The text of a bubble: its parts below each other, each change of author labelled; the bot alone needs no label."""
    only_bot = all(part.author.type == "bot" for part in group)
    shown: list[str] = []
    before: _Author | None = None
    for part in group:
        label = "" if only_bot or part.author == before else part.author.label
        shown.append(label + part.text)
        before = part.author
    return "\n\n".join(filter(None, shown))


def _fits(group: Sequence[Part], capabilities: Capabilities) -> bool:
    """Whether these parts may share a bubble: drawn buttons and pictures stand at its end."""
    if any(part.buttons or part.images for part in group[:-1]):
        return False
    return size(text_of(group)) <= _limit(group[-1].buttons, capabilities)


def _limit(buttons: Sequence[Button], capabilities: Capabilities) -> int:
    return capabilities.text_bytes_with_buttons if buttons else capabilities.text_bytes


def _bubble(group: Sequence[Part]) -> Bubble:
    lines = tuple(dict.fromkeys(part.line for part in group))
    return Bubble(text_of(group), lines, group[-1].buttons, group[-1].images)


def _author(line: Entry) -> _Author:
    name = visible(line.author_name).replace("\n", " ")[:_LONGEST_NAME].strip("【】 ")
    role = _ROLES.get(line.author_type)
    if role is None:  # the bot
        return _Author(line.author_type, f"【{name or BOT_NAME}】")
    if line.author_type != "agent" or name in ("", role):
        return _Author(line.author_type, f"【{role}】")
    return _Author(line.author_type, f"【{role} {name}】")


def _parts(index: int, line: Entry, capabilities: Capabilities, *, newest: bool) -> list[Part]:
    author = _author(line)
    buttons = _drawn(line, capabilities)
    images = _images(line, capabilities)
    text = _body(line, capabilities, newest=newest)
    if not text and not buttons and not images:
        return []
    label = "" if author.type == "bot" else author.label
    texts = split(text, capabilities.text_bytes - size(label)) or [""]
    if buttons:
        # The question belongs to its buttons, whose bubble may hold less.
        room = capabilities.text_bytes_with_buttons - size(label)
        texts[-1:] = split(texts[-1], room) or [""]
    before = [Part(index, author, piece) for piece in texts[:-1]]
    return [*before, Part(index, author, texts[-1], buttons, images)]


def _titles(line: Entry) -> list[str]:
    return [" ".join(visible(button["title"]).split()) for button in line.buttons or []]


def _drawn(line: Entry, capabilities: Capabilities) -> tuple[Button, ...]:
    if not capabilities.draws(len(line.buttons or [])):
        return ()
    tokens = [button["token"] for button in line.buttons or []]
    return tuple(Button(title, token) for title, token in zip(_titles(line), tokens, strict=True))


def _images(line: Entry, capabilities: Capabilities) -> tuple[dict[str, Any], ...]:
    return (line.attachment,) if line.attachment and _is_image(line.attachment, capabilities) else ()


def _is_image(attachment: dict[str, Any], capabilities: Capabilities) -> bool:
    return capabilities.images and str(attachment.get("mime", "")).startswith("image/")


def _body(line: Entry, capabilities: Capabilities, *, newest: bool) -> str:
    """All of the line that is shown as text."""
    shown = [_MANY_BREAKS.sub("\n\n", visible(line.text or ""))]
    if line.attachment and not _is_image(line.attachment, capabilities):
        shown.append(file_line(line.attachment))
    titles = _titles(line)
    if titles and not capabilities.draws(len(titles)):
        # A number means a button of the line said last, so only that one gets numbers.
        countable = newest and len(titles) <= MOST_NUMBERED
        shown.append(numbered(titles) if countable else f"可以回复：{'、'.join(titles)}")
    return "\n\n".join(filter(None, shown))


def file_line(attachment: dict[str, Any]) -> str:
    """A file that cannot be shown, in words."""
    name = " ".join(visible(str(attachment.get("name") or "未命名")).split())
    count = attachment.get("size")
    if not isinstance(count, int):
        return f"［文件：{name}］"
    shown = next(
        (f"{count / unit:.1f} {letters}" for unit, letters in _UNITS if count >= unit), f"{count} 字节"
    )
    return f"［文件：{name}，{shown}］"
