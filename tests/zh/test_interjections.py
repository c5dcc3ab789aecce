"""What is said between the questions."""

from __future__ import annotations

import pytest

from bot.zh.interjections import read_interjection


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("要不要交啊", "asks_whether_to_pay"),
        ("我该转吗", "asks_whether_to_pay"),
        ("已经发给他了", "paid_a_fraud"),
        ("现在卡里少了2000", "paid_a_fraud"),
        ("我被骗了", "paid_a_fraud"),
        ("怎么办啊", "asks_what_now"),
        ("那接下来呢", "asks_what_now"),
        ("下一步怎么做", "asks_what_now"),
        ("帮我写一段话", "wants_draft"),
        ("你帮我写一段话发给商家", "wants_draft"),
        ("帮我写个话术", "wants_draft"),
        ("我该怎么回他", "wants_draft"),
        ("怎么跟商家说", "wants_draft"),
        ("写吧", "wants_draft"),
        ("把话术发给我", "wants_draft"),
        ("刚才那段话再发一下", "wants_draft"),
        ("没点确认，快自动确认了", "auto_confirm"),
        ("你觉得行不行", "asks_of_offer"),
        ("值得接受吗", "asks_of_offer"),
        ("我该不该接受", "asks_of_offer"),
        ("我还没点确认收货 再过两天就自动确认了", "auto_confirm"),
        ("快要自动收货了怎么办", "auto_confirm"),
        ("会自动确认吗", "auto_confirm"),
        ("钱还能要回来吗", "worries"),
        ("有希望吗", "worries"),
    ],
)
def test_between_the_questions(text: str, what: str) -> None:
    assert what in read_interjection(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "是", "可以", "没有", "能退吗", "怎么退", "要不要退", "怎么办理退货", "商家要我怎么办", "帮我看看", "转人工", "我发了照片",
        "发了个空包", "帮我写投诉信", "不行", "给我退", "他不给", "鞋底开胶了怎么办", "系统自动确认收货了", "自动确认了", "没确认 系统自动确认了", "商家说给退50块",
    ],
)  # fmt: skip
def test_what_tells_more_is_read_as_that(text: str) -> None:
    assert read_interjection(text) == ()
