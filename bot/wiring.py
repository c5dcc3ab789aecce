"""The only chooser of real parts: from settings to services that are ready to use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.cases.service import CaseService
from bot.cases.sql_store import SqlCaseStore
from bot.database import migrate
from bot.database.engine import Database
from bot.disputes.rulebook import Rulebook, load_rulebook
from bot.evidence.limits import MB, EvidenceLimits
from bot.evidence.service import EvidenceService
from bot.intervention.builtin_desk import BuiltinDesk
from bot.intervention.gateway import InterventionGateway
from bot.settings import Settings, SettingsError, load_settings


@dataclass(frozen=True)
class Services:
    """What actions, channels and commands work with."""

    settings: Settings
    database: Database
    rulebook: Rulebook
    cases: CaseService
    evidence: EvidenceService
    interventions: InterventionGateway


_current: list[Services] = []


def build(settings: Settings) -> Services:
    """Make every part; no connection is opened and no file is touched.

    Raises:
        RulebookError: a table of the rulebook is wrong; the message names file and key.
    """
    database = Database(settings.db_url)
    cases = CaseService(SqlCaseStore(), database)
    limits = EvidenceLimits(
        image_bytes=settings.max_image_mb * MB,
        other_bytes=settings.max_file_mb * MB,
        per_conversation=settings.max_files,
    )
    return Services(
        settings=settings,
        database=database,
        rulebook=load_rulebook(settings.overrides_dir),
        cases=cases,
        evidence=EvidenceService(settings.evidence_dir, cases, limits),
        interventions=BuiltinDesk(cases),
    )


def services() -> Services:
    """The services of this process; made from the environment when nobody has chosen others."""
    if not _current:
        _current.append(build(load_settings()))
    return _current[0]


def prepare(settings: Settings) -> Services:
    """Services whose data folder and tables are there and up to date; `services()` gives them from now on.

    Raises:
        SettingsError, DatabaseProblem: each says what to do.
    """
    _make_folder(settings)
    migrate.upgrade(settings.db_url)
    parts = build(settings)
    _current[:] = [parts]
    return parts


@asynccontextmanager
async def opened(settings: Settings, *, create: bool = False) -> AsyncIterator[Services]:
    """Services with an open database, and the ones `services()` gives while the block runs.

    Args:
        create: make the data folder and bring the tables up to date; otherwise they have to be there.

    Raises:
        SettingsError, DatabaseProblem: each says what to do.
    """
    before = list(_current)
    if create:
        parts = prepare(settings)
    else:
        migrate.check(settings.db_url)
        parts = build(settings)
        _current[:] = [parts]
    await parts.database.connect()
    try:
        yield parts
    finally:
        _current[:] = before
        await parts.database.close()


def _make_folder(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        settings.evidence_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"the data folder {settings.data_dir} cannot be written ({error.strerror}); "
            "make it writable or name another with BOT_DATA_DIR"
        ) from None
