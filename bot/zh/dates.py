"""Days and times in a buyer's words: 前天, 上周三晚上, 双十一, 月初, 11月12号签收, 2024.3.7 21:05:40.

Each is resolved against a given `now` (aware, Asia/Shanghai) and leans to the past, because buyers tell what has
happened; words of promise (说好, 预计, 之前发货) lean to the future. What ends up after `now` carries `future: true`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.zh.clauses import clause_bounds
from bot.zh.clock_words import CLOCK_RE, PART_RE, at_clock
from bot.zh.day_words import DAY_PHRASES
from bot.zh.found import Found, Taken
from bot.zh.moments import Moment, Now, on_day, safe_date, shift_month
from bot.zh.normalise import Normalised

# The verb nearest to a date says what happened then. Earlier rows win at the same place (确认收货 before 收货).
ROLES: tuple[tuple[str, str], ...] = (
    ("confirmed", r"确认收货|点了?确认|确认了"),
    ("refused", r"拒绝(?!签收)|驳回|不同意|被拒(?!收)"),
    ("requested", r"申请|提交|发起"),
    ("returned", r"退回|寄回|退货寄|寄还|退还给?商?家?|寄过去|寄给(?:卖|商)家"),
    (
        "paid",
        r"付款|付的|付了|支付|下单|下的?了?单|拍的|拍下|拍了|买的|买了|购买|购于|购入|订的|定的|入手|抢的|抢到|买时",
    ),
    ("shipped", r"发货|发的货|发出|寄出|发走|揽收|揽件|出库"),
    (
        "return_signed",
        r"(?:商家|卖家|店家|店铺|仓库|他们|对方)(?:那边|那里|已经?|就|也|都|早就)*(?:签收|收到(?!货款|钱|我)|收到我?的?退|收了?货)|退(?:货|件|回去的)[^,。]{0,4}签收|签收了?(?:我的?)?退",
    ),
    (
        "signed",
        r"签收|收到|收的?了?货|到货|送到|到手|送达|拿到|取件|取的|到的|送来|妥投|驿站(?:里|那)?[拿取领]"
        r"|(?<=[号日天])(?:就|才|都)?到了?(?=$|[,。!?\s])",
    ),
    (
        "contacted",
        r"联系|问(?:过|了|的)?(?:客服|卖家|商家|店家)|找(?:过|了|的)?(?:客服|卖家|商家|店家)|反馈|反映|投诉|沟通"
        r"|[跟和](?:客服|卖家|商家|店家|他们)(?:说|讲|提|谈)|(?:就|才)(?:说|讲)的",
    ),
    ("found", r"发现|坏的|坏了|出现|出问题|拆开|才拆|拆的|打开|开箱|看的|才看"),
)
_ROLE_RES = tuple((role, re.compile(pattern)) for role, pattern in ROLES)
_SELLER_BEFORE = re.compile(
    r"(?:商家|卖家|店家|仓库|他们|对方|退货|退件)(?:那边|显示|是|在|于|就)*$"
)  # 卖家|11月15日|签收
_NAMES_THE_DATE = re.compile(r"(?:时间|日期)\s*[是为:]?\s*$")
_SENT = re.compile(r"(?:我|就|才|已经?|把[^,。]{1,6})*寄(?:的|了|出|走)")
_NEGATED = re.compile(r"(?:没有?|未|不|还没|别|无法|尚未)(?:给我?|能|人|有|会|肯|再)?$")
# The bar stands for the date itself: 说|11月25号|发货 is a promise, 11月12号说 is not.
_PROMISE = re.compile(
    r"说(?:是|会|好)?\||说好|承诺|答应|预计|预售|保证|最晚|最迟|截止|到期"
    r"|将会?|会(?!员)|才能|要等到?|等到|过期|之前发|前发货|可以送|能到|能不能"
)
_PROMISED_BEFORE = re.compile(r"^(?:之前|以前|前)(?!后|几|两)")
_HIDDEN_DAY = re.compile(r"\s*\[\S{1,4}x\]\s*[号日]")  # 这个月[数字x]号: the day has been blacked out
# 一个晚上, 每天晚上, 当天晚上: a length, a habit, a day that only the story tells.
_LENGTH = re.compile(r"(?:个|每天?|整|一|天天|大|当天)$")
_BARE_DAY = re.compile(r"(?:\d{1,2}|[一二三十]{1,3})(?:号|日)")
_WITH_MONTH = re.compile(r"月|\d[./-]\d")
_JOINER = re.compile(r"\s*(?:的|,)?\s*")
# 15号左右, 大概15号, 15号还是16号: a day that is only about right.
_ABOUT_AFTER = re.compile(r"\s*(?:左右|前后|上下|那几天|那阵子?|附近|吧|(?:还是|或者?)(?=[\d前昨今上]))")
_ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|约|差不多|好像|可能|也许|应该|估计|似乎|记得|印象(?:中|里)|(?<=[日号天])(?:还是|或者?))(?:就?是|在|就在|到了?)?\s*$"
)


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    moment: Moment


def find_dates(text: Normalised, now: datetime) -> tuple[Found, ...]:
    """Every day or time named in the text, in order. `now` must be aware."""
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    taken = Taken(len(text.text))
    mentions = _day_mentions(text.text, now, taken) + _lone_clocks(text.text, now, taken)
    mentions.sort(key=lambda mention: mention.start)
    mentions = _in_the_months_told(text.text, mentions, now)
    roles: list[str | None] = []
    told_until = 0  # the verb after one day is not also the verb before the next: 20号买的 25号到
    for at, mention in enumerate(mentions):
        after = mentions[at + 1].start if at + 1 < len(mentions) else len(text.text)
        role, end = _role(text.text, mention, told_until, after)
        told_until = max(mention.end, end)
        roles.append(role)
    sent_back = _sent_back(text.text, mentions, roles)
    return tuple(
        _found(text, _as_sure_as_told(text.text, mention), "returned" if at in sent_back else role, now)
        for at, (mention, role) in enumerate(zip(mentions, roles, strict=True))
    )


def _sent_back(text: str, mentions: list[_Mention], roles: list[str | None]) -> set[int]:
    """7号寄的，10号商家签收了: what the merchant signed for is what the buyer had sent; 寄 alone says of neither who."""
    if "return_signed" not in roles:
        return set()
    arrived = roles.index("return_signed")
    return {
        at
        for at, mention in enumerate(mentions[:arrived])
        if roles[at] in (None, "shipped") and _SENT.match(text, mention.end)
    }


def _in_the_months_told(text: str, mentions: list[_Mention], now: datetime) -> list[_Mention]:
    """9月3号付的款，5号到的: a bare day belongs to the month told before it, or to the next where it is an earlier day."""
    told: list[_Mention] = []
    for mention in mentions:
        before = told[-1] if told else None
        if (
            before
            and _BARE_DAY.match(text, mention.start)
            and _WITH_MONTH.search(text[before.start : before.end])
        ):
            mention = replace(mention, moment=_after(before.moment, mention.moment, now))
        told.append(mention)
    return told


def _after(before: Moment, bare: Moment, now: datetime) -> Moment:
    first = before.at.date().replace(day=1)
    first = first if bare.at.day >= before.at.day else shift_month(first, 1)
    day = safe_date(first.year, first.month, bare.at.day)
    at = None if day is None else bare.at.replace(year=day.year, month=day.month)
    if at is None or at > now or bare.until is not None:
        return bare
    return replace(bare, at=at)


def _as_sure_as_told(text: str, mention: _Mention) -> _Mention:
    """A day with a word of doubt beside it is about right; a clock time beside it makes it no surer."""
    doubted = _ABOUT_AFTER.match(text, mention.end) or _ABOUT_BEFORE.search(
        text[max(0, mention.start - 8) : mention.start]
    )
    if not doubted or mention.moment.certainty not in ("day", "exact"):
        return mention
    return replace(mention, moment=replace(mention.moment, certainty="approximate"))


def _day_mentions(text: str, now: datetime, taken: Taken) -> list[_Mention]:
    mentions: list[_Mention] = []
    for pattern, read in DAY_PHRASES:
        for match in pattern.finditer(text):
            if match.start() == match.end() or not taken.free(match.start(), match.end()):
                continue
            if _HIDDEN_DAY.match(text, match.end()):
                continue
            try:
                moment = read(match, Now(now, ahead=_promised(text, match.start(), match.end())))
            except (ValueError, OverflowError):  # a day outside the calendar is no date
                continue
            if moment is not None:
                mention = _with_clock(text, match.start(), match.end(), moment)
                if not taken.free(match.end(), mention.end):
                    mention = _Mention(match.start(), match.end(), moment)
                taken.mark(mention.start, mention.end)
                mentions.append(mention)
    return mentions


def _promised(text: str, start: int, end: int) -> bool:
    left, right = clause_bounds(text, start, end)
    around = text[max(left, start - 8) : start] + "|" + text[end : min(right, end + 8)]
    return bool(_PROMISE.search(around) or _PROMISED_BEFORE.search(text[end:right]))


def _with_clock(text: str, start: int, end: int, moment: Moment) -> _Mention:
    """Take in the time of day that follows: 昨天|晚上8点, 11月12号| 10:16."""
    if moment.until is not None or moment.grain != "day":
        return _Mention(start, end, moment)
    part = None
    after = end
    if text[end : end + 1] in ("早", "晚", "夜", "晨") and not PART_RE.match(text, end):
        part, after = text[end], end + 1  # 今晚, 昨早
    joined = _JOINER.match(text, after)
    clock_at = joined.end() if joined else after
    if match := CLOCK_RE.match(text, clock_at):
        timed = at_clock(moment, match, part)
        if timed is not None:
            return _Mention(start, match.end(), timed)
    if part is None and (named := PART_RE.match(text, clock_at)) and "," not in text[after:clock_at]:
        part, after = named.group(), named.end()
    narrowed = at_clock(moment, None, part) if part else moment
    return _Mention(start, after, narrowed or moment)


def _lone_clocks(text: str, now: datetime, taken: Taken) -> list[_Mention]:
    """A clock time or part of a day without a day means the last one."""
    out: list[_Mention] = []
    today = on_day(now.date(), Now(now))
    for pattern in (CLOCK_RE, PART_RE):
        for match in pattern.finditer(text):
            clock = match if pattern is CLOCK_RE else None
            if not taken.free(*match.span()) or (clock and not _is_clock(text, clock)):
                continue
            if clock is None and _LENGTH.search(text[max(0, match.start() - 2) : match.start()]):
                continue
            moment = at_clock(today, clock, match.group() if clock is None else None)
            if moment is None:
                continue
            if moment.at > now and not _promised(text, *match.span()):
                day_back = timedelta(days=1)
                until = moment.until - day_back if moment.until else None
                moment = Moment(moment.at - day_back, moment.grain, "approximate", until)
            taken.mark(*match.span())
            out.append(_Mention(*match.span(), moment))
    return out


def _is_clock(text: str, match: re.Match[str]) -> bool:
    """有一点, 说两点 and 3.5点 are no times; 10:16 and 下午三点 are."""
    before = text[max(0, match.start() - 1) : match.start()]
    if before and ((before.isascii() and before.isalnum()) or before in ".:第"):
        return False
    return bool(match["part"] or match["h"] or (match["hz"] or "").isdigit())


def _found(text: Normalised, mention: _Mention, role: str | None, now: datetime) -> Found:
    start, end = text.span(mention.start, mention.end)
    moment = mention.moment
    resolved: dict[str, Any] = {
        "value": moment.at.isoformat(),
        "grain": moment.grain,
        "certainty": moment.certainty,
        "role": role,
    }
    if moment.until is not None:
        resolved |= {"from": moment.at.isoformat(), "to": moment.until.isoformat()}
    if moment.at > now:
        resolved["future"] = True
    return Found("date_time", start, end, text.original[start:end], resolved, moment.certainty)


def _role(text: str, mention: _Mention, told_until: int, next_start: int) -> tuple[str | None, int]:
    """What happened then, and where the verb that says so ends: the first verb after the date in its clause, else the
    last one before it (which comes first where it names the date: 签收时间 12号)."""
    left, right = clause_bounds(text, mention.start, mention.end)
    left, right = max(left, told_until), min(right, next_start)
    before = _verbs(text, max(left, mention.start - 10), mention.start)
    after = _verbs(text, mention.end, min(right, mention.end + 12))
    if after and not (before and _NAMES_THE_DATE.search(text[left : mention.start])):
        role, end = after[0]
        theirs = _SELLER_BEFORE.search(text[max(left, mention.start - 8) : mention.start])
        return ("return_signed" if role == "signed" and theirs else role), end
    return before[-1] if before else (None, mention.end)


def _verbs(text: str, start: int, end: int) -> list[tuple[str | None, int]]:
    """Roles of the verbs in a stretch and where each ends, in order; a negated verb counts as a verb without a role."""
    hits: list[tuple[int, int, str]] = []
    for role, pattern in _ROLE_RES:
        for match in pattern.finditer(text, start, end):
            if all(
                match.end() <= other_start or other_end <= match.start() for other_start, other_end, _ in hits
            ):
                hits.append((match.start(), match.end(), role))
    return [
        (None if _NEGATED.search(text[max(0, at - 4) : at]) else role, until)
        for at, until, role in sorted(hits)
    ]
