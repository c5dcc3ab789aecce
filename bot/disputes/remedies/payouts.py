"""Figures a platform pays out (平台赔付): parameters that change, and only those somebody has read."""

from __future__ import annotations

from decimal import Decimal

from bot.disputes.remedies.money import Sum, fen, share, yuan
from bot.disputes.remedies.shipping import promised_soon
from bot.disputes.remedy_rules import RemedyRule
from bot.disputes.situation import Situation

WITHIN, BEYOND = "within", "beyond"


def by_promise(case: Situation, rule: RemedyRule) -> Sum:
    """P-late, P-oos: a share of the price between two limits, by how soon shipping was promised."""
    price, soon = case.facts.amount, promised_soon(case)
    tier = WITHIN if soon else BEYOND
    if price is None or soon is None or f"{tier}_percent" not in rule.figures:
        return Sum()
    percent, least, most = (rule.figures[f"{tier}_{name}"] for name in ("percent", "min", "max"))
    exact = share(price, percent)
    amount = fen(min(max(exact, least), most))
    working = f"{yuan(price)}的{percent}%是{yuan(exact)}，最低{least}元、最高{most}元"
    if case.facts.promised_ship_at is None:
        working += "；按默认的付款后48小时内发货算，页面另有承诺的不同"
    return Sum(amount, floor=fen(least), cap=fen(most), working=working)


def damage(case: Situation, rule: RemedyRule) -> Sum:
    """破损包赔: a limit, no figure; how much depends on how much is broken."""
    price = case.facts.amount
    if price is None:
        return Sum(cap=fen(rule.figures["max"]))
    return _limit(min(share(price, rule.figures["percent"]), rule.figures["max"]))


def weight(case: Situation, rule: RemedyRule) -> Sum:
    """足斤足两: a tenth while less than a tenth is missing, everything from there on."""
    price, missing = case.facts.amount, case.facts.shortage_percent
    if price is None or missing is None:
        return Sum()
    if missing >= rule.figures["full_from"]:
        return Sum(fen(price), working=f"短缺{missing}%，全额")
    return Sum(fen(share(price, rule.figures["percent"])), working=f"短缺{missing}%")


def return_freight(case: Situation, rule: RemedyRule) -> Sum:
    """退货宝: what the way back cost, up to the limit."""
    paid, most = case.facts.freight_paid, rule.figures["max"]
    return Sum(cap=fen(most)) if paid is None else Sum(fen(min(paid, most)), cap=fen(most))


def jd_page(case: Situation, rule: RemedyRule) -> Sum:
    """京东商品 11: a tenth of the price, up to 200 yuan."""
    price, most = case.facts.amount, rule.figures["max"]
    if price is None:
        return Sum(cap=fen(most))
    exact = share(price, rule.figures["percent"])
    return Sum(fen(min(exact, most)), cap=fen(most), working=f"实付的10%是{yuan(exact)}，最多{most}元")


def jd_gift(case: Situation, rule: RemedyRule) -> Sum:
    """京东商品 24: by the gift's price or stated value, which the page shows; only the limits follow from the order."""
    price = case.facts.amount
    if price is None:
        return Sum()
    listed, unlisted = (share(price, rule.figures[name]) for name in ("sku_percent", "no_sku_percent"))
    text = f"有单独商品编号的最多{yuan(listed)}；没有编号也没有标注价值的最多{yuan(unlisted)}"
    return Sum(working=text)


def jd_fresh(case: Situation, rule: RemedyRule) -> Sum:
    """京东商品 27(十三): the share that is short or spoilt."""
    price, missing = case.facts.amount, case.facts.shortage_percent
    if price is None or missing is None:
        return Sum()
    return Sum(fen(share(price, Decimal(missing))), working=f"按{missing}%的比例")


def _limit(most: Decimal) -> Sum:
    return Sum(cap=fen(most), working=f"最多{yuan(most)}，看破损程度")
