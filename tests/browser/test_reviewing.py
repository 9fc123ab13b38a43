"""Reviewing a plan in a real browser: the keyboard, what saves itself, the dialog, axe."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.tasks.models import Task
from tests.browser.test_every_page import SIZES, listen
from tests.support.drafts import draft_plan

pytestmark = pytest.mark.browser

ContextOf = Callable[[str | None], BrowserContext]


@pytest.fixture
def draft(site: tuple[Flask, str]) -> int:
    """A plan under review on the site, the same for all tests of this file."""
    app, _ = site
    with app.app_context():
        found = db.session.scalar(select(Plan.id).where(Plan.state == PlanState.DRAFT).limit(1))
        return found or draft_plan().id


def stored(site: tuple[Flask, str], plan_id: int, path: str) -> Task:
    """The task of a clause as the database has it now."""
    app, _ = site
    with app.app_context():
        asked = select(Task).where(Task.plan_id == plan_id, Task.path == path)
        return db.session.scalars(asked).one()


def opened(context_of: ContextOf, plan_id: int) -> tuple[Page, list[str]]:
    """The page of the review, and what goes wrong on it."""
    page, faults = context_of("dieuphoi").new_page(), list[str]()
    listen(page, faults)
    page.goto(f"/plans/{plan_id}/review")
    return page, faults


def test_rows_open_save_and_close_from_the_keyboard(
    site: tuple[Flask, str], context_of: ContextOf, draft: int
) -> None:
    page, faults = opened(context_of, draft)
    rows = page.locator("#review-rows > li")
    for key, at in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(at).locator(".row-open")).to_be_focused()
    page.keyboard.press("x")
    expect(rows.nth(1).locator("[name=task]")).to_be_checked()
    rows.nth(1).locator(".row-open").focus()
    page.keyboard.press("Enter")
    expect(rows.nth(1).get_by_label("Nội dung nhiệm vụ")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Tờ trình")
    page.keyboard.press("Tab")  # leaving the field is enough
    expect(page.locator("#live")).to_contain_text("Đã lưu mục III.1.b.")
    assert stored(site, draft, "III.1.b").product == "Tờ trình"
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Dự thảo nghị quyết")
    page.keyboard.press("Escape")  # what was typed is stored before the row closes
    expect(rows.nth(1).locator("form")).to_have_count(0)
    expect(rows.nth(1).locator(".row-open")).to_be_focused()
    assert stored(site, draft, "III.1.b").product == "Dự thảo nghị quyết"
    assert not faults


def test_a_second_save_stands_on_the_first_without_a_conflict(
    site: tuple[Flask, str], context_of: ContextOf, draft: int
) -> None:
    page, faults = opened(context_of, draft)
    row = page.locator("#review-rows > li").nth(3)
    row.locator(".row-open").click()
    row.get_by_label("Sản phẩm").fill("Báo cáo")
    row.get_by_label("Thêm cơ quan").select_option(label="Sở Y tế")
    expect(row.get_by_label("Vai trò của Sở Y tế")).to_be_visible()
    row.get_by_label("Căn cứ, lý do của thời hạn").fill("Công văn 5")
    row.get_by_role("button", name="Lưu").click()
    expect(page.locator("#review-rows > li").nth(3)).to_contain_text("Sở Y tế")
    expect(row.locator(".conflict")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    saved = stored(site, draft, "III.1.d")
    assert (saved.product, saved.deadline_note) == ("Báo cáo", "Công văn 5")
    assert not faults


def test_the_enter_key_decides_nothing_by_itself(
    site: tuple[Flask, str], context_of: ContextOf, draft: int
) -> None:
    page, faults = opened(context_of, draft)
    row = page.locator("#review-rows > li").nth(6)
    row.locator(".row-open").click()
    row.get_by_label("Sản phẩm").fill("Kế hoạch chi tiết")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("Đã lưu mục III.1.g.")
    expect(row.get_by_role("button", name="Nhận đề xuất")).to_be_visible()
    page.locator(".selected summary").click()
    page.locator(".selected").get_by_label("Sản phẩm").fill("Báo cáo")
    page.keyboard.press("Enter")
    expect(page.locator(".selected .error")).to_have_count(0)
    assert stored(site, draft, "III.1.g").product == "Kế hoạch chi tiết"
    note = page.locator(".review-finding").first
    note.get_by_label("Ghi chú").fill("Đã hỏi")
    page.keyboard.press("Enter")
    expect(page.locator(".review-finding").first).to_contain_text("Đã ghi chú: Đã hỏi")
    assert not faults


def test_issuing_asks_in_a_dialog_that_can_be_left(context_of: ContextOf, draft: int) -> None:
    page, faults = opened(context_of, draft)
    page.get_by_role("link", name="Ban hành giao việc").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ban hành giao việc Kế hoạch 108/KH-UBND?")
    assert not Axe().run(page).response["violations"]
    dialog.get_by_role("link", name="Chưa, soát tiếp").click()
    expect(dialog).to_have_count(0)
    assert page.url.endswith("/review")
    assert not faults


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_review_is_sound_at_every_size(
    site: tuple[Flask, str], context_of: ContextOf, draft: int, theme: str
) -> None:
    page, faults = opened(context_of, draft)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site[1]}])
    page.reload()
    page.locator("#review-rows > li .row-open").nth(5).click()
    page.locator(".selected summary").click()
    expect(page.locator(".row-editor")).to_be_visible()
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{size}: {wide} px wide")
        for violation in Axe().run(page).response["violations"]:
            places = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
            faults.append(f"{size}: {violation['id']} at {places}")
    page.goto(f"/plans/{draft}/issue")
    faults += [v["id"] for v in Axe().run(page).response["violations"]]
    assert not faults


def test_words_that_were_not_saved_yet_come_back(
    site: tuple[Flask, str], context_of: ContextOf, draft: int
) -> None:
    context = context_of("dieuphoi")
    page = context.new_page()
    page.goto(f"/plans/{draft}/review")
    path = "III.1.h"
    row = page.locator("#review-rows > li").filter(has=page.get_by_label(f"Đánh dấu mục {path}"))
    row.locator(".row-open").click()
    product = row.get_by_label("Sản phẩm")
    product.press_sequentially("Báo cáo đang gõ dở")
    page.close()  # without leaving the field
    assert stored(site, draft, path).product != "Báo cáo đang gõ dở"
    page, faults = context.new_page(), list[str]()
    listen(page, faults)
    page.goto(f"/plans/{draft}/review")
    row = page.locator("#review-rows > li").filter(has=page.get_by_label(f"Đánh dấu mục {path}"))
    expect(row.locator(".draft")).to_contain_text("Báo cáo đang gõ dở")
    row.get_by_role("button", name="Dùng lại").click()
    expect(page.locator("#live")).to_contain_text(f"Đã lưu mục {path}.")
    expect(row.get_by_label("Sản phẩm")).to_have_value("Báo cáo đang gõ dở")
    expect(row.locator(".draft")).to_have_count(0)
    assert stored(site, draft, path).product == "Báo cáo đang gõ dở"
    assert page.evaluate("Object.keys(localStorage).length") == 0, "what is saved is forgotten"
    assert faults == []
