"""What is money, how much, and what is not."""

from __future__ import annotations

import pytest

from bot.zh.amounts import find_amounts
from bot.zh.normalise import normalise


@pytest.mark.parametrize(
    ("text", "value", "yuan", "certainty"),
    [
        ("一百二十块五", "一百二十块五", "120.50", "exact"),
        ("99块9", "99块9", "99.90", "exact"),
        ("99块99", "99块99", "99.99", "exact"),
        ("12块5毛", "12块5毛", "12.50", "exact"),
        ("九十九块九毛", "九十九块九毛", "99.90", "exact"),
        ("5毛钱", "5毛钱", "0.50", "exact"),
        ("1.2万", "1.2万", "12000.00", "exact"),
        ("1万2", "1万2", "12000.00", "exact"),
        ("花了两百五", "两百五", "250.00", "check"),
        ("两千三", "两千三", "2300.00", "check"),
        ("￥1,299.00", "￥1,299.00", "1299.00", "exact"),
        ("¥88", "¥88", "88.00", "exact"),
        ("８９９元", "８９９元", "899.00", "exact"),
        ("3k", "3k", "3000.00", "exact"),
        ("3千块", "3千块", "3000.00", "exact"),
        ("三千五百元", "三千五百元", "3500.00", "exact"),
        ("两百零五块", "两百零五块", "205.00", "exact"),
        ("一百多块", "一百多块", "100.00", "approximate"),
        ("退我50行吗", "50", "50.00", "check"),
        ("运费15", "15", "15.00", "check"),
        ("实付 88.5", "88.5", "88.50", "check"),
        ("赔我一块", "一块", "1.00", "exact"),
        ("99买的", "99", "99.00", "check"),
        ("买了三天降价20", "20", "20.00", "check"),
        ("贵了30多", "30多", "30.00", "approximate"),
        ("花了三千多", "三千多", "3000.00", "approximate"),
        ("差了三十", "三十", "30.00", "check"),
        ("12的邮费", "12", "12.00", "check"),
        ("1千5", "1千5", "1500.00", "exact"),
        ("1w多", "1w", "10000.00", "approximate"),
        ("十几块", "十几块", "10.00", "approximate"),
        ("300块左右买的", "300块", "300.00", "approximate"),
        ("大概三百块", "三百块", "300.00", "approximate"),
        ("差不多花了1299元", "1299元", "1299.00", "approximate"),
        ("不到50元", "50元", "50.00", "approximate"),
        ("299元，大概用了三天", "299元", "299.00", "exact"),
        ("50块钱一斤", "50块钱", "50.00", "exact"),
        ("5元3件", "5元", "5.00", "exact"),
        ("卡尾号1234退款500", "500", "500.00", "check"),
        ("四五百块", "四五百块", "400.00", "range"),
        ("100-200元", "100-200元", "100.00", "range"),
        ("几十块钱", "几十块钱", "20.00", "range"),
    ],
)
def test_money(text: str, value: str, yuan: str, certainty: str) -> None:
    (found,) = find_amounts(normalise(text))
    assert (found.value, found.resolved["value"], found.certainty) == (value, yuan, certainty)


@pytest.mark.parametrize(
    ("text", "low", "high"), [("四五百块", "400.00", "500.00"), ("100到200块", "100.00", "200.00")]
)
def test_a_range_has_both_ends(text: str, low: str, high: str) -> None:
    (found,) = find_amounts(normalise(text))
    assert (found.resolved["from"], found.resolved["to"]) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "万一坏了", "千万别", "百分之五十", "满300减50", "满300元减50元", "一百分", "第三百页", "一千个理由", "50%",
        "订单2345678901234567", "买了3天", "退货3天了", "一块退了", "两块电池", "三块手表", "假一赔十", "退一赔三",
        "2017.03", "11.11", "12号", "1号店", "3元旦", "4K电视", "2k屏", "20W快充", "1.2万粉丝", "5000毫安", "退11月12号买的",
        "手机尾号8899", "尾号1234的卡", "2015买的", "买200送20", "打八折", "降了百分之十", "收了十几年", "2千克", "3千瓦", "[金额x]元",
        "退了[金额x]", "每满199减20", "520预售", "12个买的", "花了一千多天", "11.11买的",
    ],
)  # fmt: skip
def test_not_money(text: str) -> None:
    assert find_amounts(normalise(text)) == ()


def test_several_sums_in_order() -> None:
    found = find_amounts(normalise("原价460元，现在399元，退我差价61"))
    assert [one.resolved["value"] for one in found] == ["460.00", "399.00", "61.00"]
