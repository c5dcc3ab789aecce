"""The last line of defence: whatever a command raises, the operator reads one sentence."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

import click
from typer.core import TyperGroup

from bot.cli.output import fail

INTERRUPTED = 130  # 128 + SIGINT, what shells give


class GuardedGroup(TyperGroup):
    """A group of commands whose failures end in one sentence; BOT_LOG_LEVEL=DEBUG shows the traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            drop_stdout()
            sys.exit(0)
        except Exception as error:
            if is_debug():
                raise
            fail(sentence_of(error))


def sentence_of(error: Exception) -> str:
    """Our own errors say what to do; of any other we can only say where to look."""
    if type(error).__module__.startswith("bot."):
        return str(error)
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"unexpected {said}; BOT_LOG_LEVEL=DEBUG shows where it happened"


def is_debug() -> bool:
    """Whether the operator wants tracebacks and the libraries' own words."""
    from bot.settings import SettingsError, load_settings

    try:
        return load_settings().log_level == "DEBUG"
    except SettingsError:
        return False


def quiet_libraries() -> None:
    """TensorFlow's and Rasa's start-up chatter would bury what the operator has to read."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.simplefilter("ignore")
    # Libraries put their own filters in front of ours while they load; what they let through goes nowhere.
    warnings.showwarning = _say_nothing


def _say_nothing(*_args: object, **_kwargs: object) -> None:
    """Takes the place of `warnings.showwarning`."""


def hold_standard_streams() -> None:
    """Give closed standard streams a place: else the first file opened becomes stdout and is printed into."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one


def flush_stdout() -> None:
    """Print what is still buffered, so that a full disk is an error and a closed pipe is none."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
    except OSError as error:
        drop_stdout()
        fail(f"the output could not be written: {error.strerror}; make room or send it elsewhere")


def drop_stdout() -> None:
    """Nobody reads on: let the interpreter's own last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
