"""What all letters share: the templates, the demand in words, dates, numbered evidence, citations, the chronology."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import jinja2

from bot.disputes.cards import Cited
from bot.disputes.facts import SHANGHAI
from bot.disputes.situation import Situation
from bot.disputes.tone import neutral

AMOUNT_DEMANDS = ("refund_only", "return_refund")
DEMANDS = {
    "refund_only": "退款",
    "return_refund": "退货退款",
    "exchange": "更换同款完好的商品",
    "repair": "免费维修并告知完成时间",
    "reship": "补寄缺少的商品",
    "compensation": "按承诺或平台规则赔付",
    "price_difference": "退还差价",
    "apology": "作出书面说明",
    "invoice": "开具与实付金额一致的发票",
}
SELLER_PAYS_FREIGHT = ("quality", "not_as_described", "delivery_damage", "false_advertising", "counterfeit")
EVENTS = {
    "paid_at": "付款",
    "shipped_at": "商家发货",
    "signed_at": "签收",
    "found_at": "发现问题",
    "confirmed_at": "确认收货",
    "contacted_at": "联系商家",
    "refund_requested_at": "申请退款",
    "refused_at": "商家拒绝",
    "returned_at": "寄出退货",
    "return_signed_at": "商家签收退货",
}
UNNAMED_PLATFORM = ("tb",)
"""Whose rules a letter cites while nobody has said where the order was placed."""


@dataclass(frozen=True)
class Numbered:
    """One piece of evidence as a statement counts it: number, our file id, what it is."""

    number: int
    evidence_id: str
    kind: str | None
    label: str


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    return jinja2.Environment(
        loader=loader,
        autoescape=False,  # noqa: S701 - letters go into form fields and chats, never into HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: object) -> str:
    """One letter. A name the template uses and nobody gave raises jinja2.UndefinedError."""
    return _templates().get_template(template).render(**values).strip()


def day_zh(moment: datetime, now: datetime) -> str:
    """2026年11月12日; without the year when it is this one."""
    local = moment.astimezone(SHANGHAI)
    year = "" if local.year == now.astimezone(SHANGHAI).year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日"


def full_day_zh(moment: datetime) -> str:
    """2026年11月12日, with the time of day when one is known."""
    local = moment.astimezone(SHANGHAI)
    clock = "" if (local.hour, local.minute) == (0, 0) else f" {local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日{clock}"


def demand_zh(case: Situation) -> str:
    """The demand as the buyer would write it, with the amount paid where money is to come back."""
    demand = case.facts.demand
    if demand is None:
        return "请给出处理方案"
    words = DEMANDS[demand]
    if demand in AMOUNT_DEMANDS and case.facts.amount is not None:
        words += f" {case.facts.amount} 元"
    if demand == "return_refund" and any(card.family in SELLER_PAYS_FREIGHT for card in case.cards):
        words += "，退货运费由商家承担"
    return words


def plain(case: Situation, text: str | None) -> str:
    """The buyer's or merchant's words made neutral, on one line, without a full stop at the end."""
    calm = neutral(text or "", case.book.policy.tone).text
    return " ".join(calm.split()).rstrip("。，；,;. ")


def problem_zh(case: Situation) -> str:
    """What happened, in the buyer's words; the type's name while nothing was told."""
    return plain(case, case.facts.problem) or f"商品存在{case.cards[0].name}的情况"


def numbered(case: Situation) -> tuple[Numbered, ...]:
    """The evidence held, in order of time (seed0-11), as 1, 2, 3…"""
    held = sorted(case.view.evidence, key=lambda item: (item.uploaded_at, item.id))
    kinds = case.book.evidence
    return tuple(
        Numbered(number, item.id, item.kind, kinds[item.kind].name if item.kind in kinds else item.name)
        for number, item in enumerate(held, start=1)
    )


def citations(case: Situation, limit: int) -> tuple[str, ...]:
    """At most `limit` sources, never another platform's: what the first card says to cite, else the platform's own
    rule on the outcome and then the law."""
    card = case.cards[0]
    if card.cite:
        return tuple(s for s in card.cite if _is_law(case, s) or _is_own(case, s))[:limit]
    results: list[Cited] = [*card.outcomes, *card.burden]
    rules = [s for item in results for s in item.sources if _is_own(case, s)]
    laws = [s for s in card.legal_basis if _is_law(case, s)]
    return tuple(dict.fromkeys([*rules[:1], *laws]))[:limit]


def _is_law(case: Situation, source: str) -> bool:
    """A numbered article of law: no platform's rule, no safety notice."""
    law = case.book.sources[source].law
    of_platforms = {rule for profile in case.book.profiles.values() for rule in profile.rules}
    return law not in of_platforms and _numbered_article(case, source)


def _is_own(case: Situation, source: str) -> bool:
    """A numbered rule of the order's own platform that says who is right, not merely how disputes are handled."""
    own = case.profile.rules if case.profile is not None else UNNAMED_PLATFORM if case.on_taobao else ()
    procedural = source in case.book.policy.negotiation.no_basis
    return case.book.sources[source].law in own and not procedural and _numbered_article(case, source)


def _numbered_article(case: Situation, source: str) -> bool:
    """Guides and defaults have topics instead of articles, and are no basis for a demand."""
    return case.book.sources[source].label.endswith("条")


def chronology(case: Situation) -> tuple[tuple[datetime, str], ...]:
    """What happened when, oldest first: the dated facts and the exchanges with the merchant."""
    found = [
        (moment, words) for name, words in EVENTS.items() if (moment := case.facts.time(name)) is not None
    ]
    stances = dict(case.book.facts["merchant_stance"].choices)
    for item in case.view.rounds:
        if item.theirs or item.stance:
            said = plain(case, item.theirs)[:60]
            reply = f"商家答复“{said}”" if said else f"商家{stances.get(item.stance or '', '答复')}"
            found.append((item.at, reply))
        elif item.ours:
            found.append((item.at, "向商家提出诉求"))
    return tuple(sorted(found, key=lambda entry: entry[0]))
