"""The way of work in a real browser: accept, pass on, confirm, in place and without leaving a page."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from ntmtasks.core.db import db
from tests.support.work import of

pytestmark = pytest.mark.browser
MINE = ("III.4.a.-3", "Sở NN&PTNT")


def numbers(app: Flask) -> tuple[int, int]:
    """The task and the assignment that the test leads through."""
    with app.app_context():
        work = of(*MINE)
        found = work.task_id, work.id
        db.session.remove()
        return found


def test_work_goes_from_the_officer_over_the_focal_point_to_the_coordinator(
    site: tuple[Flask, str], context_of: Callable[[str | None], BrowserContext]
) -> None:
    task, work = numbers(site[0])
    officer: Page = context_of("chuyenvien").new_page()
    officer.goto(f"/tasks/{task}")
    officer.get_by_role("button", name="Tiếp nhận").click()
    expect(officer.locator("#live")).to_contain_text("chờ đầu mối")
    expect(officer.locator("#task-facts")).to_contain_text("“Tiếp nhận” chờ đầu mối")
    officer.locator("#cap-nhat select").first.select_option("submitted")
    officer.locator("#progress-body").fill("Đã mời 4 chuyên gia")
    officer.get_by_role("button", name="Cập nhật tiến độ").click()
    expect(officer.locator("#task-facts")).to_contain_text("“Báo cáo hoàn thành” chờ đầu mối")

    focal: Page = context_of("daumoi").new_page()
    focal.goto("/agency-work/")
    row = focal.locator(f"#waiting-row-{work}")
    expect(row).to_contain_text("Đã mời 4 chuyên gia")
    row.get_by_role("button", name="Chuyển: Báo cáo hoàn thành").click()
    expect(row).to_contain_text("Chờ xác nhận")
    assert focal.url.endswith("/agency-work/")

    coordinator: Page = context_of("dieuphoi").new_page()
    coordinator.goto("/waiting/")
    row = coordinator.locator(f"#waiting-row-{work}")
    row.locator("summary").click()
    row.get_by_role("button", name="Trả lại").click()
    expect(row.locator(".error")).to_have_text("Hãy ghi lý do.")
    row.get_by_label("Lý do").fill("Thiếu danh sách")
    row.get_by_role("button", name="Trả lại").click()
    expect(row).to_contain_text("Trả lại – Thực hiện lại")
    expect(row).to_contain_text("Thiếu danh sách")
    assert coordinator.url.endswith("/waiting/")
