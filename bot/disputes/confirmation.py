"""Before or after 确认收货: the fork that changes entrance, money and burden of proof."""

from __future__ import annotations

from bot.disputes.findings import Confirmation
from bot.disputes.model import Facts

PROMPTS: dict[Confirmation, str] = {
    "before": "订单还没有确认收货，货款仍由平台担保。问题解决之前请不要点确认收货，直接在订单里申请退款或售后。",
    "after": "订单已经确认收货，请走“申请售后”入口，并留意页面显示的售后期限；确认收货不需要撤销。",
    "unknown": "请看一下订单页面：是“待收货”，还是“交易成功”或“已确认收货”？",
}


def confirmation_of(facts: Facts) -> Confirmation:
    """The branch these facts put the case in. A closed order says nothing by itself."""
    if facts.confirmed_at is not None or facts.order_stage == "confirmed":
        return "after"
    if facts.order_stage in ("unpaid", "paid", "shipped", "signed"):
        return "before"
    if facts.order_stage is None and facts.tracking_status in (
        "no_number",
        "no_pickup",
        "stalled",
        "in_transit",
    ):
        return "before"
    return "unknown"


def burden_branch(facts: Facts) -> Confirmation:
    """The branch for the burden of proof: a confirmation the seller wrongly induced does not count (平台规则 76)."""
    branch = confirmation_of(facts)
    return "before" if branch == "after" and facts.induced_confirmation else branch
