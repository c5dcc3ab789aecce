"""Fixed terms from lexicon.yml: platforms, couriers, order stages and what the buyer asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.zh.clauses import clause_bounds
from bot.zh.found import Found
from bot.zh.normalise import Normalised

KINDS = ("platform", "courier", "order_stage", "remedy")

# Words that hold a term without meaning it: 退款 in 退款政策, 维修 in 维修进度, 保修 in 保修卡.
_NOT_A_REMEDY = re.compile(r"运费险|保修卡|退货率|退款率|退货地址|包退换|维修进度|维修点|不退不换|换货地址")
_NOT_A_STAGE_BEFORE = re.compile(r"(?:没有?|未|不|还没|等|如果|是否|才能|怎么|假如)(?:有|能)?$")
_OTHERS_WORD = re.compile(
    r"(?:商家|卖家|客服|店家|对方|他们?|店铺)[^,。]{0,6}(?:让我?|叫我?|要我|说|只肯|只愿|要求)[^,。]{0,4}$"
)
_REFUSED = re.compile(
    r"(?:(?<![能可要肯])不|拒绝|没|未|别|无法)(?:想|要|让|给|能|肯|同意|支持|可以|允许|予|办法|申请|接受)*(?:我|你)?(?:申请)?$"
)
_WANTED = re.compile(
    r"(?:要求?|想|(?<!已经)(?<!我都)(?<!提交)申请(?!了|过)|(?<!申)请|帮我?|给我|能不能|可不可以|可以|希望|需要|必须|赶紧|马上|立刻|快|直接|坚持|我要|能)[^,。]{0,6}$"
)


_SHORT_CLAUSE = 8  # 退货! 赔偿吧! said on its own is a demand


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
    if value in ("signed", "confirmed", "shipped") and _NOT_A_STAGE_BEFORE.search(before):
        return None
    if value == "signed" and re.match(r"(?:吗|没|之后再|才能|以后再)", text[match.end() : match.end() + 3]):
        return None
    return {}


def _remedy(text: str, match: re.Match[str], value: str) -> dict[str, Any] | None:
    """Only what the buyer asks for: a remedy that is refused (不同意退货), over (申请了退款) or the seller's own
    words is told by the intent and must not become a demand."""
    around = text[max(0, match.start() - 2) : match.end() + 2]
    if _NOT_A_REMEDY.search(around):
        return None
    left, right = clause_bounds(text, match.start(), match.end())
    before = text[left : match.start()]
    if _REFUSED.search(before) or _OTHERS_WORD.search(before):
        return None
    alone = not before.strip() and right - left <= _SHORT_CLAUSE
    if not (alone or _WANTED.search(before)):
        return None
    # 退款 alone leaves open whether the goods go back.
    return {"certainty": "check" if match["form"] in ("退款", "退钱", "退换货", "退换", "差价") else "exact"}


_EXTRA = {"platform": _platform, "courier": _courier, "order_stage": _order_stage, "remedy": _remedy}
