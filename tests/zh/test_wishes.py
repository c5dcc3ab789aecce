"""What a buyer wants done, in a few plain words."""

from __future__ import annotations

import pytest

from bot.zh.wishes import read_wish


@pytest.mark.parametrize(
    ("text", "wish", "explicit"),
    [
        ("要换", "exchange", "exchange"),
        ("补发就行 不想退", "reship", None),
        ("就补发呗", "reship", None),
        ("退钱也行 重新发一个也行", "refund_only", None),
        ("换一个吧 算了还是退了", "return_refund", None),
        ("想换一条 唉算了 退了得了", "return_refund", "return_refund"),
        ("退", "return_refund", None),
        ("换个新的吧", "exchange", None),
        ("修一下就行", "repair", None),
        ("赔钱", "compensation", None),
        ("不要 要赔一千", "compensation", "compensation"),
        ("不想换 想退", "return_refund", "return_refund"),
        ("鞋子发错码了 要换", "exchange", "exchange"),
        ("不退", None, None),
        ("商家不给退", None, None),
        ("怎么退", None, None),
        ("仅退款还是退货退款", None, None),
        ("补发不要 退一半就行", None, None),
        ("鞋底开胶了", None, None),
        ("", None, None),
    ],
)
def test_wish(text: str, wish: str | None, explicit: str | None) -> None:
    assert (read_wish(text), read_wish(text, explicit=True)) == (wish, explicit)
