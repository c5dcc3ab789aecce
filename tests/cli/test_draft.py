"""`bot draft`: letters on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Bot = Callable[..., Result]
CASE: dict[str, Any] = {
    "types": ["quality_visible"],
    "facts": {
        "platform": "taobao", "order_number": "2468013579246801", "product": "双肩包 黑色 L", "amount": "239.00",
        "order_stage": "signed", "paid_at": "2026-11-15", "signed_at": "2026-11-18", "problem": "肩带开线！",
        "demand": "return_refund", "merchant_stance": "deny", "merchant_reply": "人为的，不退",
    },
    "evidence": ["E01", "E08"],
}  # fmt: skip
AT = "2026-11-21T10:00"


@pytest.fixture
def case_file(tmp_path: Path) -> Callable[..., Path]:
    """`case_file(ruling="rejected")`: the case with more facts, as a file."""

    def write(**more: Any) -> Path:
        file = tmp_path / "case.json"
        file.write_text(
            json.dumps({**CASE, "facts": {**CASE["facts"], **more}}, ensure_ascii=False), encoding="utf-8"
        )
        return file

    return write


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("statement", "商品型号：双肩包 黑色 L"),
        ("note", "我要求退货退款 239.00 元"),
        ("message", "我的诉求：退货退款 239.00 元"),
        ("rebuttal", "对商家举证的意见"),
        ("complaint", "投诉请求："),
        ("pleading", "要素式起诉状提纲"),
    ],
)
def test_prints_the_letter_with_citations_and_length(
    bot: Bot, case_file: Callable[..., Path], kind: str, words: str
) -> None:
    result = bot("draft", "--facts", case_file(), "--at", AT, "--kind", kind)
    assert (result.exit_code, result.stderr) == (0, "")
    assert words in result.stdout and "！" not in result.stdout
    assert "\nlength: " in result.stdout and "\ntemplate: " in result.stdout
    if kind != "note":
        assert "\ncites: 《" in result.stdout and "confidence H, as of 2026-" in result.stdout


def test_as_json(bot: Bot, case_file: Callable[..., Path]) -> None:
    result = bot("draft", "--facts", case_file(), "--at", AT, "--kind", "complaint", "--json")
    written = json.loads(result.stdout)
    assert written["length"] == len(written["text"]) <= written["limit"]
    assert written["template"] == "complaint_12315.v1" and 1 <= len(written["citations"]) <= 2
    assert "店铺营业执照公示页上的名称" in written["fill_in"]
    assert written["notes"] and all(note["citations"] for note in written["notes"])


def test_a_letter_that_should_not_be_written_says_why(
    bot: Bot, case_file: Callable[..., Path], one_sentence: Callable[..., None]
) -> None:
    ruled = case_file(ruling="rejected", merchant_reply="这是授权书")
    one_sentence(bot("draft", "--facts", ruled, "--at", AT, "--kind", "appeal"), "no appeal", "新证据")
    one_sentence(
        bot("draft", "--facts", case_file(), "--at", AT, "--kind", "report"), "no report", "违法线索"
    )


def test_an_appeal_takes_the_buyers_reason(bot: Bot, case_file: Callable[..., Path]) -> None:
    ruled = case_file(ruling="rejected", merchant_reply="这是授权书")
    result = bot(
        "draft", "--facts", ruled, "--at", AT, "--kind", "appeal", "--reason", "照片已经上传，判定说没有"
    )
    assert result.exit_code == 0 and "理由：照片已经上传，判定说没有。" in result.stdout


def test_a_wrong_file_or_kind_is_one_sentence(
    bot: Bot, tmp_path: Path, case_file: Callable[..., Path], one_sentence: Callable[..., None]
) -> None:
    one_sentence(bot("draft", "--facts", tmp_path / "none.json", "--at", AT), "cannot read")
    assert bot("draft", "--facts", case_file(), "--kind", "poem").exit_code == 2
