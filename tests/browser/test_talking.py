"""Comments as they are typed: names offered behind an @; files judged before they are sent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.tasks.models import Task
from tests.support.client import new_client

pytestmark = pytest.mark.browser
ContextOf = Callable[[str | None], BrowserContext]


def address_of(app: Flask, path: str) -> str:
    """The page of a task."""
    with app.app_context():
        return f"/tasks/{db.session.scalars(select(Task.id).where(Task.path == path).order_by(Task.id).limit(1)).one()}"


def test_a_name_is_chosen_from_the_keyboard_and_marked(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    page = context_of("chuyenvien").new_page()
    page.goto(address_of(site[0], "III.1.d"))
    text = page.locator("#comment-body")
    text.press_sequentially("Nhờ @van phong")
    options = page.locator("#mentions [role=option]")
    expect(options.first).to_be_visible()
    assert text.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    text.press("ArrowDown")
    text.press("ArrowUp")
    name = options.first.get_attribute("data-mention")
    text.press("Enter")
    expect(options).to_have_count(0)
    assert text.input_value() == f"Nhờ @{name} "
    text.press_sequentially("xem https://a.vn/b và @daumo")
    expect(options).to_have_count(1)
    text.press("Escape")
    expect(options).to_have_count(0)
    text.press_sequentially("i")
    expect(options).to_have_count(1)
    text.press("Escape")
    text.press("Control+Enter")
    entry = page.locator("#stream > ol > li").first
    expect(entry.locator(".mention").first).to_have_text(f"@{name}")
    expect(entry.locator(".mention").nth(1)).to_have_text("@daumoi")
    expect(entry.locator(".body").get_by_role("link")).to_have_attribute("href", "https://a.vn/b")
    expect(page.locator("#live")).to_contain_text("đã báo")

    entry.get_by_text("Sửa, rút (trong 15 phút)").click()
    entry.get_by_label("Sửa ý kiến").fill("Lời khác")
    entry.get_by_role("button", name="Lưu ý kiến").click()
    expect(entry).to_contain_text("đã sửa")
    entry.get_by_text("Sửa, rút (trong 15 phút)").click()
    entry.get_by_role("button", name="Rút ý kiến").click()
    page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()
    expect(entry).to_contain_text("đã rút")
    expect(entry).not_to_contain_text("Lời khác")


def test_a_name_typed_without_javascript_is_marked_as_well(
    site: tuple[Flask, str], browser: Browser
) -> None:
    app, origin = site
    context = browser.new_context(base_url=origin, java_script_enabled=False)
    cookie = new_client(app, "dieuphoi").get_cookie("ntmtasks")
    assert cookie is not None
    context.add_cookies([{"name": "ntmtasks", "value": cookie.value, "url": origin}])
    page = context.new_page()
    page.goto(address_of(app, "III.1.d"))
    page.locator("#comment-body").fill("Đề nghị @sở nn&ptnt báo cáo")
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.locator(".flash")).to_contain_text("đã báo Sở NN&PTNT")
    expect(page.locator("#stream .mention").first).to_have_text("@sở nn&ptnt")
    page.get_by_text("Sửa, rút (trong 15 phút)").first.click()
    page.get_by_label("Sửa ý kiến").first.fill("Đề nghị báo cáo")
    page.get_by_role("button", name="Lưu ý kiến").first.click()
    expect(page.locator("#stream > ol > li").first).to_contain_text("đã sửa")
    context.close()


def test_a_file_that_is_too_big_stays_here_with_a_sentence(
    site: tuple[Flask, str], context_of: ContextOf, tmp_path: Path
) -> None:
    big = tmp_path / "to.pdf"
    with big.open("wb") as file:
        file.write(b"%PDF-1.4")
        file.truncate(21 * 2**20)
    small = tmp_path / "vừa.pdf"
    small.write_bytes(b"%PDF-1.4")
    page = context_of("chuyenvien").new_page()
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    page.goto(address_of(site[0], "III.1.d"))
    page.locator("#cap-nhat summary").click()
    page.locator("#progress-body").fill("Chữ đã gõ")
    page.set_input_files("#progress-files", str(big))
    expect(page.locator("#progress-files-size")).to_contain_text("Có tệp lớn hơn 20 MB")
    page.locator("#cap-nhat summary").click()
    page.get_by_role("button", name="Cập nhật tiến độ").click()
    expect(page.locator("#progress-files-size")).to_be_visible()  # its part has opened again
    assert sent == []
    page.set_input_files("#progress-files", str(small))
    expect(page.locator("#progress-files-size")).to_have_count(0)
    page.get_by_role("button", name="Cập nhật tiến độ").click()
    expect(page.locator("#evidence")).to_contain_text("vừa.pdf")
    assert len(sent) == 1
