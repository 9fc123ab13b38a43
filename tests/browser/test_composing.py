"""A report that is written in two tabs at once saves itself, and nothing is left of what was refused."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.reports.models import Report
from tests.support.work import somebody

pytestmark = pytest.mark.browser
ContextOf = Callable[[str | None], BrowserContext]


def typed(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it."""
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Tab")


def test_two_tabs_write_one_report(site: tuple[Flask, str], context_of: ContextOf) -> None:
    app, _ = site
    with app.app_context():
        district = somebody("thoilai").agency_id
        mine = Report.agency_id == district, Report.due_on == date(2024, 11, 18)
        number = db.session.scalars(select(Report.id).where(*mine)).one()
    context = context_of("thoilai")
    page, other = context.new_page(), context.new_page()
    for tab in (page, other):
        tab.goto(f"/reports/{number}")
    typed(page, "Công tác chỉ đạo, điều hành", "- Ban hành 02 công văn.")
    expect(page.locator("#section-state-guidance")).to_contain_text("Đã lưu")
    typed(other, "Nguồn lực", "- Giải ngân 12 tỷ đồng.")
    expect(other.locator("#section-state-resources")).to_contain_text("Đã lưu")
    typed(other, "Công tác chỉ đạo, điều hành", "- Họp 3 cuộc.")
    section = other.locator("#section-guidance")
    expect(section.get_by_role("alert")).to_contain_text("vừa được")
    expect(section.locator("table.conflict")).to_contain_text("Ban hành 02 công văn.")
    typed(other, "Công tác chỉ đạo, điều hành", "- Ban hành 02 công văn.\n- Họp 3 cuộc.")
    expect(section.locator(".conflict")).to_have_count(0)

    ready = other.locator("#section-next_period details")
    ready.locator("summary").click()
    line = ready.locator("li .body").first.inner_text()
    ready.get_by_role("button", name="Thêm").first.click()
    expect(other.locator("#section-state-next_period")).to_contain_text("Đã lưu")
    assert other.get_by_label("Nhiệm vụ kỳ tới", exact=True).input_value().endswith(line)

    value = other.locator("#figure-0-value")
    for number, said in (("24/36", "Hãy ghi một con số"), ("9,5", "tăng 2,5 xã")):
        value.fill(number)
        value.press("Tab")
        expect(other.locator("#figures")).to_contain_text(said)
    expect(other.locator("#figures .error")).to_have_count(0)
    expect(other.locator("#figure-0-unit")).to_be_focused()
