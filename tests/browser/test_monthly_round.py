"""The officer's monthly round in a browser: few keys, nothing typed is lost, nobody else sees it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from ntmtasks import sample
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, transaction
from ntmtasks.plans.queries import current_plan
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.service.posting import post_progress
from ntmtasks.tasks.rules import AssignmentRole, WorkState
from ntmtasks.tasks.service.drafts import NewAssignment, NewTask, add_by_hand
from tests.support.client import new_client

pytestmark = pytest.mark.browser
ContextOf = Callable[[str | None], BrowserContext]

TASKS = 20
MOST_KEYS = 6
"""Clicks and key presses a task beyond the typed text."""
OFFER = "Có bản nháp chưa lưu lúc"


@pytest.fixture(scope="module")
def round_site(site: tuple[Flask, str]) -> tuple[Flask, str]:
    """The site with two officers of one agency, who share 20 tasks; half have a report of last month."""
    app, _ = site
    with app.app_context(), transaction():
        agency = db.session.scalars(select(Agency).where(Agency.short_name == "Sở Y tế")).one()
        author, plan = accounts.user_by_name("dieuphoi"), current_plan()
        assert author is not None
        assert plan is not None
        for username in ("yte1", "yte2"):
            db.session.add(
                User(
                    username=username,
                    name=username,
                    role=Role.OFFICER,
                    agency=agency,
                    password_hash=author.password_hash,
                    created_at=real_now(),
                )
            )
        db.session.flush()
        officer = accounts.user_by_name("yte1")
        assert officer is not None
        for number in range(TASKS):
            new = NewTask("", "", f"Việc tháng {number}", deadline=date(2024, 11, 1 + number))
            owner = NewAssignment(agency, AssignmentRole.LEAD)
            work = add_by_hand(author, plan, new, [owner]).assignments[0]
            if number % 2:
                body = f"Kỳ trước của việc {number}"
                post_progress(officer, work, WorkState.IN_PROGRESS, 10, body, figure="3/36 xã")
    return site


def posted(app: Flask) -> int:
    """How many updates there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ProgressUpdate)) or 0


class Hands:
    """Whoever sits at a page; counts clicks and keys, but not what is typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, keys: str) -> None:
        """Press keys together; each counts."""
        self.count += len(keys.split("+"))
        self.page.keyboard.press(keys)

    def click(self, place: Locator) -> None:
        """One click."""
        self.count += 1
        place.click()

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.insert_text(text)


def body_of(row: Locator) -> Locator:
    """The text field of an open row."""
    return row.locator("textarea")


def row_of(page: Page, number: int) -> Locator:
    """The row of one of the tasks."""
    return page.locator(".work-row", has=page.get_by_text(f"Việc tháng {number}", exact=True))


def test_a_round_of_twenty_tasks_takes_at_most_six_keys_a_task(
    round_site: tuple[Flask, str], context_of: ContextOf
) -> None:
    app, _ = round_site
    page = context_of("yte1").new_page()
    page.goto("/my-work/")
    before, hands = posted(app), Hands(page)
    hands.click(page.get_by_role("link", name="Mở tất cả để cập nhật"))
    rows = page.locator(".work-row.is-open", has_text="Việc tháng")
    expect(rows).to_have_count(TASKS)
    for number in range(TASKS):
        row = row_of(page, number)
        expect(body_of(row)).to_be_focused()
        if number % 2:
            hands.press("F2")
            expect(body_of(row)).to_have_value(f"Kỳ trước của việc {number}")
        else:
            hands.type("Đã mở lớp ở các xã")
            hands.press("Tab")
            hands.type("24/36 xã")
            hands.press("Tab")
            hands.type("67")
        hands.press("Control+Enter")
        expect(row.locator(".work-form")).to_have_count(0)
    assert posted(app) == before + TASKS
    assert hands.count <= MOST_KEYS * TASKS, hands.count
    expect(row_of(page, 0)).to_contain_text("67 %")
    page.goto(row_of(page, 1).get_by_role("link").get_attribute("href") or "")
    expect(page.locator("#stream").get_by_text("3/36 xã")).to_have_count(2)


def test_several_rows_are_saved_in_one_go_and_the_wrong_one_stays(
    round_site: tuple[Flask, str], context_of: ContextOf
) -> None:
    page = context_of("yte1").new_page()
    page.goto("/my-work/")
    for number in (2, 4, 6):
        row_of(page, number).get_by_role("button", name="Cập nhật mục").click()
        body_of(row_of(page, number)).fill(f"Đẩy mạnh lần {number}" if number < 6 else "Đẩy mạnh")
    row_of(page, 4).get_by_label("Tiến độ (%)").fill("170")
    page.get_by_role("button", name="Lưu tất cả").click()
    expect(page.locator("#live")).to_contain_text("Đã lưu cập nhật tiến độ 2 việc. 1 việc chưa lưu")
    wrong = row_of(page, 4)
    expect(body_of(wrong)).to_have_value("Đẩy mạnh lần 4")
    expect(wrong.locator("[aria-invalid]")).to_be_focused()
    expect(wrong).to_contain_text("Tiến độ là số nguyên từ 0 đến 100.")
    expect(row_of(page, 6)).to_contain_text("có “đẩy mạnh” mà chưa có số liệu")
    expect(page.locator(".draft")).to_have_count(0)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("70")
    page.keyboard.press("Enter")
    expect(page.locator(".work-form")).to_have_count(0)
    expect(row_of(page, 4)).to_contain_text("70 %")
    assert page.evaluate("Object.keys(localStorage).length") == 0, "what is saved is forgotten"


def sign_in(page: Page, username: str, password: str) -> None:
    """Fill the page of signing in."""
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.locator("main button").first.click()


def test_what_is_typed_outlives_the_session_for_the_same_person_alone(
    round_site: tuple[Flask, str], context_of: ContextOf
) -> None:
    app, _ = round_site
    with app.app_context():
        password = sample.password() or ""
    context = context_of("yte1")
    page = context.new_page()
    page.goto("/my-work/")
    row_of(page, 8).get_by_role("button", name="Cập nhật mục").click()
    body_of(row_of(page, 8)).fill("Gõ lâu đến mức hết phiên")
    context.clear_cookies(name="ntmtasks")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/login?next=**")

    sign_in(page, "yte2", password)
    page.wait_for_url("**/my-work/")
    expect(row_of(page, 8)).to_be_visible()
    page.wait_for_timeout(300)
    assert page.get_by_text(OFFER).count() == 0, "another person finds nothing"

    context.clear_cookies(name="ntmtasks")
    page.goto("/login")
    sign_in(page, "yte1", password)
    row = row_of(page, 8)
    expect(row).to_contain_text(OFFER)
    row.get_by_role("button", name="Dùng lại").click()
    expect(body_of(row)).to_have_value("Gõ lâu đến mức hết phiên")
    expect(body_of(row)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#live")).to_contain_text("Đã lưu")
    page.reload()
    expect(row_of(page, 8)).to_be_visible()
    assert page.get_by_text(OFFER).count() == 0


def test_what_is_typed_outlives_a_dropped_network_and_ends_at_logout(
    round_site: tuple[Flask, str], context_of: ContextOf
) -> None:
    app, _ = round_site
    context = context_of("yte1")
    page = context.new_page()
    page.goto("/my-work/")
    row = row_of(page, 10)
    row.get_by_role("button", name="Cập nhật mục").click()
    body_of(row).fill("Gõ lúc mất mạng")
    before = posted(app)
    context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#live")).to_contain_text("Không gửi được vì mất kết nối")
    expect(body_of(row)).to_have_value("Gõ lúc mất mạng")
    context.set_offline(False)
    page.keyboard.press("Control+Enter")
    expect(row.locator(".work-form")).to_have_count(0)
    assert posted(app) == before + 1

    row.get_by_role("button", name="Cập nhật mục").click()
    body_of(row).fill("Bỏ dở")
    page.reload()
    expect(row).to_contain_text("Bỏ dở")
    row.get_by_role("button", name="Bỏ", exact=True).click()
    page.reload()
    expect(row).to_be_visible()
    assert page.get_by_text(OFFER).count() == 0
    row.get_by_role("button", name="Cập nhật mục").click()
    body_of(row).fill("Còn dở lúc đăng xuất")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.locator(".person summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/login")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_round_works_without_javascript(
    round_site: tuple[Flask, str], browser: Browser
) -> None:
    app, origin = round_site
    context = browser.new_context(base_url=origin, java_script_enabled=False)
    cookie = new_client(app, "yte2").get_cookie("ntmtasks")
    assert cookie is not None
    context.add_cookies([{"name": "ntmtasks", "value": cookie.value, "url": origin}])
    page, before = context.new_page(), posted(app)
    page.goto("/my-work/")
    row_of(page, 11).get_by_role("button", name="Cập nhật mục").click()
    body_of(row_of(page, 11)).fill("Lần một")
    row_of(page, 13).get_by_role("button", name="Cập nhật mục").click()
    assert body_of(row_of(page, 11)).input_value() == "Lần một"
    row_of(page, 13).get_by_role("button", name="Dùng lại nội dung kỳ trước").click()
    assert body_of(row_of(page, 13)).input_value() == "Kỳ trước của việc 13"
    row_of(page, 13).get_by_label("Tiến độ (%)").fill("101")
    page.get_by_role("button", name="Lưu tất cả").click()
    expect(row_of(page, 13)).to_contain_text("Tiến độ là số nguyên từ 0 đến 100.")
    assert row_of(page, 11).locator("textarea").count() == 0
    row_of(page, 13).get_by_label("Tiến độ (%)").fill("55")
    row_of(page, 13).get_by_label("Tiến độ (%)").press("Enter")
    expect(page.locator(".flash")).to_contain_text("Đã lưu cập nhật tiến độ.")
    expect(row_of(page, 13)).to_contain_text("55 %")
    assert posted(app) == before + 2
    context.close()
