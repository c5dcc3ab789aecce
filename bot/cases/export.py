"""A case for people and programs outside: JSON, and a plain page in Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from bot.cases.drafts import NAMES, drafts_of
from bot.cases.model import Case, Stage
from bot.disputes.facts import SHANGHAI, fact_kinds
from bot.disputes.rulebook import load_rulebook

STAGE_NAMES = {
    Stage.INTAKE: "了解情况",
    Stage.EVIDENCE: "收集证据",
    Stage.NEGOTIATING: "与商家协商",
    Stage.RESOLVED_BY_TALK: "协商解决",
    Stage.INTERVENTION_READY: "可以申请介入",
    Stage.INTERVENTION_OPEN: "介入已受理",
    Stage.EVIDENCE_PERIOD: "双方举证",
    Stage.MEDIATION: "调解",
    Stage.DECIDED: "已判决",
    Stage.EXECUTING: "执行判决",
    Stage.APPEAL: "申诉复审",
    Stage.EXTERNAL: "平台外维权",
    Stage.SAFETY_STOP: "安全提醒，已暂停",
    Stage.HANDOFF: "人工处理",
    Stage.CLOSED: "已关闭",
}
ORIGIN_NAMES = {
    "buyer": "买家说明",
    "button": "买家点选",
    "page": "页面信息",
    "document": "凭证识别",
    "rule": "推断",
}
CLOCK_KINDS = {"platform": "平台", "statutory": "法定"}


def to_json(case: Case) -> dict[str, Any]:
    """Everything stored of the case as plain JSON: times in ISO 8601 (+08:00), money as text in yuan."""
    exported = _plain(case)
    exported["facts"] = {name: _plain(record) for name, record in sorted(case.facts.items())}
    if case.intervention is not None:
        exported["intervention"]["history"] = [
            {"state": state, "at": _plain(at), "note": note} for state, at, note in case.intervention.history
        ]
    return dict(exported)


def to_text(case: Case) -> str:
    """The case as a page that an agent can read: each section says so when it is empty."""
    sections = (
        ("案件", _head(case)),
        ("事实", _facts(case)),
        ("证据", _evidence(case)),
        ("协商记录", _rounds(case)),
        ("期限", _deadlines(case)),
        ("介入申请", _intervention(case)),
        ("文稿", _drafts(case)),
        ("变更记录", _audit(case)),
    )
    return "\n\n".join(f"【{title}】\n" + "\n".join(lines or ["（无）"]) for title, lines in sections) + "\n"


def _head(case: Case) -> list[str]:
    known = load_rulebook().types
    types = [known[code].name if code in known else code for code in case.types]
    return [
        f"案件编号：{case.id}",
        f"会话编号：{case.conversation_id}",
        f"阶段：{STAGE_NAMES[case.stage]}",
        f"纠纷类型：{'、'.join(types) or '未确定'}",
        f"建立：{_when(case.created_at)}    最后变更：{_when(case.updated_at)}    版本：{case.version}",
    ]


def _facts(case: Case) -> list[str]:
    kinds = fact_kinds()
    lines = [
        f"{kinds[name].label}：{_shown(name, case.facts[name].value)}"
        f"（{ORIGIN_NAMES[case.facts[name].origin]}，消息 {case.facts[name].message_id or '无'}）"
        for name in kinds
        if name in case.facts
    ]
    declined = [kinds[name].label for name in kinds if name in case.declined]
    return lines + ([f"买家无法提供：{'、'.join(declined)}"] if declined else [])


def _evidence(case: Case) -> list[str]:
    lines = []
    for no, item in enumerate(case.evidence, start=1):
        lines.append(f"{no}. {evidence_name(item.kind)}：{item.name}（{item.mime}，{item.size} 字节）")
        lines.append(f"   SHA-256 {item.sha256}")
        lines.append(f"   上传 {_when(item.uploaded_at)}，消息 {item.message_id or '无'}")
    if case.gaps_acknowledged:
        lines.append("买家已知悉证据尚有缺口。")
    return lines


def evidence_name(kind: str | None) -> str:
    """The Chinese name of a kind of evidence, with its number in the catalogue."""
    if kind is None:
        return "未说明用途"
    known = load_rulebook().evidence
    return f"{known[kind].name}（{kind}）" if kind in known else kind


def _rounds(case: Case) -> list[str]:
    lines = []
    for one in case.rounds:
        lines.append(f"第 {one.no} 轮  {_when(one.at)}")
        offer = None if one.offer is None else f"{one.offer} 元"
        stance = None if one.stance is None else fact_kinds()["merchant_stance"].label_of(one.stance)
        parts = (
            ("我方", one.ours),
            ("商家", one.theirs),
            ("商家态度", stance),
            ("商家出价", offer),
            ("建议", one.verdict),
            ("消息", one.message_id),
        )
        lines.extend(f"   {label}：{text}" for label, text in parts if text is not None)
    return lines


def _deadlines(case: Case) -> list[str]:
    lines = []
    for one in case.deadlines:
        due = _when(one.due) if one.due else "起算时间未知"
        sources = f"，依据 {'、'.join(one.sources)}" if one.sources else ""
        lines.append(f"{one.name}（{CLOCK_KINDS.get(one.kind, one.kind)}）：{due}{sources}")
        if one.consequence:
            lines.append(f"   {one.consequence}")
    return lines


def _intervention(case: Case) -> list[str]:
    found = case.intervention
    if found is None:
        return []
    lines = [
        f"编号：{found.number}",
        f"状态：{found.state}",
        f"受理时间：{_when(found.opened_at)}",
        f"诉求：{found.demand}",
        "申请说明：",
        *(f"   {line}" for line in found.statement.splitlines()),
        "进展：",
    ]
    return lines + [f"   {_when(at)}  {state}  {note}".rstrip() for state, at, note in found.history]


def _drafts(case: Case) -> list[str]:
    lines = []
    for one in drafts_of(case):
        lines.append(f"{NAMES[one.kind]}（{_when(one.at)} 起草，由买家自己提交）")
        lines.extend(f"   {line}" for line in one.text.splitlines())
        lines.extend([f"   待补充：{'、'.join(one.blanks)}"] if one.blanks else [])
    return lines


def _audit(case: Case) -> list[str]:
    return [f"{_when(one.at)}  {one.actor}  {one.what}  {_change(one.detail)}".rstrip() for one in case.audit]


def _change(detail: dict[str, Any]) -> str:
    if "new" not in detail:
        return ""
    rest = _pairs((key, value) for key, value in detail.items() if key not in ("old", "new"))
    return f"{detail.get('old')} → {detail['new']}" + (f"  （{rest}）" if rest else "")


def _pairs(items: Iterable[tuple[str, Any]]) -> str:
    return "，".join(f"{key} {value}" for key, value in items if value is not None)


def _shown(name: str, value: Any) -> str:
    kind = fact_kinds()[name]
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind.kind == "money":
        return f"{value} 元"
    if kind.kind == "datetime":
        return _when(datetime.fromisoformat(value))
    return kind.label_of(str(value)) if kind.kind == "choice" else str(value)


def _when(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _plain(value: Any) -> Any:
    """JSON of a value of the case."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
