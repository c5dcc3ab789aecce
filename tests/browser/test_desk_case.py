"""The right side of the agents' desk in a real browser: ending a talk, the case, interventions, the record."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

BUYER = "网页买家 a1f3"


def _row(page: Any, buyer: str) -> Any:
    return page.get_by_label("会话列表").locator("li").filter(has_text=buyer)


def _log(page: Any) -> Any:
    return page.get_by_role("log")


def _composer(page: Any) -> Any:
    return page.get_by_label("回复买家")


def _case(page: Any) -> Any:
    return page.get_by_role("complementary", name="案件")


def _wait_until(condition: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_back_to_the_queue_and_wrapping_up(claimed: Any, desk_stub: Any) -> None:
    claimed.get_by_role("button", name="转入收尾").click()
    claimed.get_by_text("请先点“继续处理”").wait_for()
    claimed.get_by_role("button", name="继续处理").click()
    _composer(claimed).wait_for()
    claimed.get_by_role("button", name="退回排队").click()
    claimed.get_by_text("接待后才能和买家对话。").wait_for()
    assert desk_stub.queue[0]["state"] == "queued"


def test_return_to_the_assistant_needs_a_result(claimed: Any, desk_stub: Any) -> None:
    claimed.get_by_role("button", name="结束并交还小助手").click()
    dialog = claimed.get_by_role("dialog", name="结束并交还小助手")
    dialog.get_by_role("button", name="交还小助手").click()
    dialog.get_by_text("请填写处理结果。").wait_for()
    dialog.get_by_label("处理结果").fill("商家同意退货退款，运费由商家承担。")
    dialog.get_by_label("结果类别").select_option("商家同意退货退款")
    dialog.get_by_label("金额").fill("129")
    dialog.get_by_role("button", name="交还小助手").click()
    dialog.wait_for(state="detached")
    assert desk_stub.posts[-1] == (
        "handoffs/h_1/return",
        {"text": "商家同意退货退款，运费由商家承担。", "outcome": "商家同意退货退款", "amount": "129.00"},
    )
    claimed.get_by_text("现在由小助手接待，您只能查看。").wait_for()


def test_close_needs_a_disposition_and_a_word(claimed: Any, desk_stub: Any) -> None:
    claimed.get_by_role("button", name="关闭会话").click()
    dialog = claimed.get_by_role("dialog", name="关闭会话")
    dialog.get_by_role("button", name="关闭会话").click()
    dialog.get_by_text("请选择处理结果。").wait_for()
    dialog.get_by_label("已解决").check()
    dialog.get_by_label("处理说明").fill("商家已补发。")
    dialog.get_by_role("button", name="关闭会话").click()
    dialog.wait_for(state="detached")
    assert desk_stub.posts[-1] == ("handoffs/h_1/close", {"disposition": "resolved", "text": "商家已补发。"})


def test_case_keeps_what_is_said_apart_from_what_is_shown(claimed: Any) -> None:
    facts = _case(claimed).locator(".facts")
    facts.first.wait_for()
    shown = {box.get_attribute("data-confirmed"): box.inner_text() for box in facts.all()}
    assert "****6789" in shown["true"] and "凭证" in shown["true"] and "¥129.00" in shown["true"]
    for text in ("问题的具体情况", "买家说", "退货退款", "点选", "说是买家造成的", "推断"):
        assert text in shown["false"] and text not in shown["true"], text
    everything = _case(claimed).inner_text()
    for text in (
        "七日无理由退货",
        "还剩 5 天",
        "缺：开箱视频",
        "商家没有证据，不接受。",
        "JR20261122-7KQ4MX",
    ):
        assert text in everything, text


def test_a_step_of_the_intervention(claimed: Any, desk_stub: Any) -> None:
    _case(claimed).get_by_role("button", name="要求补充证据").click()
    dialog = claimed.get_by_role("dialog")
    assert dialog.get_by_label("要补充的证据").input_value() == "开箱视频\n和商家的聊天记录"
    dialog.get_by_label("提交期限").fill("2030-01-02T18:00")
    dialog.get_by_label("补充说明").fill("请拍清面单")
    dialog.get_by_role("button", name="提交").click()
    dialog.wait_for(state="detached")
    path, body = desk_stub.posts[-1]
    assert path == "interventions/JR20261122-7KQ4MX/steps"
    assert body == {
        "kind": "ask_evidence",
        "note": "请拍清面单",
        "items": ["开箱视频", "和商家的聊天记录"],
        "due_at": "2030-01-02T18:00:00+08:00",
    }
    now = _case(claimed).locator("[aria-current=step]")
    _wait_until(lambda: now.inner_text() == "双方举证", "the state did not change")


def test_a_step_that_cannot_be_taken_says_so_in_the_dialog(
    claimed: Any, desk_stub: Any, complaints: Any
) -> None:
    desk_stub.fail_next(
        "interventions/JR20261122-7KQ4MX/steps", 409, "not_allowed", "介入现在处于“结案”，不能进行这一步。"
    )
    _case(claimed).get_by_role("button", name="判决").click()
    dialog = claimed.get_by_role("dialog")
    dialog.get_by_label("部分支持").check()
    dialog.get_by_label("判决理由").fill("双方都有责任")
    dialog.get_by_role("button", name="提交").click()
    dialog.get_by_text("介入现在处于“结案”").wait_for()
    assert dialog.get_by_label("判决理由").input_value() == "双方都有责任"
    complaints.forgive("409")


def test_note_and_export(claimed: Any, desk_stub: Any) -> None:
    _case(claimed).get_by_label("写备注").fill("已电话联系商家")
    _case(claimed).get_by_role("button", name="添加备注").click()
    _case(claimed).locator("li").get_by_text("已电话联系商家").wait_for()
    with claimed.expect_download() as download:
        _case(claimed).get_by_role("button", name="vCon").click()
    assert download.value.suggested_filename == "h_1.vcon"


def test_only_supervisors_reveal_and_it_is_confirmed(sign_in: Any, claimed: Any, desk_stub: Any) -> None:
    assert _case(claimed).get_by_role("button", name="显示完整信息").count() == 0
    page = sign_in("li")
    page.get_by_role("tab", name="全部").click()
    _row(page, BUYER).locator(".row-body").click()
    _case(page).get_by_role("button", name="显示完整信息").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("您的这次查看会被记录下来").wait_for()
    assert desk_stub.revealed == []
    dialog.get_by_role("button", name="确认查看").click()
    found = _case(page).locator(".revealed")
    found.get_by_text("2026112255556789").wait_for()
    assert "13800138000" in found.inner_text() and "幸福路 8 号" in found.inner_text()
    assert desk_stub.revealed == ["h_1"]


def test_on_a_narrow_screen_the_case_is_called_up(sign_in: Any) -> None:
    page = sign_in(viewport={"width": 900, "height": 700}, color_scheme="dark")
    _row(page, BUYER).locator(".row-body").click()
    _log(page).get_by_text("退货退款").first.wait_for()
    assert not _case(page).is_visible()
    page.get_by_role("button", name="案件", exact=True).click()
    assert _case(page).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 900
    page.get_by_role("button", name="收起").click()
    assert not _case(page).is_visible()
