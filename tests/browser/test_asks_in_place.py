"""More time: asked on the task page, granted among what waits, with and without JavaScript."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.tasks.models import Task
from tests.support.client import new_client

pytestmark = pytest.mark.browser
ContextOf = Callable[[str | None], BrowserContext]


def task_id(app: Flask, path: str) -> int:
    """The task of a clause."""
    with app.app_context():
        return db.session.scalars(
            select(Task.id).where(Task.path == path).order_by(Task.id).limit(1)
        ).one()


def test_more_time_is_asked_and_granted_without_leaving_the_page(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    address = f"/tasks/{task_id(site[0], 'III.4.a.-3')}"
    officer = context_of("chuyenvien").new_page()
    officer.goto(address)
    officer.get_by_text("Đề nghị gia hạn", exact=True).click()
    officer.get_by_label("Đề nghị gia hạn đến").fill("2025-01-20")
    officer.get_by_label("Lý do gia hạn").fill("Chờ mùa vụ")
    officer.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    expect(officer.get_by_text("Ngày này sau năm kế hoạch; nếu đúng ý")).to_be_visible()
    assert officer.get_by_label("Lý do gia hạn").input_value() == "Chờ mùa vụ"
    officer.get_by_label("Ngày này sau năm kế hoạch, tôi vẫn đề nghị").check()
    officer.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    expect(officer.locator("#stream")).to_contain_text("Chờ mùa vụ")
    expect(officer.locator("#live")).to_contain_text("Đã gửi đề nghị gia hạn")

    coordinator = context_of("dieuphoi").new_page()
    coordinator.goto("/waiting/")
    row = coordinator.locator("li", has_text="Chờ mùa vụ")
    row.get_by_role("button", name="Duyệt gia hạn").click()
    expect(coordinator.locator("li", has_text="Chờ mùa vụ")).to_contain_text("Đã duyệt đến")
    assert coordinator.url.endswith("/waiting/")


def test_the_same_works_without_javascript(site: tuple[Flask, str], browser: Browser) -> None:
    app, origin = site

    def page_of(username: str) -> Page:
        context = browser.new_context(base_url=origin, java_script_enabled=False)
        cookie = new_client(app, username).get_cookie("ntmtasks")
        assert cookie is not None
        context.add_cookies([{"name": "ntmtasks", "value": cookie.value, "url": origin}])
        return context.new_page()

    address = f"/tasks/{task_id(app, 'III.8.-4')}"
    officer = page_of("chuyenvien")
    officer.goto(address)
    officer.get_by_text("Đề nghị gia hạn", exact=True).click()
    officer.get_by_label("Đề nghị gia hạn đến").fill("2025-01-20")
    officer.get_by_label("Lý do gia hạn").fill("Không có mạng")
    officer.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    officer.get_by_label("Ngày này sau năm kế hoạch, tôi vẫn đề nghị").check()
    officer.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    expect(officer.locator(".flash")).to_contain_text("Đã gửi đề nghị gia hạn")

    coordinator = page_of("dieuphoi")
    coordinator.goto("/waiting/")
    row = coordinator.locator("li", has_text="Không có mạng")
    row.get_by_text("Không duyệt", exact=True).click()
    row.get_by_label("Lý do không duyệt").fill("Còn đủ thời gian")
    row.get_by_role("button", name="Không duyệt gia hạn").click()
    expect(coordinator.locator(".flash")).to_contain_text("không duyệt gia hạn")
    officer.goto(address)
    expect(officer.locator("#stream")).to_contain_text("Còn đủ thời gian")
