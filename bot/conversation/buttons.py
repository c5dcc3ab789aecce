"""Buttons: the payload stays here, the buyer only ever holds an opaque token.

A token is random, belongs to one conversation and expires. It may be pressed again until then (a buyer who
scrolls back and changes the answer is right to do so); the same press delivered twice is one inbox row.
"""

from __future__ import annotations

import json
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.errors import ButtonRefused
from bot.conversation.tables import button_tokens, message_log

LIFETIME = timedelta(days=7)
_DIGITS = {char: index % 9 + 1 for index, char in enumerate("123456789１２３４５６７８９一二三四五六七八九")}
_NUMBER = re.compile(r"(?:第|选)?(?P<digit>[1-9１-９一二三四五六七八九])(?:个|项)?[.。、)）]?")
_COMMAND = re.compile(r"/(?P<intent>[A-Za-z_][\w/]*)(?P<json>\{.*\})?", re.DOTALL)


class BadPayload(ValueError):
    """A response carries a button payload that is neither a command nor plain text."""


def read_payload(payload: str) -> dict[str, Any]:
    """Turn `/intent{"slot": value}` into {"intent", "entities"}; any other text into {"text"}.

    Raises BadPayload for a command whose JSON is broken: a fault of ours, to be seen at once.
    """
    if not payload.startswith("/"):
        return {"text": payload}
    match = _COMMAND.fullmatch(payload.strip())
    if match is None:
        raise BadPayload(f"button payload is not /intent{{json}}: {payload!r}")
    try:
        entities = json.loads(match["json"] or "{}")
    except ValueError as error:
        raise BadPayload(f"button payload has broken JSON: {payload!r}") from error
    return {"intent": match["intent"], "entities": entities}


async def issue(
    tx: AsyncConnection, conversation_id: str, buttons: list[dict[str, Any]], log_id: str, now: datetime
) -> list[dict[str, str]]:
    """Store one token per button and return what the buyer may see: [{"title", "token"}]."""
    rows: list[dict[str, Any]] = [
        {
            "token": secrets.token_urlsafe(18),
            "conversation_id": conversation_id,
            "payload": read_payload(str(button["payload"])),
            "title": str(button["title"]),
            "log_id": log_id,
            "created_at": now,
            "expires_at": now + LIFETIME,
        }
        for button in buttons
    ]
    if rows:
        await tx.execute(insert(button_tokens), rows)
    return [{"title": row["title"], "token": row["token"]} for row in rows]


async def resolve(tx: AsyncConnection, conversation_id: str, token: str, now: datetime) -> dict[str, Any]:
    """The stored press for `token`: {"title", "log_id", **payload}.

    Raises ButtonRefused for a forged, foreign or expired token, without telling which.
    """
    row = (
        await tx.execute(
            select(button_tokens).where(
                button_tokens.c.token == token, button_tokens.c.conversation_id == conversation_id
            )
        )
    ).first()
    if row is None or row.expires_at <= now:
        raise ButtonRefused()
    return {"title": row.title, "log_id": row.log_id, **row.payload}


def _newest(conversation_id: str) -> Any:
    """The log line with the newest buttons of the conversation."""
    return (
        select(button_tokens.c.log_id)
        .where(button_tokens.c.conversation_id == conversation_id)
        .order_by(button_tokens.c.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )


async def token_by_title(tx: AsyncConnection, conversation_id: str, title: str) -> str | None:
    """The token of the button called `title` in the newest message that has buttons."""
    query = select(button_tokens.c.token).where(
        button_tokens.c.log_id == _newest(conversation_id), button_tokens.c.title == title
    )
    token: str | None = (await tx.execute(query.limit(1))).scalar_one_or_none()
    return token


async def token_by_number(tx: AsyncConnection, conversation_id: str, text: str) -> str | None:
    """The token that "2" chooses where the buttons were shown as a numbered list.

    Only while the line with the buttons is the last that was said: after another question a number is an
    answer to that one.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    last = (
        select(message_log.c.buttons)
        .where(message_log.c.conversation_id == conversation_id, message_log.c.author_type != "buyer")
        .order_by(message_log.c.seq.desc())
        .limit(1)
    )
    shown = (await tx.execute(last)).scalar_one_or_none() or []
    wanted = _DIGITS[match["digit"]] - 1
    return str(shown[wanted]["token"]) if wanted < len(shown) else None
