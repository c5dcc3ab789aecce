"""Figures of punitive damages (惩罚性赔偿) and of multiples a seller promised. The buyer asks for them; a court decides."""

from __future__ import annotations

from decimal import Decimal

from bot.disputes.remedies.money import Sum, fen, yuan
from bot.disputes.remedy_rules import RemedyRule
from bot.disputes.situation import Situation


def triple(case: Situation, rule: RemedyRule) -> Sum:
    """R-11, R-16: three times the price, at least 500 yuan; the refund comes on top (消法 55)."""
    price = case.facts.amount
    if price is None:
        return Sum()
    times, floor = rule.figures["times"], rule.figures["floor"]
    amount, working = _at_least(price * times, floor, f"{yuan(price)}的{times}倍是{yuan(price * times)}")
    return Sum(amount, _together(case, amount), fen(floor), working=working)


def tenfold(case: Situation, rule: RemedyRule) -> Sum:
    """R-13, R-14: ten times the price or three times the loss, the better one, at least 1000 yuan (食品安全法 148)."""
    base = _base(case) if rule.id == "R-13" else case.facts.amount
    if base is None:
        return Sum()
    by_price, floor = base * rule.figures["times"], rule.figures["floor"]
    hurt = case.facts.loss_amount or Decimal(0)
    by_loss = hurt * rule.figures["loss_times"]
    working = f"价款{yuan(base)}的{rule.figures['times']}倍是{yuan(by_price)}"
    if hurt:
        chosen = "损失" if by_loss > by_price else "价款"
        working += (
            f"，损失{yuan(hurt)}的{rule.figures['loss_times']}倍是{yuan(by_loss)}，选高的（按{chosen}）"
        )
    amount, working = _at_least(max(by_price, by_loss), floor, working)
    return Sum(amount, _together(case, amount, hurt), fen(floor), working=working)


def up_to(case: Situation, rule: RemedyRule) -> Sum:
    """R-12: at most twice the loss; how much is for the court, so there is a limit and no figure."""
    hurt = case.facts.loss_amount
    if hurt is None:
        return Sum()
    most = fen(hurt * rule.figures["times"])
    return Sum(cap=most, working=f"损失{yuan(hurt)}，最多再要求{yuan(most)}，由法院决定")


def promised_times(case: Situation, rule: RemedyRule) -> Sum:
    """R-15: the promised multiple of the price, up to the limit the page states (实施条例 12)."""
    price, times, cap = case.facts.amount, case.facts.promise_times, case.facts.promise_cap
    if price is None or not times:
        return Sum(cap=cap)
    full = price * times
    working = f"{yuan(price)}的{times}倍是{yuan(full)}"
    if cap is not None and full > cap:
        return Sum(fen(cap), cap=fen(cap), working=f"{working}，页面上限{yuan(cap)}")
    return Sum(fen(full), cap=cap, working=working)


def of_price(case: Situation, rule: RemedyRule) -> Sum:
    """不符包赔, 材质不符赔三: a fixed multiple of the price."""
    price, times = case.facts.amount, rule.figures["times"]
    return Sum() if price is None else Sum(fen(price * times), working=f"{yuan(price)}的{times}倍")


def _base(case: Situation) -> Decimal | None:
    """The price that was paid; for a buyer who knew, only a household's share of it (法释〔2024〕9号 1, 12)."""
    price, part = case.facts.amount, case.facts.reasonable_amount
    if price is None or not case.facts.bought_knowingly:
        return price
    return None if part is None else min(price, part)


def _at_least(value: Decimal, floor: Decimal, working: str) -> tuple[Decimal, str]:
    if fen(value) < floor:
        return fen(floor), f"{working}，不足{floor}元按{floor}元"
    return fen(value), working


def _together(case: Situation, amount: Decimal, hurt: Decimal = Decimal(0)) -> Decimal | None:
    """With the refund, unless that has been made, and the loss."""
    price = Decimal(0) if case.facts.refunded_in_full else case.facts.amount
    return None if price is None else fen(price + hurt + amount)
