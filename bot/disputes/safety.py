"""Safety (安全, SF-01..SF-13): what a buyer or a merchant wrote, and what the assistant is about to say.

`screen` finds what has to be warned of or stopped for; `safe_to_say` refuses lines that would tell a buyer to leave
the platform, hand out codes, press somebody, forge, or that promise a result. Words and patterns are data
(safety.yml, and `bot.zh.safety` for the buyer's own words). Pure: text in, findings out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.zh.normalise import normalise
from bot.zh.safety import find_safety_signs

__all__ = ["SafetyFinding", "SafetyRules", "Speaker", "read_safety", "safe_to_say", "screen"]

Speaker = Literal["buyer", "merchant", "assistant"]
Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[str, ...] = ("critical", "high", "medium", "low")


@dataclass(frozen=True)
class SafetyFinding:
    """One thing found. `stop` True = talk about the refund waits; `say_zh` is for the buyer, with its sources.

    `sign` is the pattern that fired; `cue` the words it fired on, for tests and never for logs.
    """

    kind: str
    severity: Severity
    stop: bool
    say_zh: str
    sources: tuple[str, ...]
    sign: str = ""
    cue: str = ""


@dataclass(frozen=True)
class _Pattern:
    finding: str
    sign: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True, eq=False)
class SafetyRules:
    """safety.yml: findings by name, signs of the buyer's words, patterns of the merchant's and of our own."""

    findings: dict[str, SafetyFinding]
    signs: dict[str, str]
    of_merchant: frozenset[str]
    merchant: tuple[_Pattern, ...]
    output: tuple[_Pattern, ...]
    numbers: frozenset[str]
    safe_line: str

    def source_ids(self) -> frozenset[str]:
        """Every source the findings cite."""
        return frozenset(source for item in self.findings.values() for source in item.sources)


@lru_cache(maxsize=8)
def read_safety(overrides: Path | None = None) -> SafetyRules:
    """safety.yml, packaged or of the operator's folder. Raises RulebookError naming file and key."""
    top = read_mapping(yaml_file("safety.yml", overrides))
    table = top.child("findings")
    if table is None:
        raise RulebookError(f"{top.where}.findings", "is required")
    rules = SafetyRules(
        findings={key: _finding(entry) for key, entry in table.children()},
        signs=top.text_map("signs"),
        of_merchant=frozenset(top.texts("of_merchant")),
        merchant=tuple(_pattern(item, "finding") for item in top.items("merchant")),
        output=tuple(_pattern(item, "kind") for item in top.items("output")),
        numbers=frozenset(top.texts("numbers")),
        safe_line=top.text("safe_line"),
    )
    top.done()
    named = [*rules.signs.values(), *(item.finding for item in rules.merchant)]
    unknown = sorted(set(named) - set(rules.findings))
    if unknown:
        raise RulebookError(top.where, f"unknown finding {', '.join(unknown)}")
    return rules


def _finding(entry: Reader) -> SafetyFinding:
    finding = SafetyFinding(
        kind=entry.text("kind"),
        severity=entry.one_of("severity", SEVERITIES),  # type: ignore[arg-type]
        stop=entry.flag("stop"),
        say_zh=entry.text("say"),
        sources=entry.texts("sources"),
    )
    entry.done()
    if not finding.sources:
        raise RulebookError(f"{entry.where}.sources", "a finding needs a source")
    return finding


def _pattern(item: Reader, named: str) -> _Pattern:
    unless = item.opt_text("unless")
    finding = item.text(named)
    try:
        read = _Pattern(
            finding,
            item.opt_text("id") or finding,
            re.compile(item.text("pattern"), re.I),
            re.compile(unless, re.I) if unless else None,
        )
    except re.error as error:
        raise RulebookError(f"{item.where}.pattern", f"is no regular expression: {error}") from None
    item.done()
    return read


def screen(text: str, speaker: Speaker, rules: SafetyRules | None = None) -> tuple[SafetyFinding, ...]:
    """What has to be said about these words before anything else, the gravest first, each finding once."""
    return _screen(text, speaker, rules or read_safety())


@lru_cache(maxsize=512)
def _screen(text: str, speaker: Speaker, rules: SafetyRules) -> tuple[SafetyFinding, ...]:
    if not text.strip():
        return ()
    if speaker == "assistant":
        unsafe = safe_to_say(text, rules)
        return () if unsafe is None else (unsafe,)
    found = {
        rules.signs[sign.sign]: (sign.sign, sign.cue)
        for sign in find_safety_signs(text)
        if sign.sign in rules.signs and (speaker == "buyer" or sign.sign in rules.of_merchant)
    }
    if speaker == "merchant":
        found = {**dict(_of_merchant(text, rules)), **found}
    if "off_platform" in found:  # the graver of the two says it all
        found.pop("off_platform_contact", None)
    findings = [replace(rules.findings[key], sign=sign, cue=cue) for key, (sign, cue) in found.items()]
    return tuple(sorted(findings, key=lambda item: SEVERITIES.index(item.severity)))


def _of_merchant(text: str, rules: SafetyRules) -> Iterable[tuple[str, tuple[str, str]]]:
    normal = normalise(text).text
    for row in rules.merchant:
        for match in row.pattern.finditer(normal):
            around = normal[max(0, match.start() - 6) : match.end() + 6]
            if row.unless is None or not row.unless.search(around):
                yield row.finding, (row.sign, match.group())
                break


# --- what the assistant is about to say (SF-12) ---------------------------------------------------------------

_STOPS = ",。!?;:\n"
_SENTENCE_STOPS = "。!?;\n"
_NEGATED = re.compile(
    r"不(?:要|用|需|必|得|能|可|会|应|该|宜|是|在(?!乎)|再|向|给|让|提供|转|加|点|扫|填|共享|下载|保证|承诺|代表|等于|等同|预测|说|构成|一定|算|接受|相信|信|听|理|"
    r"索要|问|打|拨|写|拿|靠|去|通过|经|泄露)|没有?|别(?!人|的|处|家|忘|急)|勿|切忌|拒绝|拒收|禁止|严禁|防止|避免|谨防|警惕|当心|小心|无需|无法|未(?!来|必)|并非|从不|绝不|永不|而不"
)
_NO_NEGATION = re.compile(  # "不要着急" and "没问题" take nothing back
    r"(?:不(?:要|用|必)|别)(?:着急|担心|害怕|怕|急|紧张|犹豫|客气|错过|忘|生气)|没(?:问题|事|关系)|没有(?:问题|关系)|不会(?:有问题|有事|骗)|不得不|不能不|不可不"
)
_NEGATED_AFTER = re.compile(
    r"^[^,。]{0,8}(?:不要|不给|别(?!人)|勿|不能|不可|不得|不需要|不会|都是骗|是骗)|^[^,。]{0,2}(?:吗|没有$)"
)
_TOLD = re.compile(  # somebody else does, says or wants it
    r"(?:商家|卖家|店家|店主|店铺|老板|对方|骗子|陌生人|有人|别人|他们?|她们?|主播|店员|工作人员|来电|任何人?|谁|被|曾|已经|自称)[^,。]{0,20}$"
    r"|(?:(?<!了)让|(?<!需)(?<!们)要|叫|逼|催|骗)(?:您|你|我|买家)[^,。]{0,20}$|(?:要求|引导|诱导)(?:您|你|我|买家)?[^,。]{0,8}$|以[^,。]{0,16}名义[^,。]{0,6}$"
)
_SELLER = re.compile(
    r"(?:商家|卖家|店家|店铺|页面|经营者|品牌方?|对方|已经?|曾|未|违反)[^,。]{0,10}$|(?<!我)预测$"
)
_WARNED = re.compile(
    r"骗|冒充|违规|违法|风险|要挟|胁迫|敲诈|不算|拒绝|不要理|别理|不用理|挂断|报警|截图|保存|保留|留证|不要照做|立即停|停下|没有保障|不受保护|追不回|难追回|很难|都不要|证据|凭证|怎么办|可以投诉|拨打 ?110|止付|法律责任|不能帮|不能做"
)
_URGES = re.compile(
    r"(?:请|麻烦|务必|必须|记得|需要您|您需要|您先|你先|按|按照|照|配合|听从|立即|马上|赶紧|尽快|建议|可以|不妨)"
)
_OBEYS = re.compile(  # "按对方要求转账", "平台要求先转账", "商家同意了请加他微信": told, and suggested all the same
    r"(?:按照?|照|配合|听从)[^,。]{0,4}(?:对方|商家|卖家|客服|他)|(?:平台|官方|系统|银行)[^,。]{0,4}(?:要求|需要|要您|让您)"
    r"|(?:请(?!求)|麻烦|务必|记得|建议|不妨|您可以|您就|您先)[^,。]{0,6}$"
)
_PRESSING = re.compile(r"再?不(?:退|赔|给|处理|解决|同意|换|答应)[^,。]{0,3}|否则|不然|要不然|如果不")
_CUES = re.compile(
    r"转账|微信|qq|扫码|扫.{0,4}码|屏幕|验证码|密码|链接|下载|保证金|垫付|差评|曝光|伪造|保证|私下", re.I
)
_CALLED = re.compile(
    r"(?:电话|热线|拨打|致电|拨|客服号码|打)(?:是|为|:|号码|客服|官方|淘宝|天猫|京东|\s){0,4}(?P<number>400-?\d{3,4}-?\d{3,4}|800-?\d{3}-?\d{4}"
    r"|1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{5,8})(?![\d年月日元块%.])|(?<!\d)(?P<hotline>400-\d{3,4}-\d{3,4}|400\d{7}|95\d{5})(?!\d)"
)
_QUOTED = re.compile(  # words of the desk's people and of the merchant, quoted in a line of ours
    r"工作人员说明:[^\n]*|(?<![对跟向诉])(?:商家|卖家|店家|对方|客服)[^,。“]{0,8}“[^”\n]*”"
    r"|(?:关于|针对|对于|所谓)[^,。“]{0,4}“[^”\n]*”"
)
_QUICK = re.compile(
    r"转|打款|汇|垫|钱|付|交|缴|码|微信|qq|vx|钉钉|密码|cvv|身份证|卡号|屏幕|桌面|远程|会议|链接|网址|保证|担保|确保|承诺|一定|肯定|必|绝对|百分|%|胜|赢|率|几率|把握|最低|至少|不少于|不低于|起|差评|曝光"
    r"|媒体|记者|抖音|网上|小红书|热搜|p图|伪造|编|捏造|造假|谎称|假装|剪|质量问题|说没收到|\d{5}|400",
    re.I,
)


def safe_to_say(text: str, rules: SafetyRules | None = None) -> SafetyFinding | None:
    """None when a line of the assistant's, or a draft it wrote, may be said; else why it may not.

    A warning that names the thing ("请不要加微信"), and words told of somebody else ("商家要求先转账"), may be said.
    """
    rules = rules or read_safety()
    normal = _QUOTED.sub("他人的话", normalise(text).text)
    if not _QUICK.search(normal):
        return None
    for row in rules.output:
        for match in row.pattern.finditer(normal):
            if not _taken_back(normal, match, row.finding):
                return _unsafe(row.finding, row.sign, match.group(), rules)
    return _unverified(normal, rules)


def _unsafe(kind: str, sign: str, cue: str, rules: SafetyRules) -> SafetyFinding:
    return SafetyFinding(kind, "critical", True, rules.safe_line, (), sign, cue)


def _unverified(text: str, rules: SafetyRules) -> SafetyFinding | None:
    """A hotline number that nobody has checked (官方电话须核实) is not given out."""
    for match in _CALLED.finditer(text):
        number = (match["number"] or match["hotline"]).replace("-", "")
        if number not in rules.numbers and not _taken_back(text, match, "unverified_number"):
            return _unsafe("unverified_number", "number", number, rules)
    return None


def _taken_back(text: str, match: re.Match[str], kind: str) -> bool:
    """Whether the sentence forbids, retells or warns of the cue instead of suggesting it."""
    left = _last(text, match.start(), _STOPS)
    lead, cue = text[left : match.start()], match.group()
    # a pattern may begin with the very word that forbids it; "不退就差评" forbids nothing
    opening = _PRESSING.sub("", cue) if kind == "extortion" else cue[:-2]
    after = text[match.end() : _next(text, match.end(), _STOPS)]
    if _forbids(lead + opening) or _NEGATED_AFTER.search(after) or _forbidden_before(text, left, lead):
        return True
    if kind == "invented_minimum":
        return False
    told = lead + (cue[0] if cue[0] in "您你我" else "")
    if (_SELLER if kind == "promise" else _TOLD).search(told) and not _OBEYS.search(told):
        return True
    rest = text[match.end() : _next(text, match.end(), _SENTENCE_STOPS)]
    return kind != "promise" and bool(_WARNED.search(rest)) and not _URGES.search(lead + opening)


def _forbidden_before(text: str, left: int, lead: str) -> bool:
    """ "不要转账,扫码,共享屏幕": what the first clause forbids counts for the bare ones that follow."""
    while left > 1 and not lead.strip(" 、和或及也更再"):
        start = _last(text, left - 1, _STOPS)
        earlier = text[start : left - 1]
        cue = _CUES.search(earlier)
        if cue is None or text[left - 1] in _SENTENCE_STOPS:
            return False
        if _forbids(earlier):
            return True
        left, lead = start, earlier[: cue.start()]
    return False


def _last(text: str, end: int, stops: str) -> int:
    return max((text.rfind(stop, 0, end) for stop in stops), default=-1) + 1


def _forbids(words: str) -> bool:
    return bool(_NEGATED.search(_NO_NEGATION.sub("", words)))


def _next(text: str, start: int, stops: str) -> int:
    return min((at for at in (text.find(stop, start) for stop in stops) if at >= 0), default=len(text))
