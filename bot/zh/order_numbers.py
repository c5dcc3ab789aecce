"""Order numbers by platform form; never phone numbers, sums, dates or waybills."""

from __future__ import annotations

import re

from bot.zh.found import Found
from bot.zh.normalise import Normalised

# Digits in an order number, platform defaults: 淘宝/天猫 15–19, 京东 11–15, 拼多多 6-15, 抖音 16–19.
LENGTHS: dict[str, tuple[int, int]] = {
    "taobao": (15, 19),
    "tmall": (15, 19),
    "jd": (11, 15),
    "pdd": (21, 21),
    "douyin": (16, 19),
    "kuaishou": (13, 19),
    "wechat": (16, 28),
    "xianyu": (15, 19),
}
SHORTEST, LONGEST = 11, 28

_LABEL = r"(?:订单编号|订单号码|订单号|交易号|交易编号|订单|单号|编号)"
_LABELLED = re.compile(rf"{_LABEL}\s*(?:是|为|:|\s)*\s*(?P<n>\d{{6}}-\d{{15}}|\d{{3,40}})(?![\d*])")
_BARE = re.compile(r"(?<![\d.A-Za-z¥$*-])(?P<n>\d{6}-\d{15}|\d{10,28})(?![\d.A-Za-z*]|元|块|-\d)")
_NEXT = re.compile(r"\s*(?:和|跟|与|、|,|及|还有)\s*(?P<n>\d{6}-\d{15}|\d{8,28})(?!\d|元|块)")
_OTHER_LABEL = re.compile(
    r"(?:电话|手机|手机号|号码|联系方式|致电|拨打|热线|微信|qq|卡号|银行卡|身份证|快递单?号?|运单号?|物流单?号?|退货单号|编码|序列号"
    r"|imei|sn|条码|货号|款号|型号|备案|许可证|执照)(?:是|为|:|\s|号)*$",
    re.I,
)
_PHONE = re.compile(r"(?:1[3-9]\d{9}|0\d{9,11}|[48]00\d{7})$")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}$")
_STAMP = re.compile(r"20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?$")


def find_order_numbers(text: Normalised, platform: str | None = None) -> tuple[Found, ...]:
    """Every order number. With `platform` known the length is judged by that platform's form.

    certainty "check" (with `why`) means: too short, too long, or it may as well be a waybill or phone number.
    """
    out: list[Found] = []
    taken: list[tuple[int, int]] = []

    def take(start: int, end: int, labelled: bool) -> None:
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            return
        taken.append((start, end))
        out.append(_judge(text, start, end, labelled, platform))

    for match in _LABELLED.finditer(text.text):
        if _waybill_label(text.text, match.start()):
            continue
        take(*match.span("n"), labelled=True)
        follow = _NEXT.match(text.text, match.end())
        while follow:
            take(*follow.span("n"), labelled=True)
            follow = _NEXT.match(text.text, follow.end())
    for match in _BARE.finditer(text.text):
        digits = match["n"].replace("-", "")
        if _OTHER_LABEL.search(text.text[: match.start()]) or _is_something_else(digits):
            continue
        take(*match.span("n"), labelled=False)
    return tuple(sorted(out, key=lambda one: one.start))


def _waybill_label(text: str, at: int) -> bool:
    """快递单号 and 运单号 announce a waybill, not an order."""
    return bool(re.search(r"(?:快递|物流|运|退货|面|邮政)$", text[max(0, at - 3) : at]))


def _is_something_else(digits: str) -> bool:
    """A bare run that reads as a phone, identity card number or time stamp, or is too short to be sure of."""
    return bool(
        len(digits) < SHORTEST or _PHONE.match(digits) or _IDENTITY.match(digits) or _STAMP.match(digits)
    )


def _judge(text: Normalised, start: int, end: int, labelled: bool, platform: str | None) -> Found:
    shown = text.text[start:end]
    digits = shown.replace("-", "")
    where = "pdd" if "-" in shown else platform
    why = _doubt(digits, labelled, where)
    resolved = {"value": shown, "platform": where, "certainty": "check" if why else "exact"}
    if why:
        resolved["why"] = why
    first, last = text.span(start, end)
    return Found(
        "order_number", first, last, text.original[first:last], resolved, "check" if why else "exact"
    )


def _doubt(digits: str, labelled: bool, platform: str | None) -> str | None:
    """Why a number should be read back to the buyer, in Chinese; None if its form is right."""
    length = len(digits)
    low, high = LENGTHS.get(platform or "", (SHORTEST, LONGEST))
    if length < low:
        return f"位数不够：只有{length}位，订单号一般有{low}位以上"
    if length > high:
        return f"位数偏多：有{length}位，订单号一般不超过{high}位"
    if platform is None and _PHONE.match(digits):
        return "这串数字像是手机号"
    if not labelled and platform is None and length < 15:
        return "这串数字也可能是快递单号"
    return None
