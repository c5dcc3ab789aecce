"""``bot chat`` and ``bot converse``: the same conversation in a terminal, live or from a script."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import typer

from bot.cli.output import fail, print_json, read_jsonl


def chat() -> None:
    """Talk to the assistant in the terminal; “上传 <file>” hands in evidence, an empty line ends."""
    from bot.cli.moments import moment_or_now
    from bot.cli.terminal import Terminal, show_replies

    async def talk() -> None:
        async with Terminal.open(moment_or_now("")) as terminal:
            print("（直接输入文字；“上传 文件路径”交证据；空行结束）")
            while True:
                line = (await asyncio.to_thread(_ask)).strip()
                if not line:
                    return
                show_replies(await terminal.turn(_typed(line)))

    asyncio.run(talk())


def _ask() -> str:
    try:
        return input("我 > ")
    except EOFError:
        return ""


def _typed(line: str) -> dict[str, Any]:
    return {"upload": line[3:].strip()} if line.startswith("上传 ") else {"say": line}


def converse(
    script: Path = typer.Option(
        None, "--script", help='JSON lines: {"text"} or {"upload": path} or {"button": title}.'
    ),
    as_json: bool = typer.Option(False, "--json", help="JSON lines: one for each turn, then the case."),
    at: str = typer.Option("", "--at", help="The moment the conversation begins (ISO 8601; default: now)."),
) -> None:
    """Hold one conversation without a server; prints each reply, and at the end the case as JSON.

    Without --script it reads standard input, one turn a line, and answers each before it reads the next.
    """
    from bot.cases.export import to_json
    from bot.cli.moments import moment_or_now
    from bot.cli.terminal import Terminal, show_replies

    rows = read_jsonl(script) if script else None

    async def run() -> None:
        async with Terminal.open(moment_or_now(at)) as terminal:
            number = 0
            async for row in _rows(rows):
                number += 1
                replies = await terminal.turn(row)
                if as_json:
                    print_json({"turn": number, "given": row, "replies": replies}, indent=None)
                else:
                    print(f"我：{row.get('text') or row.get('button') or row.get('upload') or ''}")
                    show_replies(replies)
            case = await terminal.case()
            print_json({"case": to_json(case) if case else None}, indent=None if as_json else 2)

    asyncio.run(run())


async def _rows(rows: list[dict[str, Any]] | None) -> AsyncIterator[dict[str, Any]]:
    if rows is not None:
        for row in rows:
            if not {"text", "upload", "button"} & set(row):
                fail(f'a turn needs "text", "upload" or "button", not {sorted(row)}')
            yield row
        return
    while True:
        line = await asyncio.to_thread(sys.stdin.buffer.readline)
        if not line:
            return
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if text.strip():
            yield _as_row(text)


def _as_row(text: str) -> dict[str, Any]:
    import json

    try:
        row = json.loads(text)
    except ValueError:
        return {"text": text}
    return row if isinstance(row, dict) and {"text", "upload", "button"} & set(row) else {"text": text}
