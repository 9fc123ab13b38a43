"""One act on many tasks in a real browser: from the keyboard, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser
ContextOf = Callable[[str | None], BrowserContext]


def tick(page: Page, *rows: int) -> None:
    """Mark rows of the board by their place."""
    for row in rows:
        page.locator("[name=pick]").nth(row).check()


def test_rows_are_ticked_and_acted_on_from_the_keyboard(context_of: ContextOf) -> None:
    page = context_of("dieuphoi").new_page()
    page.goto("/tasks/?section=IV&sort=-deadline")
    bar = page.locator(".selected")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar.locator("output")).to_have_text("2")
    bar.get_by_role("button", name="Đổi thời hạn").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_contain_text("trong 2 việc đã chọn?")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(bar.get_by_role("button", name="Đổi thời hạn")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_label("Thời hạn mới").fill("2024-12-27")
    dialog.get_by_label("Căn cứ, lý do").fill("Công văn 12")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("2 việc đã đổi thời hạn.")
    expect(dialog).to_have_count(0)
    expect(page.locator("[name=pick]").first).to_be_focused()
    expect(bar).to_be_hidden()


def test_all_of_the_page_are_ticked_and_what_is_left_says_why(context_of: ContextOf) -> None:
    page = context_of("daumoi").new_page()
    page.goto("/tasks/?section=III")
    rows = page.locator("[name=pick]").count()
    page.get_by_label("nhiệm vụ của trang").check()
    expect(page.locator(".selected output")).to_have_text(str(rows))
    page.get_by_role("button", name="Giao chuyên viên").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Giao cho").select_option(index=1)
    dialog.get_by_role("button", name="Giao chuyên viên").click()
    expect(page.locator("#live")).to_contain_text("việc đã giao")
    left = page.locator("#board .error")
    expect(left.first).to_contain_text("Chưa làm: ")
    ticked = page.locator("[name=pick]:checked")
    assert ticked.count() == left.count()
    expect(page.locator(".selected output")).to_have_text(str(left.count()))


def test_without_javascript_the_dialog_is_a_page(browser: Browser, context_of: ContextOf) -> None:
    signed_in = context_of("dieuphoi")
    address = signed_in.new_page()
    address.goto("/tasks/")
    home = address.url.removesuffix("/tasks/")
    context = browser.new_context(
        base_url=home,
        java_script_enabled=False,
        storage_state=signed_in.storage_state(),
        locale="vi-VN",
    )
    page = context.new_page()
    page.goto("/tasks/?section=III")
    tick(page, 3)
    page.get_by_role("button", name="Đôn đốc").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Đôn đốc 1 trong 1 việc đã chọn?")
    page.get_by_role("button", name="Đôn đốc").click()
    expect(page.locator(".flash")).to_contain_text("1 việc đã đôn đốc.")
    assert page.url.endswith("/tasks/?section=III")
    context.close()
