"""What a sum in a message is for, by the words beside it: the price paid, what the merchant gives, something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from bot.zh.amounts import find_amounts
from bot.zh.normalise import normalise

Use = Literal["price", "offered", "other"]

_BREAK = re.compile(r"[,，。;；!！?？\s]")
_PRICE = re.compile(r"(?:实付|到手价?|总价|付款|原价|单价|价格|花了|付了|买了?|拍了?|下单)[^,，。]{0,4}$")
_GIVEN = re.compile(r"[赔补退返]|(?<![付交花])给(?!商家|卖家|店家|他|了)|返还|还我")
_MERCHANT = re.compile(
    r"商家|卖家|客服|店家|店主|老板|掌柜|对方|他们?|那边|(?:只|就)(?:肯|愿意?|给|同意|答应)|[最顶]多"
)
# 降了50, 便宜30, 运费12, 定金100: parts of a price, or its change.
_PART = re.compile(
    r"(?:降|便宜|涨|差|贵|优惠|减|满|返|券|折|多[收扣付]|少[退了收]|扣|运费|邮费|快递费|定金|订金|押金|尾款|检测费|鉴定费|保证金|红包)[^,，。]{0,3}$"
)
_PART_AFTER = re.compile(
    r"(?:的|左右)?(?:优惠|代金|无门槛|现金|抵用)?(?:券|红包|差价|运费|邮费|补偿|定金|订金|押金|尾款)"
)
_NEAR = 12
_NUMBER = re.compile(r"(?<![\dA-Za-z.])[1-9]\d{0,5}(?:\.\d{1,2})?(?![\d.A-Za-z])")
_AT_THE_END = re.compile(r"(?:^|[\s,，:：])([1-9]\d{2,4}(?:\.\d{1,2})?)\s*$")
_AT_THE_BEGINNING = re.compile(r"\s*([1-9]\d{2,4}(?:\.\d{1,2})?)[\s,，](?!那天|活动|大促|期间)")
_ALONE = re.compile(r"\s*([1-9]\d{1,4}(?:\.\d{1,2})?)\s*")


def sum_use(text: str, start: int, end: int) -> Use | None:
    """The use of the sum at `start:end` of a message; None when the words beside it do not tell.

    "offered" is what the merchant would give, "other" any sum that is not what was paid for the goods.
    """
    before = _BREAK.split(text[max(0, start - _NEAR) : start])[-1]
    if _PRICE.search(before):
        return "price"
    if _GIVEN.search(before):
        return "offered" if _MERCHANT.search(before) else "other"
    return "other" if _PART.search(before) or _PART_AFTER.match(text[end:]) else None


def lone_sum(text: str) -> Decimal | None:
    """The one sum or bare number of a short answer (60就算了, 赔50块吧); None where there is none or more than one."""
    sums = [Decimal(found.resolved["value"]) for found in find_amounts(normalise(text))]
    numbers = set(sums) or {Decimal(number) for number in _NUMBER.findall(text)}
    return numbers.pop() if len(numbers) == 1 else None


def lone_number(
    text: str, taken: Iterable[tuple[int, int]], *, asked: bool, answering: bool = False
) -> str | None:
    """A number without a unit that can be a sum: 1299, 空调 3299, and where a sum was asked for 15号付的 299.

    Args:
        taken: the places of what has been read as something else (dates, order numbers).
        asked: a sum was asked for; then any number counts that is the only one left.
        answering: something was asked for; then “199 前天收到的” begins with a sum, and not with a name (360 摄像头).
    """
    left = list(text)
    for start, end in taken:
        left[start:end] = " " * (end - start)
    rest = "".join(left)
    if asked:
        numbers = _NUMBER.findall(rest)
        return numbers[0] if len(numbers) == 1 else None
    found = _ALONE.fullmatch(rest) or _AT_THE_END.search(rest)
    if found is None and answering:
        found = _AT_THE_BEGINNING.match(rest)
    return found.group(1) if found else None
