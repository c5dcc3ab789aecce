"""Chinese numerals: 一百二十, 两百五, 一万二, 廿, 〇."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3, "壹": 1,
    "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}  # fmt: skip
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "拾": 10, "佰": 100, "仟": 1000}

CHINESE_NUMBER = "[零〇一二两三四五六七八九十百千万亿俩仨壹贰叁肆伍陆柒捌玖拾佰仟]"


def read_chinese(text: str) -> int | None:
    """The value of a Chinese numeral, or None if it is not one. A trailing digit after a unit is one unit lower:
    两百五 is 250, 一万二 is 12,000; after 零 it is a plain digit: 两百零五 is 205."""
    if not text or any(char not in DIGITS and char not in UNITS for char in text):
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = section = 0
    digit: int | None = None
    last_unit, after_zero = 1, False
    for char in text:
        if char in DIGITS:
            if digit not in (None, 0):
                return None  # 二三十 is a range, not a number
            digit, after_zero = DIGITS[char], DIGITS[char] == 0 or (digit == 0)
            continue
        unit = UNITS[char]
        if unit >= 10_000:
            total = (total + section + (digit or 0)) * unit
            section = 0
        else:
            section += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    if digit is not None:
        section += digit if after_zero or last_unit <= 10 else digit * (last_unit // 10)
    return total + section


def read_number(text: str) -> Decimal | None:
    """Arabic or Chinese, with thousands commas: "1,299.00", "一百二十", "1.2万", "半"."""
    text = text.strip().replace(",", "")
    if not text:
        return None
    if text == "半":
        return Decimal("0.5")
    factor = 1
    if text[0].isdigit() and text[-1] in "万千百wWkK":
        factor = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000, "百": 100}[text[-1].lower()]
        text = text[:-1]
    if text.isascii():
        try:
            return Decimal(text) * factor
        except ArithmeticError:
            return None
    value = read_chinese(text)
    return None if value is None else Decimal(value)
