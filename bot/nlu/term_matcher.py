"""Where listed names stand in a normalised text: spaCy's PhraseMatcher over single characters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.nlu.terms import Term, key_of

LONGEST = 600  # characters read, as by the product model
# A model behind a product line or a brand: iPhone 15 Pro, OPPO Reno11; not the number of 小米 3天就坏了.
_EDITION = r"(?:pro|max|plus|ultra|mini|lite|se|air)"
_UNIT = r"[.:%天年个月号元块日台件次只部点分周小时米斤两箱包盒瓶袋双套条张本码寸折岁]"
_MODEL = re.compile(
    rf"(?: ?(?:{_EDITION}|[a-z]{{0,6}}\d{{1,4}}(?:{_EDITION}|[a-z]{{0,2}})(?![a-z\d]|{_UNIT}))(?![a-z\d]))+",
    re.I,
)
_LATIN = re.compile(r"[A-Za-z\d]")

Free = Callable[[int, int], bool]


@dataclass(frozen=True)
class Hit:
    """A name found at `start:end` of the normalised text. `kind` is product, shop, platform, courier or goods."""

    kind: str
    start: int
    end: int
    value: str


class TermMatcher:
    """Loads in about 0.7 s, nearly all of it the import of spaCy. Raises ImportError where spaCy is missing."""

    def __init__(self, terms: Iterable[Term]) -> None:
        import spacy  # here, so that commands that read no text do not pay for it
        from spacy.matcher import PhraseMatcher

        language = spacy.blank("zh")  # one token per character: no dictionary, no download
        self._document: Callable[[str], Any] = language.make_doc
        self._matcher = PhraseMatcher(language.vocab, attr="LOWER")
        self._terms: dict[str, Term] = {}
        self._brands_and_goods: set[str] = set()
        patterns: dict[str, list[Any]] = defaultdict(list)
        for term in terms:
            known = self._terms.setdefault(key_of(term.form), term)  # listed twice: the first counts
            if known.kind == "brand" and term.kind == "goods":  # 苹果 is a brand and a fruit
                self._brands_and_goods.add(known.value)
            patterns[term.kind].append(self._document(term.form))
        for kind, documents in patterns.items():
            self._matcher.add(kind, documents)

    def find(self, text: str, free: Free = lambda start, end: True) -> list[Hit]:
        """The names in text order without overlaps, longer ones first; neighbours that form one name are joined.
        A brand or a shop form on its own says nothing. `free` tells which stretches may be used."""
        hits = _joined([hit for hit in self._longest(text[:LONGEST]) if free(hit.start, hit.end)], text, free)
        hits = [
            replace(hit, kind="goods") if hit.kind == "brand" and hit.value in self._brands_and_goods else hit
            for hit in hits
        ]
        return [hit for hit in hits if hit.kind not in ("brand", "shop_form")]

    def _longest(self, text: str) -> list[Hit]:
        document = self._document(text)
        spans = []
        for _, first, last in self._matcher(document):
            start, end = document[first].idx, document[last - 1].idx + 1
            if _stands_alone(text, start, end):
                spans.append((start, end))
        hits: list[Hit] = []
        for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
            if all(end <= other.start or other.end <= start for other in hits):
                term = self._terms[key_of(text[start:end])]
                hits.append(Hit(term.kind, start, end, term.value))
        return sorted(hits, key=lambda hit: hit.start)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin names are whole words (but iPhone15 is an iPhone), and 买书 包邮 holds no 书包."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if _LATIN.match(text[start]) and _LATIN.match(before):
        return False
    if _LATIN.match(text[end - 1]) and _LATIN.match(after) and not _MODEL.match(text, end):
        return False
    return all(
        _LATIN.match(text[at - 1]) or _LATIN.match(text[at + 1 : at + 2])
        for at in range(start, end)
        if text[at].isspace()
    )


def _joined(hits: list[Hit], text: str, free: Free) -> list[Hit]:
    """戴森|吹风机 is one product, 安踏|官方旗舰店 a shop."""
    out: list[Hit] = []
    for hit in hits:
        last = out[-1] if out else None
        if last is not None and hit.start < last.end:  # taken in as a model: Mate60 of 华为Mate60
            continue
        if last is not None and last.kind in ("brand", "product") and last.end == hit.start:
            kind = {"goods": "product", "product": "product", "shop_form": "shop"}.get(hit.kind)
            if kind is not None:
                out[-1] = _with_model(Hit(kind, last.start, hit.end, text[last.start : hit.end]), text, free)
                continue
        out.append(_with_model(hit, text, free))
    return out


def _with_model(hit: Hit, text: str, free: Free) -> Hit:
    model = _MODEL.match(text, hit.end) if hit.kind in ("product", "brand") else None
    if model is None or not free(*model.span()):
        return hit
    return Hit("product", hit.start, model.end(), text[hit.start : model.end()])
