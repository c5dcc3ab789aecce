"""An answer that says nothing but the value asked for: 是, 299, 两次, 15号, 家人, 退吧.

What is a value depends on the kind of the fact that was asked (`wanted`), never on its name alone, so a new fact
needs nothing here. Pure rules; None when the text is no plain answer to the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from bot.zh.amounts import find_amounts
from bot.zh.dates import find_dates
from bot.zh.grounds import read_grounds
from bot.zh.normalise import normalise
from bot.zh.numerals import CHINESE_NUMBER, read_number
from bot.zh.yes_no import read_answer


class Wanted(Protocol):
    """The fact that was asked for: its kind (text | money | datetime | bool | choice | count), Chinese label, and
    the (code, Chinese label) pairs of a choice, the words that alone say yes or no."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def choices(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def yes(self) -> tuple[str, ...]: ...
    @property
    def no(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Plain:
    """`value` as the fact takes it: bool, int, "299.00", an ISO 8601 time, a choice's code."""

    value: bool | int | str
    certainty: str = "exact"


LONGEST = 40
# Texts that are numbers: their grammars check them.
_NUMBERED = frozenset({"order_number", "tracking_number"})
_QUESTION = re.compile(
    r"[?？]|吗|么$|多久|怎么|什么|哪|为啥|为何|能不能|可不可以|要不要|是不是|有没有|几天|谁知道"
)
_FRONT = re.compile(
    r"^(?:那个?|呃|额|嗯|就|都|其实|应该|可能|好像|我|是|选|它|他|这个?|属于|要|想|给我|直接|一共|总共|共|[,。\s])+"
)
_BACK = re.compile(r"(?:啊|呀|哦|噢|呢|哈|吧|的|了|啦|嘛|哟|[,。.!~;:…\s])+$")
_NUMBER = rf"(?:\d[\d,]{{0,9}}(?:\.\d{{1,4}})?[万千百wk]?|{CHINESE_NUMBER}{{1,9}}|半)"
_VAGUE = re.compile(r"大概|大约|差不多|左右|约|多|来")
_UNSURE = re.compile(r"好像|应该|可能|记得")
_MONEY = re.compile(
    rf"(?:大概|大约|差不多|约|好像|应该|可能|一共|总共|共|是|就|才|自己|我|付了?|实付|花了?|给了?|赔了?|补了?|退了?|有|[¥$]|\s)*(?P<n>{_NUMBER})"
    r"\s*(?:多|来)?(?:元|块钱?|圆)?(?:左右|吧|的|了|多|啊|钱|[,。.!\s])*",
    re.I,
)
_COUNT = re.compile(
    rf"(?:大概|大约|差不多|约|好像|应该|可能|一共|总共|已经|都|是|就|少了?|短了?|缺了?|修理?过?了?|退一|假一|缺一|赔付?|"
    rf"百分之|写的?|承诺|\s)*(?P<n>{_NUMBER})\s*(?P<unit>次|遍|回|趟|倍|%|成|个点|个百分点)?(?:左右|吧|的|了|啊|多|修过?|[,。.!\s])*"
)
_NEVER = re.compile(
    r"(?:还|从来?|一次(?:也|都)|都|也)*(?:没有?|未)(?:维?修|送修|返修|去)?(?:理|过)*(?:过|呢|啊|吧|的|[,。.!\s])*"
)
_SHORT_DAY = re.compile(r"(?P<month>1[0-2]|0?[1-9])[./\-](?P<day>3[01]|[12]\d|0?[1-9])")
_JUST_NOW = re.compile(r"(?:就)?(?:刚刚?|刚才|现在|这会儿?|方才)")
_SIGNING = re.compile(r"(?:代?签收?|收)(?:的|了)*$")  # 本人签收的: the choice is who
_DENIAL = re.compile(r"不是|不算|不|没有|没|未|无|别|非")
_RIGHT = re.compile(r"(?:没有?错|对|填对|写对|正确)")  # asked for a mistake
# An answer that goes on: 是的因为写正品; 有啊 页面写的; 不是，就是假的. Without a pause or a word like 啊, 没坏 and 是坏的 say
# the opposite.
_PAUSE = r"(?=[,，、。!~\s])"
_WORD = r"(?:啊|呀|哇|嘛|哒|滴)"
_BEGINS_YES = re.compile(
    rf"(?:那|哎|唉)?(?:当然|肯定|确实)?(?:(?:是的|对的|有的|没错|嗯+|[是对有]){_WORD}*{_PAUSE}|(?:是的(?!话)|没错|[是对有]{_WORD})(?=.)|(?:当然|确实){_PAUSE})"
)
_BEGINS_NO = re.compile(
    rf"(?:那|哎|唉)?(?:当然|肯定|确实|并)?(?:(?:不是的?|没有|没|不){_WORD}*{_PAUSE}|(?:不是|没有){_WORD}(?=.))"
)
_TOLD_OF_THE_GOODS = frozenset({"claims_genuine", "false_statement", "promise_times"})
_OF_THE_WORDS = frozenset({"false_statement", "relied_on_it", "promise_met"})
_TURNS = re.compile(r"但|不过|可是|只是|然而")
_PIECES = re.compile(r"[、/()（）,，]|或者?|我?委托的")
# A remedy in one word, when the demand was asked.
_ONE_WORD = {
    "demand": {
        "退": "return_refund", "全退": "return_refund", "换": "exchange", "换新": "exchange", "补": "reship",
        "修": "repair", "赔": "compensation", "赔钱": "compensation", "钱": "refund_only", "发票": "invoice",
    },
}  # fmt: skip


def read_plain(wanted: Wanted, text: str, now: datetime) -> Plain | None:
    """The value that a message states when it is nothing but the answer to what was asked.

    `now` (aware) is what days are counted from. A text fact is never read here: any words may be its value.
    """
    plain = normalise(text).text.strip()
    if not plain or len(plain) > LONGEST or _QUESTION.search(plain):
        return None
    if wanted.kind == "bool":
        said = _yes_or_no(wanted, plain)
        return None if said is None else Plain(said)
    if wanted.kind == "money":
        return _money(plain)
    if wanted.kind == "count":
        return _count(wanted, plain)
    if wanted.kind == "datetime":
        return _moment(plain, now)
    if wanted.kind == "choice":
        return _choice(wanted, plain)
    return None


def free_text(wanted: Wanted) -> bool:
    """Whether the buyer's own words are the value: a name, a promise; not a number with a form of its own."""
    return wanted.kind == "text" and wanted.name not in _NUMBERED


def _yes_or_no(wanted: Wanted, plain: str) -> bool | None:
    """是, 没有; or the label's own words, agreed to or denied: 填错了, 没填错, 不完好."""
    core = _core(plain)
    if "错" in wanted.label and _RIGHT.fullmatch(core):
        return False
    answer = read_answer(plain)
    if answer is not None:
        return {"yes": True, "no": False}.get(answer)
    denial = _DENIAL.match(core)
    said = re.sub(r"^(?:有|过)|(?:过|了|的)$", "", core[denial.end() :] if denial else core)
    if len(said) < 2 or said not in wanted.label or _DENIAL.search(wanted.label):
        return _longer_answer(wanted, plain)
    return denial is None


def _longer_answer(wanted: Wanted, plain: str) -> bool | None:
    """A yes or no with its reason behind it; the fact's own words count before how the sentence begins."""
    if _TURNS.search(plain):
        return None
    if any(word in plain for word in wanted.no):
        return False
    begins_no = bool(_BEGINS_NO.match(plain))
    if any(word in plain for word in wanted.yes):
        return None if begins_no else True
    if begins_no:
        return False
    if wanted.name not in _OF_THE_WORDS and not _TOLD_OF_THE_GOODS.isdisjoint(read_grounds(plain)):
        return None  # asked whom it was bought for, 有啊 页面写的正品 answers an earlier question
    return True if _BEGINS_YES.match(plain) and not _DENIAL.search(plain[2:]) else None


def _money(plain: str) -> Plain | None:
    match = _MONEY.fullmatch(plain)
    value = read_number(match["n"]) if match else None
    if match is None or value is None:
        return _only_amount(plain)
    unsure = "check" if _UNSURE.search(plain) else "exact"
    return Plain(str(value.quantize(Decimal("0.01"))), "approximate" if _VAGUE.search(plain) else unsure)


def _only_amount(plain: str) -> Plain | None:
    """99块9, 一百二十块五: the grammar of sums, when it reads the whole of it."""
    normal = normalise(plain)
    sums = find_amounts(normal)
    if len(sums) != 1 or _core(plain[: sums[0].start]) or _core(plain[sums[0].end :]):
        return None
    return Plain(str(sums[0].resolved["value"]), sums[0].certainty)


def _count(wanted: Wanted, plain: str) -> Plain | None:
    if "次数" in wanted.label and _NEVER.fullmatch(plain):
        return Plain(0)
    match = _COUNT.fullmatch(plain)
    value = read_number(match["n"]) if match else None
    if match is None or value is None:
        return None
    if match["unit"] == "成":
        value *= 10
    return Plain(int(value)) if value == int(value) else None


def _moment(plain: str, now: datetime) -> Plain | None:
    core = _core(plain)
    if _JUST_NOW.fullmatch(core):
        return Plain(now.isoformat(), "day")
    if re.fullmatch(r"3[01]|[12]\d|[1-9]", core):
        core += "号"
    short = _SHORT_DAY.fullmatch(core)
    if short:
        core = f"{int(short['month'])}月{int(short['day'])}号"
    days = find_dates(normalise(core), now)
    if len(days) != 1 or _core(core[: days[0].start]) or _core(core[days[0].end :]):
        return None
    told = days[0].certainty
    doubted = told in ("day", "exact") and (_VAGUE.search(plain) or _UNSURE.search(plain))
    return Plain(str(days[0].resolved["value"]), "approximate" if doubted else told)


def _choice(wanted: Wanted, plain: str) -> Plain | None:
    core = _SIGNING.sub("", _core(plain)) or plain
    one_word = _ONE_WORD.get(wanted.name, {}).get(core)
    if one_word:
        return Plain(one_word, "check")
    none = dict(wanted.choices).get("none")
    if none is not None and read_answer(plain) == "no":
        return Plain("none")
    return choose(wanted.choices, core) or choose(wanted.choices, plain)


def choose(choices: Sequence[tuple[str, str]], said: str) -> Plain | None:
    """The one of the (code, label) pairs that normalised words name, whole or in part; None where two fit."""
    for fits in (_is_label, _begins_label, _stands_in_label, _holds_piece, _begins_alike):
        found = {code for code, label in choices if fits(said, label)}
        if len(found) == 1:
            return Plain(found.pop(), "exact" if fits is _is_label else "approximate")
        if found:
            return None
    return None


def _is_label(said: str, label: str) -> bool:
    return said == label


def _begins_label(said: str, label: str) -> bool:
    return len(said) >= 2 and label.startswith(said)


def _stands_in_label(said: str, label: str) -> bool:
    return len(said) >= 2 and said in label and bool(_DENIAL.search(said)) >= bool(_denies(said, label))


def _begins_alike(said: str, label: str) -> bool:
    return said[:3] == label[:3] and len(label) > 3


def _denies(said: str, label: str) -> bool:
    """Whether the label denies just what is said: 支持我 in 不支持我."""
    return bool(_DENIAL.search(label[max(0, label.find(said) - 2) : label.find(said)]))


def _holds_piece(said: str, label: str) -> bool:
    if _DENIAL.search(said) and not _DENIAL.search(label):
        return False  # 不是本人
    return any(len(piece) >= 2 and piece in said for piece in map(str.strip, _PIECES.split(label)))


def _core(text: str) -> str:
    """Without the small words around it."""
    return _BACK.sub("", _FRONT.sub("", text))
