"""What one message states, entity by entity and as a bare answer: (fact, value, certainty), nothing written yet.

A date or a sum belongs to the fact that was asked for, unless the words beside it say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.cases.own_words import A_NAME, is_own_words
from bot.disputes.facts import FactKind
from bot.zh.asking import asks_in_words
from bot.zh.open_question import gives_up
from bot.zh.plain_answer import free_text, read_plain
from bot.zh.sums import lone_number, sum_use
from bot.zh.wishes import read_wish

Stated = tuple[str, Any, str]

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
PLATFORM_TOLD = "platform_told"
# Questions and the merchant's words state nothing about the buyer's order.
NOT_ABOUT_THE_ORDER = frozenset({"merchant_reply", "ask_rule_or_deadline", "ask_evidence", "out_of_scope"})
_LONGEST_FREE_ANSWER = 60
_LONGEST_SUM = 14  # characters: more tell something else as well
_AT_ONCE = re.compile(
    r"当场|当时|当天|(?:一|刚)(?:打开|拆|收到|到手)|(?:打开|拆开|收到|到手|拿到)(?:的时候|时)?就|马上就|立刻就"
)
_OF_ITSELF = re.compile(r"自动(?:退|同意|确认|收货|关闭|取消)")
# 不知道是谁 and 没修过 are values of some facts.
_ANSWERS = frozenset({"provide_order_info", "dont_know", "deny"})
_NOT_HERE_YET = ("unpaid", "paid", "shipped")
_NOT_SENT = frozenset({"not_shipped", "out_of_stock", "fake_ship", "logistics_stalled", "not_received"})
_PAID = re.compile(r"实付|付了|付款|花了|买的|价格|总共|一共|到手|拍的|下单|多少钱")


@dataclass(frozen=True)
class Doubt:
    """A value that was given but cannot be used as it stands."""

    fact: str
    value: str
    why: str


def from_entity(
    heard: Heard, entity: Mapping[str, Any], wanted: FactKind | None, doubts: list[Doubt]
) -> list[Stated]:
    """The facts one entity states; ``wanted`` is the fact that was asked for. What cannot be used goes to ``doubts``."""
    kind, resolved = str(entity.get("entity")), dict(entity.get("resolved") or {})
    certainty = str(entity.get("certainty") or resolved.get("certainty") or "exact")
    if kind == "remedy" and heard.intent == "merchant_reply" and read_wish(heard.text, explicit=True) is None:
        return []  # 假一赔十, 拒绝退款 in the merchant's mouth
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
        return _amount(heard, entity, resolved, certainty, wanted, doubts)
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


def _amount(
    heard: Heard,
    entity: Mapping[str, Any],
    resolved: Mapping[str, Any],
    certainty: str,
    wanted: FactKind | None,
    doubts: list[Doubt],
) -> list[Stated]:
    value, said = resolved.get("value"), str(entity.get("value") or "")
    if value is None:
        return []
    if heard.intent == "merchant_reply":
        return [("offer_amount", value, certainty)]
    asked = wanted.name if wanted and wanted.kind == "money" else None
    use = sum_use(heard.text, int(entity.get("start") or 0), int(entity.get("end") or 0))
    if heard.intent == PLATFORM_TOLD and use != "price":
        return []  # what the platform proposes or awards is no offer of the merchant
    if use in ("offered", "other") and asked in (None, "amount"):
        return [("offer_amount", value, "approximate")] if use == "offered" else []
    if certainty == "range" and asked:  # 几十块: its lower end would be a sum that nobody told
        doubts.append(Doubt(asked, said, f"“{said}”我没法记成一个数，订单页上能看到具体是多少。"))
    if certainty == "range":
        return []
    if asked and not (use == "price" and asked != "amount"):
        return [(asked, value, certainty)]
    return [("amount", value, certainty)] if use == "price" or _PAID.search(heard.text) else []


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
    if wanted.name == "found_at" and _AT_ONCE.search(text):
        return [("found_at", "signed_day", "day")]
    if wanted.kind == "bool":
        said = heard.intent in ("affirm", "deny")
        return [(wanted.name, heard.intent == "affirm", "exact")] if said else []
    if len(text) > _LONGEST_FREE_ANSWER:
        return []
    if free_text(wanted):
        return [(wanted.name, text, "approximate")] if is_own_words(heard, wanted) else []
    if heard.intent not in _ANSWERS:
        return []
    plain = read_plain(wanted, text, heard.at)
    if plain is None or plain.certainty == "range":
        return []
    return [(wanted.name, _remedy_now(case, wanted, plain.value), plain.certainty)]


def _remedy_now(case: Case, wanted: FactKind, value: Any) -> Any:
    """“退” before the goods have come is the money alone."""
    stage = case.facts["order_stage"].value if "order_stage" in case.facts else None
    early = wanted.name == "demand" and value == "return_refund" and stage in _NOT_HERE_YET
    return "refund_only" if early else value


def from_bare_sum(case: Case, heard: Heard, amount: FactKind | None) -> list[Stated]:
    """“199块” or “5斤的 29块9” while something else is asked for is the price paid if none is known: it is read back."""
    if not _may_be_price(case, heard, amount) or len(heard.text) > _LONGEST_SUM:
        return []
    sums = [
        one for one in heard.entities if one.get("entity") == "amount" and one.get("certainty") != "range"
    ]
    if len(sums) != 1 or asks_in_words(heard.text):
        return []
    use = sum_use(heard.text, int(sums[0].get("start") or 0), int(sums[0].get("end") or 0))
    value = dict(sums[0].get("resolved") or {}).get("value")
    return [("amount", value, "check")] if value is not None and use in (None, "price") else []


def from_bare_number(
    case: Case, heard: Heard, wanted: FactKind | None, amount: FactKind | None
) -> list[Stated]:
    """“1299” that answers nothing that was asked, “15号付的 299”: who hurries ahead gives the price. It is read back."""
    taken = [(int(one.get("start") or 0), int(one.get("end") or 0)) for one in heard.entities]
    asked = wanted is not None and wanted.kind == "money"
    number = lone_number(heard.text, taken, asked=asked)
    if number is None or (wanted is not None and wanted.name in ("order_number", "tracking_number")):
        return []
    if wanted is not None and asked and heard.intent != "merchant_reply":
        return [(wanted.name, number, "check")]
    told = heard.intent not in NOT_ABOUT_THE_ORDER and _may_be_price(case, heard, amount)
    return [("amount", number, "check")] if told else []


def _may_be_price(case: Case, heard: Heard, amount: FactKind | None) -> bool:
    """Whether a sum out of the blue can only be the price: none is known, and no answer of another kind is open."""
    about_an_answer = heard.asked is not None and heard.asked_fact is None  # a sum of the merchant's, perhaps
    unknown = amount is not None and amount.name not in case.facts
    return unknown and not about_an_answer and heard.intent != "merchant_reply"


def asked_wish(case: Case, heard: Heard, wanted: FactKind | None) -> list[Stated]:
    """The answer to “您最希望怎么解决”, in which the last word counts: 换一个吧 算了还是退了."""
    if wanted is None or wanted.name != "demand" or heard.intent in NOT_ABOUT_THE_ORDER:
        return []
    wish = read_wish(heard.text)
    return [] if wish is None else [("demand", _remedy_now(case, wanted, wish), "exact")]


def from_bare_wish(case: Case, heard: Heard, demand: FactKind | None) -> list[Stated]:
    """“退吧” and “那我不要了” are demands without having been asked for, while no other is known.

    Giving up asks for the money back, and sends back what has come; only where the case tells which it is.
    """
    if demand is None or demand.name in case.facts or heard.asked_fact == demand.name:
        return []
    if heard.intent in ("return_exchange_request", "report_dispute"):
        wish = read_wish(heard.text, explicit=heard.intent == "report_dispute")
        return [] if wish is None else [(demand.name, _remedy_now(case, demand, wish), "check")]
    if heard.intent != "cancel_order" or not gives_up(heard.text):
        return []
    stage = case.facts["order_stage"].value if "order_stage" in case.facts else None
    if stage in _NOT_HERE_YET or set(case.types) & _NOT_SENT:
        return [(demand.name, "refund_only", "check")]
    return [(demand.name, "return_refund", "check")] if stage in ("signed", "confirmed") else []
