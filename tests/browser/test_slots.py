"""A slot of recurring work in the browser: opened, refused, recorded, with and without JavaScript."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.client import new_client

pytestmark = pytest.mark.browser
DAY = "Thứ hai 11/11/2024"
LATER = "Thứ hai 18/11/2024"


def row_of(page: Page, day: str) -> Locator:
    """The row of a slot in *Việc của tôi*."""
    return page.locator("li.slot", has_text=day)


def test_a_slot_is_opened_refused_and_recorded_in_place(
    fresh_site: tuple[Flask, str], browser: Browser
) -> None:
    page = page_of(fresh_site, browser, script=True)
    page.goto("/my-work/")
    row = row_of(page, DAY)
    row.get_by_role("link", name=f"Ghi nhận kỳ {DAY}").click()
    row.get_by_role("button", name="Ghi nhận đã thực hiện").click()
    expect(row.locator(".has-error")).to_be_visible()
    expect(row.locator("[aria-invalid]")).to_be_focused()
    row.locator("textarea").fill("Xã Đông Bình làm đường")
    row.get_by_role("button", name="Ghi nhận đã thực hiện").click()
    expect(row).to_contain_text("Đã thực hiện")
    expect(row).to_contain_text("Xã Đông Bình làm đường")
    expect(row.locator("form")).to_have_count(0)
    assert page.url.endswith("/my-work/")
    assert page.evaluate("Object.keys(localStorage).length") == 0

    next_row = row_of(page, LATER)
    next_row.get_by_role("link", name=f"Sửa kỳ {LATER}").click()
    expect(next_row.get_by_role("button", name="Ghi nhận đã thực hiện")).to_have_count(0)
    next_row.get_by_role("link", name=f"Đóng kỳ {LATER}").click()
    expect(next_row.locator("form")).to_have_count(0)


def test_the_same_works_without_javascript(fresh_site: tuple[Flask, str], browser: Browser) -> None:
    page = page_of(fresh_site, browser, script=False)
    page.goto("/my-work/")
    row_of(page, DAY).get_by_role("link", name=f"Ghi nhận kỳ {DAY}").click()
    row = row_of(page, DAY)
    row.locator("summary", has_text="Không thực hiện").click()
    row.get_by_role("button", name="Ghi nhận không thực hiện").click()
    expect(page.locator("li.slot .has-error")).to_have_count(1)
    row = row_of(page, DAY)
    row.get_by_label("Lý do").last.fill("Đài truyền hình trực tiếp")
    row.get_by_role("button", name="Ghi nhận không thực hiện").click()
    expect(page.locator(".flash")).to_be_visible()
    page.goto("/my-work/")
    expect(row_of(page, DAY)).to_have_count(0)


def page_of(site: tuple[Flask, str], browser: Browser, script: bool) -> Page:
    """A page of the focal point who answers for the weekly news."""
    app, origin = site
    context = browser.new_context(base_url=origin, java_script_enabled=script, locale="vi-VN")
    cookie = new_client(app, "mau.tttt").get_cookie("ntmtasks")
    assert cookie is not None
    context.add_cookies([{"name": "ntmtasks", "value": cookie.value, "url": origin}])
    return context.new_page()
