"""Where a product is named: a small conditional random field over characters, fed with words, word classes and the
nouns of goods that we know."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import pycrfsuite

from bot.nlu.segmenter import Segmenter

FILE = "product.crfsuite"
Span = tuple[int, int]
Example = tuple[str, list[Span]]
NOUNS = Path(__file__).with_name("product_nouns.txt")
_COUNTED = re.compile(
    r"(?:有|这|那|一|两|几|我的|的|买的?)(?:个|条|件|双|台|部|款|套|箱|瓶|盒|本|包|只|张)?(?=.{2})"
)
_JUDGED = re.compile(r"(?:垃圾|辣鸡|什么|破|烂|坏|新|旧|老|假|死|臭|好|差)(?:的)?")
# Words for goods in general, for what comes with them and for abuse: never the name of a product.
_NO_NAME = frozenset({
    "商品", "宝贝", "东西", "产品", "货", "货物", "货品", "物品", "实物", "包裹", "快递", "订单", "垃圾", "辣鸡", "机器", "赠品", "礼品",
    "礼物", "平台", "商家", "卖家", "客服", "店铺", "质量", "电话", "账号", "图片", "照片", "视频", "价格", "箱子", "盒子", "瓶子", "袋子", "包装",
})  # fmt: skip
# A shop, a department or a maker named after goods is not the goods: 水果店, 手机客服, 家具厂.
_AFTER = re.compile(
    r"(?:专卖)?店|旗舰店|客服|卖家|商家|店铺|厂家?|公司|集团|市场|超市|行业|频道|专区|包装|味道?|卡片"
)
_A_FIRM = re.compile(r"(?:店|客服|公司|集团|厂家?|超市|市场)$")
_STICKER = re.compile(r"\[[^\[\]]{1,6}\]")  # [玫瑰] is a picture of a chat program
_ONE_COUNTED = re.compile(r"[本件条双把张只台部支瓶盒袋这那].$")  # 一|本书
_MAKER = re.compile(r"(?<![A-Za-z\d])[A-Za-z][A-Za-z&+-]{1,11} ?的?$")  # TCL的|洗衣机
_MARKS = " ,。.!?~;:、…"  # at the end of a name: taken in by mistake
_DOUBTFUL = 0.5  # a span less sure than this must end in a known noun
_LONGEST = 600  # characters read; a product is named early or not at all
_LONGEST_NOUN = 8
# Of so many examples one is learned as if its nouns were unknown, else only known nouns would be found.
_UNSEEN_EVERY = 3
# 120 iterations take twice as long and find the same products.
_PARAMETERS = {"c1": 0.05, "c2": 0.02, "max_iterations": 40, "feature.possible_transitions": True}


@lru_cache(maxsize=1)
def product_nouns() -> frozenset[str]:
    """Nouns that head a product's name, one blank-separated word list."""
    return frozenset(NOUNS.read_text(encoding="utf-8").split())


def nouns_digest() -> str:
    """Changes when the nouns do, so that Rasa trains again."""
    return hashlib.sha256(NOUNS.read_bytes()).hexdigest()


def digest() -> str:
    """Changes when anything does that a trained model depends on."""
    return hashlib.sha256(NOUNS.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def learnable(examples: list[Example], segmenter: Segmenter) -> list[Example]:
    """The examples that mark a product, and every other one that has none: all of those teach no more.

    One that names a product we know and marks none is not to be trusted and left out."""
    marked = [example for example in examples if example[1]]
    without = [example for example in examples if not example[1]][::2]
    return marked + [
        (text, spans)
        for text, spans in without
        if not any(length > 1 for length in _known_at(text, segmenter.tagged(text)).values())
    ]


def train(examples: list[tuple[str, list[Span]]], segmenter: Segmenter, path: Path) -> None:
    """Learn from normalised texts with their product spans; writes one file. Deterministic."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for number, (text, spans) in enumerate(examples):
        if text:
            known = number % _UNSEEN_EVERY != 0
            trainer.append(features(text, segmenter, known=known), tags(text, spans))
    trainer.set_params(_PARAMETERS)
    trainer.train(str(path))


class ProductModel:
    """A trained model, opened from its file."""

    def __init__(self, path: Path, segmenter: Segmenter) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._segmenter = segmenter

    def spans(self, text: str) -> list[tuple[int, int, float]]:
        """(start, end, confidence) of each product named in a normalised text."""
        text = text[:_LONGEST]
        if not text.strip():
            return []
        found = self._tagger.tag(features(text, self._segmenter))
        out: list[tuple[int, int, float]] = []
        for first, last in _tagged_spans(found):
            end = first + len(text[first:last].rstrip(_MARKS))
            start = first + _lead_in(text[first:end])
            if start >= end or not is_name(text, start, end):
                continue
            confidence = min(self._tagger.marginal(found[i], i) for i in range(start, end))
            if confidence >= _DOUBTFUL or _known(text[start:end]):
                maker = _MAKER.search(text[:start])
                out.append((maker.start() if maker else start, end, float(confidence)))
        return out


def _tagged_spans(found: list[str]) -> list[Span]:
    out = []
    start = None
    for at, tag in enumerate([*found, "O"]):
        if start is not None and tag != "I":
            out.append((start, at))
            start = None
        if tag == "B":
            start = at
    return out


def is_name(text: str, start: int, end: int) -> bool:
    """Whether `start:end` may name goods: not a word for goods in general, not what a shop or a sticker is called."""
    name = text[start:end]
    if name in _NO_NAME or _AFTER.match(text, end):
        return False
    if _A_FIRM.search(name) and name not in product_nouns():  # 酒店 can be bought
        return False
    return not any(match.start() <= start < match.end() for match in _STICKER.finditer(text))


def _known(name: str) -> bool:
    """Whether a name ends in a noun we know: 白色洗衣机."""
    return any(name.lower().endswith(noun) for noun in product_nouns())


def _lead_in(name: str) -> int:
    """Length of what was taken in by mistake before a name: 有条|裤子, 这个|手机, 垃圾|手机 (but not of 破壁机)."""
    match = _COUNTED.match(name)
    length = match.end() if match and match.end() < len(name) else 0
    match = _JUDGED.match(name, length)
    if match and name[length:].lower() not in product_nouns() and _known(name[match.end() :]):
        return match.end()
    return length


def tags(text: str, spans: list[Span]) -> list[str]:
    """B at the first character of a span, I inside, O elsewhere."""
    out = ["O"] * len(text)
    for start, end in spans:
        out[start:end] = ["B"] + ["I"] * (end - start - 1)
    return out


def features(text: str, segmenter: Segmenter, known: bool = True) -> list[list[str]]:
    """Per character: itself and its neighbours, its word, the words beside it, their classes, and its place in a noun
    of goods (`known` False: as if we knew no nouns)."""
    words = segmenter.tagged(text)
    place: list[tuple[int, str]] = []
    for number, (word, _) in enumerate(words):
        last = len(word) - 1
        place += [
            (number, "S" if last == 0 else "B" if at == 0 else "E" if at == last else "M")
            for at in range(len(word))
        ]
    nouns = _noun_tags(text, words) if known else None
    by_word = [_word_features(words, number) for number in range(len(words))]
    shapes = ["|", "|", *map(_shape, text), "|", "|"]
    out = []
    for at, (number, position) in enumerate(place):
        before_last, before, here, after, after_next = shapes[at : at + 5]
        row = [
            f"c={here}",
            f"p={position}",
            f"c-2={before_last}",
            f"c-1={before}",
            f"c1={after}",
            f"c2={after_next}",
        ]
        row += by_word[number]
        if nouns is not None:
            row += [f"n={nouns[at]}", f"n,p={nouns[at]}{position}"]
            row += [f"n{step}={nouns[at + step]}" for step in (-1, 1) if 0 <= at + step < len(text)]
        out.append(row)
    return out


def _noun_tags(text: str, words: list[tuple[str, str]]) -> list[str]:
    """Per character its place in a known noun: B, M, E, S (a noun of one character), O outside."""
    out = ["O"] * len(text)
    for start, length in _known_at(text, words).items():
        if length == 1:
            out[start] = "S"
        else:
            out[start : start + length] = ["B"] + ["M"] * (length - 2) + ["E"]
    return out


def _known_at(text: str, words: list[tuple[str, str]]) -> dict[int, int]:
    """Where known nouns stand (start: length), the longest of whole words: no 面粉 in 里面|粉色."""
    edges = [0]
    for word, _ in words:
        edges.append(edges[-1] + len(word))
    nouns, lower = product_nouns(), text.lower()
    out: dict[int, int] = {}
    at = 0
    while at < len(edges) - 1:
        for after in range(min(at + _LONGEST_NOUN, len(edges) - 1), at, -1):
            if lower[edges[at] : edges[after]] in nouns:
                out[edges[at]] = edges[after] - edges[at]
                at = after - 1
                break
        else:
            # 洗衣机 alone is one word; 白色洗衣机 ends in a known noun
            start, end = edges[at], edges[at + 1]
            tails = (3, 2, 1) if _ONE_COUNTED.match(text, start, end) else (3, 2)
            tail = next((n for n in tails if n < end - start and lower[end - n : end] in nouns), 0)
            if tail:
                out[end - tail] = tail
        at += 1
    return out


def _word_features(words: list[tuple[str, str]], number: int) -> list[str]:
    row = []
    for step in (-2, -1, 0, 1, 2):
        if 0 <= number + step < len(words):
            word, kind = words[number + step]
            row += [f"w{step}={word}", f"t{step}={kind}"]
        else:
            row.append(f"w{step}=|")
    here = words[number]
    row.append(f"t-1,0={words[number - 1][1] if number else '|'},{here[1]}")
    row.append(f"t0,1={here[1]},{words[number + 1][1] if number + 1 < len(words) else '|'}")
    return row


def _shape(char: str) -> str:
    if char.isdigit():
        return "0"
    return "a" if char.isascii() and char.isalpha() else char
