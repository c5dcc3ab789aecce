"""Fixed terms from lexicon.yml: platforms, couriers, order stages and what the buyer asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.zh.demands import read_demand
from bot.zh.found import Found
from bot.zh.normalise import Normalised

KINDS = ("platform", "courier", "order_stage", "remedy")

_NOT_A_STAGE_BEFORE = re.compile(
    r"(?:没有?|未|不|还没|等|如果|是否|才能|怎么|假如|快要?|就要?|马上|即将|[一二两三四五六七几半\d]天(?:就|后|内)?|后|会|要|别|怕)(?:有|能|就|会|要)?$"
)
# 已确认 of something else than the receipt: 已确认是质量问题, 已经确认过地址.
_NOT_THE_RECEIPT = re.compile(r"(?:是|为|地址|订单信息|问题|有|不|故障|发货|没)")
# The parcel that went back: its receipt is the merchant's.
_SENT_BACK = re.compile(
    r"(?:退回|退货|寄回|退件)[^,。]{0,8}$|(?:商家|卖家|店家|对方|他们|仓库)(?:那边)?(?:已经|早就|都|也|[\d一二三四五六七八九十月号日昨前今天]+)*$"
)
_SENT_BACK_AFTER = re.compile(r"的?(?:退货|退件|退回)")

# 商家已经签收了, 退货显示已签收: what went back, not the order.
_WENT_BACK = re.compile(r"(?:商家|卖家|店家|仓库|他们|对方|退货|退件)(?:那边|已经?|都|也|早就|显示)*$")


@dataclass(frozen=True)
class _Terms:
    pattern: re.Pattern[str]
    meaning: dict[str, str]


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Any]:
    text = (Path(__file__).parent / "lexicon.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def terms(kind: str) -> dict[str, str]:
    """Every written form of a kind with what it resolves to."""
    rows = _lexicon()[kind]
    return {str(form).lower(): code for code, forms in rows.items() if code != "taken_in" for form in forms}


@cache
def _terms(kind: str) -> _Terms:
    meaning = terms(kind)
    forms = sorted(meaning, key=len, reverse=True)
    written = "|".join(_bounded(form) for form in forms)
    tail = "|".join(_lexicon()[kind].get("taken_in", []))
    return _Terms(
        re.compile(rf"(?P<form>{written})(?P<tail>{tail})?" if tail else rf"(?P<form>{written})", re.I),
        meaning,
    )


def _bounded(form: str) -> str:
    """Latin and digit names must stand alone: "tb" is not in "football", "1688" not in an order number."""
    return rf"(?<![A-Za-z\d]){re.escape(form)}(?![A-Za-z\d])" if form.isascii() else re.escape(form)


def find_terms(text: Normalised, kind: str) -> tuple[Found, ...]:
    """All terms of a kind (platform, courier, order_stage, remedy) in text order, longest form first."""
    known = _terms(kind)
    out = []
    for match in known.pattern.finditer(text.text):
        value = known.meaning[match["form"].lower()]
        extra = _EXTRA[kind](text.text, match, value)
        if extra is None:
            continue
        start, end = text.span(*match.span())
        certainty = str(extra.pop("certainty", "exact"))
        out.append(Found(kind, start, end, text.original[start:end], {"value": value, **extra}, certainty))
    return tuple(out)


def _platform(text: str, match: re.Match[str], value: str) -> dict[str, Any] | None:
    after = text[match.end() : match.end() + 2]
    if match["form"] == "多多" and after[:1] in ("少", "包", "益", "指", "的", "关"):
        return None  # 多多少少, 多多包涵
    return None if after in ("快递", "物流") else {}


def _courier(text: str, match: re.Match[str], value: str) -> dict[str, Any] | None:
    return {"pickup_point": True} if value == "locker" else {}


def _order_stage(text: str, match: re.Match[str], value: str) -> dict[str, Any] | None:
    before = text[max(0, match.start() - 4) : match.start()]
    if value == "signed" and _WENT_BACK.search(before):
        return None
    if value in ("signed", "confirmed", "shipped") and _NOT_A_STAGE_BEFORE.search(before):
        return None
    rest = text[match.end() : match.end() + 5]
    if value == "confirmed" and match["form"].endswith("确认") and _NOT_THE_RECEIPT.match(rest):
        return None
    back = _SENT_BACK.search(text[max(0, match.start() - 14) : match.start()]) or _SENT_BACK_AFTER.match(rest)
    if value == "signed" and back:
        return None
    if value == "signed" and re.match(r"(?:吗|没|之后再|才能|以后再)", text[match.end() : match.end() + 3]):
        return None
    return {}


def _remedy(text: str, match: re.Match[str], value: str) -> dict[str, Any] | None:
    """Only what the buyer asks for: what is over (申请了退款) or in the seller's own words must not become a demand."""
    certainty = read_demand(text, match.start(), match.end(), value)
    return None if certainty is None else {"certainty": certainty}


_EXTRA = {"platform": _platform, "courier": _courier, "order_stage": _order_stage, "remedy": _remedy}
