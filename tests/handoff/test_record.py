"""The record: valid for every kind of handoff, facts apart from claims, sources that exist, nothing private."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.handoff.model import Disposition, HandoffState, Reason
from bot.handoff.record import build_record, integrity_of, record_schema, sealed
from bot.handoff.record_masking import MASKED_KINDS
from tests.handoff.samples import (
    KINDS,
    NOW,
    OPENID,
    PHONE,
    PRIVATE,
    full_parts,
    handoff,
    line,
    record_of,
)

VALIDATOR = Draft7Validator(record_schema())


def errors(record: dict[str, Any]) -> list[str]:
    return [f"{list(one.path)}: {one.message}" for one in VALIDATOR.iter_errors(record)]


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(record_schema())
    properties = record_schema()["properties"]

    assert record_schema()["$id"].endswith(":1")
    assert properties["state"]["enum"] == [state.value for state in HandoffState]
    assert properties["reason"]["properties"]["code"]["enum"] == [reason.value for reason in Reason]
    ends = properties["outcome"]["properties"]["disposition"]["enum"]
    assert ends == [*(one.value for one in Disposition), None]
    fields = properties["privacy"]["properties"]["masked_fields"]["items"]["properties"]
    assert fields["kinds"]["items"]["enum"] == list(MASKED_KINDS)


@pytest.mark.parametrize("reveal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_valid_json_of_every_kind(kind: str, reveal: bool) -> None:
    record = json.loads(json.dumps(record_of(kind, reveal=reveal)))

    assert errors(record) == []
    assert record["integrity"]["sha256"] == integrity_of(record)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "dispute-handoff/2"),
        (("created_at",), "2026-11-21 10:00"),
        (("summary", "text"), "字" * 201),
        (("reason", "code"), "bored"),
        (("transcript", 0, "author", "type"), "robot"),
        (("transcript", 0, "secret"), "x"),
        (("case", "facts", 0, "origin"), "buyer"),
        (("case", "claims", 0, "origin"), "rule"),
        (("evidence", 0, "sha256"), "AB" * 32),
        (("advice_not_given", 0, "message_id"), "line1"),
        (("privacy", "revealed"), True),
    ],
)
def test_the_schema_refuses(path: tuple[str | int, ...], value: object) -> None:
    record: Any = copy.deepcopy(record_of())
    *parents, last = path
    spot = record
    for key in parents:
        spot = spot[key]
    spot[last] = value

    assert errors(record) != []


def test_facts_are_kept_apart_from_what_the_buyer_says() -> None:
    case = record_of()["case"]

    facts = {one["name"]: one["origin"] for one in case["facts"]}
    claims = {one["name"]: one["origin"] for one in case["claims"]}
    assert facts["amount"] == "document"
    assert facts["shop"] == "page"
    assert facts["refused_at"] == "rule"
    assert set(facts.values()) == {"document", "page", "rule"}
    assert set(claims.values()) == {"buyer", "button"}
    assert claims["demand"] == "button"
    assert case["declined"] == ["快递公司"]


def test_every_message_id_is_a_line_of_the_transcript() -> None:
    record = record_of()
    lines = {one["id"] for one in record["transcript"]} | {None}

    def ids(value: Any) -> Any:
        if isinstance(value, dict):
            for key, one in value.items():
                if key.endswith("message_id"):
                    yield one
                else:
                    yield from ids(one)
        elif isinstance(value, list):
            for one in value:
                yield from ids(one)

    found = set(ids({**record, "transcript": []}))
    assert found <= lines
    assert {"line2", "line5", "line9"} <= found
    assert record["reason"]["trigger_message_id"] == "line9"


def test_a_message_that_left_no_line_is_named_nowhere() -> None:
    record = build_record(full_parts(lines={}), now=NOW)

    assert record["reason"]["trigger_message_id"] is None
    assert {one["message_id"] for one in record["case"]["claims"]} == {None}


def test_the_summary_and_what_was_asked() -> None:
    summary = record_of()["summary"]

    assert summary["generated_by"] == "template"
    assert summary["asked"] == "我要人工！"
    assert summary["pending_question"] == "要不要现在提交举证？"
    assert summary["tried"][0] == "已协商 2 轮。"


def test_without_a_question_the_next_step_is_pending() -> None:
    entries = [line(1, "bot", "已记下。", -9), line(2, "buyer", "人工", -8)]

    summary = build_record(full_parts(entries=entries), now=NOW)["summary"]

    assert summary["pending_question"] == "介入已经开始，接下来跟进平台的处理"


def test_clocks_and_gaps() -> None:
    record = record_of()

    assert [one["due"] for one in record["clocks"]] == sorted(one["due"] for one in record["clocks"])
    first = record["clocks"][0]
    assert (first["name"], first["hours_left"], first["who"]) == ("双方举证", 50, "buyer")
    assert first["told"] is None  # kept with the case, but not among those the buyer was told
    law = next(one for one in record["clocks"] if one["kind"] == "statutory")
    assert law["sources"] == ["《消费者权益保护法》第24条"]
    assert law["due_text"] == "2026-11-23 24:00"
    assert law["told"] == law["due"]
    assert [one["name"] for one in record["evidence_gaps"]] == ["订单截图", "发票或保修卡"]
    assert record["evidence_gaps"][0]["why"]


def test_a_clock_that_runs_out_today_is_a_signal() -> None:
    parts = full_parts()

    assert record_of()["priority"]["signals"] == ["intervention_open"]
    later = build_record(parts, now=NOW + timedelta(days=1, hours=12))
    assert "deadline_24h" in later["priority"]["signals"]
    assert record_of("closed")["priority"]["signals"] == ["high_amount", "intervention_open"]


def test_a_clock_told_before_and_no_longer_counted_is_shown() -> None:
    parts = full_parts()
    assert parts.case is not None
    parts.case.set_types([], NOW)

    clock = next(one for one in build_record(parts, now=NOW)["clocks"] if one["name"] == "质量不合格退货")

    assert clock["who"] is None
    assert clock["told"] == clock["due"]


def test_advice_given_is_what_was_said() -> None:
    record = record_of()

    told = {one["point"]: one["message_id"] for one in record["advice_given"]}
    assert told == {"质量不合格退货：2026-11-23 24:00": "line6"}
    assert all(one["sources"] for one in record["advice_given"])
    open_points = [one["point"] for one in record["advice_not_given"]]
    assert not any(point.startswith("双方举证") for point in open_points)
    warning = "送检前先问平台；不是平台要求的检测费用要双方协商。"
    assert warning in open_points
    said = full_parts(entries=[*full_parts().entries, line(13, "bot", f"提醒：{warning}", 0)])
    again = build_record(said, now=NOW)
    assert {"kind": "warning", "point": warning, "message_id": "line13"}.items() <= again["advice_given"][
        -1
    ].items()
    assert warning not in [one["point"] for one in again["advice_not_given"]]


def test_the_timeline_is_sorted_and_sourced() -> None:
    timeline = record_of()["timeline"]

    assert [one["at"] for one in timeline] == sorted(one["at"] for one in timeline)
    events = {one["event"]: one["source"] for one in timeline}
    assert events["付款"] == "document"
    assert events["签收"] == "buyer"
    assert events["介入受理：申请已提交"] == "desk"
    assert events["人工客服 小王 接入"] == "system"
    assert not any("截止" in event for event in events)


def test_the_transcript_labels_every_line() -> None:
    lines = record_of()["transcript"]

    assert [one["author"]["type"] for one in lines].count("agent") == 1
    assert {one["author"]["label"] for one in lines} == {"小助手", "买家", "人工客服", "系统"}
    assert {one["delivery"] for one in lines} == {"shown", "sent", "failed"}
    assert lines[2]["buttons"] == ["拒绝"]
    assert lines[4]["attachments"][0]["evidence_id"] == "file1"


def test_nothing_private_is_left() -> None:
    text = json.dumps(record_of(), ensure_ascii=False)

    assert [one for one in PRIVATE if one in text] == []
    kinds = {kind for one in record_of()["privacy"]["masked_fields"] for kind in one["kinds"]}
    assert kinds == {"phone", "bank_card", "order_number", "address", "name", "email", "wechat"}
    assert "7312345678901234" in text  # the waybill, which its label tells from an order number


def test_every_masked_field_is_where_it_is_said_to_be() -> None:
    masked, full = record_of(), record_of(reveal=True)

    def at(record: Any, pointer: str) -> Any:
        for key in pointer.split("/")[1:]:
            record = record[int(key)] if isinstance(record, list) else record[key]
        return record

    fields = [one["field"] for one in masked["privacy"]["masked_fields"]]
    assert len(fields) == len(set(fields)) > 5
    for field in fields:
        assert "*" in at(masked, field)
        # A case's id is drawn anew for each sample; nothing else may differ.
        assert at(masked, field) != at(full, field)


def test_revealed_on_request() -> None:
    record = record_of(reveal=True)

    text = json.dumps(record, ensure_ascii=False)
    assert [one for one in PRIVATE if one not in text] == []
    assert record["privacy"] == {"revealed": True, "masked_fields": [], "reveal_requires": "role:supervisor"}


def test_the_id_at_a_messaging_platform_is_masked_everywhere() -> None:
    record = record_of("no_case")

    assert OPENID not in json.dumps(record)
    assert record["conversation_id"] == "wechat:main:****XYZ_"
    assert record["channel"] == {"type": "wechat", "account": "main", "locale": "zh-CN"}
    assert record["customer"]["contact"] == "138****8000"
    assert record_of("no_case", reveal=True)["conversation_id"].endswith(OPENID)
    assert record_of("no_case", reveal=True)["customer"]["contact"] == PHONE


def test_files_have_an_address_only_where_it_gives_nobody_away() -> None:
    def urls(reveal: bool = False, **changes: Any) -> set[Any]:
        record = build_record(full_parts(**changes), now=NOW, reveal=reveal)
        return {one["url"] for one in record["evidence"]}

    assert next(iter(urls(console_url="https://a.b/"))).startswith("https://a.b/desk/api/evidence/")
    assert urls(console_url=None) == {None}
    wechat = handoff(conversation_id=f"wechat:main:{OPENID}", channel="wechat")
    assert urls(handoff=wechat) == {None}
    assert None not in urls(handoff=wechat, reveal=True)


def test_a_change_breaks_the_seal() -> None:
    record = record_of()
    changed = {**record, "state": "closed"}

    assert integrity_of(changed) != record["integrity"]["sha256"]
    assert sealed({key: value for key, value in record.items() if key != "integrity"}) == record


def test_half_of_a_surrogate_pair_does_no_harm() -> None:
    record = build_record(full_parts(entries=[line(1, "buyer", "坏\ud83d字", -5)]), now=NOW)

    assert record["transcript"][0]["text"] == "坏?字"
    assert errors(record) == []


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://a.b", "https://a.b/desk/#handoff=h_0a1b2c3d"),
        ("https://a.b/", "https://a.b/desk/#handoff=h_0a1b2c3d"),
        (None, None),
    ],
)
def test_the_link_opens_the_handoff_at_the_desk(address: str | None, link: str | None) -> None:
    assert build_record(full_parts(console_url=address), now=NOW)["links"] == {"console": link}
