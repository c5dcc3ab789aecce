"""Handoffs of several kinds for the tests of the record and its exports."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.cases.model import Case, EvidenceItem, Intervention, Stage
from bot.cases.view import deadline_records
from bot.conversation.messages import Entry
from bot.disputes.facts import SHANGHAI
from bot.disputes.rulebook import load_rulebook
from bot.handoff.gaps import advice_of
from bot.handoff.model import Disposition, Handoff, HandoffState, Note, Reason
from bot.handoff.record import build_record
from bot.handoff.record_parts import RecordParts

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
WEB = "9f6c1d0e2b7a4c55a1b2c3d4e5f60718"
OPENID = "oAbC12345678901234567890XYZ_"
WECHAT = f"wechat:main:{OPENID}"
ORDER = "1234567890123456789"
PHONE = "13800138000"
PRIVATE = (ORDER, PHONE, "文三路138号", "李小明", "li.ming@163.com", "lixiaoming88", "6222021200001234567")
"""What stands in the full sample and must not stand in a masked record."""


def at(days: float = 0, minutes: float = 0) -> datetime:
    return NOW + timedelta(days=days, minutes=minutes)


def handoff(**changes: Any) -> Handoff:
    values: dict[str, Any] = {
        "id": "h_0a1b2c3d",
        "conversation_id": WEB,
        "channel": "web",
        "case_id": None,
        "state": HandoffState.QUEUED,
        "reason": Reason.USER_REQUEST,
        "reason_detail": "",
        "trigger_message_id": None,
        "priority": "normal",
        "summary": "转人工：买家要求。",
        "nearest_due": None,
        "nearest_name": None,
        "requested_at": at(minutes=-5),
    }
    return Handoff(**{**values, **changes})


def line(seq: int, author: str, text: str | None, minutes: float, **more: Any) -> Entry:
    names = {"bot": "小助手", "buyer": "我", "agent": "小王", "system": "系统"}
    created = at(minutes=minutes)
    fields = {"author_type": author, "author_name": names[author], "text": text}
    return Entry(seq=seq, id=f"line{seq}", conversation_id=WEB, created_at=created, **{**fields, **more})


def full_case() -> Case:
    """A pair of headphones that broke: talks failed, the intervention is open and asks for evidence."""
    case = Case.new(WEB, at(-2))
    case.set_types(["quality_hidden"], at(-2), message_id="m1")
    facts: list[tuple[str, Any, str]] = [
        ("platform", "tmall", "buyer"),
        ("order_number", ORDER, "buyer"),
        ("shop", "悦听数码旗舰店", "page"),
        ("product", "无线降噪耳机 X3", "page"),
        ("amount", "299.00", "document"),
        ("paid_at", "2026-11-12T20:15:00+08:00", "document"),
        ("signed_at", "2026-11-16T14:30:00+08:00", "buyer"),
        ("order_stage", "signed", "button"),
        ("problem", "左耳没有声音，充电也没反应", "buyer"),
        ("found_at", "2026-11-17", "buyer"),
        ("goods_used", True, "button"),
        ("tracking_number", "7312345678901234", "document"),
        ("demand", "return_refund", "button"),
        ("contacted_merchant", True, "buyer"),
        ("contacted_at", "2026-11-17T21:00:00+08:00", "buyer"),
        ("merchant_stance", "blame_user", "buyer"),
        ("merchant_reply", "亲，这是您使用不当造成的，最多补偿 20 元", "buyer"),
        ("offer_amount", "20", "buyer"),
        ("refund_requested_at", "2026-11-18T09:00:00+08:00", "buyer"),
        ("refused_at", "2026-11-19T16:40:00+08:00", "rule"),
    ]
    for name, value, origin in facts:
        certainty = "day" if name == "found_at" else "exact"
        case.take(name, value, at=at(-2), message_id="m1", origin=origin, certainty=certainty)
    case.decline("courier", at(-1))
    _files_and_talks(case)
    _intervention(case)
    advice = advice_of(case, load_rulebook(), NOW)
    assert advice is not None
    case.set_deadlines(deadline_records(advice.deadlines), NOW)
    return case


def _files_and_talks(case: Case) -> None:
    for no, (kind, name) in enumerate(
        [("E04", "聊天记录.png"), ("E08", f"左耳无声 {PHONE}.mp4"), (None, "IMG_20261118.jpg")]
    ):
        mime = "video/mp4" if name.endswith("mp4") else "image/png" if name.endswith("png") else "image/jpeg"
        file = EvidenceItem(
            f"file{no}", kind, name, mime, 20480 * (no + 1), f"{no}a" * 32, f"x/{no}", at(-1), "m2"
        )
        case.add_evidence(file, at(-1))
    case.add_round(
        at(-2, 60),
        ours="耳机左耳没有声音，请支持退货退款。",
        theirs="亲，这是您使用不当造成的，最多补偿 20 元。",
        stance="blame_user",
        offer=Decimal("20"),
        verdict="不建议接受：金额远低于实付，且没有证据说明是使用造成。",
        message_id="m3",
    )
    case.add_round(at(-1, 30), ours=f"请寄送检测，收件人李小明，电话{PHONE}。", theirs=None, message_id="m3")


def _intervention(case: Case) -> None:
    opened = at(-1, 120)
    history = [("受理", opened, "申请已提交"), ("双方举证", at(0, -90), "请补充故障视频，24 小时内上传")]
    statement = f"2026年11月12日购买无线降噪耳机 X3，订单号 {ORDER}。11月17日发现左耳无声。请支持退货退款。"
    made = Intervention("JR20261120-K7QX4M", "双方举证", opened, statement, [], [], "退货退款", history)
    case.attach_intervention(made, opened)
    case.move_to(Stage.EVIDENCE_PERIOD, at(0, -90), "介入双方举证")


def full_entries() -> list[Entry]:
    """What was said, by all four kinds of authors, with personal data in it."""
    address = "浙江省杭州市西湖区文三路138号3幢501室"
    file = {
        "evidence_id": "file1",
        "name": "左耳无声.mp4",
        "mime": "video/mp4",
        "size": 40960,
        "sha256": "1a" * 32,
    }
    return [
        line(1, "bot", "您好，我是买家维权助手。请说说遇到了什么问题？", -60),
        line(2, "buyer", f"天猫买的耳机坏了，订单号{ORDER}，299元，商家不退 <b>气死</b>", -59),
        line(3, "bot", "已记下。商家是怎么答复的？", -58, buttons=[{"title": "拒绝", "token": "btn:x"}]),
        line(4, "buyer", "拒绝", -57, in_reply_to="line3"),
        line(5, "buyer", None, -50, attachment=file),
        line(6, "bot", "收到。质量不合格退货：2026-11-23 24:00 前。要不要现在提交举证？", -49),
        line(7, "buyer", f"收件人：李小明，电话{PHONE}，地址：{address}", -30),
        line(8, "buyer", "邮箱 li.ming@163.com，微信号 lixiaoming88，退到卡号6222021200001234567", -20),
        line(9, "buyer", "我要人工！", -5),
        line(10, "system", "正在为您转接人工客服，您前面还有 0 位。", -5),
        line(11, "system", "人工客服 小王 已接入。", -2),
        line(12, "agent", "您好，我是小王，我来帮您看一下举证材料。", -1),
    ]


LINES = {"m1": "line2", "m2": "line5", "m3": "line4", "m9": "line9"}


def full_parts(**changes: Any) -> RecordParts:
    """Everything there is: an open intervention, an agent at work, a note, a line that could not be sent."""
    case = full_case()
    taken = handoff(
        case_id=case.id,
        state=HandoffState.HUMAN,
        reason_detail="买家说：我要人工！",
        trigger_message_id="m9",
        priority="high",
        claimed_at=at(minutes=-2),
        agent_id=7,
        agent_name="小王",
    )
    values: dict[str, Any] = {
        "handoff": taken,
        "case": case,
        "entries": full_entries(),
        "rulebook": load_rulebook(),
        "read_at": NOW,
        "delivery": {"line11": "sent", "line12": "failed"},
        "lines": LINES,
        "notes": [Note(at(minutes=-1), "小王", f"回拨 {PHONE}，确认视频能不能重拍")],
        "console_url": "https://help.example.com",
    }
    return RecordParts(**{**values, **changes})


def empty_parts() -> RecordParts:
    """Somebody who asked for a person with the first words."""
    entries = [line(1, "buyer", "转人工", -5)]
    case = Case.new(WEB, at(minutes=-5))
    return RecordParts(handoff(case_id=case.id), case, entries, load_rulebook(), NOW)


def no_case_parts() -> RecordParts:
    """Nothing is known at all; the buyer left a message and is on WeChat."""
    left = handoff(
        conversation_id=WECHAT,
        channel="wechat",
        state=HandoffState.LEFT_MESSAGE,
        trigger_message_id=f"main:e:{OPENID}:1700000000:CLICK",
        left_text=f"请打我电话 {PHONE}",
        ended_at=NOW,
    )
    return RecordParts(left, None, [], load_rulebook(), NOW)


def closed_parts() -> RecordParts:
    """Settled and closed by the agent."""
    parts = full_parts()
    ended = handoff(
        case_id=parts.handoff.case_id,
        state=HandoffState.CLOSED,
        reason=Reason.HIGH_AMOUNT,
        ended_at=NOW,
        claimed_at=at(minutes=-2),
        agent_id=7,
        agent_name="小王",
        disposition=Disposition.RESOLVED,
        settled={"text": "商家同意退货退款", "outcome": "agreed", "amount": "299.00"},
    )
    return full_parts(handoff=ended)


KINDS = {"full": full_parts, "empty": empty_parts, "no_case": no_case_parts, "closed": closed_parts}


def record_of(kind: str = "full", *, reveal: bool = False) -> dict[str, Any]:
    return build_record(KINDS[kind](), now=NOW, reveal=reveal)
