"""Every setting, read from the environment (or a ``.env`` file) in this one place.

Names are the fields below in capitals behind ``BOT_``: ``BOT_DATA_DIR``, ``BOT_PORT``, ….  ``.env.example``
lists them with their defaults. Nothing else in the program reads the environment.
"""

from __future__ import annotations

import os
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseSettings, Field, validator
from pydantic.env_settings import SettingsSourceCallable
from pydantic.fields import ModelField

from bot.env_file import EnvFileError, read_env_file

SHORTEST_SECRET = 32  # characters
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_REMEDY = "correct it in the environment or in .env"
_WORDS = {
    "type_error.integer": "must be a whole number",
    "type_error.float": "must be a number",
    "type_error.decimal": "must be a number",
}
_ENV_FILE = Path(".env")


class SettingsError(Exception):
    """A setting that cannot work; the message says which and what to do."""


class Settings(BaseSettings):
    """How this installation is set up; every field has a default that works on one machine."""

    data_dir: Path = Field(Path("var"), description="where the database, evidence and the secret are kept")
    database_url: str = Field("", description="SQLAlchemy async URL; empty = SQLite in data_dir")
    models_dir: Path = Field(Path("models"), description="where trained models are")
    encoder_dir: Path | None = Field(None, description="a sentence encoder of your own (ONNX folder)")
    overrides_dir: Path | None = Field(None, description="an operator's own platform values (YAML)")
    secret: str = Field("", description="signs session tokens; empty = made once and kept in data_dir")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(5080, description="port to listen on")
    action_url: str = Field("", description="a remote action server; empty = actions run in this process")
    max_image_mb: int = Field(10, description="largest image accepted as evidence, in MB")
    max_file_mb: int = Field(20, description="largest other file accepted as evidence, in MB")
    max_files: int = Field(30, description="evidence files per conversation")
    turn_timeout_s: float = Field(15.0, description="longest time one reply may take before an apology")
    credentials: Path = Field(Path("credentials.yml"), description="the messaging platforms' accounts")
    public_url: str = Field("", description="address under which buyers reach this server, https://…")
    proxies: int = Field(0, description="trusted reverse proxies in front of this server")
    desk_hours: str = Field(
        "always", description="when people answer: always, 09:00-21:00, mon-fri 09:00-18:00"
    )
    desk_patience_s: int = Field(180, description="seconds in the queue before the buyer may leave a message")
    high_amount: Decimal = Field(Decimal(5000), description="from this sum (yuan) on a person is offered")
    log_level: str = Field("WARNING", description="DEBUG, INFO, WARNING or ERROR")

    class Config:
        env_prefix = "BOT_"

        @classmethod
        def customise_sources(
            cls,
            init_settings: SettingsSourceCallable,
            env_settings: SettingsSourceCallable,
            file_secret_settings: SettingsSourceCallable,
        ) -> tuple[SettingsSourceCallable, ...]:
            """In the order in which they count."""
            return init_settings, env_settings, _from_file

    @validator("*", pre=True)
    def _empty_is_not_set(cls, value: object, field: ModelField) -> object:
        # "BOT_DATA_DIR=" in a file means the default, not the current folder.
        return field.get_default() if isinstance(value, str) and not value.strip() else value

    @validator("port")
    def _port_is_a_port(cls, value: int) -> int:
        if not 1 <= value <= 65535:
            raise ValueError(f"must be a number from 1 to 65535, not {value}")
        return value

    @validator("max_image_mb", "max_file_mb", "max_files", "turn_timeout_s", "desk_patience_s", "high_amount")
    def _more_than_nothing(cls, value: float) -> float:
        if not 0 < value < float("inf"):
            raise ValueError(f"must be more than 0, not {value}")
        return value

    @validator("public_url")
    def _url_is_a_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise ValueError(f"must begin with https:// and name a host, not {value!r}")
        return value.rstrip("/")

    @validator("proxies")
    def _not_negative(cls, value: int) -> int:
        if value < 0:
            raise ValueError(f"must be 0 or more, not {value}")
        return value

    @validator("log_level")
    def _level_is_known(cls, value: str) -> str:
        if value.upper() not in LOG_LEVELS:
            raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}, not {value!r}")
        return value.upper()

    @property
    def db_url(self) -> str:
        """The database to use, as an async SQLAlchemy URL."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'bot.db'}"

    @property
    def evidence_dir(self) -> Path:
        """The folder that holds the buyers' original files."""
        return self.data_dir / "evidence"


def _from_file(_settings: BaseSettings) -> dict[str, Any]:
    """What .env sets. A name behind BOT_ that is no setting is a slip of the pen, not somebody else's."""
    prefix, found = Settings.Config.env_prefix, read_env_file(_ENV_FILE)
    given = {name[len(prefix) :].lower(): value for name, value in found.items() if name.startswith(prefix)}
    unknown = sorted(set(given) - set(Settings.__fields__))
    if unknown:
        raise EnvFileError(
            f"{_ENV_FILE} sets {prefix}{unknown[0].upper()}, which is no setting: .env.example lists them"
        )
    return given


def load_settings(**given: Any) -> Settings:
    """Settings from ``given`` over the environment over ``.env`` over the defaults.

    Raises:
        SettingsError: a value has the wrong form; the message names the variable.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except EnvFileError as error:
        raise SettingsError(str(error)) from None
    except ValueError as error:
        raise SettingsError(_in_one_sentence(error)) from None


def _in_one_sentence(error: ValueError) -> str:
    problems: list[dict[str, Any]] = getattr(error, "errors", list)()
    said = " and ".join(
        f"BOT_{str(one['loc'][0]).upper()} {_WORDS.get(one['type'], one['msg'])}" for one in problems
    )
    return f"{said or error}: {_REMEDY}"


def environment() -> dict[str, str]:
    """What ``${NAME}`` in the credentials may stand for: the environment over ``.env``.

    Raises:
        SettingsError: ``.env`` cannot be read.
    """
    try:
        return {**read_env_file(_ENV_FILE), **os.environ}
    except EnvFileError as error:
        raise SettingsError(str(error)) from None


def check_data_dir(settings: Settings) -> None:
    """Whether the data folder can be written, or made; nothing is changed.

    Raises:
        SettingsError: it cannot.
    """
    there = settings.data_dir.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise _unusable(settings, f"{there} is a file, not a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise _unusable(settings, f"{there} is not writable for this user")


def make_data_dir(settings: Settings) -> None:
    """Make the data folder and what is in it.

    Raises:
        SettingsError: it cannot be made or written.
    """
    check_data_dir(settings)
    try:
        settings.evidence_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(settings, str(error.strerror)) from None


def check_secret(settings: Settings) -> None:
    """Whether the configured secret is one.

    Raises:
        SettingsError: it is too short.
    """
    if settings.secret and len(settings.secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"BOT_SECRET is too short: use at least {SHORTEST_SECRET} characters (openssl rand -hex 32)"
        )


def signing_secret(settings: Settings) -> str:
    """The secret that signs session tokens: the setting, or one made once and kept (mode 600) in data_dir.

    Raises:
        SettingsError: the setting is too short, the data folder cannot be written, or the kept one is damaged.
    """
    check_secret(settings)
    if settings.secret:
        return settings.secret
    path = settings.data_dir / "secret"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _keep_new_secret(path)
        kept = path.read_bytes().strip()
    except OSError as error:
        raise _unusable(settings, str(error.strerror)) from None
    # An empty key would let everybody sign tokens, so a file that was cut off is refused, not used.
    if len(kept) < SHORTEST_SECRET or not kept.isascii():
        raise SettingsError(
            f"the file {path} is damaged: delete it (open pages then begin a new session) or restore a backup"
        )
    return kept.decode("ascii")


def _keep_new_secret(path: Path) -> None:
    """Write it whole or not at all; when two processes start at once, both use what the first one wrote."""
    part = path.with_name(f".secret.{os.getpid()}.part")
    part.touch(mode=0o600)
    try:
        part.write_text(secrets.token_hex(SHORTEST_SECRET), encoding="ascii")
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _unusable(settings: Settings, why: str) -> SettingsError:
    return SettingsError(
        f"the data folder {settings.data_dir} cannot be used ({why}): "
        "make it writable or name another with BOT_DATA_DIR"
    )
