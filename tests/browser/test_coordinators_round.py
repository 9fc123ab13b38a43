"""The coordinator's round on *Chờ tôi quyết định*: every kind of decision, with JavaScript off and on."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.rules.asks import ExplanationState, ExtensionState
from ntmtasks.progress.service import answering
from ntmtasks.sample import SAMPLE_DAY
from ntmtasks.tasks.rules import WorkState
from tests.support.client import new_client
from tests.support.work import of, somebody

pytestmark = pytest.mark.browser
PageOf = Callable[..., Page]

CONFIRMED = ("III.9.a.-1", "Sở KH&ĐT")
RETURNED = ("IV.4.-1", "Hội LHPN")
GIVEN_BACK = ("IV.5.-3", "UBND huyện Thới Lai")
REASSIGNED = ("III.8.-4", "Sở NN&PTNT")


@pytest.fixture
def page_of(browser: Browser, fresh_site: tuple[Flask, str]) -> PageOf:
    """`page_of("dieuphoi", scripts=False)`: a window of this person, on a site of its own."""
    app, origin = fresh_site

    def make(username: str, scripts: bool) -> Page:
        context = browser.new_context(base_url=origin, java_script_enabled=scripts)
        cookie = new_client(app, username).get_cookie("ntmtasks")
        assert cookie is not None
        context.add_cookies([{"name": "ntmtasks", "value": cookie.value, "url": origin}])
        return context.new_page()

    return make


def refuse(app: Flask) -> None:
    """Two agencies refuse work."""
    with app.app_context():
        clock.freeze(SAMPLE_DAY)
        answering.refuse(somebody("thoilai"), of(*GIVEN_BACK), "Không thuộc huyện")
        answering.refuse(somebody("daumoi"), of(*REASSIGNED), "Thuộc Báo Cần Thơ")
        db.session.remove()
        clock.freeze(None)


def row(page: Page, path: str, words: str = "") -> Locator:
    """The row of a clause among what waits."""
    return (
        page.locator("li.decide, .decisions > li")
        .filter(has_text=words)
        .filter(has=page.locator("a b", has_text=path))
    )


def told(page: Page, words: str, scripts: bool) -> None:
    """The answer says what was done, and the page is still the one of what waits."""
    expect(page.locator("#live" if scripts else ".flash")).to_contain_text(words)
    assert page.url.endswith("/waiting/")


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "in place"])
def test_every_kind_of_decision_is_taken_where_it_waits(
    fresh_site: tuple[Flask, str], page_of: PageOf, scripts: bool
) -> None:
    app, _ = fresh_site
    refuse(app)
    page = page_of("dieuphoi", scripts=scripts)
    page.goto("/waiting/")

    row(page, CONFIRMED[0]).get_by_role("button", name="Xác nhận hoàn thành").click()
    told(page, "Đã xác nhận hoàn thành.", scripts)

    returned = row(page, RETURNED[0])
    returned.get_by_text("Trả lại", exact=True).first.click()
    returned.get_by_role("button", name="Trả lại").click()
    expect(page.get_by_text("Hãy ghi lý do.")).to_be_visible()
    page.get_by_role("textbox", name="Lý do").fill("Chưa có số liệu")
    page.get_by_role("button", name="Trả lại").locator("visible=true").click()
    told(page, "Đã trả lại để thực hiện lại.", scripts)

    back = row(page, GIVEN_BACK[0])
    expect(back).to_contain_text("Không thuộc huyện")
    back.get_by_text("Giao lại", exact=True).first.click()
    back.get_by_role("textbox", name="Lý do").fill("Thuộc địa bàn huyện")
    back.get_by_role("button", name="Giao lại").click()
    told(page, "Đã giao lại.", scripts)

    moved = row(page, REASSIGNED[0], "Thuộc Báo Cần Thơ")
    moved.get_by_text("Giao cơ quan khác", exact=True).first.click()
    moved.get_by_role("combobox", name="Cơ quan").select_option(label="Báo Cần Thơ")
    moved.get_by_role("textbox", name="Lý do").fill("Đúng lĩnh vực")
    moved.get_by_role("button", name="Giao cơ quan khác").click()
    told(page, "Đã giao cơ quan khác.", scripts)

    page.get_by_role("button", name="Duyệt gia hạn").click()
    told(page, "Đã duyệt gia hạn.", scripts)

    page.get_by_role("button", name="Chấp nhận giải trình").click()
    told(page, "Đã chấp nhận giải trình.", scripts)

    difficulty = page.locator("[id^=difficulty-]")
    difficulty.get_by_text("Tiếp nhận, tổng hợp", exact=True).first.click()
    difficulty.get_by_role("textbox", name="Ý kiến của cơ quan tổng hợp").fill("Sở đã có ý kiến")
    difficulty.get_by_role("button", name="Tiếp nhận, tổng hợp").click()
    told(page, "Đã lưu: Sở NN&PTNT tổng hợp.", scripts)
    expect(difficulty).to_contain_text("Sở đã có ý kiến")

    page.goto("/waiting/")
    expect(page.get_by_text("Không có việc nào chờ bạn quyết định")).to_be_visible()
    with app.app_context():
        assert of(*CONFIRMED).work_state is WorkState.DONE
        assert of(*RETURNED).work_state is WorkState.RETURNED
        assert of(*GIVEN_BACK).work_state is WorkState.ASSIGNED
        assert of(REASSIGNED[0], "Báo Cần Thơ").work_state is WorkState.ASSIGNED
        extension = db.session.scalars(select(DeadlineExtension)).one()
        assert extension.state is ExtensionState.GRANTED
        accepted = ExplanationRequest.state == ExplanationState.ACCEPTED
        assert len(db.session.scalars(select(ExplanationRequest).where(accepted)).all()) == 1
        found = db.session.scalars(select(Escalation)).one()
        assert found.state is EscalationState.CONSOLIDATED
        db.session.remove()


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "in place"])
def test_a_difficulty_climbs_from_hand_to_hand(page_of: PageOf, scripts: bool) -> None:
    steps = (
        ("daumoi", "Tiếp nhận, tổng hợp", "Ý kiến của cơ quan tổng hợp", "Sở NN&PTNT tổng hợp"),
        ("daumoi", "Ghi nhận đã trình", "Nội dung đề nghị", "đã trình UBND thành phố"),
        ("lanhdao", "Ghi kết luận", "Kết luận", "có kết luận"),
        ("thoilai", "Đã gỡ xong", "Kết quả tháo gỡ", "đã gỡ"),
    )
    for who, press, field, done in steps:
        page = page_of(who, scripts=scripts)
        page.goto("/my-work/")
        page.locator("nav.side").get_by_role("link", name="Chờ tôi quyết định").click()
        difficulty = page.locator("[id^=difficulty-]")
        difficulty.get_by_text(press, exact=True).first.click()
        difficulty.get_by_role("textbox", name=field).fill(f"Nội dung của {who}")
        difficulty.get_by_role("textbox", name="Văn bản (số, ngày)").fill("12/TTr-SNN")
        difficulty.get_by_role("button", name=press).click()
        told(page, f"Đã lưu: {done}.", scripts)


def test_a_long_report_opens_in_place_without_scripts(
    fresh_site: tuple[Flask, str], page_of: PageOf
) -> None:
    app, _ = fresh_site
    with app.app_context():
        work = of(*CONFIRMED)
        update = db.session.scalars(
            select(ProgressUpdate).where(ProgressUpdate.assignment_id == work.id)
        ).one()
        update.body = "Đã mở lớp tại các xã. " * 20 + "Hết."
        db.session.commit()
        db.session.remove()
    page = page_of("dieuphoi", scripts=False)
    page.goto("/waiting/")
    report = row(page, CONFIRMED[0]).locator(".reported")
    expect(report.get_by_text("Hết.")).to_be_hidden()
    report.get_by_text("xem thêm").click()
    expect(report.get_by_text("Hết.")).to_be_visible()
    expect(report.get_by_text("thu gọn")).to_be_visible()
