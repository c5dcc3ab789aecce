"""Every setting, read from the environment (or a ``.env`` file) in this one place.

Names are the fields below in capitals behind ``BOT_``: ``BOT_DATA_DIR``, ``BOT_PORT``, ….  ``.env.example``
lists them with their defaults. Nothing else in the program reads the environment.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from pydantic import BaseSettings, Field, validator


class SettingsError(Exception):
    """A setting that cannot work; the message says which and what to do."""


class Settings(BaseSettings):
    """How this installation is set up; every field has a default that works on one machine."""

    data_dir: Path = Field(Path("var"), description="where the database, evidence and the secret are kept")
    database_url: str = Field("", description="SQLAlchemy async URL; empty = SQLite in data_dir")
    models_dir: Path = Field(Path("models"), description="where trained models are")
    overrides_dir: Path | None = Field(None, description="an operator's own platform values (YAML)")
    secret: str = Field("", description="signs session tokens; empty = made once and kept in data_dir")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(5080, description="port to listen on")
    action_url: str = Field("", description="a remote action server; empty = actions run in this process")
    max_image_mb: int = Field(10, description="largest image accepted as evidence, in MB")
    max_file_mb: int = Field(20, description="largest other file accepted as evidence, in MB")
    max_files: int = Field(30, description="evidence files per conversation")
    turn_timeout_s: float = Field(15.0, description="longest time one reply may take before an apology")
    log_level: str = Field("WARNING", description="DEBUG, INFO, WARNING or ERROR")

    class Config:
        env_prefix = "BOT_"
        env_file = ".env"
        env_file_encoding = "utf-8"

    @validator("port")
    def _port_is_a_port(cls, value: int) -> int:
        if not 0 <= value <= 65535:
            raise ValueError("a port is a number from 0 to 65535")
        return value

    @property
    def db_url(self) -> str:
        """The database to use, as an async SQLAlchemy URL."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'bot.db'}"

    @property
    def evidence_dir(self) -> Path:
        """The folder that holds the buyers' original files."""
        return self.data_dir / "evidence"


def load_settings(**given: Any) -> Settings:
    """Settings from ``given`` over the environment over ``.env`` over the defaults.

    Raises:
        SettingsError: a value has the wrong form; the message names the variable.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValueError as error:
        raise SettingsError(_in_one_sentence(error)) from None


def _in_one_sentence(error: ValueError) -> str:
    problems: list[dict[str, Any]] = getattr(error, "errors", list)()
    said = "; ".join(f"BOT_{str(p['loc'][0]).upper()}: {p['msg']}" for p in problems)
    return f"a setting is wrong: {said or error}"


def signing_secret(settings: Settings) -> str:
    """The secret that signs session tokens: the setting, or one made once and kept (mode 600) in data_dir.

    Raises:
        SettingsError: the data folder cannot be written.
    """
    if settings.secret:
        if len(settings.secret) < 32:
            raise SettingsError("BOT_SECRET is too short: use at least 32 characters (openssl rand -hex 32)")
        return settings.secret
    path = settings.data_dir / "secret"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="ascii")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(
            f"the data folder {settings.data_dir} cannot be written ({error.strerror}); "
            "make it writable or name another with BOT_DATA_DIR"
        ) from None
