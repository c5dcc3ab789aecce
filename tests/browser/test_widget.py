"""The web chat in a real browser, against the stub. Every test also fails over any console error."""

from __future__ import annotations

import re
import struct
import time
import zlib
from typing import Any

import pytest

pytestmark = pytest.mark.browser

FAILED_LOAD = "Failed to load resource"


def _png(side: int = 600) -> bytes:
    """A valid picture whose noise keeps it from compressing to nothing."""
    rows = b"".join(b"\0" + bytes((x * y * 7 + x) & 0xFF for x in range(side * 3)) for y in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )


def _say(page: Any, text: str) -> None:
    page.get_by_label("输入消息").fill(text)
    page.get_by_label("输入消息").press("Enter")


def _log(page: Any) -> Any:
    return page.get_by_role("log")


def _wait_until(condition: Any, what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def chat(open_page: Any, stub: Any) -> Any:
    page = open_page(f"{stub.url}/widget/")
    page.get_by_text("网购遇到麻烦？").wait_for()
    return page


def test_says_it_is_an_assistant_and_no_lawyer(chat: Any) -> None:
    assert chat.title() == "买家维权助手"
    assert "不是律师" in chat.locator("header").inner_text()


def test_text_is_answered_and_both_sides_are_labelled(chat: Any, stub: Any) -> None:
    stub.reply_delay = 2
    _say(chat, "收到的杯子是裂的")
    _log(chat).get_by_text("助手正在输入").wait_for()
    _log(chat).get_by_text("这种情况可以要求退货退款").wait_for()
    authors = _log(chat).locator(".Message-author").all_inner_texts()
    assert authors == ["我", "助手", "助手"]
    assert [set(p) for p in stub.posts] == [{"client_msg_id", "text"}]


def test_send_button_works_with_the_keyboard(chat: Any) -> None:
    chat.get_by_label("输入消息").fill("你好")
    chat.get_by_role("button", name="发送").focus()
    chat.keyboard.press("Enter")
    _log(chat).locator("[data-author=buyer]").get_by_text("你好").wait_for()


@pytest.mark.parametrize("where", [".quick", "[role=log]"])
def test_quick_reply_sends_a_token_and_closes_the_question(chat: Any, stub: Any, where: str) -> None:
    _say(chat, "杯子裂了")
    chat.locator(where).get_by_role("button", name="换一个").click()
    _log(chat).locator("[data-author=buyer]").get_by_text("换一个").wait_for()
    answered = _log(chat).locator("[data-seq='3'] button")
    assert all(button.is_disabled() for button in answered.all())
    assert _log(chat).locator("[data-seq='3'] [aria-pressed=true]").inner_text() == "换一个"
    assert set(stub.posts[-1]) == {"client_msg_id", "button"}
    chat.locator(".quick").get_by_role("button", name="退货退款").wait_for()


CARDS = [
    ("证据", ["★★★", "必备", "没录视频，可用签收当天", "B 级", "已备 1/4"]),
    ("核对", ["订单号", "****6789", "对，没错"]),
    ("介入", ["JR20261121-7KQ4MX", "双方举证", "申诉复审"]),
    ("结案", ["JR20261121-7KQ4MX", "申诉复审"]),
    ("期限", ["商家答复退款申请", "还剩 19 小时", "已过 5 小时", "法定时限"]),
    ("依据", ["《消费者权益保护法》第24条"]),
    ("新卡", ["这是新卡片的文字说明。"]),
    ("坏卡", ["坏卡片的文字说明。"]),
]


@pytest.mark.parametrize(("asked", "shown"), CARDS, ids=[asked for asked, _ in CARDS])
def test_cards(chat: Any, asked: str, shown: list[str]) -> None:
    _say(chat, asked)
    for text in shown:
        _log(chat).get_by_text(text).first.wait_for()


def test_evidence_says_what_is_there_and_what_is_missing(chat: Any) -> None:
    _say(chat, "证据")
    card = _log(chat).locator(".card")
    card.wait_for()
    assert card.get_by_role("img", name="已有").count() == 1
    assert card.get_by_role("img", name="还缺").count() == 3


def test_draft_is_copied_whole(chat: Any) -> None:
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _say(chat, "草稿")
    chat.get_by_role("button", name="复制全文").click()
    chat.get_by_role("button", name="已复制").wait_for()
    copied = chat.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("您好，我在贵店购买的") and copied.endswith("谢谢。")


def test_markup_in_a_message_stays_text(chat: Any) -> None:
    _say(chat, "<b>粗</b>")
    _log(chat).locator("[data-author=bot]").get_by_text("<b>不是粗体</b>").wait_for()
    assert _log(chat).locator("[data-author] img").count() == 0


def test_upload_shows_progress_then_the_fingerprint(chat: Any, stub: Any) -> None:
    stub.upload_delay = 0.6
    picture = {"name": "开箱照片.png", "mimeType": "image/png", "buffer": _png()}
    note = {"name": "聊天记录.txt", "mimeType": "text/plain", "buffer": "商家：不退".encode()}
    chat.locator("input[type=file]").set_input_files([picture, note])
    chat.get_by_role("progressbar", name="开箱照片.png").wait_for()
    _wait_until(
        lambda: _log(chat).get_by_text("与您手机/电脑上的原文件一致").count() == 2, "hashes confirmed"
    )
    stored = [entry["attachment"]["sha256"] for entry in stub.only_conversation().entries]
    shown = _log(chat).locator(".file-hash code").all_inner_texts()
    assert sorted(shown) == sorted(f"{digest[:8]}…{digest[-4:]}" for digest in stored)
    thumb = _log(chat).get_by_role("img", name="开箱照片.png 的缩略图")
    _wait_until(lambda: thumb.evaluate("i => i.complete && i.naturalWidth") == 600, "thumbnail loaded")


def test_a_changed_file_is_noticed(chat: Any, stub: Any) -> None:
    stub.wrong_hash = True
    chat.locator("input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}
    )
    _log(chat).get_by_text("与原文件不一致").wait_for()


def test_refused_upload_is_explained_and_a_passing_one_can_be_retried(
    chat: Any, stub: Any, complaints: Any
) -> None:
    file = {"name": "a.exe.txt", "mimeType": "text/plain", "buffer": b"MZ"}
    stub.fail_next("upload", 415, "这种文件不能作为证据。")
    chat.locator("input[type=file]").set_input_files(file)
    _log(chat).get_by_text("这种文件不能作为证据。").wait_for()
    assert _log(chat).get_by_role("button", name="重试").count() == 0
    _log(chat).get_by_role("button", name="移除").click()
    stub.fail_next("upload", 503, "服务正忙。")
    chat.locator("input[type=file]").set_input_files(file)
    _log(chat).get_by_role("button", name="重试").click()
    _log(chat).get_by_text("已存为证据").wait_for()
    complaints.forgive(FAILED_LOAD)


def test_upload_can_be_cancelled_and_a_huge_file_is_not_sent(chat: Any, stub: Any) -> None:
    stub.upload_hold = 3
    large = {"name": "a.mp4", "mimeType": "video/mp4", "buffer": b"\0" * (19 * 1024 * 1024)}
    chat.locator("input[type=file]").set_input_files(large)
    chat.get_by_role("button", name="取消上传 a.mp4").click()
    huge = {"name": "b.png", "mimeType": "image/png", "buffer": b"\0" * (10 * 1024 * 1024 + 1)}
    chat.locator("input[type=file]").set_input_files(huge)
    _log(chat).get_by_text("图片超过 10 MB").wait_for()
    assert _log(chat).locator(".file-name").all_inner_texts() == ["b.png"]
    assert stub.only_conversation().entries == []


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_files_are_taken_by_drop_and_paste(chat: Any, way: str) -> None:
    chat.evaluate(
        """way => {
          const data = new DataTransfer();
          data.items.add(new File(["hello"], "截图.txt", {type: "text/plain"}));
          const event = way === "drop"
            ? new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
            : new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
          document.querySelector(way === "drop" ? ".log" : ".Composer-input").dispatchEvent(event);
        }""",
        way,
    )
    _log(chat).get_by_text("已存为证据").wait_for()


def test_reload_keeps_the_conversation_and_goes_on(chat: Any, stub: Any) -> None:
    _say(chat, "核对")
    _log(chat).get_by_text("****6789").wait_for()
    chat.reload()
    _log(chat).get_by_text("****6789").wait_for()
    chat.locator(".quick").get_by_role("button", name="对，没错").click()
    _log(chat).get_by_text("您希望商家怎么解决？").wait_for()
    assert len(stub.conversations) == 1


def test_older_history_is_fetched_on_demand(chat: Any, stub: Any) -> None:
    for number in range(120):
        stub.only_conversation().say(f"第{number}条")
    chat.reload()
    _log(chat).get_by_text("第119条").wait_for()
    assert _log(chat).get_by_text("第69条", exact=True).count() == 0
    chat.get_by_role("button", name="查看更早的消息").click()
    _log(chat).get_by_text("第69条", exact=True).wait_for(state="attached")
    chat.get_by_role("button", name="查看更早的消息").click()
    _log(chat).get_by_text("第0条", exact=True).wait_for(state="attached")
    texts = _log(chat).locator(".Bubble").all_inner_texts()
    assert texts == [f"第{number}条" for number in range(120)]


def test_a_failed_message_is_retried_under_the_same_id(chat: Any, stub: Any, complaints: Any) -> None:
    stub.fail_next("messages", 429, "发送得有点快，请稍等几秒。")
    _say(chat, "再试一次")
    _log(chat).get_by_text("发送得有点快，请稍等几秒。").wait_for()
    assert _log(chat).get_by_role("button", name="重试").is_visible()
    chat.reload()
    _log(chat).get_by_role("button", name="重试").click()
    _log(chat).get_by_text("您希望商家怎么解决？").wait_for()
    assert _log(chat).locator("[data-author=buyer]").count() == 1
    assert len({post["client_msg_id"] for post in stub.posts}) == 1
    complaints.forgive(FAILED_LOAD)


def test_text_over_the_limit_stays_in_the_box(chat: Any, stub: Any) -> None:
    _say(chat, "长" * 5001)
    chat.get_by_text("一次最多发 5000 字").wait_for()
    assert len(chat.get_by_label("输入消息").input_value()) == 5001
    assert stub.posts == []


def test_the_line_is_mended_after_a_break(chat: Any, stub: Any, complaints: Any) -> None:
    _say(chat, "杯子裂了")
    _log(chat).get_by_text("您希望商家怎么解决？").wait_for()
    chat.context.set_offline(True)
    chat.get_by_text("网络断开").wait_for()
    stub.only_conversation().say("断网时发出的回复")
    chat.context.set_offline(False)
    _log(chat).get_by_text("断网时发出的回复").wait_for()
    chat.get_by_text("网络断开").wait_for(state="detached")
    assert _log(chat).get_by_text("您希望商家怎么解决？").count() == 1
    complaints[:] = [line for line in complaints if FAILED_LOAD not in line and "net::ERR" not in line]


def test_transcript_is_downloaded(chat: Any) -> None:
    _say(chat, "杯子裂了")
    _log(chat).get_by_text("您希望商家怎么解决？").wait_for()
    chat.get_by_role("button", name="更多操作").click()
    with chat.expect_download() as download:
        chat.get_by_role("menuitem", name="下载对话记录（文本）").click()
    assert re.fullmatch(r"维权对话记录-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)
    assert "buyer: 杯子裂了" in download.value.path().read_text(encoding="utf-8")


def test_time_limits_go_into_the_buyers_calendar(chat: Any) -> None:
    _say(chat, "期限")
    with chat.expect_download() as download:
        _log(chat).get_by_role("button", name="存到我的日历（.ics）").click()
    assert re.fullmatch(r"维权期限-\d{4}-\d\d-\d\d\.ics", download.value.suggested_filename)
    assert download.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_my_data_is_deleted_after_a_question(chat: Any, stub: Any) -> None:
    _say(chat, "杯子裂了")
    _log(chat).get_by_text("您希望商家怎么解决？").wait_for()
    (before,) = stub.conversations
    chat.get_by_role("button", name="更多操作").click()
    chat.keyboard.press("ArrowUp")
    chat.keyboard.press("Enter")
    chat.get_by_role("button", name="全部删除").click()
    chat.get_by_text("已经删除").wait_for()
    assert before not in stub.conversations
    assert _log(chat).get_by_text("杯子裂了").count() == 0


def test_one_polite_live_region(chat: Any) -> None:
    _say(chat, "介入")
    _log(chat).get_by_text("JR20261121-7KQ4MX").wait_for()
    assert _log(chat).get_attribute("aria-live") == "polite"
    assert chat.locator("[aria-live=assertive], [role=alert]").count() == 0
    unnamed = chat.evaluate(
        """() => [...document.querySelectorAll("button")]
          .filter(b => !(b.getAttribute("aria-label") || b.innerText).trim()).map(b => b.outerHTML)"""
    )
    assert unnamed == []


PHONE = {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True}


def test_phone_layout_has_no_sideways_scroll_and_large_targets(open_page: Any, stub: Any) -> None:
    page = open_page(f"{stub.url}/widget/", **PHONE, color_scheme="dark", reduced_motion="reduce")
    page.get_by_text("网购遇到麻烦？").wait_for()
    for asked in ("证据", "草稿", "介入", "期限", "核对"):
        _say(page, asked)
        _wait_until(lambda: not page.locator(".pending").count(), "sent")
    page.get_by_text("对，没错").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    wide = page.evaluate(
        "[...document.querySelectorAll('.card')].filter(c => c.getBoundingClientRect().right > 375).length"
    )
    assert wide == 0
    small = page.evaluate(
        """() => [...document.querySelectorAll("button")].map(b => [b.innerText, b.getBoundingClientRect()])
          .filter(([, r]) => r.height > 0 && (r.height < 44 || r.width < 44)).map(([text]) => text)"""
    )
    assert small == []
    dark = page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert dark == "rgb(30, 36, 48)"


def test_loader_opens_closes_and_counts_unread(open_page: Any, stub: Any) -> None:
    page = open_page(f"{stub.url}/host")
    launcher = page.get_by_role("button", name="维权助手")
    launcher.wait_for()
    assert page.locator("iframe").count() == 0, "nothing is loaded before the buyer asks for it"
    launcher.click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("网购遇到麻烦？").wait_for()
    frame.get_by_role("button", name="关闭聊天窗口").click()
    page.locator("iframe").wait_for(state="hidden")
    _wait_until(lambda: len(stub.conversations) == 1, "session")
    stub.only_conversation().say("有新消息")
    page.get_by_role("button", name="维权助手，1 条未读消息").wait_for()
    page.evaluate("DisputeChat.open()")
    frame.get_by_text("有新消息").wait_for()
    assert page.get_by_role("button", name="维权助手", exact=True).is_visible()
    page.evaluate("DisputeChat.destroy()")
    assert page.locator("iframe").count() == 0
    assert page.evaluate("typeof window.DisputeChat") == "undefined"


def test_loader_ignores_other_origins(open_page: Any, stub: Any) -> None:
    page = open_page(f"{stub.url}/host")
    page.wait_for_function("window.DisputeChat")
    page.evaluate("DisputeChat.open()")
    page.frame_locator("iframe").get_by_text("网购遇到麻烦？").wait_for()
    page.evaluate(
        """() => window.dispatchEvent(new MessageEvent("message",
          {origin: "https://evil.example", data: {source: "dispute-chat", type: "close"}}))"""
    )
    assert page.locator("iframe").is_visible()
    page.evaluate("""() => window.postMessage({source: "dispute-chat", type: "close"}, "*")""")
    page.wait_for_timeout(200)
    assert page.locator("iframe").is_visible(), "the right origin but not from the chat's own frame"
