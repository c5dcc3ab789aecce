"""Waybill (tracking) numbers: carrier forms, or digits with a courier or 快递单号 beside them."""

from __future__ import annotations

import re

from bot.zh.found import Found
from bot.zh.lexicon import find_terms
from bot.zh.normalise import Normalised

# Forms that name their carrier.
FORMS: tuple[tuple[str, str], ...] = (
    ("sf", r"SF\d{12,15}"),
    ("yto", r"YT\d{13,15}"),
    ("jt", r"JT\d{13,15}"),
    ("jd", r"JD[A-Z]{0,2}\d{9,15}(?:-\d-\d-?)?"),
    ("zto", r"ZTO?\d{12,15}"),
    ("deppon", r"DPK\d{10,15}"),
    ("sto", r"STO?\d{12,15}"),
    ("yunda", r"YD\d{12,15}"),
    ("ems", r"E[A-Z]\d{9}(?:CN|HK)?"),
    ("post", r"[A-Z]{2}\d{9}CN"),
)
_FORM_RES = tuple(
    (carrier, re.compile(rf"(?<![A-Za-z\d]){form}(?![A-Za-z\d])", re.I)) for carrier, form in FORMS
)
_LABELLED = re.compile(
    r"(?:快递单号|物流单号|运单号码?|运单|退货单号|快递号|物流号|面单号|单号)\s*(?:是|为|:|\s)*\s*(?P<n>[A-Za-z]{0,4}\d{9,20})(?![\d*A-Za-z])"
)
_DIGITS = re.compile(r"(?<![\d.A-Za-z¥$*-])\d{10,20}(?![\d.A-Za-z*]|元|块)")
_NEAR = 8  # characters between a courier's name and its number


def find_tracking_numbers(text: Normalised) -> tuple[Found, ...]:
    """Every waybill number; `resolved.courier` is the carrier's code or None."""
    couriers = [(term.start, term.end, str(term.resolved["value"])) for term in find_terms(text, "courier")]
    hits: dict[tuple[int, int], tuple[str | None, str]] = {}
    for carrier, form in _FORM_RES:
        for match in form.finditer(text.text):
            hits.setdefault(match.span(), (carrier, "exact"))
    for match in _LABELLED.finditer(text.text):
        named = _courier_near(text, match.start(), match.end(), couriers)
        plain = match.group().startswith("单号")
        order_before = text.text[max(0, match.start() - 2) : match.start()] == "订"
        if not order_before and not text.text[: match.start()].endswith("订") and (named or not plain):
            hits.setdefault(match.span("n"), (named, "exact"))
    for match in _DIGITS.finditer(text.text):
        named = _courier_near(text, match.start(), match.end(), couriers)
        if named and "订单" not in text.text[max(0, match.start() - 8) : match.start()]:
            hits.setdefault(match.span(), (named, "exact"))
    return tuple(_found(text, span, *hit) for span, hit in sorted(_widest(hits).items()))


def _widest(
    hits: dict[tuple[int, int], tuple[str | None, str]],
) -> dict[tuple[int, int], tuple[str | None, str]]:
    def inside(span: tuple[int, int]) -> bool:
        return any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in hits)

    return {span: hit for span, hit in hits.items() if not inside(span)}


def _courier_near(text: Normalised, start: int, end: int, couriers: list[tuple[int, int, str]]) -> str | None:
    """The courier named just before or after the number (positions of terms are in the original)."""
    first, last = text.span(start, end)
    for at, until, code in couriers:
        if 0 <= first - until <= _NEAR or 0 <= at - last <= 2:
            return code
    return None


def _found(text: Normalised, span: tuple[int, int], carrier: str | None, certainty: str) -> Found:
    start, end = text.span(*span)
    shown = text.text[span[0] : span[1]].upper()
    return Found(
        "tracking_number",
        start,
        end,
        text.original[start:end],
        {"value": shown, "courier": carrier},
        certainty,
    )
