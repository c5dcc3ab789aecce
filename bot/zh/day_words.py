"""Phrases for days, weeks and months, each with the reading of its match. Order = priority."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.zh import festivals
from bot.zh.moments import Moment, Now, lean, on_day, safe_date, shift_month, stretch, whole_month
from bot.zh.numerals import CHINESE_NUMBER, read_number

Match = re.Match[str]
Reader = Callable[[Match, Now], "Moment | None"]
_N = rf"(?:\d{{1,2}}|{CHINESE_NUMBER}{{1,3}})"
_YEAR_WORD = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
_DAY_WORD = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2, "大后": 3}
_WEEKDAY = {char: at for at, char in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5} | {
    str(at + 1): at for at in range(7)
}  # fmt: skip


def _number(text: str) -> int:
    return int(read_number(text) or 0)


def _which(match: Match) -> str:
    """上 / 这 / 下 of a week or month, where the phrase has one."""
    return match.groupdict().get("which") or ""


def _year(match: Match, now: Now) -> int | None:
    word = match["yw"]
    return now.today.year + _YEAR_WORD[word] if word else None


def _full(match: Match, now: Now) -> Moment | None:
    year = int(match["y"])
    day = safe_date(year + 2000 if year < 100 else year, _number(match["mo"]), _number(match["d"]))
    return on_day(day, now) if day else None


def _year_month(match: Match, now: Now) -> Moment | None:
    return whole_month(int(match["y"]), _number(match["mo"]), now)


def _month_day(match: Match, now: Now) -> Moment | None:
    month, day, year = _number(match["mo"]), _number(match["d"]), _year(match, now)
    found = lean(month, day, now) if year is None else safe_date(year, month, day)
    return on_day(found, now) if found else None


def _month(match: Match, now: Now) -> Moment | None:
    month, year = _number(match["mo"]), _year(match, now)
    if not 1 <= month <= 12:
        return None
    if year is None:
        year = now.today.year - (1 if month > now.today.month and not now.ahead else 0)
    return _part_of_month(year, month, match["third"], now)


def _this_month(match: Match, now: Now) -> Moment | None:
    word = _which(match)
    base = shift_month(now.today.replace(day=1), -1 if "上" in word else 1 if "下" in word else 0)
    part = match["third"]
    if not word and part in ("底", "末") and now.today.day < 20 and not now.ahead:
        base = shift_month(base, -1)  # 月底 said on the 5th means the month before
    return _part_of_month(base.year, base.month, part, now)


def _part_of_month(year: int, month: int, part: str | None, now: Now) -> Moment | None:
    first = safe_date(year, month, 1)
    if first is None or not part:
        return whole_month(year, month, now)
    last = shift_month(first, 1) - timedelta(days=1)
    if part == "初":
        return stretch(first, first.replace(day=10), now)
    if part in ("中", "中旬"):
        return stretch(first.replace(day=11), first.replace(day=20), now)
    return stretch(first.replace(day=21), last, now)


def _day_of_month(match: Match, now: Now) -> Moment | None:
    day, which = _number(match["d"]), _which(match)
    if not 1 <= day <= 31:
        return None
    if which:
        base = shift_month(now.today.replace(day=1), -1 if "上" in which else 1 if "下" in which else 0)
        found = safe_date(base.year, base.month, day)
        return on_day(found, now) if found else None
    for back in range(0, 4):
        base = shift_month(now.today.replace(day=1), -back)
        found = safe_date(base.year, base.month, day)
        if found and (found <= now.today or now.ahead):
            return on_day(found, now)
    return None


def _weekday(match: Match, now: Now) -> Moment | None:
    which, day = _which(match), _WEEKDAY[match["d"]]
    monday = now.today - timedelta(days=now.today.weekday())
    if which.startswith("上"):
        target = monday + timedelta(days=day, weeks=-which.count("上"))
    elif which.startswith("下"):
        target = monday + timedelta(days=day, weeks=1)
    else:
        target = monday + timedelta(days=day)
        if target > now.today and not which and not now.ahead:
            target -= timedelta(weeks=1)
    if match["d"] == "末":
        return stretch(target, target + timedelta(days=1), now)
    return on_day(target, now)


def _week(match: Match, now: Now) -> Moment | None:
    which = _which(match)
    weeks = -which.count("上") if which.startswith("上") else 1 if which.startswith("下") else 0
    monday = now.today - timedelta(days=now.today.weekday()) + timedelta(weeks=weeks)
    return stretch(monday, monday + timedelta(days=6), now)


def _day_word(match: Match, now: Now) -> Moment | None:
    return on_day(now.today + timedelta(days=_DAY_WORD[match["w"]]), now)


def _ago(match: Match, now: Now) -> Moment | None:
    count, unit, half = match["n"], match["u"], bool(match["half"])
    number = (5.0 if count == "几" else float(read_number(count) or 0)) + (0.5 if half else 0.0)
    if not number:
        return None
    fuzzy = bool(match["more"]) or half or count in ("半", "几")
    if unit in ("小时", "钟头", "分钟"):
        length = timedelta(hours=number) if unit != "分钟" else timedelta(minutes=number)
        return Moment(now.at - length, "minute" if unit == "分钟" else "hour", "approximate")
    if unit in ("天", "日"):
        day = now.today - timedelta(days=round(number))
        return on_day(day, now, "approximate" if fuzzy else "day")
    return on_day(_back(now.today, number, unit), now, "approximate")


def _back(today: date, number: float, unit: str) -> date:
    if unit in ("周", "星期", "礼拜"):
        return today - timedelta(days=round(number * 7))
    months = number * (12 if unit == "年" else 1)
    whole = min(int(months), 400)
    return shift_month(today, -whole) - timedelta(days=round((months - int(months)) * 30))


def _some_days_ago(match: Match, now: Now) -> Moment | None:
    if match["kind"] == "这":
        return stretch(now.today - timedelta(days=3), now.today, now)
    first, last = (7, 2) if match["n"] == "几" else (3, 1)
    return stretch(now.today - timedelta(days=first), now.today - timedelta(days=last), now)


def _festival(match: Match, now: Now) -> Moment | None:
    year = _year(match, now)
    if match["y"]:
        year = int(match["y"])
    elif year is None and now.ahead:
        year = now.today.year
    day = festivals.latest_day_of(match["f"], now.today, year)
    if day is None:
        return None
    if match["count"]:
        return _beside(day, match, now)
    fuzzy = bool(
        re.search("前后|期间|的时候|那几天|活动|大促", match.group()) or (match["some"] and not now.ahead)
    )
    return on_day(day, now, "approximate" if fuzzy else "day")


def _beside(day: date, match: Match, now: Now) -> Moment:
    """双11前三天, 618之后一周: counted from a festival. 两 is often said of a few."""
    number = 3 if match["count"] == "几" else _number(match["count"])
    days = number * (1 if match["unit"] == "天" else 7)
    fuzzy = match["count"] in ("几", "两", "2") or match["unit"] != "天"
    counted = day + timedelta(days=-days if match["side"] == "前" else days)
    return on_day(counted, now, "approximate" if fuzzy else "day")


_NAMES = "|".join(re.escape(name) for name in festivals.NAMES)
_YW = r"(?:(?P<yw>今年|去年|前年|明年)的?)?"
_WHICH_MONTH = r"(?P<which>上上?个?月|这个?月|本月|当月|下个?月)"
_WHICH_WEEK = r"(?P<which>上上个?|上个?|这个?|本|下个?)"
_M = r"(?P<mo>1[0-2]|0?[1-9])"
_D = r"(?P<d>[12]\d|3[01]|0?[1-9])"
# Nothing numeric, no letter and no sign of money may stand right before a date.
_OPEN = r"(?<![\d.A-Za-z/¥$-])"
_NOT_A_DAY = r"(?!码|楼|线|电池|店|仓|机|色|球|床|院|门|房|桌|车|柜|字|鞋|尺|技师|客服|链接|[商产]品|套|口|单元|公司|柜台)"
# A dotted or slashed day (2.9, 11/12) needs 号/日 or a verb beside it: 2.9 alone is also a price.
_VERB = (
    r"(?:下单|买|拍|付|订|收|发货?|签|到|寄|退|申请|的|晚|早|上午|下午|中午|凌晨|那天|当天|开始|之前|以前|前|后|就|才|还"
    r"|\s?[012]?\d:)"
)
_COUNT = rf"(?<![\d第])(?P<n>\d{{1,3}}|{CHINESE_NUMBER}{{1,4}}|半|几)"
_BEFORE = r"(?:多|左右)?(?:之前|以前|前)"


def _phrase(pattern: str, reader: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(pattern), reader


DAY_PHRASES: tuple[tuple[re.Pattern[str], Reader], ...] = (
    _phrase(rf"{_OPEN}(?P<y>20\d\d|199\d)\s*[-./年]\s*{_M}\s*[-./月]\s*{_D}(?!\d)\s*[日号]?", _full),
    _phrase(rf"{_OPEN}(?P<y>20\d\d)(?P<mo>1[0-2]|0[1-9])(?P<d>[12]\d|3[01]|0[1-9])(?!\d)", _full),
    _phrase(rf"{_OPEN}(?P<y>2\d)年{_M}月{_D}[日号]?", _full),
    _phrase(
        rf"(?:(?P<y>20\d\d)年|{_YW})的?{_OPEN}(?P<f>{_NAMES})(?![\d.A-Za-z]|元|块|个|号|折|级|加|比|型)"
        r"(?:当天|那天|当晚|前后|期间|的时候|那几天"
        rf"|(?:之|以|的)?(?P<side>前|后)(?P<count>几|{_N})个?(?P<unit>天|周(?!年)|星期|礼拜)|(?=(?P<some>(?:之|以)?[前后])))?",
        _festival,
    ),
    _phrase(rf"{_OPEN}(?P<y>20\d\d)\s*[年./-]\s*{_M}(?![\d.])(?:月份?)?", _year_month),
    _phrase(rf"{_YW}(?<!\d)(?P<mo>{_N})月份?(?P<d>{_N})[日号]?(?![\d天个])", _month_day),
    _phrase(rf"{_YW}{_OPEN}{_M}[./-]{_D}[日号]{_NOT_A_DAY}", _month_day),
    _phrase(rf"{_YW}{_OPEN}{_M}[./-]{_D}(?![\d.%])(?={_VERB})", _month_day),
    _phrase(
        rf"{_YW}(?<![\d个])(?P<mo>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?!饼|租|薪|卡|销|经|子|嫂|光|球|亮|供)"
        r"(?:份的?)?(?P<third>初|底|末|中旬?)?(?!\d)",
        _month,
    ),
    _phrase(rf"{_WHICH_MONTH}的?{_OPEN}(?P<d>{_N})[日号]{_NOT_A_DAY}", _day_of_month),
    _phrase(
        rf"(?<![\d.A-Za-z第月楼栋座室一二三四五六七八九十])(?P<d>[12]\d|3[01]|0?[1-9]|{CHINESE_NUMBER}{{1,3}})"
        rf"(?:号|日(?!常|本|用|期|子|前|内|后|以))(?:那天|当天)?{_NOT_A_DAY}",
        _day_of_month,
    ),
    _phrase(rf"{_WHICH_MONTH}(?P<third>初|底|末|中旬?)?(?!\d)", _this_month),
    _phrase(r"(?<![\d个一-龥])月(?P<third>初|底|末|中旬)", _this_month),
    _phrase(
        rf"{_WHICH_WEEK}?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末]|[1-7](?!天|个|次))(?!起|内|边|期)",
        _weekday,
    ),
    _phrase(rf"{_WHICH_WEEK}(?:周|星期|礼拜)(?!年|边|内|岁|期)", _week),
    _phrase(r"(?P<w>大前|大后|前|昨|今|明|后)[天日](?!内|后|然|性|起)", _day_word),
    _phrase(r"(?P<w>大前|前|昨|今|明)(?=晚|早(?!就|已|知)|夜|晨)", _day_word),
    _phrase(
        rf"{_COUNT}(?P<more>多)?\s*个?(?P<half>半)?(?P<u>天|周|星期|礼拜|年|小时|钟头|分钟)半?{_BEFORE}", _ago
    ),
    _phrase(rf"{_COUNT}(?P<more>多)?\s*个(?P<half>半)?多?(?P<u>月|星期|礼拜|小时|钟头){_BEFORE}", _ago),
    _phrase(r"(?P<kind>前|这)(?P<n>几|两|2)天", _some_days_ago),
)
