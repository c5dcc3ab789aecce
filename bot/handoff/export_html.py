"""A handoff record as a page that an agent reads in half a minute: one file, no scripts, fit for printing."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from bot.cases.export import CLOCK_KINDS, ORIGIN_NAMES
from bot.handoff.record_masking import MASKED_KINDS
from bot.handoff.words import CERTAINTIES, WHO

_STATES = {
    "queued": "排队中",
    "human": "人工服务中",
    "wrap_up": "收尾中",
    "returned": "已交回小助手",
    "closed": "已结束",
    "cancelled": "买家取消排队",
    "timed_out": "等待超时",
    "left_message": "买家已留言",
}
_SIGNALS = {
    "safety": "安全风险",
    "legal_threat": "法律威胁",
    "high_amount": "金额较大",
    "deadline_24h": "24 小时内有期限到期",
    "intervention_open": "介入进行中",
    "left_message": "有留言待回复",
}
_DELIVERY = {"pending": "发送中", "held": "等买家下次来信后发出", "failed": "未送达", "sent": "已送达"}
_SOURCES = {**ORIGIN_NAMES, "desk": "介入台", "system": "系统"}
_FIRST_CLOCKS = 4
_URGENT_HOURS = 24


def to_html(record: dict[str, Any]) -> str:
    """The page; masked exactly as the record is. Whatever anybody wrote is escaped."""
    kinds = [kind for field in record["privacy"]["masked_fields"] for kind in field["kinds"]]
    words = {
        "states": _STATES,
        "signals": _SIGNALS,
        "delivery": _DELIVERY,
        "sources": _SOURCES,
        "certainties": CERTAINTIES,
        "clock_kinds": CLOCK_KINDS,
        "who": WHO,
    }
    return _template().render(
        r=record,
        words=words,
        lines={line["id"]: line["seq"] for line in record["transcript"]},
        first_clocks=record["clocks"][:_FIRST_CLOCKS],
        other_clocks=record["clocks"][_FIRST_CLOCKS:],
        urgent_hours=_URGENT_HOURS,
        masked=[MASKED_KINDS[kind] for kind in MASKED_KINDS if kind in kinds],
    )


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(moment=_moment, size=_size, left=_left, blank_lines=_blank_lines)
    return environment.get_template("record.html.jinja")


def _moment(at: str) -> str:
    """11月21日 09:55; the year where it is not this record's matter of days is shown by the page itself."""
    moment = datetime.fromisoformat(at)
    day = f"{moment.month}月{moment.day}日"
    return day if (moment.hour, moment.minute) == (0, 0) else f"{day} {moment:%H:%M}"


def _size(count: int) -> str:
    return (
        f"{count} 字节"
        if count < 1024
        else f"{count / 1024:.0f} KB"
        if count < 1024**2
        else f"{count / 1024**2:.1f} MB"
    )


def _left(hours: int) -> str:
    if hours < 1:
        return "不到 1 小时"
    return f"{hours} 小时" if hours < 72 else f"{hours // 24} 天"


def _blank_lines(text: str) -> str:
    """At most one empty line in a row: pasted text is full of them."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()
