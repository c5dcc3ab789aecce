"""The ``bot`` command."""

from __future__ import annotations

import io
import sys

import typer

from bot.cli import advise, case, channels, chat, desk, doctor, draft, nlu, serve, train
from bot.cli.guard import GuardedGroup, flush_stdout, hold_standard_streams, is_debug, quiet_libraries
from bot.cli.matrices import prepare_matrices

app = typer.Typer(
    cls=GuardedGroup,
    help="The buyer's dispute assistant: serve it, talk to it, train it, look into cases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("train")(train.train)
app.command("chat")(chat.chat)
app.command("converse")(chat.converse)
app.command("parse")(nlu.parse)
app.command("evaluate")(nlu.evaluate)
app.command("advise")(advise.advise)
app.command("draft")(draft.draft)
app.command("doctor")(doctor.doctor)
app.add_typer(case.app, name="case", help="Look into stored cases.")
app.add_typer(channels.app, name="channels", help="Check and set up messaging platforms.")
app.add_typer(desk.app, name="desk", help="Who works at the agents' desk.")


def main() -> None:
    """Run the command line; an operator's mistake ends in one sentence, never in a traceback."""
    hold_standard_streams()
    prepare_matrices()
    if not is_debug():
        quiet_libraries()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that is not UTF-8 gets escapes instead of an error in the middle of the output.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app()
    finally:
        flush_stdout()


if __name__ == "__main__":
    main()
