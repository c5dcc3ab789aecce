"""Which remedies that are named are asked for."""

from __future__ import annotations

import pytest

from bot.zh.lexicon import find_terms
from bot.zh.normalise import normalise


@pytest.mark.parametrize(
    ("text", "value", "certainty"),
    [
        ("退货！", "退货", "exact"),
        ("什么破烂，退货", "退货", "exact"),
        ("赶紧把款退款过来", "退款", "check"),  # it may or may not mean sending the goods back
        ("我打算退货", "退货", "exact"),
        ("麻烦退款", "退款", "check"),
        ("能不能给我换一个", "换一个", "exact"),
        ("我这种可以要求赔付吗", "赔付", "exact"),
        ("坏了能索赔么", "索赔", "exact"),
        ("请问怎么操作，我想退货退款", "退货退款", "exact"),
        ("第三回了，我申请退货", "退货", "exact"),
        ("行，我申请退货吧", "退货", "exact"),
        ("按键坏了怎么维修", "维修", "exact"),
        ("那双怎么换货呢", "换货", "exact"),
        ("想申请换货怎么弄", "换货", "exact"),
        ("申请价保后没有通过", "价保", "exact"),
        # what the merchant refuses is still wanted, but it was not said outright
        ("老板死活不同意退货", "退货", "check"),
        ("三天就坏还不给保修", "保修", "check"),
        ("卖家不肯换货", "换货", "check"),
        ("一直没补发", "补发", "check"),
        ("也没补偿我", "补偿", "check"),
        ("客服说不行，我要退货", "退货", "exact"),
        ("客服说过了时间 我要退货", "退货", "exact"),
    ],
)
def test_a_demand(text: str, value: str, certainty: str) -> None:
    (found,) = find_terms(normalise(text), "remedy")
    assert (found.value, found.certainty) == (value, certainty)


@pytest.mark.parametrize(
    "text",
    [
        # over or under way
        "我申请了退款", "已经申请退货了", "昨天就申请退款，没人管", "申请换货还拖着", "退款没影子", "退货完成了", "前面提交了退货单",
        # a question about how things go
        "退款原路走吗", "退货要运费吗", "换货要多久", "维修收费吗", "运费险能赔多少怎么赔付", "能不能查维修进度", "想问下退款什么时候到",
        # somebody else's words, or a rule
        "客服让我退货", "卖家说可以退款", "他们承诺给我补偿", "可以退款", "不能退货", "现在只能返修", "说不支持价保",
        "取消了订单才能退款",
        # not wanted
        "我不想换货", "懒得退货", "本来想换货", "本想退货算了", "想想退货好累",
        # part of another word
        "保修卡不见了", "返修没人理", "运费险怎么用", "我想更换手机号", "帮我换一个号码", "要换个地址",
    ],
)  # fmt: skip
def test_no_demand(text: str) -> None:
    assert find_terms(normalise(text), "remedy") == ()
