"""Canned replies of the stub: one keyword per card type, so that a test or a designer can call up each."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))

DRAFT = (
    "您好，我在贵店购买的“保温杯 500ml”（订单号 ****6789）于 11 月 18 日签收，当天开箱就发现杯盖开裂，"
    "有开箱视频和照片为证。\n根据《淘宝平台争议处理规则》第65条，商品存在质量问题的，应由卖家承担退货运费并退款。"
    "\n请在 48 小时内同意退货退款（退款金额 ¥129.00），并告知退货地址。谢谢。"
)


def _evidence_card() -> dict[str, Any]:
    return {
        "type": "evidence",
        "title": "您这件事的证据清单",
        "grade": "B",
        "items": [
            {
                "kind": "E08", "name": "开箱视频", "level": "must", "have": False,
                "why": "能证明破损在签收时就有，不是您造成的。",
                "how": "从快递面单拍起，一镜到底，拍清面单号、外包装和开裂处。",
                "substitute": "没录视频，可用签收当天拍的照片加聊天记录里的发送时间。",
            },
            {
                "kind": "E01", "name": "订单详情截图", "level": "must", "have": True,
                "why": "证明买的是什么、什么时候买的、付了多少钱。",
                "how": "在“我的订单”打开该订单，截到订单号、商品和金额。", "substitute": "",
            },
            {
                "kind": "E05", "name": "和商家的聊天记录", "level": "should", "have": False,
                "why": "证明您及时反映过，商家是怎么答的。",
                "how": "在平台内的聊天窗口截长图，保留时间和店名。", "substitute": "",
            },
            {
                "kind": "E12", "name": "商品页面宣传截图", "level": "nice", "have": False,
                "why": "对照商家承诺的材质和质量。", "how": "打开交易快照截图。", "substitute": "",
            },
        ],
    }  # fmt: skip


def _deadlines_card(now: datetime) -> dict[str, Any]:
    return {
        "type": "deadlines",
        "items": [
            {
                "name": "商家答复退款申请", "due": (now + timedelta(hours=20)).isoformat(), "kind": "platform",
                "consequence": "超时未处理，系统会按您的申请自动退款。", "source": "《淘宝平台争议处理规则》第20条",
            },
            {
                "name": "七日无理由退货", "due": (now + timedelta(days=4, hours=3)).isoformat(), "kind": "statutory",
                "consequence": "过了这一天，就要靠质量问题来主张退货。", "source": "《消费者权益保护法》第25条",
            },
            {
                "name": "上传退货单号", "due": (now - timedelta(hours=5)).isoformat(), "kind": "platform",
                "consequence": "可能要重新发起申请。", "source": "《淘宝平台争议处理规则》第22条",
            },
        ],
    }  # fmt: skip


def _intervention_card(now: datetime, current: str = "双方举证") -> dict[str, Any]:
    return {
        "type": "intervention",
        "number": "JR20261121-7KQ4MX",
        "state": current,
        "opened_at": now.isoformat(),
        "rows": [
            {"label": "诉求", "value": "退货退款 ¥129.00，运费由商家承担"},
            {"label": "证据", "value": "订单详情截图、开箱照片等 3 份"},
        ],
        "steps": ["受理", "双方举证", "调解", "判决", "申诉复审"],
        "current": current,
    }


READ_BACK = {
    "type": "read_back",
    "title": "请核对，我记的对吗？",
    "rows": [
        {"label": "平台", "value": "淘宝"},
        {"label": "订单号", "value": "****6789"},
        {"label": "商品", "value": "保温杯 500ml"},
        {"label": "金额", "value": "¥129.00"},
        {"label": "签收", "value": "11月18日"},
        {"label": "问题", "value": "开箱时杯盖已经开裂，倒水会漏"},
        {"label": "诉求", "value": "退货退款"},
    ],
}

SOURCES = {
    "type": "sources",
    "items": [
        {"label": "《淘宝平台争议处理规则》第65条", "fact": "商品有质量问题的，退货运费由卖家承担。"},
        {"label": "《消费者权益保护法》第24条", "fact": "没有约定的，自收到商品之日起七日内可以退货。"},
    ],
}

GREETING = "您好，我是维权助手，帮您把网购的事说清楚、办妥当。请问商品是什么时候收到的？"


def replies_to(text: str, now: datetime) -> list[dict[str, Any]]:
    """What the stub says to `text`: [{text, card?, buttons?: [title]}]. Unknown text gets a question with buttons."""
    said: dict[str, list[dict[str, Any]]] = {
        "证据": [{"text": "请先准备开箱视频（必备），订单截图已有。", "card": _evidence_card()}],
        "草稿": [{"text": DRAFT, "card": {"type": "draft", "title": "可以直接发给商家的话", "text": DRAFT}}],
        "核对": [
            {
                "text": "平台：淘宝；金额：129 元。对吗？",
                "card": READ_BACK,
                "buttons": ["对，没错", "有地方要改"],
            }
        ],
        "介入": [{"text": "介入编号 JR20261121-7KQ4MX，状态：受理。", "card": _intervention_card(now)}],
        "结案": [{"text": "介入已结案。", "card": _intervention_card(now, "结案")}],
        "期限": [{"text": "商家须在 20 小时内答复。", "card": _deadlines_card(now)}],
        "依据": [{"text": "《淘宝平台争议处理规则》第65条。", "card": SOURCES}],
        "新卡": [{"text": "这是新卡片的文字说明。", "card": {"type": "not-yet-known", "x": 1}}],
        "坏卡": [{"text": "坏卡片的文字说明。", "card": {"type": "evidence", "items": "oops"}}],
        "<b>": [{"text": "<img src=x onerror=alert(1)><b>不是粗体</b>"}],
    }
    for keyword, answer in said.items():
        if keyword in text:
            return answer
    return [
        {"text": "明白了，收到时杯盖就裂了，这种情况可以要求退货退款。"},
        {"text": "您希望商家怎么解决？", "buttons": ["退货退款", "换一个", "只退一部分钱", "先不确定"]},
    ]


def play_desk(conversation: Any, text: str) -> bool:
    """What a desk would do, called up by a word: 人工 (queue), 下一位, 接入, 结束, 交还, 取消排队."""
    cancel = {"buttons": ["取消排队"]}
    scenes: dict[str, tuple[tuple[Any, ...], list[tuple[str, str, str, dict[str, Any]]]]] = {
        "人工": (("queued", 3), [("bot", "", "好的，正在帮您转接人工客服。", cancel)]),
        "下一位": (("queued", 1), []),
        "接入": (
            ("human", None, "小王"),
            [
                ("system", "系统", "人工客服 小王 已接入，接下来由他为您服务。", {}),
                (
                    "agent",
                    "小王",
                    "您好，我是小王。您说的情况我看过了，杯盖开裂的照片能再发一张近一点的吗？",
                    {},
                ),
            ],
        ),
        "结束": (
            ("wrap_up", None, "小王"),
            [("agent", "小王", "已经和商家说好：今天 18:00 前全额退款。", {})],
        ),
        "交还": (
            ("bot",),
            [
                ("system", "系统", "人工客服 小王 已离开，助手继续为您服务。", {}),
                ("bot", "", "小王帮您谈好了全额退款，我会提醒您留意到账。", {}),
            ],
        ),
        "取消排队": (("bot",), [("bot", "", "已取消排队，我们接着处理。", {})]),
    }
    if text not in scenes:
        return False
    owner, lines = scenes[text]
    for author, name, said, more in lines:
        if author == "bot":
            conversation.say(said, **more)
        else:
            conversation.add(author, name, text=said)
    conversation.set_owner(*owner)
    return True
