"""Personal data out of a text: phone, identity card, bank card, order number, address, name, e-mail, WeChat, QQ.

Only the characters that identify somebody are replaced by ``*``; all other text stays as it is, and a masked
text is not changed by masking it again. What is in doubt is masked when a label says what it is (收件人, 卡号 …)
and left alone otherwise: an agent can work with a hidden number, not with a hidden amount or date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.handoff.redaction_numbers import accounts, identity_cards, long_numbers, phones
from bot.handoff.redaction_spans import Span
from bot.handoff.redaction_words import addresses, emails, labelled_names, names_beside

__all__ = ["KINDS", "Redacted", "mask_text", "phones_in", "redact"]

KINDS: dict[str, str] = {
    "phone": "电话号码",
    "id_card": "身份证号",
    "bank_card": "银行卡号",
    "order_number": "订单号",
    "address": "地址",
    "name": "姓名",
    "email": "邮箱",
    "wechat": "微信号",
    "qq": "QQ 号",
}
"""What can be masked, with the Chinese name an agent reads."""

_CHINESE_DIGITS = {**{char: str(no) for no, char in enumerate("零一二三四五六七八九")}, "〇": "0", "幺": "1"}
_SPOKEN = re.compile(rf"[{''.join(_CHINESE_DIGITS)}]{{11,}}")
_PASSES = 4


@dataclass(frozen=True)
class Redacted:
    """A text without personal data, and which kinds of it (keys of `KINDS`, in that order) were found."""

    text: str
    kinds: tuple[str, ...]


def redact(text: str) -> Redacted:
    """Mask what identifies a person. Never raises; the masked text masked again is the same."""
    kinds: set[str] = set()
    for _ in range(_PASSES):
        spans = _spans(text)
        if not spans:
            break
        kinds.update(span.kind for span in spans)
        text = _replaced(text, spans)
    return Redacted(text, tuple(kind for kind in KINDS if kind in kinds))


def mask_text(text: str) -> str:
    """The text with personal data masked, for whoever needs no account of what was found."""
    return redact(text).text


def phones_in(text: str) -> tuple[str, ...]:
    """The phone numbers in a text as they are written there."""
    return tuple(text[span.start : span.end] for span in _spans(text) if span.kind == "phone")


def _spans(text: str) -> list[Span]:
    """What to replace, in order and without overlaps. The surest detectors come first and keep their place."""
    plain = _folded(text)
    taken: list[Span] = []
    for detect in _DETECTORS:
        _add(taken, detect(plain))
    _add(taken, names_beside(plain, [span.start for span in taken if span.kind == "phone"]))
    _add(taken, addresses(plain, taken))
    return sorted(taken, key=lambda span: span.start)


_DETECTORS: tuple[Callable[[str], Iterator[Span]], ...] = (
    emails,
    identity_cards,
    accounts,
    long_numbers,
    phones,
    labelled_names,
)


def _add(taken: list[Span], found: Iterable[Span]) -> None:
    for span in found:
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)


def _replaced(text: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], span.masked(text)]
        at = span.end
    return "".join(parts) + text[at:]


def _folded(text: str) -> str:
    """The text in half width with ASCII digits, every character at its old place."""
    plain = "".join(_one(char) for char in text)
    return _SPOKEN.sub(lambda run: "".join(_CHINESE_DIGITS[char] for char in run.group()), plain)


def _one(char: str) -> str:
    if char.isascii():
        return char
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    narrow = unicodedata.normalize("NFKC", char)
    return narrow if len(narrow) == 1 else char
