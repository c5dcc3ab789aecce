"""Values of a case as an agent reads them: Chinese names and short dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.disputes.facts import SHANGHAI, FactKind
from bot.disputes.rulebook import Rulebook

CERTAINTIES = {"exact": "准确", "day": "只到日期", "approximate": "大约", "range": "范围", "check": "待核对"}
WHO = {"buyer": "买家", "seller": "商家", "platform": "平台", "authority": "主管部门"}
_BUYERS = {"web": "网页买家", "wechat": "微信买家", "cli": "命令行买家"}


def buyer_name(channel: str, conversation_id: str) -> str:
    """What to call somebody without a name: the channel and the last four signs of the conversation."""
    return f"{_BUYERS.get(channel, '买家')} {conversation_id[-4:]}"


def type_names(codes: Iterable[str], rulebook: Rulebook) -> list[str]:
    """The Chinese names of kinds of dispute; a code that the rulebook does not know stays."""
    return [rulebook.types[code].name if code in rulebook.types else code for code in codes]


def evidence_name(kind: str | None, rulebook: Rulebook) -> str:
    """What a file shows; 未说明用途 while nobody has said so."""
    if kind is None:
        return "未说明用途"
    return rulebook.evidence[kind].name if kind in rulebook.evidence else kind


def fact_text(kind: FactKind, value: Any) -> str:
    """A fact's stored JSON value in Chinese: 是, 120.50 元, 2026-11-12, 已签收未确认收货."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind.kind == "money":
        return f"{value} 元"
    if kind.kind == "datetime":
        return moment_text(datetime.fromisoformat(value))
    return kind.label_of(str(value))


def moment_text(at: datetime) -> str:
    """The day in Shanghai, with the time of day when there is one."""
    local = at.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d}" if (local.hour, local.minute) == (0, 0) else f"{local:%Y-%m-%d %H:%M}"


def due_text(due: datetime) -> str:
    """The end of a time limit. One that ends at midnight is 24:00 of the day before, as laws and buyers count."""
    local = due.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def left_text(due: datetime, now: datetime) -> str:
    """How long is left until ``due``: 40 分钟, 18 小时, 5 天; 已过 when it is over."""
    minutes = int((due - now).total_seconds() // 60)
    if minutes < 0:
        return "已过"
    if minutes < 120:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 72 * 60 else f"{minutes // 1440} 天"
