"""What a message says of the parcel's way (物流状态): 显示签收但没拿到, 还没揽收, 物流一直不动, 没有单号, 已退回."""

from __future__ import annotations

import re

from bot.zh.normalise import normalise

_NOT_HERE = r"(?:没有?|未|没能)(?:真正|实际)?(?:收到|拿到|见到|看到|看见|领到|取到|收着|见着|到手)"
_COURIERS = r"(?:圆通|中通|申通|韵达|顺丰|极兔|邮政|德邦|百世|京东快递|ems)"
# (status, pattern); the first that matches decides.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("delivered_not_received", re.compile(rf"签收[^。!]{{0,16}}{_NOT_HERE}|{_NOT_HERE}[^。!]{{0,12}}(?:显示|却|就|写着?|说是?)[^。!]{{0,6}}签收")),
    ("no_pickup", re.compile(r"(?:没有?|未|等?待|不)揽(?:收|件)|没有?(?:快递员?)?(?:来)?揽件")),
    ("no_number", re.compile(r"(?:没有?|无|没给我?|不给我?)(?:快递|物流|运单)?单号")),
    ("returned", re.compile(r"(?:显示|快递|物流|包裹|已经?)被?(?:退回去?了?|退件)(?!运?费)")),
    ("stalled", re.compile(rf"(?:物流|快递|包裹|轨迹)[^,。!]{{0,8}}(?:不动|没动|没有?更新|不更新|没有?变化|停(?:了|在|滞)|卡(?:住|在))|(?<!系统)(?<!软件)(?<!版本)(?:没有?|不)(?:再)?更新(?!系统|软件)|{_COURIERS}[^。!]{{0,10}}(?:不动|没动|停了)")),
)  # fmt: skip
_SUPPOSED = re.compile(r"吗|能不能|会不会|是不是|要是|如果|万一|签收(?:前|之前|的时候|时)")


def parcel_status(text: str) -> str | None:
    """The code of the fact tracking_status that a message states; None when it asks, supposes or says nothing of it."""
    plain = normalise(text).text
    if _SUPPOSED.search(plain):
        return None
    return next((status for status, pattern in _PATTERNS if pattern.search(plain)), None)
