"""``bot doctor``: what is configured, what works, what is degraded, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import typer

from bot.cli.output import fail, print_json, printable

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One line of the report: ``ok``, ``degraded`` (works with less) or ``broken``."""

    part: str
    state: str
    says: str


def doctor(as_json: bool = typer.Option(False, "--json", help="JSON instead of a table.")) -> None:
    """Check settings, data, database, rulebook, model, channels, desk, encoder and page; nothing is changed.

    Each part is ok, degraded (works with less) or broken; the exit code is 1 when one is broken.
    """
    findings = [_checked(name, check) for name, check in _checks()]
    if as_json:
        print_json([vars(one) for one in findings])
    else:
        _print(findings)
    broken = [one.part for one in findings if one.state == "broken"]
    if broken:
        fail(f"broken: {', '.join(broken)}; do what the report says and run `bot doctor` again")


def _checks() -> Iterator[tuple[str, Callable[[], Finding]]]:
    from bot.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        # What depends on the settings cannot be looked at; the same sentence five times would help nobody.
        yield "settings", partial(Finding, "settings", "broken", str(error))
        yield "encoder", _packaged_encoder
    else:
        yield "settings", partial(_settings, settings)
        yield "data", partial(_data, settings)
        yield "database", partial(_database, settings)
        yield "rulebook", partial(_rulebook, settings)
        yield "model", partial(_model, settings)
        yield "channels", partial(_channels, settings)
        yield "outbox", partial(_outbox, settings)
        yield "desk", partial(_desk, settings)
        yield "encoder", partial(_encoder, settings)
    yield "page", _page


def _checked(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        return Finding(name, "broken", printable(" ".join(str(error).split())) or type(error).__name__)


def _settings(settings: Settings) -> Finding:
    from bot.settings import check_secret

    check_secret(settings)
    return Finding("settings", "ok", f"to listen on {settings.host}:{settings.port}")


def _data(settings: Settings) -> Finding:
    from bot.settings import check_data_dir

    check_data_dir(settings)
    if not settings.data_dir.is_dir():
        return Finding("data", "ok", f"{settings.data_dir} will be made at the first start")
    if not settings.secret and (settings.data_dir / "secret").exists():
        from bot.settings import signing_secret

        signing_secret(settings)
    return Finding("data", "ok", f"kept in {settings.data_dir}")


def _database(settings: Settings) -> Finding:
    from bot.database import migrate
    from bot.database.errors import SchemaOlder
    from bot.wiring import check_address, check_database

    check_address(settings)
    try:
        check_database(settings)
    except SchemaOlder:
        says = "no tables yet, or older ones; `bot serve` brings them up to date"
        return Finding("database", "degraded", says)
    return Finding("database", "ok", f"revision {migrate.head()}")


def _rulebook(settings: Settings) -> Finding:
    from bot.wiring import rulebook_of

    book = rulebook_of(settings)
    complete = sum(card.complete for card in book.types.values())
    says = f"{len(book.types)} dispute types ({complete} complete), {len(book.sources)} citations, {len(book.windows)} windows"
    if settings.overrides_dir:
        says += f"; with the overrides in {settings.overrides_dir}"
    return Finding("rulebook", "ok", says)


def _model(settings: Settings) -> Finding:
    from bot.cli.train import is_current
    from bot.rasa.archive import archive_fault, archives

    folder = settings.models_dir
    found = archives(folder)
    if not found:
        return Finding("model", "degraded", f"none in {folder} yet; `bot train` makes one")
    fault = archive_fault(found[-1])
    if fault:
        return Finding("model", "degraded", f"{found[-1]} is damaged ({fault}); `bot train` makes a new one")
    if not is_current(folder):
        return Finding("model", "degraded", "the data changed since training; `bot train` makes a new one")
    return Finding("model", "ok", found[-1].name)


def _channels(settings: Settings) -> Finding:
    from bot.cli.channels import channel_lines

    return Finding("channels", "ok", "; ".join(channel_lines(settings)))


def _outbox(settings: Settings) -> Finding:
    from bot.cli.undelivered import undelivered

    found = undelivered(settings)
    if not found:
        return Finding("outbox", "ok", "no line is held or was given up")
    says = "; ".join(f"{channel}: {lines}" for channel, lines in found.items())
    if not any(lines.failed for lines in found.values()):
        return Finding("outbox", "ok", says)
    says += "; the server's log says why, `bot channels check` whether the platform accepts us"
    return Finding("outbox", "degraded", says)


def _desk(settings: Settings) -> Finding:
    from bot.channels.desk import STATIC
    from bot.wiring import desk_policy

    desk_policy(settings)
    if not (STATIC / "index.html").is_file():
        return Finding("desk", "broken", f"{STATIC} has no build of the page; run `make widget`")
    return Finding(
        "desk", "ok", f"at /desk/, hours: {settings.desk_hours}; `bot desk list` shows who works there"
    )


def _encoder(settings: Settings) -> Finding:
    from bot.cli.train import vectors_changed

    found = _own_encoder(settings.encoder_dir) if settings.encoder_dir else _packaged_encoder()
    change = vectors_changed(settings.models_dir) if found.state == "ok" else None
    if change:
        says = f"the model cannot use the sentence vectors: {change}; character features alone are used until `bot train`"
        return Finding("encoder", "degraded", says)
    return found


def _packaged_encoder() -> Finding:
    from bot.nlu.encoder import use_fault

    problem = use_fault()
    if problem:
        says = f"{problem}; character features alone are used until `make setup` installs it again"
        return Finding("encoder", "degraded", says)
    return Finding("encoder", "ok", "sentence vectors available, checksum right")


def _own_encoder(folder: Path) -> Finding:
    from bot.nlu.onnx_encoder import EncoderUnfit, OnnxEncoder

    try:
        encoder = OnnxEncoder(folder)
    except EncoderUnfit as error:
        return Finding("encoder", "degraded", f"{error}; until then character features alone are used")
    return Finding("encoder", "ok", f"{folder}, {encoder.width} numbers a sentence, checksum {encoder.name}")


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
