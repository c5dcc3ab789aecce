"""``bot chat`` and ``bot converse``: the same conversation in a terminal, live or from a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.output import fail, note, print_json, printable
from bot.cli.rows import Row

if TYPE_CHECKING:
    from bot.cli.terminal import Refusal, Terminal


def chat() -> None:
    """Talk to the assistant in the terminal.

    “上传 <file>” hands in evidence; a button is pressed by typing its title; an empty line ends.
    """
    from bot.cli.keyboard import Lines
    from bot.cli.moments import moment_or_now
    from bot.cli.terminal import Terminal, show_replies

    async def talk() -> None:
        async with Terminal.open(moment_or_now("")) as terminal:
            print("（直接输入文字；“上传 文件路径”交证据；空行结束）")
            lines = Lines()
            while True:
                print("我 > ", end="", flush=True)
                line = ((await lines.next()) or "").strip()
                if not line:
                    return
                show_replies(await terminal.turn(_typed(line)))

    asyncio.run(talk())


def _typed(line: str) -> Row:
    return {"upload": line[3:].strip()} if line.startswith("上传 ") else {"text": line}


def converse(
    script: Path = typer.Option(
        None,
        "--script",
        help='JSON lines: {"text"} or {"upload": path} or {"button": title}.',
        show_default=False,
    ),
    as_json: bool = typer.Option(False, "--json", help="JSON lines: one for each turn, then the case."),
    at: str = typer.Option("", "--at", help="The moment the conversation begins (ISO 8601; default: now)."),
) -> None:
    """Hold one conversation without a server; prints each reply, and at the end the case as JSON.

    Without --script it reads standard input, one turn a line, and answers each before it reads the next.
    A turn that the assistant refuses (too long, no evidence file) is noted on standard error; the exit
    code is 1 when a turn could not be played (no such button, no such file).
    """
    from bot.cli.moments import moment_or_now
    from bot.cli.turns import script_turns

    rows = script_turns(script) if script else None
    begun = moment_or_now(at)

    async def run() -> list[int]:
        from bot.cli.terminal import Terminal

        async with Terminal.open(begun) as terminal:
            return await _play(terminal, _turns(rows), as_json=as_json)

    unplayed = asyncio.run(run())
    if unplayed:
        numbers = ", ".join(map(str, unplayed))
        fail(f"these turns could not be played: {numbers}; the others were answered, see the notes above")


async def _play(terminal: Terminal, rows: AsyncIterator[Row], *, as_json: bool) -> list[int]:
    """Hold the conversation; the numbers of the turns that could not be played."""
    from bot.cases.export import to_json
    from bot.cli.terminal import show_replies

    unplayed, number = [], 0
    async for row in rows:
        number += 1
        replies = await terminal.turn(row)
        if as_json:
            print_json({"turn": number, "given": row, "replies": replies}, indent=None)
        else:
            print(printable(f"我：{row.get('text') or row.get('button') or row.get('upload') or ''}"))
            show_replies(replies)
        if _noted(number, terminal.refusal):
            unplayed.append(number)
    case = await terminal.case()
    print_json({"case": to_json(case) if case else None}, indent=None if as_json else 2)
    return unplayed


def _noted(number: int, refusal: Refusal | None) -> bool:
    """Tell the operator about a refusal; True when the turn itself was wrong and not what a buyer can do."""
    if refusal is None:
        return False
    note(f"turn {number} was refused: {refusal.why}")
    return refusal.unplayable


async def _turns(rows: list[Row] | None) -> AsyncIterator[Row]:
    from bot.cli.turns import typed_turns

    if rows is None:
        async for row in typed_turns():
            yield row
    for row in rows or ():
        yield row
