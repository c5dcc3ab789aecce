"""What all letters share: the templates, the demand in words, numbered evidence, citations, quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jinja2

from bot.disputes.cards import Cited
from bot.disputes.model import HeldEvidence
from bot.disputes.situation import Situation
from bot.disputes.tone import neutral, neutral_name

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
ASK_FOR_GROUNDS = "请说明具体依据，并提供相应的凭证。"
_SENTENCE = re.compile(r"[^。；]+[。；]?")
LONGEST_QUOTE = 60
LONGEST_FILE_NAME = 30
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
    """One letter by the name and version of its template ("refund_note.v1").

    A name the template uses and nobody gave raises jinja2.UndefinedError. Values are printed, never interpreted.
    """
    return _templates().get_template(f"{template}.jinja").render(**values).strip()


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


def blank(what: str) -> str:
    """The place of something nobody has told us: the buyer fills it in, nothing is invented."""
    return f"（请补充：{what}）"


def plain(case: Situation, text: str | None) -> str:
    """The buyer's words made neutral, on one line, without a full stop at the end."""
    facts = case.facts
    names = [name for name in (facts.product, facts.shop) if name]
    proven = facts.official_finding is True
    return one_line(neutral(text or "", case.book.policy.tone, names, proven).text)


def named(case: Situation, text: str | None) -> str:
    """The name of a product, a shop or a file: only what is no part of a name is made neutral."""
    return one_line(neutral_name(text or "", case.book.policy.tone))


def quoted(case: Situation, text: str | None, most: int = LONGEST_QUOTE) -> str:
    """The merchant's words as a quotation; as the sense of them where something had to be left out."""
    said = neutral(text or "", case.book.policy.tone, proven=True)
    words = shorten(one_line(said.text), most)
    threat = "含威胁性言语" if said.threats else ""
    if not words:
        return threat
    quote = f"大意为“{words}”" if said.changed else f"“{words}”"
    return f"{quote}，并{threat}" if threat else quote


def in_my_words(text: str) -> str:
    """A rule's words about the buyer, as the buyer would write them."""
    return one_line(text.replace("您", "我").replace("买家", "我"))


def one_line(text: str) -> str:
    return " ".join(text.split()).rstrip("。，；,;. ")


def shorten(text: str, most: int) -> str:
    """At most `most` characters (at least one), the last of them an ellipsis where something was cut."""
    return text if len(text) <= most else text[: max(1, most - 1)] + "…"


def problem_zh(case: Situation) -> str:
    """What happened, in the buyer's words; the type's name while nothing was told."""
    return plain(case, case.facts.problem) or f"商品存在{case.cards[0].name}的情况"


def held_words(case: Situation, answer: str) -> str:
    """A card's answer without sentences that speak of evidence the buyer does not hold, or vouch for what the buyer
    never said."""
    kept = [sentence for sentence in _SENTENCE.findall(answer) if _may_say(case, sentence)]
    return one_line("".join(kept)) + "。" if kept else ASK_FOR_GROUNDS


def _may_say(case: Situation, sentence: str) -> bool:
    policy = case.book.policy.letters
    held = {item.kind for item in case.view.evidence}
    spoken = [kinds for cue, kinds in policy.speaks_of.items() if cue in sentence]
    if any(held.isdisjoint(kinds) for kinds in spoken):
        return False
    own = case.facts.problem or ""
    return all(words in own for words in policy.vouches_for if words in sentence)


def numbered(case: Situation) -> tuple[Numbered, ...]:
    """The evidence held, in order of time (seed0-11), as 1, 2, 3…"""
    held = sorted(case.view.evidence, key=lambda item: (item.uploaded_at, len(item.id), item.id))
    kinds = case.book.evidence
    return tuple(
        Numbered(
            number, item.id, item.kind, kinds[item.kind].name if item.kind in kinds else _file(case, item)
        )
        for number, item in enumerate(held, start=1)
    )


def _file(case: Situation, item: HeldEvidence) -> str:
    return shorten(named(case, item.name), LONGEST_FILE_NAME) or "其他材料"


def citations(case: Situation, limit: int, laws_only: bool = False) -> tuple[str, ...]:
    """At most `limit` sources that count on the case's dates, never another platform's: what the first card says to
    cite, else the platform's own rule on the outcome and then the law. `laws_only` for authorities and courts."""
    card = case.cards[0]
    if card.cite:
        chosen = [s for s in card.cite if _is_law(case, s) or _is_own(case, s)]
    else:
        results: list[Cited] = [*card.outcomes, *card.burden]
        rules = [s for item in results for s in item.sources if _is_own(case, s)]
        chosen = [*rules[:1], *(s for s in card.legal_basis if _is_law(case, s))]
    if laws_only:
        chosen = [s for s in (*chosen, *card.legal_basis) if _is_law(case, s)]
    timely = case.in_time(tuple(dict.fromkeys(chosen)))
    return tuple(s for s in timely if s not in case.out_of_force and _numbered_article(case, s))[:limit]


def citable_law(case: Situation, source: str) -> bool:
    """A numbered article of law that counts on the case's dates."""
    return source not in case.out_of_force and _is_law(case, source)


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
