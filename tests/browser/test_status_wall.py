"""A status page on paper and on the wall: one sheet; blocks take turns, and a lost network leaves the last
good numbers."""

from datetime import timedelta

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.oversight.models import StatusPage
from ntmtasks.oversight.rules.status import Block, SubjectKind
from ntmtasks.oversight.service import status_pages as service
from ntmtasks.oversight.service.status_pages import Showing
from ntmtasks.plans.models import Plan
from tests.browser.test_every_page import listen
from tests.support.work import somebody

pytestmark = pytest.mark.browser
WALL = {"width": 1920, "height": 1080}
SHOWN = tuple(Block)


def test_blocks_take_turns_and_what_is_lost_says_how_old_it_is(
    site: tuple[Flask, str], browser: Browser
) -> None:
    app, address = site
    with app.app_context():
        coordinator = somebody("dieuphoi")
        plan = db.session.scalars(select(Plan.id).order_by(Plan.id).limit(1)).one()
        token = service.make(coordinator, (SubjectKind.PLAN, plan), Showing("Bảng", SHOWN, 7))
        number = db.session.scalars(
            select(StatusPage.id).order_by(StatusPage.id.desc()).limit(1)
        ).one()
        db.session.remove()
    context = browser.new_context(base_url=address, locale="vi-VN", viewport=WALL)
    page, faults = context.new_page(), []
    listen(page, faults)
    page.clock.install()
    page.goto(f"/status/{token}?wall=1")
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as paper:
        assert len(paper) == 1
    counters, ages = (page.locator(f"[data-block={block}]") for block in SHOWN[:2])
    expect(counters).to_be_visible()
    expect(ages).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
    faults += [v["id"] for v in Axe().run(page).response["violations"]]
    page.clock.fast_forward(15_000)
    expect(ages).to_be_visible()
    expect(counters).to_be_hidden()
    assert faults == []

    def lose(route: Route) -> None:
        route.abort()

    page.route("**/status/**", lose)
    page.clock.fast_forward(60_000)
    age = page.locator("#age")
    expect(age).to_contain_text("Mất kết nối, đang thử lại. Số liệu lúc ")
    page.clock.fast_forward(int(timedelta(minutes=11).total_seconds() * 1000))
    expect(age).to_contain_text("cách đây 12 phút.")
    expect(page.locator("[data-block]:visible")).to_have_count(1)

    with app.app_context():
        found = db.session.get_one(StatusPage, number)
        service.change(somebody("dieuphoi"), found, Showing("Bảng mới", SHOWN[:1], 0))
        db.session.remove()
    page.unroute("**/status/**", lose)
    page.clock.fast_forward(60_000)
    expect(page.locator("h1")).to_have_text("Bảng mới")
    expect(age).not_to_contain_text("Mất kết nối")
    expect(page.locator("[data-block]")).to_have_count(1)

    with app.app_context():
        service.revoke(somebody("dieuphoi"), db.session.get_one(StatusPage, number))
        db.session.remove()
    page.clock.fast_forward(60_000)
    expect(page.locator("[data-block]")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("Không có trang này, hoặc bạn không có quyền xem.")
    context.close()
