"""Sums of money: 一百二十块五, 99块9, 1.2万, 两百五, ¥1,299.00, 四五百块.

A number becomes money only through a sign, a unit or a verb of paying beside it. 万一, 千万别, 百分之五十, 满300减50,
一百分, 第三百页, sizes, counts and order numbers are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.zh.found import Found, Taken
from bot.zh.normalise import Normalised
from bot.zh.numerals import CHINESE_NUMBER, DIGITS, UNITS, read_chinese, read_number

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,8}(?:\.\d{1,2})?)"
_CN = CHINESE_NUMBER
_YUAN = r"(?:块钱|块|元钱|元|圆|rmb|人民币)"
# 元旦 is a day; 块 counts batteries, watches and cakes too.
_NOT_MONEY_AFTER = (
    r"(?!旦|宵|素|件|电池|手表|表|布|蛋糕|肉|巧克力|香皂|肥皂|屏|玻璃|砖|板|地|石|面膜|硬盘|毛巾|豆腐|木|垫|主板|显卡|内存"
    r"|牛排|瓷砖|饼|芯片|镜|肥|去|儿|膏|糖|姜|饰|皮)"
)
# 50块一斤, 20元3件: what follows the sum counts goods or days.
_MEASURE = r"[个件天次号月年斤份盒瓶包袋箱双条只张本套把台部支颗串杯片米对组单口样种位人]"
_SIGNED = re.compile(rf"[¥$]\s*(?P<n>{_ARABIC})(?P<k>[万千kKwW])?(?:\s*{_YUAN})?", re.I)
_ARABIC_UNIT = re.compile(
    rf"(?<![\d.A-Za-z第])(?P<n>{_ARABIC})\s*(?P<k>[万千百kKwW])?\s*(?P<more>多|来|几)?\s*{_YUAN}{_NOT_MONEY_AFTER}"
    rf"(?:(?P<jiao>\d|[一二两三四五六七八九])(?![\d百千十]|{_MEASURE})(?:毛|角)?(?:(?P<fen>\d)分)?|(?P<cents>\d\d)(?!\d|{_MEASURE}))?",
    re.I,
)
_RANGE = re.compile(
    rf"(?<![\d.A-Za-z第])(?P<a>{_ARABIC})\s*{_YUAN}?\s*(?:-|~|到|至)\s*(?P<b>{_ARABIC})\s*(?P<k>万)?{_YUAN}{_NOT_MONEY_AFTER}",
    re.I,
)
_CN_RANGE = re.compile(
    rf"(?P<a>[一二两三四五六七八九])(?P<b>[二两三四五六七八九])(?P<u>十|百|千|万)?{_YUAN}{_NOT_MONEY_AFTER}"
)
_SOME = re.compile(rf"(?<![\d{_CN[1:-1]}])(?P<u>几|好几)(?P<k>十|百|千|万)?{_YUAN}{_NOT_MONEY_AFTER}")
_CN_UNIT = re.compile(
    rf"(?<![第{_CN[1:-1]}])(?P<n>{_CN}+)(?P<more>多|来|几)?{_YUAN}{_NOT_MONEY_AFTER}"
    rf"(?:零?(?P<jiao>[一二两三四五六七八九])(?![百千十]|{_MEASURE})(?:毛|角)?)?"
)
_JIAO = re.compile(r"(?<![\d.第])(?P<n>\d|[一二两三四五六七八九])(?:毛钱?|角钱)(?!衣|病|巾|孩|绒)")
_WAN = re.compile(
    rf"(?<![\d.A-Za-z第])(?P<n>{_ARABIC})\s*(?:(?P<k>[万千])(?P<tail>\d)?|(?P<w>w)(?=多|左右))(?![\d克瓦米卡赫兆伏])",
    re.I,
)
_CN_LOOSE = re.compile(
    rf"(?<![第{_CN[1:-1]}分之几])(?P<n>[一二两三四五六七八九][百千万][一二三四五六七八九])(?!{_CN}|分之)"
)
_THOUSANDS = re.compile(
    r"(?<![\d.A-Za-z第])(?P<n>\d{1,3}(?:\.\d)?)(?P<k>[kK])(?![A-Za-z0-9]|\s*(?:屏|电视|高清|分辨|显示|画质|视频|投影|摄))"
)
# 退我50, 赔100, 运费15, 实付 88.5: a bare number that a verb or noun of paying makes money.
_PAID_WORD = (
    r"(?:实付款?|付款|付了|优惠后|到手价|原价|现价|价格|价钱|运费|邮费|差价|定金|订金|尾款|金额|补偿|赔偿|赔付|退款|退还|退回|花了|花|卖|"
    r"便宜了?|贵了|差了|单价|售价|标价|跌价|降价|涨价|只要|只肯退|只肯赔|只退|只赔|退|赔|补|降了|降|涨了|涨|扣了|扣|返现|返|少退|多收|多付|收了|变成)"
)
_BY_WORD = re.compile(
    rf"{_PAID_WORD}(?:了|我|给我|给你|给您|你|您|是|为|到|至|才|:|我的|了我)*\s*"
    rf"(?P<n>\d{{1,6}}(?:\.\d{{1,2}})?(?![\d.:-])|{_CN}{{2,8}}(?!{_CN}))"
)
_FEE = re.compile(
    r"(?<![\d.A-Za-z第:/-])(?P<n>\d{1,4}(?:\.\d{1,2})?)的?(?:运费|邮费|差价|押金|定金|订金|尾款|手续费|红包)"
)
# 99买的, 85拍的: a number of a buyer; 618 and 2015 are days and years.
_BOUGHT_FOR = re.compile(
    r"(?<![\d.A-Za-z第:/月号*-])(?!618|520|818|111[01]|1212|(?:19|20)\d\d(?!\d)|(?:1[0-2]|0?[1-9])\.\d)"
    r"(?P<n>\d{2,5}(?:\.\d{1,2})?)\s*(?:买的?|入手的?|拍的|拍下|下单|抢的|抢到)(?!一送|\d?送)"
)
# 买的羽绒服899，昨天…: the number at the end of what was bought.
_BOUGHT_THING_FOR = re.compile(
    r"(?:买|拍|入手|下单)(?:了|的)?[^,。!?;\d]{1,8}(?<![第型号款代系列])(?P<n>\d{2,5}(?:\.\d{1,2})?)(?=[,。!?;\s]|$)"
)
_COUNTED = re.compile(
    r"\s*(?:[多几来]?[百千万]|[多几来]?(?:天|年|个|次|件|斤)|k|几|件|次|小时|号|月|年|本|斤|%|折|星|分|点|日|周|倍|双|瓶|盒|包|袋|只|条|台|部|张|套|箱|公斤|克|kg|g|ml|码|楼|人|遍|回|单|期|款|"
    r"寸|厘米|cm|mm|万|粉|步|像素|毫安|mah|家|公里|字|条|积分|京豆|金币|克拉|级|度|v|w|gb|tb|p|岁|代|层|颗|根|支|片|粒|米|份|订单|秒|位)",
    re.I,
)
_COUPON_RULE = re.compile(
    r"满\s*\d+(?:\.\d+)?\s*元?\s*[减打送返]\s*\d+(?:\.\d+)?|每满\d+|[退假缺少]一[赔罚]\S{1,2}"
)
_TOGETHER_BEFORE = re.compile(r"(?:才|就|赔|退|每|花|只|补|差|便宜|贵|降|涨|扣|少|多)(?:了|我)?$")


# 300块左右, 大概三百: a sum that is only about right.
_ABOUT_AFTER = re.compile(r"\s*(?:左右|上下|出头|多|不到一点)")
_ABOUT_BEFORE = re.compile(r"(?:大概|大约|约|差不多|将近|接近|不到|估计)(?:就?是|要|花了?|付了?)?\s*[¥$]?$")


@dataclass(frozen=True)
class _Sum:
    start: int
    end: int
    low: Decimal
    high: Decimal | None = None
    certainty: str = "exact"


def find_amounts(text: Normalised) -> tuple[Found, ...]:
    """All sums of money in yuan. A range carries `from` and `to`, and its `value` is the lower end."""
    taken = Taken(len(text.text))
    for match in _COUPON_RULE.finditer(text.text):
        taken.mark(*match.span())
    sums: list[_Sum] = []
    for reader in (_signed, _ranges, _arabic, _chinese, _loose, _by_word):
        for one in reader(text.text):
            if taken.free(one.start, one.end):
                taken.mark(one.start, one.end)
                sums.append(one)
    sums = [_as_sure_as_told(text.text, one) for one in sums]
    return tuple(_found(text, one) for one in sorted(sums, key=lambda one: one.start))


def _as_sure_as_told(text: str, one: _Sum) -> _Sum:
    doubted = _ABOUT_AFTER.match(text, one.end) or _ABOUT_BEFORE.search(
        text[max(0, one.start - 6) : one.start]
    )
    return replace(one, certainty="approximate") if doubted and one.high is None else one


def _found(text: Normalised, one: _Sum) -> Found:
    start, end = text.span(one.start, one.end)
    resolved = {"value": _plain(one.low)}
    if one.high is not None:
        resolved |= {"from": _plain(one.low), "to": _plain(one.high)}
    return Found("amount", start, end, text.original[start:end], resolved, one.certainty)


def _plain(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01')):f}"


def _factor(mark: str | None) -> int:
    return {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000, "百": 100}.get((mark or "").lower(), 1)


def _signed(text: str) -> list[_Sum]:
    out = []
    for match in _SIGNED.finditer(text):
        value = read_number(match["n"])
        if value is not None:
            out.append(_Sum(*match.span(), value * _factor(match["k"])))
    return out


def _ranges(text: str) -> list[_Sum]:
    out = []
    for match in _RANGE.finditer(text):
        low, high = read_number(match["a"]), read_number(match["b"])
        if low is not None and high is not None and low < high:
            factor = _factor(match["k"])
            out.append(_Sum(*match.span(), low * factor, high * factor, "range"))
    for match in _CN_RANGE.finditer(text):
        low_digit, high_digit = DIGITS[match["a"]], DIGITS[match["b"]]
        if high_digit == low_digit + 1:
            unit = UNITS.get(match["u"] or "", 1)
            out.append(_Sum(*match.span(), Decimal(low_digit * unit), Decimal(high_digit * unit), "range"))
    for match in _SOME.finditer(text):
        unit = UNITS.get(match["k"] or "", 1)
        out.append(_Sum(*match.span(), Decimal(2 * unit), Decimal(9 * unit), "range"))
    return out


def _arabic(text: str) -> list[_Sum]:
    out = []
    for match in _ARABIC_UNIT.finditer(text):
        value = read_number(match["n"])
        if value is None:
            continue
        value *= _factor(match["k"])
        if match["jiao"]:
            value += Decimal(DIGITS.get(match["jiao"], 0) or int(read_number(match["jiao"]) or 0)) / 10
            value += Decimal(match["fen"] or 0) / 100
        elif match["cents"]:
            value += Decimal(match["cents"]) / 100
        out.append(_Sum(*match.span(), value, certainty="approximate" if match["more"] else "exact"))
    return out


def _chinese(text: str) -> list[_Sum]:
    out = []
    for match in _CN_UNIT.finditer(text):
        value = read_chinese(match["n"])
        if value is None or (match["n"] == "一" and not _one_is_a_price(text, match)):
            continue
        total = Decimal(value) + Decimal(DIGITS.get(match["jiao"] or "", 0)) / 10
        out.append(_Sum(*match.span(), total, certainty="approximate" if match["more"] else "exact"))
    for match in _JIAO.finditer(text):
        digit = match["n"]
        value = DIGITS[digit] if digit in DIGITS else int(digit)
        out.append(_Sum(*match.span(), Decimal(value) / 10))
    return out


def _one_is_a_price(text: str, match: re.Match[str]) -> bool:
    """一块 mostly means "together" (一块退了); 赔一块, 一块钱, 一块五 are money."""
    return (
        "钱" in match.group() or bool(match["jiao"]) or bool(_TOGETHER_BEFORE.search(text[: match.start()]))
    )


def _loose(text: str) -> list[_Sum]:
    """Sums said without a unit: 1.2万, 3k, 两百五."""
    out = []
    for match in _WAN.finditer(text):
        value = read_number(match["n"])
        if value is not None and not _COUNTED.match(text, match.end()):
            unit = _factor(match["k"] or "万")
            out.append(_Sum(*match.span(), value * unit + Decimal(match["tail"] or 0) * unit / 10))
    for match in _THOUSANDS.finditer(text):
        value = read_number(match["n"])
        if value is not None and not _COUNTED.match(text, match.end()):
            out.append(_Sum(*match.span(), value * 1000))
    for match in _CN_LOOSE.finditer(text):
        chinese = read_chinese(match["n"])
        if chinese is not None and not _COUNTED.match(text, match.end()):
            out.append(_Sum(*match.span(), Decimal(chinese), certainty="check"))
    return out


def _by_word(text: str) -> list[_Sum]:
    out = []
    for match in (
        *_BY_WORD.finditer(text),
        *_BOUGHT_FOR.finditer(text),
        *_BOUGHT_THING_FOR.finditer(text),
        *_FEE.finditer(text),
    ):
        start, end = match.span("n")
        value = read_number(match["n"])
        if value is not None and not _COUNTED.match(text, end) and not text.startswith("分之", end):
            more = text.startswith("多", end)  # 贵了30多
            out.append(_Sum(start, end + more, value, certainty="approximate" if more else "check"))
    return out
