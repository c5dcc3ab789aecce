"""``bot serve``: everything in one process; prepares what is missing, then prints the page's address."""

from __future__ import annotations

import errno
import socket
import sys
from functools import partial

import typer

from bot.cli.output import fail, step


def serve(
    host: str = typer.Option(
        None, "--host", help="Address to listen on (default: BOT_HOST, 127.0.0.1).", show_default=False
    ),
    port: int = typer.Option(
        None,
        "--port",
        min=1,
        max=65535,
        help="Port to listen on (default: BOT_PORT, 5080).",
        show_default=False,
    ),
    no_train: bool = typer.Option(False, "--no-train", help="Serve the newest model as it is."),
) -> None:
    """Start the assistant: train when the data changed, bring the database up to date, serve the page."""
    from bot.cli.channels import channel_lines
    from bot.cli.train import is_current, train_now
    from bot.rasa.archive import check_archive, newest_model
    from bot.settings import load_settings, signing_secret
    from bot.wiring import prepare

    # Everything that can fail in a moment fails before the minute of training.
    settings = load_settings(host=host, port=port)
    _refuse_used_port(settings.host, settings.port)
    channels = channel_lines(settings)
    services = prepare(settings)
    signing_secret(settings)
    if no_train:
        check_archive(newest_model(settings.models_dir))
    elif not is_current(settings.models_dir):
        train_now(settings.models_dir)
    print("==> starting (loading the model takes some seconds)", file=sys.stderr, flush=True)
    with step("loading libraries"):
        from bot.cli.server import run_server
    run_server(services, on_ready=partial(_announce, channels))


def _announce(channels: list[str], address: str) -> None:
    print(f"\n  Ready. Open {address} in a browser.  (Ctrl+C stops it; nothing is lost.)\n", flush=True)
    print(f"  Desk for agents: {address}desk/ (first time: bot desk create-admin NAME)", flush=True)
    print(f"  Channels: {'; '.join(channels)}.\n", flush=True)


def _refuse_used_port(host: str, port: int) -> None:
    """A port that is taken is found before the model is loaded, not after."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except UnicodeError:
        fail(f"{host!r} is not an address of this machine: use --host 127.0.0.1 or --host 0.0.0.0")
    except OSError as error:
        fail(f"cannot listen on {host}:{port} ({error.strerror}): {_remedy(error, port)}")


def _remedy(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"stop what uses it or choose another with --port {other}"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "ports below 1024 need more rights; choose another with --port 5080"
    return "it is not an address of this machine; use --host 127.0.0.1 or --host 0.0.0.0"
