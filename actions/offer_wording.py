"""A weighed offer in the buyer's words: what the rules give, what going on costs. Beside the reason, never twice."""

from __future__ import annotations

from bot.disputes.negotiation import Verdict

_GOING_ON = ("counter", "intervene")


def weighed_lines(verdict: Verdict) -> str:
    """Lines below the reason of a verdict; empty where there was no offer or nothing is to be added."""
    report = verdict.report
    if report is None or verdict.advice == "refuse_and_warn":
        return ""
    going_on = verdict.advice in _GOING_ON
    missing = "、".join(report.cost.missing)
    rows = (
        ("按规则", report.likely.text_zh),
        ("继续走的时间", report.cost.time_zh if going_on else ""),
        ("运费", report.cost.freight_zh),
        ("还差的证据", missing if going_on else ""),
    )
    lines = [f"· {label}：{text}" for label, text in rows if text and text not in verdict.why_zh]
    return "\n" + "\n".join(lines) if lines else ""
