"""The page behind a guest link: on a phone, with scripts off, and sound in both themes."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect

from ntmtasks.core.db import db
from ntmtasks.progress.service import guests
from tests.browser.test_every_page import SIZES, listen
from tests.support.work import of, somebody

pytestmark = pytest.mark.browser
WORK = ("IV.4.-1", "Hội Nông dân")
PHONE = {"width": 390, "height": 844}
PDF = {"name": "báo cáo.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 "}


def new_link(app: Flask) -> str:
    """The path of a fresh guest link."""
    with app.app_context():
        work, maker = of(*WORK), somebody("dieuphoi")
        path = guests.make(maker, work, "Hội xã", 14, lambda token: f"/guest/{token}")
        db.session.remove()
        return path


def test_a_commune_reports_with_a_file_on_a_phone_without_scripts(
    site: tuple[Flask, str], browser: Browser
) -> None:
    app, address = site
    context = browser.new_context(
        base_url=address, locale="vi-VN", java_script_enabled=False, viewport=PHONE
    )
    page = context.new_page()
    page.goto(new_link(app))
    expect(page.locator("h1")).to_have_text("Báo tiến độ mục IV.4.-1")
    page.get_by_label("Họ và tên người báo").fill("Trần Thị Sáu")
    page.get_by_label("Nội dung").fill("Đã vận động 12 hộ")
    page.get_by_label("Tệp minh chứng").set_input_files([PDF])
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator(".error")).to_have_text(["Hãy ghi chức vụ, đơn vị để cơ quan biết ai báo."])
    expect(page.get_by_label("Nội dung")).to_have_value("Đã vận động 12 hộ")
    page.get_by_label("Chức vụ, đơn vị").fill("Phó Chủ tịch Hội")
    page.get_by_label("Tiến độ (%)").fill("45")
    page.get_by_label("Tệp minh chứng").set_input_files([PDF])
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã nhận. Cảm ơn Trần Thị Sáu.")
    told = page.get_by_role("region", name="Đã báo qua liên kết khách")
    expect(told).to_contain_text("Trần Thị Sáu, Phó Chủ tịch Hội")
    expect(told).to_contain_text("báo cáo.pdf")
    assert page.get_by_role("link").count() == 0
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("living", [True, False])
def test_the_page_is_sound(
    site: tuple[Flask, str],
    context_of: Callable[[str | None], BrowserContext],
    theme: str,
    living: bool,
) -> None:
    app, origin = site
    context = context_of(None)
    context.add_cookies([{"name": "theme", "value": theme, "url": origin}])
    page, faults = context.new_page(), []
    listen(page, faults)
    answer = page.goto(new_link(app) if living else "/guest/nowhere")
    assert answer is not None
    assert answer.status == (200 if living else 404)
    if living:
        page.get_by_role("button", name="Gửi").click()  # the messages must be readable too
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{size}: {wide} px wide")
        for violation in Axe().run(page).response["violations"]:
            places = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
            faults.append(f"{size}: {violation['id']} at {places}")
    assert [f for f in faults if "console" not in f or "status of 4" not in f] == []


def test_a_link_is_made_and_revoked_in_place(
    site: tuple[Flask, str], context_of: Callable[[str | None], BrowserContext]
) -> None:
    app, _ = site
    with app.app_context():
        task_id = of(*WORK).task_id
        db.session.remove()
    page = context_of("dieuphoi").new_page()
    page.goto(f"/tasks/{task_id}")
    panel = page.locator(f"#guest-links-{task_id}")
    panel.get_by_role("link", name="Liên kết khách").click()
    panel.get_by_label("Cấp cho (người, đơn vị)").fill("Trạm y tế xã")
    panel.get_by_role("button", name="Cấp liên kết khách").click()
    field = panel.get_by_label("Liên kết mới, chỉ hiện một lần; hãy chép và gửi ngay:")
    expect(field).to_be_visible()
    assert "/guest/" in field.input_value()
    for violation in Axe().run(page).response["violations"]:
        raise AssertionError(violation["id"])
    page.reload()
    panel.get_by_role("link", name="Liên kết khách").click()
    expect(panel).to_contain_text("Trạm y tế xã")
    panel.get_by_role("button", name="Thu hồi liên kết cấp cho Trạm y tế xã").click()
    page.get_by_role("button", name="Đồng ý").click()
    expect(panel).to_contain_text("đã thu hồi")
