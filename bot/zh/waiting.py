"""What a question about time is after: how long the others take (要多久能退), or how long the buyer has (还有几天能申请)."""

from __future__ import annotations

import re

from bot.zh.normalise import normalise

_HOW_LONG = re.compile(
    r"多久|多长(?:的)?时间|多长|几天|多少天|几日|几个?(?:小时|工作日|星期|礼拜|周|月)|多少个?(?:小时|工作日)|什么时候|什么时间|啥时候?|何时|几时|哪天|几号|猴年马月"
)
_OWN_RIGHT = r"(?:申请|提交|投诉|举报|起诉|告他|上诉|申诉|提出|要求|退货(?!款)|换货|介入|维权|反馈|评价)"
_OWN_LIMIT = re.compile(
    r"还(?:有|剩)|截止|期限|时限|有效期|来得及|过期|失效|最[晚迟]|保修|质保|保质期|三包|起算|算起|从[^,。]{0,6}(?:开始|算)|过了(?:多久|几天)"
    rf"|(?:可以|能|要|得|必须|应该|来)(?:再|去|够)?{_OWN_RIGHT}|{_OWN_RIGHT}(?:的)?(?:时间|期)|内(?:可以|能|要|得)?(?:退货|换货|退换|申请)|无理由"
)
_OF_THE_OTHERS = re.compile(
    r"(?:商家|卖家|店家|店铺|客服|平台|小二|淘宝|天猫|京东|拼多多|抖音|快手|他们|对方|人家|系统)[^,。]{0,6}"
    r"(?:回复?|处理|退款|退钱|退给|打款|到账|签收|确认|审核|判|答复|给|受理|发货|解决|有结果)"
)
_A_LIMIT = re.compile(r"(?:\d+|[一二两三四五六七八九十]+) ?个?(?:小时|天|日)(?!无理由)")
_LIMIT = re.compile(r"截止|期限|时限|超时|过期|来得及|时间|还剩")


def asks_how_long(text: str) -> bool:
    """Whether a question asks how long something takes that is not the buyer's to do."""
    plain = normalise(text).text
    if not _HOW_LONG.search(plain):
        return False
    return bool(_OF_THE_OTHERS.search(plain)) or not _OWN_LIMIT.search(plain)


def names_a_time(text: str) -> bool:
    """Whether the words ask when or how long, whatever else they speak of: 赔付多久到, 期限是几天."""
    plain = normalise(text).text
    return bool(_HOW_LONG.search(plain) or re.search(r"截止|期限|时限", plain))


def asks_for_limit(text: str) -> bool:
    """Whether a question is about a time limit at all: 还有多久能申请, 是不是有48小时."""
    plain = normalise(text).text
    return bool(_HOW_LONG.search(plain) or _LIMIT.search(plain) or _A_LIMIT.search(plain))
