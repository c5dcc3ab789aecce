"""What one message states, entity by entity and as a bare answer: (fact, value, certainty), nothing written yet.

A date or a sum belongs to the fact that was asked for, unless the words beside it say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.cases.own_words import A_NAME, is_own_words
from bot.cases.stated_sums import amount_of
from bot.cases.stated_wishes import remedy_now
from bot.cases.statement import NOT_ABOUT_THE_ORDER, Doubt, Stated
from bot.disputes.facts import FactKind
from bot.zh.plain_answer import free_text, read_plain
from bot.zh.wishes import read_wish
from bot.zh.yes_no import read_answer

# Entities whose resolved value is the fact itself.
_DIRECT = {
    "platform": "platform",
    "tracking_number": "tracking_number",
    "remedy": "demand",
    "order_stage": "order_stage",
}
# A date tells its own role by the verb beside it.
_DATE_ROLES = {
    "paid": "paid_at",
    "shipped": "shipped_at",
    "signed": "signed_at",
    "confirmed": "confirmed_at",
    "contacted": "contacted_at",
    "refused": "refused_at",
    "returned": "returned_at",
    "return_signed": "return_signed_at",
    "found": "found_at",
    "requested": "refund_requested_at",
}
# A verb that tells the role of another date, but is what was asked about here: “昨天签收的” of the merchant's parcel.
_MEANT_BY: Mapping[str, frozenset[str]] = {
    "return_signed_at": frozenset({"signed"}),
    "promised_ship_at": frozenset({"shipped"}),
    "repair_sent_at": frozenset({"returned", "shipped", "contacted"}),
    "returned_at": frozenset({"shipped"}),
    "last_tracking_at": frozenset({"shipped", "found"}),
    "refund_requested_at": frozenset({"contacted"}),
    "page_deadline_at": frozenset({"requested", "refused"}),
    "installed_at": frozenset({"found"}),
}
# Facts that authority, platform or court make: 投诉, 提交, 申请 in the answer are their own verbs.
_OF_A_PROCEDURE = frozenset({"requested", "contacted", "refused"})
_LONGEST_FREE_ANSWER = 60
_PARTS = re.compile(r"[,，。\s]+")
_AT_ONCE = re.compile(
    r"当场|当时|当天|(?:一|刚)(?:打开|拆|收到|到手)|(?:打开|拆开|收到|到手|拿到)(?:的时候|时)?就|马上就|立刻就"
)
_FOUND_AT_ONCE = re.compile(
    r"(?:当天|当场|当时|(?:一)?(?:收到|到手|打开|拆开)(?:的时候)?就)[^,，。吗?？]{0,3}发现"
    # 收到就是坏的, 到手就碎了; 打开就 is also said of switching on, months later
    r"|(?:收到|到手|拿到手?|拆开|开箱|寄到|送到)(?:货|来|手)?(?:的时候|时)?就(?:是|已经|有点?|全|都){0,2}"
    r"(?:坏|碎|破|裂|漏|烂|瘪|脏|臭|霉|少了|缺|断|弯|变形|不(?!要|想|退|给|满意)|开不|用不)"
)
_THEY_SAY = re.compile(
    r"(?<![跟和找给向问对让催])(?:商家|卖家|店家|客服|对方|他们|有人)[^，,。；;！!？?]{0,8}(?:说|称|表示|来电|打电话|答应|承诺)[^，,。；;！!？?]*$"
)
_NOT_THERE = re.compile(r"(?<!有)(?:没有?|未|没有?做|没有?买)$")
_OF_ITSELF = re.compile(r"自动(?:退|同意|确认|收货|关闭|取消)")
# 不知道是谁 and 没修过 are values of some facts.
_ANSWERS = frozenset({"provide_order_info", "dont_know", "deny"})


def _is_no_wish(heard: Heard, entity: Mapping[str, Any]) -> bool:
    """Whether a remedy is only spoken of: by the merchant (拒绝退款, 卖家打电话说三倍赔我), or as what is not there (没有保价)."""
    before = heard.text[: int(entity.get("start") or 0)]
    theirs = heard.intent == "merchant_reply" or bool(_THEY_SAY.search(before))
    return bool(_NOT_THERE.search(before)) or (theirs and read_wish(heard.text, explicit=True) is None)


def from_entity(
    heard: Heard, entity: Mapping[str, Any], wanted: FactKind | None, doubts: list[Doubt]
) -> list[Stated]:
    """The facts one entity states; ``wanted`` is the fact that was asked for. What cannot be used goes to ``doubts``."""
    kind, resolved = str(entity.get("entity")), dict(entity.get("resolved") or {})
    certainty = str(entity.get("certainty") or resolved.get("certainty") or "exact")
    if kind == "remedy" and _is_no_wish(heard, entity):
        return []
    if kind in _DIRECT and resolved.get("value") is not None:
        return [(_DIRECT[kind], resolved["value"], certainty)]
    if kind == "courier":
        if resolved.get("pickup_point"):
            return []  # 驿站 and 丰巢 keep parcels, they are no carrier
        return [("courier", str(entity.get("value", "")), certainty)]
    if kind in ("shop", "product"):
        return _named_thing(heard, kind, str(entity.get("value", "")))
    if kind == "merchant_stance" and heard.intent != "merchant_reply":
        return [
            ("contacted_merchant", True, certainty),
            ("merchant_stance", resolved.get("value"), certainty),
        ]
    if kind == "order_number":
        return _order_number(entity, resolved, certainty, doubts)
    if kind == "amount":
        return amount_of(heard, entity, resolved, certainty, wanted)
    if kind == "date_time":
        return _date(heard, entity, resolved, certainty, wanted, doubts)
    if kind == "countdown" and resolved.get("seconds") is not None:
        if _OF_ITSELF.search(heard.text) and (wanted is None or wanted.name != "page_deadline_at"):
            return []  # 自动退款 ends something else than what the case waits for
        due = heard.at + timedelta(seconds=float(resolved["seconds"]))
        return [("page_deadline_at", due.isoformat(), certainty)]
    return []


def _named_thing(heard: Heard, kind: str, value: str) -> list[Stated]:
    # A product named in the merchant's words or in a question is not necessarily the buyer's.
    if not A_NAME.fullmatch(value) or heard.intent in NOT_ABOUT_THE_ORDER:
        return []
    return [(kind, value, "approximate")]


def _order_number(
    entity: Mapping[str, Any], resolved: Mapping[str, Any], certainty: str, doubts: list[Doubt]
) -> list[Stated]:
    number = str(resolved.get("value") or entity.get("value") or "")
    if certainty == "check":
        doubts.append(Doubt("order_number", number, str(resolved.get("why") or "位数看起来不对")))
        return []
    rows: list[Stated] = [("order_number", number, certainty)]
    if resolved.get("platform"):
        rows.append(("platform", resolved["platform"], "approximate"))
    return rows


def _date(
    heard: Heard,
    entity: Mapping[str, Any],
    resolved: Mapping[str, Any],
    certainty: str,
    wanted: FactKind | None,
    doubts: list[Doubt],
) -> list[Stated]:
    value, role, said = resolved.get("value"), resolved.get("role"), str(entity.get("value") or "")
    asked_for = wanted.name if wanted and wanted.kind == "datetime" else None
    if value is None or (resolved.get("future") and not asked_for and heard.asked != "correction"):
        return []
    if asked_for and (role is None or role in _roles_of(asked_for)):
        fact = asked_for
    elif role in _DATE_ROLES:
        fact = _DATE_ROLES[role]
    else:
        return []
    if certainty == "approximate" and "to" in resolved:
        return [(fact, f"{value[:10]}T00:00:00{value[19:]}", "day")]  # 今天上午 is no 08:00
    if certainty != "range":
        return [(fact, value, certainty)]
    # 上周 is seven days: its first one would be a date that nobody told, and time limits would count from it
    if fact == asked_for:
        doubts.append(Doubt(fact, said, f"“{said}”有好几天，记得是哪一天吗？想不起来就说“记不清了”。"))
    return []


def _roles_of(fact: str) -> frozenset[str]:
    """The roles under which a date still answers the question after ``fact``."""
    if fact in _DATE_ROLES.values():
        return _MEANT_BY.get(fact, frozenset())
    return _MEANT_BY.get(fact, frozenset()) | _OF_A_PROCEDURE


def from_plain_answer(case: Case, heard: Heard, wanted: FactKind | None, already: set[str]) -> list[Stated]:
    """An answer that holds no entity: a bare name, a yes or no, a bare number, a day, one of the choices."""
    text = heard.text.strip()
    if wanted is None or wanted.name in already or not text:
        return []
    if wanted.name == "found_at" and "signed_at" in case.facts and _AT_ONCE.search(text):
        return [("found_at", "signed_day", "day")]
    if wanted.kind == "bool":
        said = _yes_or_no(heard, wanted)
        return [] if said is None else [(wanted.name, said, "exact")]
    if len(text) > _LONGEST_FREE_ANSWER:
        return []
    if free_text(wanted):
        return [(wanted.name, text, "approximate")] if is_own_words(heard, wanted) else []
    if heard.intent not in _ANSWERS:
        return []
    plain = read_plain(wanted, text, heard.at)
    if plain is None or plain.certainty == "range":
        return []
    return [(wanted.name, remedy_now(case, wanted, plain.value), plain.certainty)]


def _yes_or_no(heard: Heard, wanted: FactKind) -> bool | None:
    """The answer to this question, whole or in one of its parts: “我没摔” is a denial, but not of “用过吗”."""
    if heard.intent not in ("affirm", "deny"):
        return None
    for part in (heard.text, *_PARTS.split(heard.text)):
        plain = read_plain(wanted, part, heard.at)
        if plain is not None:
            return bool(plain.value)
    bare = read_answer(heard.text) in ("yes", "no")
    return heard.intent == "affirm" if bare else None


def found_at_once(text: str) -> bool:
    """Whether the words tell that the trouble showed on the day of receipt (当天就发现了, 收到就是坏的)."""
    return bool(_FOUND_AT_ONCE.search(text))
