"""The names that are recognised to the letter: the operator's own (terms.yml) and the plain nouns of goods."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.product_model import nouns_digest, product_nouns
from bot.nlu.segmenter import ROOT
from bot.zh.lexicon import terms as lexicon_terms
from bot.zh.normalise import normalise

TERMS = "data/nlu/entities/terms.yml"
PLAIN_KINDS = ("product", "brand", "shop", "shop_form", "goods")
CODED_KINDS = ("platform", "courier")  # listed under the codes of bot/zh/lexicon.yml
_SHORTEST = 2  # 书, 锁, 花 stand inside too many other words


class TermsError(ValueError):
    """The terms file cannot be used. The message names the file and the place in it."""


@dataclass(frozen=True)
class Term:
    """A name in normal form. `value` is what it resolves to: a platform's or courier's code, else the name as the
    operator writes it."""

    kind: str
    form: str
    value: str


def read_terms(file: str = TERMS) -> tuple[Term, ...]:
    """The operator's terms (path relative to the project's root; no file, no terms) and the nouns of goods after
    them. Raises TermsError."""
    path = ROOT / file
    own = _own_terms(path) if path.is_file() else []
    nouns = [Term("goods", noun, noun) for noun in sorted(product_nouns()) if len(noun) >= _SHORTEST]
    return tuple(own + nouns)


def key_of(form: str) -> str:
    """What two writings of one name have in common: "Apple Watch" and "apple watch"."""
    return "".join(form.lower().split())


def terms_digest(file: str = TERMS) -> str:
    """Changes when a list does, so that Rasa trains again."""
    path = ROOT / file
    own = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(own).hexdigest() + nouns_digest()


def _own_terms(path: Path) -> list[Term]:
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise TermsError(f"{path}: not YAML: {error}") from error
    if not isinstance(written, dict):
        raise TermsError(
            f"{path}: expected kinds ({', '.join(PLAIN_KINDS + CODED_KINDS)}) with lists of names"
        )
    out: list[Term] = []
    for kind, names in written.items():
        if kind in PLAIN_KINDS:
            out += [Term(kind, form, name) for name, form in _forms(path, kind, names)]
        elif kind in CODED_KINDS:
            out += _coded(path, kind, names)
        else:
            raise TermsError(f"{path}: unknown kind {kind!r}")
    return out


def _coded(path: Path, kind: str, rows: Any) -> list[Term]:
    codes = set(lexicon_terms(kind).values())
    if not isinstance(rows or {}, dict):
        raise TermsError(f"{path}: {kind}: expected codes with lists of names")
    out = []
    for code, names in (rows or {}).items():
        if code not in codes:
            raise TermsError(f"{path}: {kind}: unknown code {code!r}, known are {', '.join(sorted(codes))}")
        out += [Term(kind, form, str(code)) for _, form in _forms(path, f"{kind}: {code}", names)]
    return out


def _forms(path: Path, place: str, names: Any) -> list[tuple[str, str]]:
    """(name as written, its normal form) of a list."""
    if not isinstance(names or [], list):
        raise TermsError(f"{path}: {place}: expected a list of names")
    out = []
    for name in names or []:
        form = normalise(str(name)).text.strip()
        if len(key_of(form)) < _SHORTEST:
            raise TermsError(f"{path}: {place}: {str(name)!r} is too short, it would be found everywhere")
        out.append((str(name), form))
    return out
