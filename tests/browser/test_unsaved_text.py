"""Whatever is long to type outlives a lost session and a dropped network, for the same person alone."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from ntmtasks import sample
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.service import explaining
from tests.support.work import of, somebody

pytestmark = pytest.mark.browser
ContextOf = Callable[[str | None], BrowserContext]
OFFER = "Có bản nháp chưa lưu lúc"
KEPT = "Object.keys(localStorage).length"


def sign_in(page: Page, username: str, password: str) -> None:
    """Fill the page of signing in."""
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.locator("main button").first.click()


def test_an_explanation_outlives_the_session_and_another_ones_logout(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    app, _ = site
    with app.app_context():
        password = sample.password() or ""
        clock.freeze(sample.SAMPLE_DAY)
        late = of("III.4.a.-1", "Sở NN&PTNT")
        explaining.demand(somebody("dieuphoi"), late, "Vì sao chậm?", date(2024, 11, 19))
        number = db.session.scalar(
            select(ExplanationRequest.id).order_by(ExplanationRequest.id.desc()).limit(1)
        )
    context = context_of("daumoi")
    page = context.new_page()
    page.goto("/my-work/")
    entry = page.locator(f"#entry-explanation-{number}")
    entry.get_by_label("Giải trình").fill("Chờ nghiệm thu của hai huyện")
    context.clear_cookies(name="ntmtasks")
    entry.get_by_role("button", name="Gửi giải trình").click()
    page.wait_for_url("**/login?next=**")

    sign_in(page, "chuyenvien", password)
    page.wait_for_url("**/my-work/")
    expect(entry).to_be_visible()
    page.wait_for_timeout(300)
    assert page.get_by_text(OFFER).count() == 0, "another person finds nothing"
    page.locator(".person summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/login")
    assert page.evaluate(KEPT) == 1, "another person's logout takes nothing along"

    sign_in(page, "daumoi", password)
    page.wait_for_url("**/my-work/")
    expect(entry).to_contain_text(OFFER)
    entry.get_by_role("button", name="Dùng lại").click()
    expect(entry.get_by_label("Giải trình")).to_have_value("Chờ nghiệm thu của hai huyện")
    entry.get_by_role("button", name="Gửi giải trình").click()
    expect(page.locator("#live")).to_contain_text("Đã gửi giải trình.")
    assert page.evaluate(KEPT) == 0, "what is saved is forgotten"


def test_a_new_task_outlives_a_dropped_network_with_all_its_fields(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    context = context_of("dieuphoi")
    page = context.new_page()
    page.goto("/tasks/new")
    page.get_by_label("Nội dung nhiệm vụ").fill("Rà soát số liệu nước sạch")
    page.get_by_label("Căn cứ").fill("Công văn 12/SNN")
    page.get_by_label("Đơn vị chủ trì").select_option(label="Sở Y tế")
    page.get_by_label("Đơn vị phối hợp").select_option(label=["Sở TT&TT", "Sở Tư pháp"])
    page.get_by_label("Thời hạn").fill("2024-12-02")
    context.set_offline(True)
    page.get_by_role("button", name="Giao nhiệm vụ").click()
    page.wait_for_url("chrome-error://**")
    context.set_offline(False)
    page.goto("/tasks/new")
    expect(page.locator(".draft")).to_contain_text("Rà soát số liệu nước sạch")
    page.get_by_role("button", name="Dùng lại").click()
    chosen = page.get_by_label("Đơn vị phối hợp").evaluate("it => it.selectedOptions.length")
    assert chosen == 2
    page.get_by_role("button", name="Giao nhiệm vụ").click()
    page.wait_for_url("**/tasks/*")
    expect(page.locator(".clause").first).to_contain_text("Rà soát số liệu nước sạch")
    expect(page.locator("aside").last).to_contain_text("02/12/2024")
    assert page.evaluate(KEPT) == 0, "what is saved is forgotten"


def test_a_reason_inside_a_closed_panel_is_shown_again(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    page = context_of("dieuphoi").new_page()
    page.goto("/waiting/")
    row = page.locator("#completions ~ .decisions > li").first
    row.locator("summary", has_text="Trả lại").click()
    row.get_by_role("textbox").fill("Chưa có danh sách theo xã")
    page.reload()
    expect(row.locator(".draft")).to_contain_text("Chưa có danh sách theo xã")
    expect(row.locator(".draft")).to_be_visible()
    row.get_by_role("button", name="Bỏ", exact=True).click()
    page.reload()
    expect(row).to_be_visible()
    assert page.get_by_text(OFFER).count() == 0


def test_a_draft_finds_the_form_that_is_fetched_when_it_is_opened(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    with site[0].app_context():
        number = of("III.1.d", "Sở NN&PTNT").task_id
    page = context_of("lanhdao").new_page()
    page.goto(f"/tasks/{number}")
    panel = page.locator(f"#ask-directive-{number}")
    link = panel.get_by_role("link", name="Ghi ý kiến chỉ đạo")
    assert page.locator("#directive-body").count() == 0
    link.focus()
    page.keyboard.press("Enter")
    expect(panel.locator("#directive-body")).to_be_focused()
    page.keyboard.type("Báo cáo trước 20/11")
    summary = panel.locator("summary")
    summary.press("Enter")
    expect(panel.locator("#directive-body")).to_be_hidden()
    summary.press("Enter")
    expect(panel.locator("#directive-body")).to_have_value("Báo cáo trước 20/11")
    page.reload()
    expect(panel.locator(".draft")).to_contain_text("Báo cáo trước 20/11")
    expect(link).to_be_visible()
    panel.get_by_role("button", name="Dùng lại").press("Enter")
    expect(panel.locator("#directive-body")).to_have_value("Báo cáo trước 20/11")
    expect(panel.locator("#directive-body")).to_be_focused()
    page.reload()
    link.press("Enter")
    expect(panel.locator(".draft")).to_contain_text("Báo cáo trước 20/11")
    panel.get_by_role("button", name="Dùng lại").press("Enter")
    panel.get_by_role("button", name="Ghi ý kiến chỉ đạo").press("Enter")
    expect(page.locator("#directives")).to_contain_text("Báo cáo trước 20/11")
    expect(link).to_be_focused()
    assert page.evaluate(KEPT) == 0, "what is saved is forgotten"
