"""The only chooser of real parts: from settings to services that are ready to use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import ArgumentError

from bot.cases.service import CaseService
from bot.cases.sql_store import SqlCaseStore
from bot.conversation.notices import NoticeBoard
from bot.conversation.voice import Voice
from bot.database import migrate
from bot.database.engine import Database
from bot.database.errors import SchemaOlder
from bot.database.urls import async_url, sqlite_file
from bot.disputes.rulebook import Rulebook, load_rulebook
from bot.evidence.limits import MB, EvidenceLimits
from bot.evidence.service import EvidenceService
from bot.handoff.agents import AgentAccounts
from bot.handoff.hours import DeskPolicy, OfficeHours
from bot.handoff.service import HandoffService
from bot.intervention.builtin_desk import BuiltinDesk
from bot.intervention.gateway import InterventionGateway
from bot.settings import Settings, SettingsError, check_data_dir, load_settings, make_data_dir


@dataclass(frozen=True)
class Services:
    """What actions, channels and commands work with."""

    settings: Settings
    database: Database
    rulebook: Rulebook
    cases: CaseService
    evidence: EvidenceService
    interventions: InterventionGateway
    voice: Voice
    handoffs: HandoffService
    agents: AgentAccounts


_current: list[Services] = []


def build(settings: Settings) -> Services:
    """Make every part; no connection is opened and no file is touched.

    Raises:
        SettingsError: the database's address, the overrides or the desk's hours are wrong.
        RulebookError: a packaged table of the rulebook is wrong; the message names file and key.
    """
    check_address(settings)
    database = Database(settings.db_url)
    cases = CaseService(SqlCaseStore(), database)
    limits = EvidenceLimits(
        image_bytes=settings.max_image_mb * MB,
        other_bytes=settings.max_file_mb * MB,
        per_conversation=settings.max_files,
    )
    rulebook = rulebook_of(settings)
    voice = Voice(NoticeBoard(), safety=rulebook.policy.safety)
    return Services(
        settings=settings,
        database=database,
        rulebook=rulebook,
        cases=cases,
        evidence=EvidenceService(settings.evidence_dir, cases, limits),
        interventions=BuiltinDesk(cases),
        voice=voice,
        handoffs=HandoffService(database, cases, voice, rulebook=rulebook, policy=desk_policy(settings)),
        agents=AgentAccounts(database),
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
    # What can be known without touching anything comes first: a wrong setting must not leave half a start.
    parts = build(settings)
    make_data_dir(settings)
    migrate.upgrade(settings.db_url)
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
        parts = build(settings)
        check_database(settings)
        _current[:] = [parts]
    try:
        await parts.database.connect()
        yield parts
    finally:
        _current[:] = before
        await parts.database.close()


def rulebook_of(settings: Settings) -> Rulebook:
    """The rulebook with the operator's own values.

    Raises:
        SettingsError: the overrides do not fit; the message names file and key.
        RulebookError: a packaged table is wrong.
    """
    folder = settings.overrides_dir
    if folder is None:
        return load_rulebook()
    if not folder.is_dir():
        raise SettingsError(f"BOT_OVERRIDES_DIR names {folder}, which is no folder: correct or unset it")
    try:
        return load_rulebook(folder)
    except (ValueError, OSError, RecursionError) as error:
        raise SettingsError(
            f"the overrides in {folder} (BOT_OVERRIDES_DIR) cannot be used, {error}: correct or remove that file"
        ) from error


def desk_policy(settings: Settings) -> DeskPolicy:
    """When people answer, and how long a buyer waits for one.

    Raises:
        SettingsError: the hours cannot be read.
    """
    try:
        hours = OfficeHours.parse(settings.desk_hours)
    except ValueError as error:
        raise SettingsError(f"BOT_DESK_HOURS is wrong, {error}: correct or unset it") from None
    return DeskPolicy(
        hours=hours,
        patience=timedelta(seconds=settings.desk_patience_s),
        high_amount=settings.high_amount,
    )


def check_address(settings: Settings) -> None:
    """Whether the database's address is one; its words are not repeated, for they may hold a password.

    Raises:
        SettingsError: it is not.
    """
    try:
        async_url(settings.db_url)
    except ArgumentError:
        raise SettingsError(
            "BOT_DATABASE_URL is not an address: write sqlite+aiosqlite:///path/to/bot.db or "
            "postgresql+asyncpg://user:password@host/database"
        ) from None
    except ValueError as error:
        raise SettingsError(f"BOT_DATABASE_URL is wrong, {error}: correct or unset it") from None


def check_database(settings: Settings) -> None:
    """Whether there is a database of this version; nothing is made.

    Raises:
        SettingsError, DatabaseProblem: each says what to do.
    """
    if not settings.database_url:
        check_data_dir(settings)
    file = sqlite_file(settings.db_url)
    if file is not None and not file.exists():
        raise SchemaOlder(
            f"nothing has been stored yet (there is no {file}): start `bot serve` or `bot chat` once, "
            "or name the folder that holds your data with BOT_DATA_DIR"
        )
    migrate.check(settings.db_url)
