"""Made-up handoffs, talk and case for the stub of the desk."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))
NUMBER = "JR20261122-7KQ4MX"
XSS = '<img src=x onerror="document.title=1"><script>document.title=2</script>'

AGENTS = {
    "wang": {"id": 1, "name": "wang", "display_name": "小王", "role": "agent"},
    "li": {"id": 2, "name": "li", "display_name": "小李", "role": "supervisor"},
}
CANNED = [
    {"title": "打招呼", "text": "您好，我是人工客服，前面的对话和材料我都看到了，您不用再说一遍。"},
    {"title": "请稍等", "text": "我正在核对您的订单和材料，请稍等几分钟。"},
    {"title": "先别确认收货", "text": "问题解决之前，请先不要点“确认收货”，也不要取消售后申请。"},
]


def iso(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat()


def handoff(no: int, now: datetime, **changed: Any) -> dict[str, Any]:
    """One item of the queue."""
    return {
        "id": f"h_{no}", "conversation_id": f"web:shop-a:{no}", "channel": "web", "state": "queued",
        "reason": {"code": "user_request", "label": "买家要求人工", "detail": "“我要找人工客服，和机器人说不清”"},
        "priority": "normal", "summary": "买了保温杯，签收当天发现杯盖开裂，商家说是买家摔的，拒绝退货退款。",
        "requested_at": iso(now - timedelta(seconds=187)), "claimed_at": None, "waiting_s": 187,
        "nearest": {"name": "举证截止", "due": iso(now + timedelta(hours=5, minutes=20))},
        "agent": None, "buyer": f"网页买家 a{no}f3", "position": no, "intervention_number": None,
        "case_id": f"case{no}", "left_text": None, **changed,
    }  # fmt: skip


def queue(now: datetime) -> list[dict[str, Any]]:
    wechat = {"channel": "wechat", "buyer": "微信买家 9kQz"}
    return [
        handoff(1, now, priority="high", intervention_number=NUMBER),
        handoff(
            2, now, **wechat, nearest=None, waiting_s=42, requested_at=iso(now - timedelta(seconds=42)),
            reason={"code": "repeat_failure", "label": "多次没听懂", "detail": ""},
            summary="手机充不进电，店家让自己联系售后网点，网点说不在保。买家要求换货，已上传检测单，等了三天没有回音。",
        ),
        handoff(
            3, now, state="human", agent={"id": 2, "name": "小李"}, buyer="网页买家 77ce", position=None,
            nearest={"name": "商家答复退款申请", "due": iso(now - timedelta(hours=2))},
            claimed_at=iso(now - timedelta(minutes=30)), summary="预售超期未发货，商家拒绝赔付。",
        ),
        handoff(
            4, now, state="left_message", buyer="网页买家 0b1d", position=None, left_text="明天上午方便联系，请看一下我的退款。",
        ),
    ]  # fmt: skip


def talk(now: datetime, count: int = 0) -> list[dict[str, Any]]:
    """(author, fields) of a short talk, with `count` older lines before it."""
    older = [
        {"author": ("buyer" if n % 2 else "bot"), "text": f"早先的第 {n} 句"} for n in range(1, count + 1)
    ]
    return [
        *older,
        {"author": "buyer", "text": "收到的杯子是裂的，商家说是我摔的"},
        {"author": "bot", "text": "这种情况可以要求退货退款。您想怎么处理？", "buttons": [{"title": "退货退款"}, {"title": "换一个"}]},
        {"author": "buyer", "text": "退货退款"},
        {
            "author": "buyer", "text": "[证据] 开裂处.png",
            "attachment": {
                "evidence_id": "ev1", "name": "开裂处.png", "mime": "image/png", "size": 182_044, "sha256": "9f2c" * 16,
                "url": "/desk/api/evidence/web%3Ashop-a%3A1/ev1", "thumb": "/desk/api/evidence/web%3Ashop-a%3A1/ev1?thumb=1",
            },
        },
        {"author": "buyer", "text": "我要找人工客服，和机器人说不清"},
        {"author": "system", "text": "正在为您转接人工客服，您前面没有人。"},
    ]  # fmt: skip


def _fact(value: Any, origin: str, now: datetime, certainty: str = "exact") -> dict[str, Any]:
    return {"value": value, "certainty": certainty, "message_id": "m1", "at": iso(now), "origin": origin}


def case(no: int, now: datetime) -> dict[str, Any]:
    facts = {
        "platform": _fact("taobao", "page", now),
        "order_number": _fact("****6789", "document", now),
        "amount": _fact("129.00", "document", now),
        "signed_at": _fact(iso(now - timedelta(days=2)), "buyer", now, "approximate"),
        "problem": _fact("杯盖开裂，装水会漏", "buyer", now),
        "demand": _fact("return_refund", "button", now),
        "goods_used": _fact(False, "buyer", now),
        "merchant_stance": _fact("blame_user", "rule", now),
    }
    return {
        "id": f"case{no}", "types_zh": ["商品破损"], "stage_zh": "介入已受理", "facts": facts,
        "labels": {
            "platform": "购物平台", "order_number": "订单号", "amount": "实付金额", "signed_at": "签收时间",
            "problem": "问题的具体情况", "demand": "您的诉求", "goods_used": "商品是否已使用", "merchant_stance": "商家的态度",
        },
        "choices": {
            "platform": {"taobao": "淘宝"}, "demand": {"return_refund": "退货退款"},
            "merchant_stance": {"blame_user": "说是买家造成的", "deny": "拒绝"},
        },
        "evidence_names": {"E02": "问题照片或视频"},
        "gaps": [{"name": "开箱视频", "why": "能证明破损在签收时就有。"}, {"name": "和商家的聊天记录", "why": "证明及时反映过。"}],
        "deadlines_open": [
            {"id": "d1", "name": "举证截止", "kind": "platform", "due": iso(now + timedelta(hours=5, minutes=20)),
             "consequence": "没交的证据不再看。", "sources": []},
            {"id": "d2", "name": "七日无理由退货", "kind": "statutory", "due": iso(now + timedelta(days=5, hours=2)),
             "consequence": "过了就要靠质量问题来主张。", "sources": []},
        ],
        "evidence": [{
            "id": "ev1", "kind": "E02", "name": "开裂处.png", "mime": "image/png", "size": 182_044,
            "sha256": "9f2c" * 16, "uploaded_at": iso(now - timedelta(minutes=9)),
            "url": f"/desk/api/evidence/web%3Ashop-a%3A{no}/ev1", "thumb": f"/desk/api/evidence/web%3Ashop-a%3A{no}/ev1?thumb=1",
        }],
        "rounds": [{
            "no": 1, "at": iso(now - timedelta(hours=20)), "ours": "杯盖开裂，要求退货退款。", "theirs": "是您自己摔的，不退。",
            "stance": "deny", "offer": None, "verdict": "商家没有证据，不接受。",
        }],
        "intervention": {
            "number": NUMBER, "state": "受理", "opened_at": iso(now - timedelta(hours=3)), "statement": "本人于……购买保温杯，签收即开裂。",
            "demand": "退货退款，退还 129.00 元", "history": [{"state": "受理", "at": iso(now - timedelta(hours=3)), "note": "申请已提交"}],
        },
    }  # fmt: skip


def intervention(now: datetime, state: str = "受理") -> dict[str, Any]:
    """One line of the list of interventions."""
    return {
        "number": NUMBER, "state": state, "conversation_id": "web:shop-a:1", "case_id": "case1", "types": ["商品破损"],
        "opened_at": iso(now - timedelta(hours=3)), "updated_at": iso(now - timedelta(hours=1)), "amount": "129.00",
        "nearest": {"name": "举证截止", "due": iso(now + timedelta(hours=5, minutes=20))}, "handoff_id": "h_1",
    }  # fmt: skip


def record(reveal: bool) -> dict[str, Any]:
    """A record of the handoff, as far as the page looks at it."""
    masked = ("/case/facts/0/text", "/customer/contact", "/transcript/0/text")
    order = "2026112255556789" if reveal else "****6789"
    return {
        "schema": "dispute-handoff/1",
        "case": {"facts": [{"name": "order_number", "label": "订单号", "value": order, "text": order}]},
        "customer": {"display": "买家", "contact": "13800138000" if reveal else "138****8000"},
        "transcript": [{"seq": 1, "text": "地址是幸福路 8 号" if reveal else "地址是［地址］"}],
        "privacy": {
            "revealed": reveal,
            "masked_fields": [] if reveal else [{"field": field, "kinds": ["phone"]} for field in masked],
        },
    }


def picture(side: int = 64) -> bytes:
    """A plain two-coloured picture."""
    rows = b"".join(
        b"\0" + b"".join(b"\x8a\x9d\xb0" if x > y else b"\xd8\xc9\xae" for x in range(side))
        for y in range(side)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
