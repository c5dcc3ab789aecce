"""A remedy (救济) in the buyer's words: what it comes to, what it still depends on, why it cannot be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from actions.wording import sources
from bot.disputes.findings import Precondition, Remedy
from bot.disputes.rulebook import Rulebook

_CHANNELS = {"platform": "平台", "mediation": "12315 或消协调解", "court": "法院"}
_CASH = "现金"
_NAMED_AT_MOST = 3


def can_be_had(remedy: Remedy, rulebook: Rulebook, names: Mapping[str, str]) -> str:
    """“退一赔三：500.00 元（…），连同退款一共 620.00 元；向…提出”; `names` = those of the other remedies by id."""
    told = [f"{remedy.name_zh}：{_sum(remedy)}", f"向{channels(remedy)}提出"]
    if remedy.form_zh != _CASH:
        told.append(f"形式是{remedy.form_zh}")
    others = [names[one] for one in remedy.instead_of if one in names]
    if others:
        told.append(f"和“{'、'.join(others)}”只能选一种" + ("，这一种最高" if remedy.highest else ""))
    if remedy.also_ask:  # asked, and not answered
        told.append(f"还没有排除：{'、'.join(f'“{rulebook.facts[fact].label}”' for fact in remedy.also_ask)}")
    return "；".join(told) + "。" + cited(remedy, rulebook)


def _sum(remedy: Remedy) -> str:
    if remedy.amount is None:
        cap = f"，最多 {remedy.cap:.2f} 元" if remedy.cap is not None else ""
        return f"{remedy.formula_zh}{cap}"
    return _figure(remedy, remedy.amount, remedy.total).strip()


def _figure(remedy: Remedy, amount: Decimal, total: Decimal | None) -> str:
    together = f"，连同退款等一共 {total:.2f} 元" if total not in (None, amount) else ""
    return f" {amount:.2f} 元（{remedy.working_zh or remedy.formula_zh}）{together}"


def still_open(remedy: Remedy, rulebook: Rulebook, wanted: Iterable[str]) -> str:
    """What it would come to if everything held, then what it still depends on."""
    missing = [f"“{one.text_zh}”" for one in unknown(remedy)]
    missing = missing or [f"“{rulebook.facts[fact].label}”" for fact in wanted]
    more = f"等 {len(missing)} 项" if len(missing) > _NAMED_AT_MOST else ""
    named = "、".join(missing[:_NAMED_AT_MOST])
    return f"{remedy.name_zh}：{_would_be(remedy)}；还要看{named}{more}。{cited(remedy, rulebook)}"


def _would_be(remedy: Remedy) -> str:
    """“如果成立，是 500.00 元（…）”; without a price only how it is computed."""
    if remedy.if_all_hold is None:
        return f"如果成立，{remedy.formula_zh}"
    return f"如果成立，是{_figure(remedy, remedy.if_all_hold, remedy.total_if_all_hold)}"


def cannot_be_had(remedy: Remedy, rulebook: Rulebook) -> str:
    """The preconditions that fail."""
    failing = "；".join(f"“{one.text_zh}”" for one in remedy.preconditions if one.holds is False)
    return f"{remedy.name_zh}：不符合{failing}，不能要。{cited(remedy, rulebook)}"


def cited(remedy: Remedy, rulebook: Rulebook) -> str:
    """The first source, on the same line."""
    return sources(remedy.sources, rulebook, most=1).strip()


def channels(remedy: Remedy) -> str:
    """Who can grant it, in the order to go."""
    return "、".join(_CHANNELS[one] for one in remedy.channels)


def unknown(remedy: Remedy) -> list[Precondition]:
    """The preconditions of which nobody knows yet whether they hold."""
    return [one for one in remedy.preconditions if one.holds is None]
