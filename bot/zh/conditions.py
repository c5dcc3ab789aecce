"""Plain statements about the goods and the talks that are yes-or-no facts of a case: 没穿过, 吊牌还在, 还没联系商家."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.zh.grounds import said_of_goods
from bot.zh.normalise import normalise

# (fact, value, pattern); the first that matches decides a fact. Denials stand before what they deny.
_PATTERNS: tuple[tuple[str, bool, str], ...] = (
    ("goods_used", False, r"(?:没有?|未|还没|没怎么|从没)(?:用|穿|洗|戴|使用|动|拆封|下水|上身)过?(?!上)|全新(?:没|未)|没(?:剪|拆)(?:吊牌|标)"),
    ("goods_used", True, r"(?:用|穿|洗|戴|使用)过?(?:了)?(?:一|两|几|三|半|\d+)(?:次|天|回|个?星期|个?月|周|小时)|(?:用|穿|洗|戴|使用)过了?(?![吗么?没])|剪了(?:吊牌|标)|已经(?:用|穿|洗|使用)"),
    ("goods_intact", True, r"(?:吊牌|标签|包装|配件|盒子|商品|东西)(?:都|还|也)?(?:完好|齐全|都在|还在|没(?:剪|拆|动|坏)|完整)|完好无损|不影响二次销售"),
    ("goods_intact", False, r"(?:吊牌|标签|包装|盒子|配件)(?:已经|都)?(?:剪了|扔了|丢了|没了|不见了|拆坏了|少了)"),
    ("contacted_merchant", False, r"(?:还|都|也)?(?:没有?|未)(?:跟|和|找|联系|问)(?:过)?(?:商家|卖家|店家|客服|店铺)|还没(?:联系|沟通|协商|说)(?!上|好|通)"),
    ("contacted_merchant", True, r"^(?!.*(?:货|快递|件|退|寄|包裹)).*发(?:过去)?给(?:了)?(?:商家|卖家|店家|客服|他们|店铺)(?:了|过)|(?:跟|和|找|联系|问|催)(?:了|过)?(?:商家|卖家|店家|店铺|店里客服|客服)(?:了|过|好几次|几次|\d+次|说|谈|沟通|反映|反馈|要求)|(?:商家|卖家|店家|客服|店铺|对方)[^,。!?]{0,6}(?:不肯|不给|不同意|不退|不换|拒绝|不承认|不理|不回|不认|说|让我|要我|态度|推|同意|答应|只肯|只愿意)"),
    ("seven_day_supported", False, r"(?:不支持|没有|不参加|写着不支持)(?:七天|7天|无理由)"),
    ("seven_day_supported", True, r"(?:支持|写着?|标了?|承诺|有)(?:支持)?(?:七天|7天)无?理?由?(?:退货|退换)?(?!.{0,6}[吗么?])"),
    ("induced_confirmation", True, r"(?:商家|卖家|店家|客服|他们)[^,。!?]{0,6}(?:让|叫|要|催|说|非要)(?:我|得|必须|要)*(?:先)?(?:把)?(?:(?:点|确认)(?:了|一下|掉)?(?:确认)?收货|收货点)"),
)  # fmt: skip
_COMPILED = tuple((fact, value, re.compile(pattern)) for fact, value, pattern in _PATTERNS)
# 商家说穿过了: what they say of the goods is no statement of the buyer.
_AGAINST_THE_BUYER = frozenset({("goods_used", True), ("goods_intact", False)})
_THEY_SAY = re.compile(
    r"(?:商家|卖家|店家|客服|店铺|对方|他们?)(?:就|非|还|又|都|却|硬)*(?:说|称|讲|认为|咬定|怪|赖)"
)
_QUESTION = re.compile(r"[?？]|吗$|么$|能不能|可不可以|是不是|怎么|要是|如果|万一")


def read_conditions(text: str) -> Mapping[str, bool]:
    """The yes-or-no facts a message states. A clause that asks, or only supposes, states nothing."""
    stated: dict[str, bool] = {}
    plain = normalise(text).text
    if said := said_of_goods(text):  # 卖家说99新，结果有霉: nobody has talked to the merchant about it yet
        plain = plain.replace(said[1], ",")
    for clause in re.split(r"[,，。!！;；\n]", plain):
        if _QUESTION.search(clause):
            continue
        for fact, value, pattern in _COMPILED:
            if (fact, value) in _AGAINST_THE_BUYER and _THEY_SAY.search(clause):
                continue
            if fact not in stated and pattern.search(clause):
                stated[fact] = value
    return stated
