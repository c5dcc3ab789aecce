"""What an account states of the grounds of a claim, and what only asks, supposes, denies or is about something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zh.grounds import read_grounds


@pytest.mark.parametrize(
    "text",
    [
        "淘宝买的酸奶收到就过期了 50块",
        "买到过期奶粉，可以赔十倍吗",
        "牛奶过期了 能赔多少",
        "都说了过期了",
        "是啊 都过期半个月了",
        "已经超过保质期两个月了",
        "过了保质期还卖给我",
        "面包发霉了",
        "打开一股馊味",
        "月饼长毛了",
        "大米生虫了",
        "里面爬满了虫",
        "吃出一只蟑螂",
        "饼干里有头发",
        "喝到一半发现有异物",
        "坚果一股哈喇味",
        "没有生产日期",
        "包装上没有中文标签",
        "买到三无产品了",
        "香肠胀袋了",
        "肉已经变质",
        "保质期都过了",
    ],
)
def test_bad_food_is_stated(text: str) -> None:
    assert read_grounds(text).get("bad_food") is True


@pytest.mark.parametrize(
    "text",
    [
        "过期了吗",
        "这算不算过期？",
        "是不是变质了",
        "如果过期了能赔十倍吗",
        "要是发霉了怎么办",
        "好像有点变质",
        "应该是过期了吧",
        "怀疑过期",
        "快过期了",
        "差三天过期",
        "还没过期",
        "没有过期",
        "不是过期，是不好吃",
        "没有变质",
        "没发霉",
        "没有异物",
        "优惠券过期了",
        "退款申请过期了",
        "售后已经过期了",
        "链接过期",
        "过期不候",
        "过期作废",
        "我放过期了",
        "商家说没过期",
        "客服说变质是我没放冰箱",
        "离过期还有十天",
        "保质期还没过",
        "酸奶不好喝",
        "食品退一赔十",
        "",
    ],
)
def test_no_bad_food_is_stated(text: str) -> None:
    assert "bad_food" not in read_grounds(text)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("有啊 页面写的正品保证假一赔十", {"claims_genuine": True, "promise_times": 10}),
        ("详情页写着假一赔三", {"claims_genuine": True, "promise_times": 3}),
        ("页面写的正品保证，假一赔十", {"claims_genuine": True, "promise_times": 10}),
        ("客服承诺假一赔四的", {"claims_genuine": True, "promise_times": 4}),
        ("店铺首页挂着假一罚十", {"claims_genuine": True, "promise_times": 10}),
        ("页面写了假一赔十 能赔多少", {"claims_genuine": True, "promise_times": 10}),
        ("主播说是专柜正品", {"claims_genuine": True}),
        ("客服保证是正品", {"claims_genuine": True}),
        ("商家宣传官方授权", {"claims_genuine": True}),
        ("页面写的纯棉，实际是化纤", {"false_statement": True, "promise": "纯棉"}),
        ("主播说是真皮结果是人造革", {"false_statement": True, "promise": "真皮"}),
        ("详情页标的500克 到手只有400", {"false_statement": True, "promise": "500克"}),
        ("卖家说99新 结果镜头有霉", {"false_statement": True, "promise": "99新"}),
        ("直播间说是A货 检测结果是B货", {"false_statement": True, "promise": "A货"}),
        ("商家说会给我退，结果一直不退", {"false_statement": True}),  # a promise to act, not of the goods
    ],
)
def test_what_was_said_of_the_goods(text: str, stated: dict[str, object]) -> None:
    assert read_grounds(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "页面有没有写假一赔十",
        "页面写了假一赔十吗",
        "页面写假一赔十是真的吗",
        "没写假一赔十",
        "页面没写正品",
        "客服不肯保证是正品",
        "我要假一赔十",
        "假一赔三",
        "能假一赔十吗",
        "如果页面写了假一赔十呢",
        "可以要求假一赔三吗",
        "是正品吗",
        "我想要正品",
        "客服说没有假一赔十",
        "页面写的什么我不记得了",
        "商家说三天内发货",
    ],
)
def test_nothing_was_said_of_the_goods(text: str) -> None:
    assert not read_grounds(text)


@pytest.mark.parametrize(
    ("text", "more"),
    [("饼干里有虫", True), ("收到就过期了", True), ("没有生产日期", False), ("买到三无产品了", False)],
)
def test_what_is_more_than_a_label(text: str, more: bool) -> None:
    assert (read_grounds(text).get("only_label") is False) is more


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    read_grounds(text)
