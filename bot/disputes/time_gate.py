"""G3: is the claim in time (受理期限), or one of the exceptions (淘宝 5, 京东总则 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.disputes import counting
from bot.disputes.findings import Deadline
from bot.disputes.situation import REFUSING, Situation
from bot.disputes.window_rules import Length
from bot.disputes.windows import evaluate
from bot.zh.numerals import read_number

AFTER_SALE, REFUSED = "T-11", "T-13"
SEVEN_DAYS = ("L-01", "T-21")
FINDING_OF_STATE = ("taobao", "tmall", "jd")
"""Platforms whose rules except official findings and judgments in force from the time limit."""
_PERIOD = re.compile(r"(\d+|[一二两三四五六七八九十百半]+)\s*(天|日|个?月|年)")
_UNTIMED = re.compile(r"保修|质保|终身|三包|延保|包换|包修|售后")


@dataclass(frozen=True)
class Finding:
    """What was found on one gate. No `sources` = those of the gate."""

    state: Literal["pass", "fail", "unknown"]
    why: str
    needs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def in_time(case: Situation) -> Finding:
    """May the claim still be brought before the platform."""
    if case.facts.official_finding is True and (case.facts.platform or "taobao") in FINDING_OF_STATE:
        return Finding("pass", "有行政认定或生效法律文书的，不受受理期限限制", (), ("tb-5", "jd-7"))
    if case.confirmation == "unknown":
        return Finding("unknown", "要先知道订单有没有确认收货", ("order_stage",))
    if set(case.view.types) == {"seven_day"} and seven_days_missed(case) and not _promise_runs(case):
        return Finding("fail", "提出退货时已经超过签收后的七日，无法再按七天无理由申请", (), ("qt-10",))
    return _on_taobao(case) if case.on_taobao else _elsewhere(case)


def seven_days_missed(case: Situation) -> bool:
    """Notice within seven days is what counts, not when the goods went back (七日办法 10). The later clock counts."""
    ends = [d.due for key in SEVEN_DAYS if (d := _window(case, key)) is not None and d.due is not None]
    asked = [moment for name in ("refund_requested_at", "contacted_at") if (moment := case.facts.time(name))]
    return bool(ends) and min(asked, default=case.now) >= max(ends)


def _window(case: Situation, key: str) -> Deadline | None:
    return evaluate(case, case.book.windows[key])


def _on_taobao(case: Situation) -> Finding:
    """Before 确认收货 always; after it while the entrance is open, or when the request was made in time."""
    if case.confirmation == "before":
        return Finding("pass", "订单还没有确认收货，可以在订单内申请")
    deadline = _window(case, AFTER_SALE)
    if deadline is None or deadline.due is None:
        return _date_needed(deadline)
    asked, refusal = case.facts.refund_requested_at, _window(case, REFUSED)
    if asked is not None and asked < deadline.due and deadline.passed:
        if refusal is None or refusal.due is None or not refusal.passed:
            return Finding("pass", "在售后期限内已经提出申请，请按页面倒计时继续处理")
        return _late(case, f"被拒后的处理期限已过（{refusal.due_zh}），售后入口也已经关闭")
    if deadline.passed:
        return _late(case, f"售后申请期限已过（{deadline.due_zh}）")
    return Finding("pass", f"请在 {deadline.due_zh} 前申请，以页面倒计时为准")


def _elsewhere(case: Situation) -> Finding:
    """JD and others count from the merchant's refusal."""
    refusal = _window(case, REFUSED)
    if refusal is not None and refusal.due is not None:
        if refusal.passed:
            return _late(case, f"被拒后的申请期限已过（{refusal.due_zh}）")
        return Finding("pass", f"请在 {refusal.due_zh} 前申请，以页面倒计时为准", (), refusal.sources)
    if refusal is not None and refusal.needs == "refused_at" and case.stance in REFUSING:
        return Finding("unknown", "这个平台的申请期限从商家拒绝时算起", ("refused_at",))
    if case.confirmation == "before":
        return Finding("pass", "订单还没有确认收货，可以在订单内申请")
    deadline = _window(case, AFTER_SALE)
    if deadline is None or deadline.due is None:
        return _date_needed(deadline)
    if deadline.passed:
        return _late(case, f"售后申请期限已过（{deadline.due_zh}）")
    return Finding("pass", f"请在 {deadline.due_zh} 前申请，以页面倒计时为准")


def _date_needed(deadline: Deadline | None) -> Finding:
    needed = (deadline.needs if deadline is not None else None) or "confirmed_at"
    return Finding("unknown", "要知道售后入口什么时候关闭", (needed,))


def _late(case: Situation, why: str) -> Finding:
    """淘宝 5 (3) and (4): what may still be taken up after the online entrance has closed. JD has no such exception."""
    if case.on_taobao and _promise_runs(case):
        return Finding("pass", f"{why}，但商家承诺过售后期限，可以凭承诺申请", (), ("tb-5",))
    if case.on_taobao and _proof_of_the_trouble(case):
        return Finding("pass", f"{why}，但有凭证证明商品问题或未收到货的，可以申请例外处理", (), ("tb-5",))
    return Finding("fail", f"{why}；可以带凭证联系平台客服，或通过 12315、法院主张")


def _proof_of_the_trouble(case: Situation) -> bool:
    policy = case.book.policy.gates
    if not case.any_type(policy.late_types):
        return False
    held = {item.kind for item in case.view.evidence}
    not_received = case.any_type(policy.not_received_types) and held & policy.late_proof["not_received"]
    goods = case.any_type(policy.late_types - policy.not_received_types)
    return bool(not_received) or (goods and bool(held & policy.late_proof["goods"]))


def _promise_runs(case: Situation) -> bool:
    """Did the merchant promise an after-sales period that is not over? A promise without a period is none."""
    promise = case.facts.promise or ""
    facts = case.facts
    period = _PERIOD.search(promise)
    if period is None:
        return bool(_UNTIMED.search(promise))
    start = facts.installed_at or facts.signed_at or facts.confirmed_at
    length = _length(period.group(1), period.group(2))
    if start is None or length is None:
        return True
    return case.now < counting.statutory(start, length, False).at


def _length(number: str, unit: str) -> Length | None:
    if number == "半":
        return Length("months", 6) if unit == "年" else Length("days", 15)
    value = read_number(number)
    if value is None or value <= 0:
        return None
    units = {"天": "days", "日": "days", "年": "years"}
    return Length(units.get(unit, "months"), int(value))
