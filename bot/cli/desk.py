"""``bot desk``: who may work at the agents' desk."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.cli.output import fail

if TYPE_CHECKING:
    from bot.handoff.model import Role
    from bot.wiring import Services

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True)

_NAME = typer.Argument(..., help="The log-in name.", show_default=False)
_DISPLAY = typer.Option("", "--display", help="The name buyers see, for example 小王.", show_default=False)
_STDIN = typer.Option(False, "--password-stdin", help="Read the password from standard input.")


@app.command("create-admin")
def create_admin(name: str = _NAME, display: str = _DISPLAY, password_stdin: bool = _STDIN) -> None:
    """Make a supervisor: works at the desk, and may see personal data unmasked."""
    _create(name, display, password_stdin, "supervisor")


@app.command("add-agent")
def add_agent(name: str = _NAME, display: str = _DISPLAY, password_stdin: bool = _STDIN) -> None:
    """Make an agent, who answers buyers at the desk."""
    _create(name, display, password_stdin, "agent")


@app.command("list")
def list_agents() -> None:
    """One line for each agent: log-in name, the name buyers see, role, whether at the desk now."""
    now = _now()

    async def use(services: Services) -> None:
        online = {one.id for one in await services.agents.online(now)}
        for one in await services.agents.all():
            here = "at the desk" if one.id in online else "away"
            print(f"{one.name}\t{one.display_name}\t{one.role}\t{here}", flush=True)

    _run(use)


@app.command("disable")
def disable(name: str = _NAME) -> None:
    """Let an agent in no more; open sessions end at once, the account stays for the records."""
    now, login = _now(), _storable(name)

    async def use(services: Services) -> int:
        known = {one.name: one.id for one in await services.agents.all()}
        await services.agents.deactivate(login)
        held = [one.handoff.agent_id for one in await services.handoffs.queue(now)]
        return held.count(known.get(login.strip().casefold(), -1))

    left = _run(use)
    print(f"{name} is disabled")
    if left:
        print(f"{left} conversation(s) are still with {name}: a supervisor can release them at the desk")


@app.command("reset-password")
def reset_password(name: str = _NAME, password_stdin: bool = _STDIN) -> None:
    """Give an agent a new password; open sessions end at once."""
    password, login = _password(password_stdin), _storable(name)
    _run(lambda services: services.agents.set_password(login, password))
    print(f"{name} has a new password; every open session has ended")


def _create(name: str, display: str, password_stdin: bool, role: Role) -> None:
    password, now = _password(password_stdin), _now()

    async def use(services: Services) -> str:
        made = await services.agents.create(
            _storable(name), password, now=now, display_name=_storable(display), role=role
        )
        return made.name

    # The first admin is often made before the first start, so the database is made here when there is none.
    print(f"{role} {_run(use, create=True)} can now log in at /desk/")


def _password(from_stdin: bool) -> str:
    """The password, never from the command line, where others on the machine could read it."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif _at_a_terminal():
        password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    else:
        fail("there is no terminal to ask for the password: pipe it in and add --password-stdin")
    if not password:
        fail("the password is empty: write it on the first line of standard input")
    return password


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _run(use: Callable[[Services], Awaitable[T]], *, create: bool = False) -> T:
    async def run() -> T:
        from bot.settings import load_settings
        from bot.wiring import opened

        async with opened(load_settings(), create=create) as services:
            return await use(services)

    return asyncio.run(run())


def _storable(text: str) -> str:
    # A byte that is no text arrives as a lone surrogate, which the database refuses to compare.
    return text.encode("utf-8", "replace").decode("utf-8")


def _now() -> datetime:
    from bot.cli.moments import SHANGHAI

    return datetime.now(SHANGHAI)
