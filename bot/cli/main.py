"""The ``bot`` command."""

from __future__ import annotations

import os
import sys
import warnings

import typer

from bot.cli import advise, case, chat, doctor, nlu, serve, train
from bot.cli.output import fail

app = typer.Typer(
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
app.command("doctor")(doctor.doctor)
app.add_typer(case.app, name="case", help="Look into stored cases.")


def main() -> None:
    """Run the command line; an operator's mistake ends in one sentence, never in a traceback."""
    quiet_libraries()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if "--debug" in sys.argv or _is_debug():
            raise
        fail(f"{type(error).__name__}: {error}" if not _is_ours(error) else str(error))


def quiet_libraries() -> None:
    """TensorFlow's and Rasa's start-up chatter would bury what the operator has to read."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.simplefilter("ignore")


def _is_debug() -> bool:
    from bot.settings import SettingsError, load_settings

    try:
        return load_settings().log_level.upper() == "DEBUG"
    except SettingsError:
        return False


def _is_ours(error: Exception) -> bool:
    return type(error).__module__.startswith("bot.")


if __name__ == "__main__":
    main()
