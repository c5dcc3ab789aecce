"""Yes-or-no facts in plain statements; questions state nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zh.conditions import read_conditions


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("没有用过", {"goods_used": False}),
        ("鞋子没穿过，吊牌还在", {"goods_used": False, "goods_intact": True}),
        ("穿了两次就开胶了", {"goods_used": True}),
        ("用过了", {"goods_used": True}),
        ("用过了还能退吗", {}),
        ("洗过还能退么", {}),
        ("还没联系商家", {"contacted_merchant": False}),
        ("没跟卖家说", {"contacted_merchant": False}),
        ("找了客服好几次", {"contacted_merchant": True}),
        ("商家不同意退", {"contacted_merchant": True}),
        ("卖家一直不理我", {"contacted_merchant": True}),
        ("页面写着支持七天无理由", {"seven_day_supported": True}),
        ("商品不支持七天无理由", {"seven_day_supported": False}),
        ("客服让我先确认收货", {"induced_confirmation": True}),
        ("包装盒子扔了", {"goods_intact": False}),
        ("已经发给商家了", {"contacted_merchant": True}),
        ("发给卖家了 他没回", {"contacted_merchant": True}),
        ("退货已经发给商家了", {}),
        ("卖家说99新，结果镜头有霉", {}),
        ("商家说给我退，结果一直不退", {"contacted_merchant": True}),
        ("商家说穿过了不退", {"contacted_merchant": True}),
        ("商家说我穿过了 我根本没穿过", {"goods_used": False}),
        ("联系不上商家", {}),
        ("", {}),
    ],
)
def test_read_conditions(text: str, stated: dict[str, bool]) -> None:
    found = read_conditions(text)

    assert {fact: found[fact] for fact in stated} == stated
    assert found.get("goods_used") == stated.get("goods_used")
    if not stated:
        assert "goods_used" not in found
        assert "goods_intact" not in found
        assert found.get("contacted_merchant") is not True


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    read_conditions(text)
