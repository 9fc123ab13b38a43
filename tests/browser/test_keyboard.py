"""The daily work by Tab and Enter alone, with the focus always in sight."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from ntmtasks import sample

pytestmark = pytest.mark.browser

MOST_TABS = 60
FOCUS = """() => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
  const isMarked = style.outlineStyle !== "none" || style.boxShadow !== "none";
  const isMarkedInside = it.type === "date";  // the browser marks day, month, year, calendar itself
  return {
    name: it.getAttribute("aria-label") || it.name || it.textContent.trim(),
    seen: it !== document.body && (isMarkedInside || (it.matches(":focus-visible") && isMarked)),
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def focused(page: Page) -> str:
    """What has the focus; it must be marked and on the screen."""
    found = page.evaluate(FOCUS)
    assert found["seen"], f"the focus on {found['name']!r} cannot be seen"
    assert found["inside"], f"{found['name']!r} lies outside of the screen"
    return str(found["name"])


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what begins with `name` has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name!r}")


def test_an_officer_reports_progress_without_a_mouse(
    site: tuple[Flask, str], context_of: Callable[[str | None], BrowserContext]
) -> None:
    app, _ = site
    with app.app_context():
        password = sample.password() or ""
    page = context_of(None).new_page()
    page.goto("/login")
    tab_to(page, "username")
    page.keyboard.type("chuyenvien")
    tab_to(page, "password")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-work/")
    tab_to(page, "Cập nhật mục")
    page.keyboard.press("Enter")
    form = page.locator("tr.work-form")
    expect(form).to_be_visible()
    expect(form.locator("textarea")).to_be_focused()
    assert focused(page).endswith("-body")
    page.keyboard.type("Đã họp với các xã.")
    tab_to(page, "Cập nhật tiến độ")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("Đã lưu")
    expect(form).to_have_count(0)
    page.wait_for_function("document.activeElement !== document.body")
    focused(page)
