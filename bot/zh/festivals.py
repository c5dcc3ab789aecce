"""Shopping festivals and holidays that buyers date by: 双十一, 618, 春节 …"""

from __future__ import annotations

from datetime import date

# Same day every year (month, day). A sale runs for weeks, but buyers mean the day that names it.
FIXED: dict[str, tuple[int, int]] = {
    "双十一": (11, 11), "双11": (11, 11), "11.11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "12.12": (12, 12),
    "618": (6, 18), "六一八": (6, 18), "6.18": (6, 18), "818": (8, 18), "99大促": (9, 9), "年中大促": (6, 18),
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "女王节": (3, 8), "女神节": (3, 8), "38节": (3, 8),
    "三八节": (3, 8), "五一": (5, 1), "劳动节": (5, 1), "儿童节": (6, 1), "六一": (6, 1), "国庆节": (10, 1),
    "国庆": (10, 1), "十一假期": (10, 1), "万圣节": (10, 31), "平安夜": (12, 24), "圣诞节": (12, 25), "圣诞": (12, 25),
    "跨年": (12, 31),
}  # fmt: skip

# Solar dates of lunar festivals (and Qingming) by year: 春节, 元宵, 清明, 端午, 七夕, 中秋.
_LUNAR_NAMES = ("春节", "元宵", "清明", "端午", "七夕", "中秋")
_LUNAR_DAYS: dict[int, tuple[str, ...]] = {
    2022: ("0201", "0215", "0405", "0603", "0804", "0910"),
    2023: ("0122", "0205", "0405", "0622", "0822", "0929"),
    2024: ("0210", "0224", "0404", "0610", "0810", "0917"),
    2025: ("0129", "0212", "0404", "0531", "0829", "1006"),
    2026: ("0217", "0303", "0405", "0619", "0819", "0925"),
    2027: ("0206", "0220", "0405", "0609", "0808", "0915"),
    2028: ("0126", "0209", "0404", "0528", "0826", "1003"),
    2029: ("0213", "0227", "0404", "0616", "0816", "0922"),
    2030: ("0203", "0217", "0405", "0605", "0805", "0912"),
}
_LUNAR_ALIASES = {
    "春节": "春节", "过年": "春节", "大年初一": "春节", "年初一": "春节", "元宵节": "元宵", "元宵": "元宵",
    "清明节": "清明", "清明": "清明", "端午节": "端午", "端午": "端午", "七夕节": "七夕", "七夕": "七夕",
    "中秋节": "中秋", "中秋": "中秋",
}  # fmt: skip

NAMES = tuple(sorted({*FIXED, *_LUNAR_ALIASES}, key=len, reverse=True))


def day_of(name: str, year: int) -> date | None:
    """The day a festival fell on in a year; None for lunar festivals outside the table."""
    if name in FIXED:
        month, day = FIXED[name]
        return date(year, month, day)
    row = _LUNAR_DAYS.get(year)
    if row is None or name not in _LUNAR_ALIASES:
        return None
    month_day = row[_LUNAR_NAMES.index(_LUNAR_ALIASES[name])]
    return date(year, int(month_day[:2]), int(month_day[2:]))


def latest_day_of(name: str, today: date, year: int | None = None) -> date | None:
    """The festival in `year`, or without a year the last one on or before today."""
    if year is not None:
        return day_of(name, year)
    this_year = day_of(name, today.year)
    if this_year is not None and this_year <= today:
        return this_year
    return day_of(name, today.year - 1)
