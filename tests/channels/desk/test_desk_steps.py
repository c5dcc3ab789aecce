"""Reading a step of an intervention, as a table."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.channels.desk.steps import read_step
from bot.channels.web.answers import ApiError

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

GOOD = [
    ({"kind": "accept", "note": " 已受理 "}, {"note": "已受理"}),
    ({"kind": "accept"}, {}),
    ({"kind": "accept", "note": "", "items": [], "amount": "", "due_at": None, "result": ""}, {}),
    (
        {"kind": "ask_evidence", "note": "请补充", "items": [" 开箱视频 "], "due_at": "2026-11-23T18:00"},
        {"note": "请补充", "items": ["开箱视频"], "due_at": "2026-11-23T18:00:00+08:00"},
    ),
    (
        {"kind": "ask_evidence", "note": "请补充", "due_at": "2026-11-23T10:00:00Z"},
        {"note": "请补充", "due_at": "2026-11-23T18:00:00+08:00"},
    ),
    ({"kind": "propose", "note": "退一半", "amount": 99.5}, {"note": "退一半", "amount": "99.50"}),
    (
        {"kind": "rule", "note": "支持", "result": "partly", "amount": "12"},
        {"note": "支持", "result": "partly", "amount": "12.00"},
    ),
    ({"kind": "open_review", "note": "受理申诉"}, {"note": "受理申诉"}),
    (
        {"kind": "decide_review", "note": "维持", "result": "rejected"},
        {"note": "维持", "result": "rejected"},
    ),
    ({"kind": "close", "note": "结案\ud800\x00"}, {"note": "结案"}),
    ({"kind": "close", "note": "字" * 500}, {"note": "字" * 500}),
]

BAD = [
    ({}, "bad_kind"),
    ({"kind": "pay", "note": "好"}, "bad_kind"),
    ({"kind": ["rule"], "note": "好"}, "bad_kind"),
    ({"kind": "close"}, "empty_text"),
    ({"kind": "close", "note": "\x00 "}, "empty_text"),
    ({"kind": "close", "note": 5}, "bad_type"),
    ({"kind": "accept", "note": 5}, "bad_type"),
    ({"kind": "close", "note": "字" * 501}, "too_long"),
    ({"kind": "ask_evidence", "note": "好", "items": "视频"}, "bad_items"),
    ({"kind": "ask_evidence", "note": "好", "items": ["视频"] * 11}, "bad_items"),
    ({"kind": "ask_evidence", "note": "好", "items": ["视频", ""]}, "empty_text"),
    ({"kind": "ask_evidence", "note": "好", "items": [{}]}, "bad_type"),
    ({"kind": "ask_evidence", "note": "好", "items": ["字" * 101]}, "too_long"),
    ({"kind": "ask_evidence", "note": "好", "due_at": "明天"}, "bad_time"),
    ({"kind": "ask_evidence", "note": "好", "due_at": "2026-11-21T10:00:00+08:00"}, "past_time"),
    ({"kind": "ask_evidence", "note": "好", "due_at": "2026-11-21T09:59"}, "past_time"),
    ({"kind": "ask_evidence", "note": "好", "due_at": "9999-12-31T23:59:59-23:59"}, "far_time"),
    ({"kind": "ask_evidence", "note": "好", "due_at": 5}, "bad_type"),
    ({"kind": "ask_evidence", "note": "好", "amount": "5"}, "bad_field"),
    ({"kind": "propose", "note": "好", "amount": "0"}, "bad_amount"),
    ({"kind": "propose", "note": "好", "amount": "-3"}, "bad_amount"),
    ({"kind": "propose", "note": "好", "amount": "1.005"}, "bad_amount"),
    ({"kind": "propose", "note": "好", "amount": "Infinity"}, "bad_amount"),
    ({"kind": "propose", "note": "好", "result": "partly"}, "bad_field"),
    ({"kind": "rule", "note": "好"}, "no_result"),
    ({"kind": "rule", "note": "好", "result": "won"}, "bad_result"),
    ({"kind": "rule", "note": "好", "result": {}}, "no_result"),
    ({"kind": "rule", "note": "好", "result": ["partly"]}, "bad_result"),
    ({"kind": "rule", "note": "好", "result": "rejected", "amount": "5"}, "bad_field"),
    ({"kind": "decide_review", "note": "好"}, "no_result"),
    ({"kind": "close", "note": "好", "items": ["视频"]}, "bad_field"),
]


@pytest.mark.parametrize(("body", "values"), GOOD)
def test_what_is_right_is_read(body, values):
    assert read_step(body, NOW) == {"kind": body["kind"], **values}


@pytest.mark.parametrize(("body", "code"), BAD)
def test_what_is_wrong_is_refused_with_a_sentence(body, code):
    with pytest.raises(ApiError) as refused:
        read_step(body, NOW)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert refused.value.message_zh.endswith("。")
