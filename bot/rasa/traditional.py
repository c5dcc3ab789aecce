"""A line of the bot for a buyer who writes traditional characters."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.messages import Reply
from bot.zh.script import all_to_traditional, to_traditional


def in_traditional(reply: Reply) -> Reply:
    """The line with its words converted: text, titles of buttons, card. What a button means and files stay."""
    return replace(
        reply,
        text=to_traditional(reply.text) if reply.text else reply.text,
        buttons=[{**button, "title": to_traditional(button["title"])} for button in reply.buttons],
        card=all_to_traditional(reply.card),
    )
