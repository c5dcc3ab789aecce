"""Troubles that a message names without having them (误报的纠纷类型): 没有保价, 有电子发票, 就要退钱, 小棕瓶味道不对.

The classifier hears the word; here the words around it say that it is not claimed, or that it is denied (我没退货啊).
"""

from __future__ import annotations

import re

from bot.zh.normalise import normalise

_NOT_EATEN = r"护肤|化妆|彩妆|口红|唇膏|面霜|眼霜|精华|乳液|粉底|香水|爽肤|面膜|洗面|洁面|防晒|小棕瓶|小黑瓶|神仙水|洗发|护发|沐浴|牙膏|洗衣液"
# (types, what rules them out, what claims them all the same)
_TABLE: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("refund_withheld",),
        r"^[^。!?]{0,8}(?:就|只|我|还是|赶紧|快点?|马上|必须|直接|全额?|给我)*(?:要|想|给我|帮我)?(?:全额?)?退(?:钱|款|我钱)(?:就行|就好|吧|啊|呀|了|[,。!~ ])*$",
        r"没到|未到|没收到(?!货)|不到账|没到账|还没|一直|不退|不给|不肯|没退|未退|少退|扣|多久|几天|退货|寄回|拒",
    ),
    (("invoice",), r"有(?:的)?(?:电子|纸质)?发票", r"没有?(?:电子|纸质)?发票|不(?:给|肯|能|让)?开|没开|未开|拒|错|抬头|补开|重开|不对"),
    (("price",), r"(?:没有?|未|不|有没有)保价", r"降价|差价|便宜|涨价|价格保护|价保"),
    (("aftersale_broken",), r"没(?:有)?(?:保修|质保)卡", r"不(?:给|肯|能|让)?(?:修|保|换)|拒|没人|没来|又坏"),
    (  # 退回去了 卖家说少配件: what the merchant finds wrong with a return
        ("missing_part", "damaged", "quality_visible", "wrong_item"),
        r"(?:退|寄)[^。!?]{0,14}(?:商家|卖家|店家|客服|对方|仓库|他们?)[^,。!?]{0,3}(?:说|称|讲|认为|咬定)(?:我|是|退的|里面|货|东西)*(?:少|缺|不全|没有|坏|破|脏|碎|调包|掉包|换了)",
        r"(?:收到|发来|寄来|买来|到手|发给我)[^。!?]{0,10}(?:少|缺|坏|破|脏|碎|错)",
    ),
    (("food", "fresh"), _NOT_EATEN, r"吃|喝|食品"),
)  # fmt: skip
_DENIED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("refund_withheld",), r"没(?:有)?退(?:过)?货|没(?:有)?寄回|还没退回去|货都没(?:有)?收到[^。!]{0,6}退"),
    (("invoice",), r"(?:没有?|不是|去掉|删掉|不算|取消)[^,。!]{0,3}发票(?:的)?(?:问题|纠纷|类型|事)|发票(?:的)?(?:问题)?(?:去掉|删掉|没问题)"),
    (("price",), r"(?:没有?|不是|去掉|删掉|不算)[^,。!]{0,3}(?:差价|价格|降价)(?:的)?(?:问题|纠纷|事)"),
    (("food", "fresh"), r"不是(?:食品|食物|吃的|生鲜|水果)|我?(?:买|说)的(?:是|明明是)?(?:护肤品|化妆品)"),
    (("counterfeit",), r"(?:没说|没有说|不是说)(?:是|它|他们?)?假(?:货|的)?"),
    (("damaged",), r"(?:没有?|不是)(?:摔|压|磕|碰)坏|包装(?:是)?(?:好的|完好)"),
    (("not_received",), r"(?:已经|刚|后来)(?:又)?(?:收到|拿到|找到)了(?!.{0,6}(?:但|可|却|就))"),
)  # fmt: skip
_RULES = tuple((types, re.compile(out), re.compile(still)) for types, out, still in _TABLE)
_DENIALS = tuple((types, re.compile(pattern)) for types, pattern in _DENIED)


def ruled_out(text: str) -> frozenset[str]:
    """The dispute types that this message does not claim, whatever it was read as."""
    plain = normalise(text).text.strip()
    named = {
        kind
        for types, out, still in _RULES
        if out.search(plain) and not still.search(plain)
        for kind in types
    }
    return frozenset(named) | denied(text)


def denied(text: str) -> frozenset[str]:
    """The dispute types that the message says are none: those of a case are taken back then."""
    plain = normalise(text).text
    return frozenset(kind for types, pattern in _DENIALS if pattern.search(plain) for kind in types)
