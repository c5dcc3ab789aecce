"""Column types: what goes in comes out, and the stored form is the one promised."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from bot.database.schema import NAMING, JsonText, Money, UtcDateTime, json_text

TABLE = Table(
    "t",
    MetaData(naming_convention=NAMING),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("body", JsonText),
    Column("price", Money),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ZONES = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@pytest.fixture(scope="module")
def engine():
    engine = create_engine("sqlite://", future=True)
    TABLE.metadata.create_all(engine)
    yield engine
    engine.dispose()


def kept(engine: Any, **row: Any) -> tuple[Any, dict[str, Any]]:
    """(what is read back, what is in the file)."""
    with engine.begin() as tx:
        key = tx.execute(insert(TABLE).values(**row)).inserted_primary_key[0]
        back = tx.execute(select(TABLE).where(TABLE.c.id == key)).mappings().one()
        raw = tx.exec_driver_sql(f"SELECT * FROM t WHERE id = {key}").mappings().one()
        return back, dict(raw)


@given(at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES))
def test_an_instant_survives_and_is_shown_in_shanghai(engine: Any, at: datetime) -> None:
    back, _ = kept(engine, at=at)
    assert back["at"] == at
    assert back["at"].utcoffset() == timedelta(hours=8)


def test_time_is_stored_in_utc(engine: Any) -> None:
    _, raw = kept(engine, at=datetime(2026, 11, 21, 7, 30, tzinfo=timezone(timedelta(hours=8))))
    assert raw["at"] == "2026-11-20 23:30:00.000000"


def test_time_without_zone_is_refused(engine: Any) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        kept(engine, at=datetime(2026, 11, 21))


@given(body=JSON)
def test_json_survives(engine: Any, body: Any) -> None:
    back, _ = kept(engine, body=body)
    assert back["body"] == body


def test_json_is_readable_chinese(engine: Any) -> None:
    _, raw = kept(engine, body={"诉求": "退货退款"})
    assert raw["body"] == '{"诉求": "退货退款"}'


def test_half_a_surrogate_pair_and_nul_can_be_stored_and_read() -> None:
    text = json_text("坏\ud83d\x00")
    assert "\x00" not in text
    assert text.encode("utf-8")


@pytest.mark.parametrize("body", [float("nan"), {1, 2}, datetime(2026, 1, 1)])
def test_what_is_no_json_is_refused(engine: Any, body: Any) -> None:
    with pytest.raises(StatementError):
        kept(engine, body=body)


@given(fen=st.integers(-(10**10), 10**10))
def test_money_is_exact(engine: Any, fen: int) -> None:
    back, raw = kept(engine, price=Decimal(fen) / 100)
    assert back["price"] == Decimal(fen) / 100
    assert back["price"].as_tuple().exponent == -2
    assert raw["price"] == fen


@pytest.mark.parametrize("price", ["0.001", "NaN", "Infinity"])
def test_money_is_whole_fen(engine: Any, price: str) -> None:
    with pytest.raises(StatementError, match="whole fen"):
        kept(engine, price=Decimal(price))
