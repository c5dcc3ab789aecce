"""What happened, in the buyer's own words (问题发生的具体情况)."""

from __future__ import annotations

import re

from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.zh.asking import topic_of

_AROUND_VALUES = re.compile(
    r"你好|您好|我|的|了|在|是|要求|要|想|买|拍|下单|付款|实付|花|一共|总共|签收|收到|到手|订单号?|单号|昨天|今天|请|谢谢|还没|没有?|确认|收货"
)
_TELLING = 2  # characters that must be left for a clause to tell something; one says what came (收到是假的)
_REFUSES = re.compile(
    r"(?:那|这)?(?:不行|不可以|不接受|不同意|不要|凭什么|凭啥|休想)"
)  # of an offer, no account
_CAME = re.compile(r"收到|到手|打开|拆开|一看|发现")


def note_problem(case: Case, heard: Heard, longest: int = 500) -> None:
    """Keep the buyer's own words about what happened; later complaints are added, not replaced.

    Clauses that only say where, when, how much or what is wanted are facts of their own and left out.
    """
    known = str(case.facts["problem"].value) if "problem" in case.facts else ""
    said = "，".join(_telling_clauses(heard)) or " ".join(heard.text.split())
    if not said or said in known:
        return
    joined = f"{known}；{said}" if known else said
    case.take("problem", joined[:longest], at=heard.at, message_id=heard.message_id)


def _telling_clauses(heard: Heard) -> list[str]:
    """The clauses in which something is left once values and the words around them are taken away; no questions."""
    blank = list(heard.text)
    for entity in heard.entities:
        if entity.get("entity") != "merchant_stance":
            for at in range(int(entity.get("start", 0)), min(int(entity.get("end", 0)), len(blank))):
                blank[at] = " "
    left = "".join(blank)
    clauses = []
    for match in re.finditer(r"[^，,。；;！!？?\n]+", heard.text):
        rest = _AROUND_VALUES.sub("", left[match.start() : match.end()])
        clause = match.group().strip()
        if _REFUSES.match(clause):
            continue
        told = len(re.findall(r"\w", rest)) + bool(_CAME.search(clause))
        if told >= _TELLING and topic_of(clause, asking=False) is None:
            clauses.append(clause)
    return clauses
