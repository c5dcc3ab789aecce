"""The earnest (定金): paid back double by a seller who fails, up to a fifth of the contract (民法典 586-588)."""

from __future__ import annotations

from bot.disputes.remedies.money import Sum, fen, share, yuan
from bot.disputes.remedy_rules import RemedyRule
from bot.disputes.situation import Situation


def double(case: Situation, rule: RemedyRule) -> Sum:
    """R-07: what counts as earnest twice, the rest of the deposit once: 200 of 800 gives 160 x 2 + 40 = 360."""
    paid, whole = case.facts.deposit_amount, case.facts.contract_amount
    if paid is None or whole is None:
        return Sum()
    earnest = min(paid, share(whole, rule.figures["cap_percent"]))
    rest = paid - earnest
    amount = fen(earnest * rule.figures["times"] + rest)
    working = f"按定金算的是{yuan(earnest)}，双倍{yuan(earnest * rule.figures['times'])}"
    if rest:
        working += f"，超出部分{yuan(rest)}按预付款退回"
    return Sum(amount, amount, working=working)
