"""``bot serve``: everything in one process; prepares what is missing, then prints the page's address."""

from __future__ import annotations

import socket
import sys

import typer

from bot.cli.output import fail, step


def serve(
    host: str = typer.Option(None, "--host", help="Address to listen on (default: BOT_HOST, 127.0.0.1)."),
    port: int = typer.Option(None, "--port", help="Port to listen on (default: BOT_PORT, 5080)."),
    no_train: bool = typer.Option(False, "--no-train", help="Serve the newest model as it is."),
) -> None:
    """Start the assistant: train when the data changed, bring the database up to date, serve the page."""
    from bot.cli.train import is_current, train_now
    from bot.settings import load_settings

    settings = load_settings(host=host, port=port)
    _refuse_used_port(settings.host, settings.port)
    if not no_train and not is_current(settings.models_dir):
        train_now(settings.models_dir)
    print("==> starting (loading the model takes some seconds)", file=sys.stderr, flush=True)
    with step("loading libraries"):
        from bot.cli.server import run_server
    run_server(settings, on_ready=_announce)


def _announce(address: str) -> None:
    print(f"\n  Ready. Open {address} in a browser.  (Ctrl+C stops it; nothing is lost.)\n", flush=True)
    print("  Channels: web on; WeChat, WeCom, DingTalk, Feishu: not configured.\n", flush=True)


def _refuse_used_port(host: str, port: int) -> None:
    """A port that is taken is found before the model is loaded, not after."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(
                f"cannot listen on {host}:{port} ({error.strerror}); stop what uses it or choose another: --port 5081"
            )
        except OverflowError:
            fail(f"{port} is not a port: use a number from 1 to 65535")
