"""``bot doctor``: what is configured, what works, what is degraded, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import typer


@dataclass(frozen=True)
class Finding:
    """One line of the report: ``ok``, ``degraded`` (works with less) or ``broken``."""

    part: str
    state: str
    says: str


def doctor(as_json: bool = typer.Option(False, "--json", help="JSON instead of a table.")) -> None:
    """Check settings, data folder, database, rulebook, model, encoder, page and browser; exit 1 when one is broken."""
    from bot.cli.output import print_json

    findings = [_checked(name, check) for name, check in _checks()]
    if as_json:
        print_json([vars(one) for one in findings])
    else:
        _print(findings)
    sys.exit(1 if any(one.state == "broken" for one in findings) else 0)


def _checks() -> Iterator[tuple[str, Callable[[], Finding]]]:
    yield "settings", _settings
    yield "database", _database
    yield "rulebook", _rulebook
    yield "model", _model
    yield "encoder", _encoder
    yield "page", _page


def _checked(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        return Finding(name, "broken", str(error) or type(error).__name__)


def _settings() -> Finding:
    from bot.settings import load_settings, signing_secret

    settings = load_settings()
    signing_secret(settings)
    return Finding(
        "settings", "ok", f"data in {settings.data_dir}, listening on {settings.host}:{settings.port}"
    )


def _database() -> Finding:
    from bot.database import migrate
    from bot.database.errors import SchemaOlder
    from bot.settings import load_settings

    try:
        migrate.check(load_settings().db_url)
    except SchemaOlder:
        return Finding(
            "database", "degraded", "no tables yet, or older ones; `bot serve` brings them up to date"
        )
    return Finding("database", "ok", f"revision {migrate.head()}")


def _rulebook() -> Finding:
    from bot.disputes.rulebook import load_rulebook
    from bot.settings import load_settings

    book = load_rulebook(load_settings().overrides_dir)
    complete = sum(card.complete for card in book.types.values())
    says = f"{len(book.types)} dispute types ({complete} complete), {len(book.sources)} citations, {len(book.windows)} windows"
    return Finding("rulebook", "ok", says)


def _model() -> Finding:
    from bot.cli.train import is_current
    from bot.settings import load_settings

    folder = load_settings().models_dir
    archives = list(folder.glob("*.tar.gz"))
    if not archives:
        return Finding("model", "degraded", f"none in {folder} yet; `bot train` makes one")
    if not is_current(folder):
        return Finding("model", "degraded", "the data changed since training; `bot train` makes a new one")
    return Finding("model", "ok", archives[-1].name)


def _encoder() -> Finding:
    from bot.nlu.encoder import use_fault

    problem = use_fault()
    if problem:
        return Finding("encoder", "degraded", f"{problem}; character features alone are used")
    return Finding("encoder", "ok", "sentence vectors available, checksum right")


def _page() -> Finding:
    from bot.channels.web import STATIC

    if not (STATIC / "index.html").is_file():
        return Finding("page", "broken", f"{STATIC} has no build of the page; run `make widget`")
    return Finding("page", "ok", f"served from {STATIC}")


def _print(findings: list[Finding]) -> None:
    colour = {"ok": typer.colors.GREEN, "degraded": typer.colors.YELLOW, "broken": typer.colors.RED}
    for one in findings:
        typer.secho(f"{one.state:9}", fg=colour[one.state], nl=False)
        print(f"{one.part:10} {one.says}")
