"""Names and promises are the words asked for, and not whatever was said next."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.cases.heard import Heard
from bot.cases.own_words import is_own_words
from bot.disputes.facts import fact_kinds
from bot.zh.moments import SHANGHAI

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("asked", "text", "kinds", "intent", "own"),
    [
        ("shop", "暖冬优品旗舰店", [], "provide_order_info", True),
        ("shop", "我还没点确认收货 再过两天就自动确认了", [], "provide_order_info", False),
        ("shop", "收到那天就发现了", [], "provide_order_info", False),
        ("shop", "9号联系的商家", ["date_time"], "provide_order_info", False),
        ("shop", "199", [], "provide_order_info", False),
        ("shop", "暖冬优品旗舰店", [], "ask_human", False),
        ("product", "小米电饭煲 3L", [], "provide_order_info", True),
        ("product", "11号寄的", ["date_time"], "provide_order_info", False),
        ("promise", "页面写了30天价保", ["remedy"], "provide_order_info", True),
        ("promise", "主播说不粘", [], "report_dispute", True),
        ("promise", "假一赔十", [], "provide_order_info", True),
        ("promise", "实付680元", ["amount"], "provide_order_info", False),
        ("promise", "11月12号收到", ["date_time"], "provide_order_info", False),
        ("promise", "没截图 现在页面还在", [], "provide_order_info", False),
        ("promise", "还在保修期里面吧", [], "provide_order_info", False),
        ("merchant_reply", "说是正常现象", [], "merchant_reply", True),
    ],
)
def test_own_words(asked: str, text: str, kinds: list[str], intent: str, own: bool) -> None:
    heard = Heard(
        text=text, intent=intent, message_id="m", at=NOW, entities=tuple({"entity": k} for k in kinds)
    )
    assert bool(is_own_words(heard, fact_kinds()[asked])) is own
