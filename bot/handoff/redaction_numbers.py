"""Numbers that identify somebody: phones, identity cards, bank cards, order numbers, WeChat and QQ accounts.

Everything works on folded text (half width, ASCII digits). What decides is the word before a number first,
then its form: a Luhn sum alone does not tell a bank card from an order number of the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.handoff.redaction_spans import Span

_GAP = r"(?:是|为|叫|:|\s|号|码|\(){0,8}"
_ORDER = re.compile(rf"(?:订单|交易)(?:编号|号码|单号|号)?{_GAP}#?$")
_BANK = re.compile(rf"(?:银行|储蓄|信用|借记|收款)?(?:卡号?|账号|帐号|账户|帐户){_GAP}$")
_BANK_NAMED = re.compile(r"(?:银行|工行|农行|建行|中行|交行|招行|支付宝)[^\d,。;!?\n]{0,8}$")
_IDENTITY = re.compile(
    rf"身份证(?:件|号|码|号码)?{_GAP}(?P<n>\d(?:[ -]?\d){{13,16}}[ -]?[\dXx])(?![\dA-Za-z])"
)
_WAYBILL = re.compile(
    r"(?:快递|物流|运|退货|面|邮政|包裹)(?:单号|单|号)(?:是|为|:|\s|号|码)*$|(?:快递|物流)(?:是|为|:|\s)*$",
    re.I,
)
_COURIER = re.compile(
    r"(?:顺丰|圆通|中通|申通|韵达|极兔|德邦|百世|邮政|京东(?:快递|物流)|菜鸟|丹鸟|EMS)[^\d,。;!?\n]{0,8}$",
    re.I,
)
_AND = re.compile(r"\s*(?:和|跟|与|及|还有|、|,|/)\s*")
_AMOUNT_BEFORE = re.compile(r"[¥$]\s*$")
_AMOUNT_AFTER = re.compile(r"\s*(?:元|块|圆|%)|\.\d")

_IDENTITY_BARE = re.compile(
    r"(?<![\dA-Za-z*])(?=(?P<n>[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
    r"[ -]?\d{3}[ -]?[\dXx])(?![\dA-Za-z*]))"
)
_LONG = re.compile(
    r"(?<![\dA-Za-z*])(?<!\d\.)(?:\d{6}-\d{15}|\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?|\d{3,8}(?: \d{3,8}){2,5}|\d{8,28})"
    r"(?![\dA-Za-z*])"
)
_MOBILE = re.compile(
    r"(?<![\d*])(?<!\d\.)(?:(?:\+|00)?86[ -]?)?"
    r"(?P<n>1[3-9]\d(?P<s>[ .·—–-]?)\d{4}(?P=s)\d{4}|1(?P<t>[ .-])[3-9](?:(?P=t)\d){9})(?!\d|\*)"
)
_LANDLINE = re.compile(
    r"(?<![\dA-Za-z.*-])(?P<n>\(0[1-9]\d{1,2}\) ?[2-9]\d{6,7}|0[1-9]\d{1,2}[ —–-][2-9]\d{6,7})(?!\d|\*)"
)
_PHONE_LETTERS = ("tel", "phone", "mobile", "mob", "call", "vx", "wx", "v", "qq")
_ACCOUNT_LABEL = r"(?:微信|威信|薇信|weixin|wechat|(?<![a-z])wx|(?<![a-z])vx|v信|加v)"
_WECHAT = re.compile(
    rf"{_ACCOUNT_LABEL}(?:号|账号|id)?(?:是|为|:|\s){{0,8}}(?P<n>[a-z][a-z0-9_-]{{5,19}}|\d{{5,20}})(?![a-z0-9_*-])",
    re.I,
)
_WECHAT_OWN = re.compile(r"(?<![a-z0-9])(?P<n>wxid_[a-z0-9]{4,})", re.I)
_QQ = re.compile(r"qq(?:号码?|群)?(?:是|为|:|\s){0,8}(?P<n>\d{5,12})(?![\d*])", re.I)

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD_STARTS = ("62", "4", "51", "52", "53", "54", "55", "35", "37", "60", "95", "96")


def identity_cards(text: str) -> Iterator[Span]:
    """18 digits with a right check digit (GB 11643), or whatever follows 身份证; first and last stay."""
    for match in _IDENTITY.finditer(text):
        yield Span(*match.span("n"), "id_card", 1, 1, fill=None)
    for match in _IDENTITY_BARE.finditer(text):
        if identity_sum_is_right(_digits(match["n"])) and not _ORDER.search(text[: match.start()]):
            yield Span(*match.span("n"), "id_card", 1, 1, fill=None)


def accounts(text: str) -> Iterator[Span]:
    """WeChat and QQ accounts after their label; the first two characters stay."""
    for match in _QQ.finditer(text):
        yield Span(*match.span("n"), "qq", first=2)
    for pattern in (_WECHAT_OWN, _WECHAT):
        for match in pattern.finditer(text):
            if not _MOBILE.fullmatch(match["n"]):
                yield Span(*match.span("n"), "wechat", first=2)


def long_numbers(text: str) -> Iterator[Span]:
    """Bank cards and order numbers; the last four digits stay. Waybills, sums and dates are neither."""
    last_order = -1
    for match in _LONG.finditer(text):
        kind = _kind_of_number(text, match.start(), match.end(), match.group())
        if kind is None and last_order >= 0 and _AND.fullmatch(text, last_order, match.start()):
            kind = "order_number"
        last_order = match.end() if kind == "order_number" else -1
        if kind:
            yield Span(*match.span(), kind, last=4)


def _kind_of_number(text: str, start: int, end: int, shown: str) -> str | None:
    before, digits = text[max(0, start - 24) : start], _digits(shown)
    if _WAYBILL.search(before) or _COURIER.search(before):
        return None
    if _AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.match(text, end):
        return None
    if _ORDER.search(before) or ("-" in shown and len(shown) == 22):
        return "order_number"
    labelled = _BANK.search(before) or _BANK_NAMED.search(before)
    if labelled and 12 <= len(digits) <= 19:
        return "bank_card"
    if not 16 <= len(digits) <= 28:
        return None
    return "bank_card" if _reads_as_card(digits) else "order_number"


def _reads_as_card(digits: str) -> bool:
    return len(digits) <= 19 and digits.startswith(_CARD_STARTS) and luhn_is_right(digits)


def phones(text: str) -> Iterator[Span]:
    """Mobile numbers and landlines with an area code; the hotlines (110, 12315, 95…, 400…) are no one's own."""
    for match in _MOBILE.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if _WAYBILL.search(before) or _AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.match(text, match.end()):
            continue
        letters = re.search(r"[A-Za-z]*$", before)
        if letters is None or letters.group().lower() in ("", *_PHONE_LETTERS):
            yield Span(*match.span("n"), "phone", 3, 4, fill=None)
    for match in _LANDLINE.finditer(text):
        area = len(re.findall(r"\d", re.split(r"[ )—–-]", match["n"])[0]))
        yield Span(*match.span("n"), "phone", area, 4, fill=None)


def identity_sum_is_right(number: str) -> bool:
    """Whether the last place of an 18-place identity number fits the others (ISO 7064 mod 11-2)."""
    if len(number) != 18:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[17].upper()


def luhn_is_right(digits: str) -> bool:
    """Whether the digits pass the Luhn sum of payment cards."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _digits(shown: str) -> str:
    return re.sub(r"[^\dXx]", "", shown)
