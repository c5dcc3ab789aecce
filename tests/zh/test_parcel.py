"""What is said of the parcel's way."""

from __future__ import annotations

import pytest

from bot.zh.parcel import parcel_status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("快递显示签收了可是我没拿到", "delivered_not_received"),
        ("物流写已签收，人根本没见到货，也没收到短信", "delivered_not_received"),
        ("我没收到东西，系统却显示签收", "delivered_not_received"),
        ("包裹没拿到，说是放驿站签收了", "delivered_not_received"),
        ("三天了还没揽收", "no_pickup"),
        ("一直显示等待揽件", "no_pickup"),
        ("发货了但是没有单号", "no_number"),
        ("物流五天没更新了", "stalled"),
        ("快递卡在武汉一周", "stalled"),
        ("包裹被退回了", "returned"),
        ("昨天签收的，鞋底开胶", None),
        ("签收以后发现坏了", None),
        ("还没收到货", None),
        ("显示签收了，我没收到怎么办？", "delivered_not_received"),
        ("还没揽收吗", None),
        ("如果签收了没拿到怎么算", None),
        ("物流很快", None),
        ("退回运费没给我", None),
        ("商家不给退", None),
        ("", None),
    ],
)
def test_status(text: str, status: str | None) -> None:
    assert parcel_status(text) == status
