"""Traditional in, traditional out."""

from __future__ import annotations

import pytest

from bot.zh.script import all_to_traditional, is_traditional, to_traditional, wants_traditional


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("賣家不退款", True),
        ("卖家不退款", False),
        ("不可以", None),
        ("ok", None),
        ("", None),
        ("2512345678901234567", None),
        ("👌", None),
    ],
)
def test_the_script_of_a_text(text: str, traditional: bool | None) -> None:
    assert is_traditional(text) is traditional


@pytest.mark.parametrize(
    ("newest_first", "traditional"),
    [
        ([], False),
        (["不可以"], False),
        (["賣家不退款"], True),
        (["不可以", "好", "賣家不退款"], True),  # remembered over answers that show nothing
        (["卖家不退款", "賣家不退款"], False),  # the newest decides
        (["賣家不退款", "卖家不退款"], True),
    ],
)
def test_the_newest_text_that_shows_its_script_decides(newest_first: list[str], traditional: bool) -> None:
    assert wants_traditional(newest_first) is traditional


@pytest.mark.parametrize(
    ("text", "converted"),
    [
        ("请把订单号发给我", "請把訂單號發給我"),
        ("订单号 2512345678901234567，实付￥1,299.00", "訂單號 2512345678901234567，實付￥1,299.00"),
        ("依据《消费者权益保护法》第25条", "依據《消費者權益保護法》第25條"),
        ("SF1234567890123", "SF1234567890123"),
        ("见 https://example.com/a?b=1", "見 https://example.com/a?b=1"),
        ("", ""),
    ],
)
def test_numbers_links_and_rules_stay_what_they_are(text: str, converted: str) -> None:
    assert to_traditional(text) == converted


def test_a_card_keeps_its_codes() -> None:
    card = {"type": "draft", "rows": [{"label": "订单号", "value": "123"}], "count": 2, "due": None}
    assert all_to_traditional(card) == {
        "type": "draft",
        "rows": [{"label": "訂單號", "value": "123"}],
        "count": 2,
        "due": None,
    }
