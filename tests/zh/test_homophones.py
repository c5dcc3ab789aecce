"""Slips of the keyboard: what is read as meant, and what must stay as it is written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.segmenter import shared_segmenter
from bot.nlu.spelling import is_name, wording
from bot.zh.homophones import alike, read_as_meant, sounds_of
from bot.zh.normalise import normalise


def read(text: str) -> str:
    return wording(normalise(text).text, shared_segmenter())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我要退宽", "我要退款"),
        ("物硫一直不动", "物流一直不动"),
        ("可以换获吗", "可以换货吗"),
        ("仲才怎么申请", "仲裁怎么申请"),
        ("商加不理人", "商家不理人"),
        ("质亮太差", "质量太差"),
        ("评台介入", "平台介入"),
        ("人工克服在吗", "人工客服在吗"),
        ("卖家说不给发飘", "卖家说不给发票"),
        ("一直不退贷", "一直不退货"),  # looks alike
        ("末发货", "未发货"),
        ("木有收到", "没有收到"),
        ("孩字不喜欢", "孩子不喜欢"),  # words of every day, too
        ("他们工司不认", "他们公司不认"),
        ("网业上写的", "网页上写的"),
    ],
)
def test_a_slip_is_read_as_meant(written: str, meant: str) -> None:
    assert read(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tuikuan", "退款"),
        ("wuliu不动了", "物流不动了"),
        ("kefu不理我", "客服不理我"),
        ("wo yao tuikuan", "我要退款"),
        ("tuikuan shenme shihou dao", "退款什么时候到"),
        ("Kefu", "Kefu"),  # a name, perhaps
        ("women can do it", "women can do it"),
        ("hello", "hello"),
        ("vivo x100", "vivo x100"),
        ("ab123 kefu123", "ab123 kefu123"),
        ("https://kefu.example.com/tuikuan", "https://kefu.example.com/tuikuan"),
    ],
)
def test_words_typed_in_pinyin(written: str, meant: str) -> None:
    assert read(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "钱收到了吗",
        "钱收了吗",
        "我的物流到哪了",
        "我要退宽带",
        "换或者退都行",
        "网贷怎么还",
        "自己用的",
        "积木有味道",
        "玉米有虫",
        "会复查吗",
        "我去消协投诉",
        "请尽快地处理",
        "现在发或者退款",
        "这种情况下但是没人管",
        "怀疑是假货",
        "陪我聊天的客服",
        "和网店描述一样",
        "这个免单吗",
        "订金不退",
        "没到站",
        "T恤要退",
        "苹果核太大",
        "小果子太酸",
        "订单号 2512345678901234567",
        "SF1234567890123",
        "退10件",
        "刘先生",
        "",
    ],
)
def test_what_stays(text: str) -> None:
    assert read(text) == normalise(text).text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("坏坏坏了", "坏了"),
        ("啊啊啊啊气死了", "气死了"),
        ("谢谢", "谢谢"),
        ("1000块", "1000块"),
        ("!!!!为什么???", "!为什么?"),
        ("嗯那个我想退货", "我想退货"),
        ("就是鞋子开胶了", "鞋子开胶了"),
        ("嗯", "嗯"),
        ("嗯嗯", "嗯嗯"),
        ("ＫＮ９５口罩　漏發", "KN95口罩 漏发"),
        ("賣家不退款😡", "卖家不退款生气"),
    ],
)
def test_other_habits_of_typing(written: str, meant: str) -> None:
    assert read(written) == meant


def test_a_name_of_goods_is_not_touched() -> None:
    words = list("假获水杯")
    assert read_as_meant("假获水杯", words) == "假货水杯"
    assert read_as_meant("假获水杯", words, lambda text, start, end: start < 2) == "假获水杯"


@pytest.mark.parametrize(("start", "end", "name"), [(0, 2, True), (1, 3, True), (2, 4, False)])
def test_names_are_seen_where_they_stand(start: int, end: int, name: bool) -> None:
    assert is_name("手机坏了", start, end) is name


@pytest.mark.parametrize(
    ("sound", "common"), [("zhang", "zan"), ("shi", "si"), ("ling", "lin"), ("nan", "lan"), ("tui", "tui")]
)
def test_sounds_that_many_speakers_do_not_tell_apart(sound: str, common: str) -> None:
    assert alike(sound) == common


def test_a_rare_character_has_no_sound() -> None:
    assert (sounds_of("龘"), sounds_of("退")) == ((), ("tui",))


@given(st.text(alphabet="退宽物硫款货获tuikan 12，。嗯坏", max_size=60))
def test_numbers_are_never_touched(text: str) -> None:
    digits = "".join(char for char in normalise(text).text if char.isdigit())
    assert "".join(char for char in read(text) if char.isdigit()) == digits


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read(text), str)


def test_a_message_takes_less_than_a_millisecond() -> None:
    text = "我上周在你们店买的鞋子穿了两天就开胶了,退宽申请了三次都被拒绝,物硫也查不到"
    read(text)
    took = []
    for _ in range(50):
        begun = time.perf_counter()
        wording(text, shared_segmenter())
        took.append(time.perf_counter() - begun)
    assert sorted(took)[25] < 0.001
