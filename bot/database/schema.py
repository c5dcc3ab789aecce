"""The one `MetaData` that every table of the program belongs to, and the column types they share."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, Text
from sqlalchemy.types import TypeDecorator

from bot.disputes.facts import SHANGHAI

# Unnamed keys and indexes get the same name in the tables, in the migrations and on every server.
NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
metadata = MetaData(naming_convention=NAMING)

_FEN = Decimal(100)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: kept in UTC, handed back in Asia/Shanghai. Naive datetimes are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """UTC for the database.

        Raises:
            ValueError: the datetime has no time zone, so it names no point in time.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a datetime without a time zone cannot be stored: {value!r}")
        in_utc = value.astimezone(timezone.utc)
        # SQLite keeps no zone; dropping it here keeps every stored text the same length, so that it sorts.
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """The same instant, aware, in Asia/Shanghai."""
        if value is None:
            return None
        aware = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
        return aware.astimezone(SHANGHAI)


class JsonText(TypeDecorator[Any]):
    """JSON kept as text that a person can read: Chinese stays Chinese. None is SQL NULL."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """The JSON text of ``value``.

        Raises:
            TypeError, ValueError: ``value`` is not plain JSON (also NaN and infinity).
        """
        return None if value is None else json_text(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """The value that was stored; tuples come back as lists."""
        return None if value is None else json.loads(value)


class Money(TypeDecorator[Decimal]):
    """An amount in yuan as an exact `Decimal` with two places; kept as whole fen (分)."""

    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        """Fen for the database.

        Raises:
            ValueError: the amount is not a finite number of whole fen.
        """
        if value is None:
            return None
        fen = Decimal(value) * _FEN
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"not an amount in whole fen: {value!r}")
        return int(fen)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        """Yuan with two places."""
        return None if value is None else (Decimal(value) / _FEN).quantize(Decimal("0.01"))


def json_text(value: Any) -> str:
    """``value`` as JSON with real Chinese in it, valid in any database encoding."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair: only its escape can be stored
        return json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text
