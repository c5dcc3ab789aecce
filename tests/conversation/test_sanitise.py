"""What comes in is made harmless once, for every channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.sanitise import clean_json, clean_text, for_reading, is_identifier

# Every code point that str.strip() removes, found by asking it; a naive startswith("/") misses all of them.
STRIPPED = [
    chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000 and not chr(point).strip()
]


def test_there_are_as_many_as_python_knows():
    assert len(STRIPPED) == 29
    assert {"\u3000", "\x1c", "\u2028", "\x85"} < set(STRIPPED)


@pytest.mark.parametrize("space", STRIPPED, ids=lambda space: f"U+{ord(space):04X}")
@pytest.mark.parametrize("hidden", ["", "\x00", "\ud800"])
def test_no_command_behind_any_white_space(space, hidden):
    for text in (f"{space}/restart", f"{hidden}{space}{hidden}/greet{{}}", f"{space}{hidden}/greet"):
        assert clean_text(text).startswith("／")


@given(st.text(st.characters(blacklist_categories=()), max_size=50))
def test_the_result_can_be_stored_and_is_never_a_command(text):
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert not cleaned.strip().startswith("/")
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("你好", "你好"), ("  a/b ", "a/b"), ("//x", "／/x"), ("1/2", "1/2"), ("", ""), ("\u3000", "")],
)
def test_ordinary_text_is_left_alone(text, cleaned):
    assert clean_text(text) == cleaned


def test_json_is_cleaned_all_the_way_down():
    assert clean_json({"a\x00": ["x\ud800", {"b": 1}], "n": None}) == {"a": ["x", {"b": 1}], "n": None}


def test_reading_is_capped():
    assert len(for_reading("字" * 5000)) == 2000


@pytest.mark.parametrize("value", ["a", "web-x_1", "wechat:gh_1:o-6", "x" * 128])
def test_identifiers(value):
    assert is_identifier(value)


@pytest.mark.parametrize("value", ["", "a b", "a\x00", "x" * 129, "中", "a/b", "a\n", None, 1, ["a"]])
def test_no_identifiers(value):
    assert not is_identifier(value)
