"""Reading a step of an intervention (受理 → 双方举证 → 调解 → 判决 → 申诉复审 → 结案) as an agent hands it in.

`bot.intervention.steps` says which steps there are and when they can be taken; here is what a page sends.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.cases.model import Case
from bot.channels.desk.answers import needed_text, optional_amount, optional_moment
from bot.channels.desk.views import when
from bot.channels.web.answers import ApiError
from bot.conversation.sanitise import clean_text
from bot.intervention.steps import KINDS, RESULTS, Step, may_take

LONGEST_NOTE = 500
MOST_ITEMS = 10
LONGEST_ITEM = 100
_LABELS = {"items": "举证清单", "due_at": "截止时间", "amount": "金额", "result": "结论"}
_FIELDS: dict[str, tuple[str, ...]] = {
    "ask_evidence": ("items", "due_at"),
    "propose": ("amount", "due_at"),
    "rule": ("result", "amount"),
    "open_review": ("due_at",),
    "decide_review": ("result", "amount"),
}
_DECISIONS = ("rule", "decide_review")


def allowed_kinds(case: Case) -> list[str]:
    """The steps that may follow now, in the order of the procedure."""
    return [kind for kind in KINDS if may_take(case, Step(kind, note="?"))]


def read_step(body: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The checked values of a step, with only the fields that were given.

    Raises:
        ApiError: 400 for a field that cannot be right.
    """
    kind = body.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ApiError(400, "bad_kind", "没有这种介入步骤，请刷新页面后重试。")
    values = {"kind": kind, **_note(body, kind), **_details(body, now)}
    extra = [key for key in _LABELS if key in values and key not in _FIELDS.get(kind, ())]
    if extra:
        raise ApiError(
            400, "bad_field", "这一步不需要填写：" + "、".join(_LABELS[key] for key in extra) + "。"
        )
    if kind in _DECISIONS and "result" not in values:
        raise ApiError(400, "no_result", "请选择结论：支持、部分支持或不支持。")
    if values.get("result") == "rejected" and "amount" in values:
        raise ApiError(400, "bad_field", "结论是不支持时，不用填写金额。")
    return values


def _note(body: dict[str, Any], kind: str) -> dict[str, str]:
    """What the buyer is told; only 受理 speaks for itself."""
    if kind == "accept" and not clean_text(str(body.get("note") or "")):
        return {}
    return {"note": needed_text(body, "note", LONGEST_NOTE, "请写明要告诉买家的内容。")}


def _details(body: dict[str, Any], now: datetime) -> dict[str, Any]:
    amount, due = optional_amount(body), optional_moment(body, "due_at", now)
    result = body.get("result") or None
    if result is not None and (not isinstance(result, str) or result not in RESULTS):
        raise ApiError(400, "bad_result", "结论只能是：支持、部分支持或不支持。")
    found = {
        "items": _items(body.get("items")),
        "due_at": when(due),
        "amount": None if amount is None else str(amount),
        "result": result,
    }
    return {key: value for key, value in found.items() if value}


def _items(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise ApiError(400, "bad_items", f"举证清单最多 {MOST_ITEMS} 项，每项一句话。")
    return [needed_text({"items": one}, "items", LONGEST_ITEM, "举证清单里有空白项。") for one in value]
