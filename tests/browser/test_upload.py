"""The upload page in a real browser: the button while reading, the file that stays chosen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from ntmtasks import paths

pytestmark = pytest.mark.browser
PLAN = paths.CHECKOUT / "tests" / "plans" / "sao-mai-15.txt"
SAMPLE = paths.DATA / "108-kh-ubnd.txt"

ContextOf = Callable[[str | None], BrowserContext]


def opened(context_of: ContextOf) -> Page:
    page = context_of("dieuphoi").new_page()
    page.goto("/plans/new")
    return page


def chosen(page: Page) -> str:
    """Name of the file that the browser holds."""
    return str(page.locator("#file").evaluate("input => input.files[0]?.name ?? ''"))


def test_the_button_says_that_it_reads_and_takes_no_second_press(context_of: ContextOf) -> None:
    page, sent = opened(context_of), []

    def slowly(route: Route) -> None:
        sent.append(route.request.method)
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/plans/new", slowly)
    page.set_input_files("#file", SAMPLE)
    button = page.locator("#upload-form .btn-primary")
    expect(button).to_have_text("Đọc kế hoạch", use_inner_text=True)
    button.click()
    expect(page.locator("#upload-form")).to_have_attribute("aria-busy", "true")
    expect(button).to_have_text("Đang đọc…", use_inner_text=True)
    button.click()
    expect(page.locator("#upload-form [role=alert]")).to_contain_text("đã được đưa vào")
    assert sent == ["POST"]


def test_the_file_stays_chosen_while_a_question_is_answered(context_of: ContextOf) -> None:
    page = opened(context_of)
    page.set_input_files("#file", SAMPLE)
    page.click("#upload-form .btn-primary")
    question = page.get_by_label("Vẫn đưa vào thành kế hoạch riêng")
    expect(question).to_be_focused()
    question.check()
    assert chosen(page) == SAMPLE.name
    page.click("#upload-form .btn-primary")
    page.wait_for_url(re.compile(r"/plans/\d+"))


def test_a_file_that_cannot_be_read_is_let_go_and_the_year_stays(
    context_of: ContextOf, tmp_path: Path
) -> None:
    picture = tmp_path / "ảnh.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    page = opened(context_of)
    page.set_input_files("#file", picture)
    page.fill("#year", "2031")
    page.click("#upload-form .btn-primary")
    expect(page.locator("#file-error")).to_be_visible()
    expect(page.locator("#file")).to_be_focused()
    assert chosen(page) == ""
    assert page.input_value("#year") == "2031"
    page.set_input_files("#file", PLAN)
    page.click("#upload-form .btn-primary")
    page.wait_for_url(re.compile(r"/plans/\d+"))


def test_a_file_over_the_limit_does_not_travel(context_of: ContextOf, tmp_path: Path) -> None:
    big = tmp_path / "to.txt"
    big.write_bytes(b"a" * (20 * 2**20 + 1))
    page, sent = opened(context_of), []
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files("#file", big)
    page.click("#upload-form .btn-primary")
    assert "Tệp lớn quá 20 MB" in page.locator("#file").evaluate("i => i.validationMessage")
    assert "POST" not in sent
    page.set_input_files("#file", SAMPLE)
    page.click("#upload-form .btn-primary")
    expect(page.locator("#upload-form [role=alert]")).to_contain_text("đã được đưa vào")


def test_the_page_works_without_scripts(context_of: ContextOf) -> None:
    context = context_of("dieuphoi")
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto("/plans/new")
    page.set_input_files("#file", SAMPLE)
    page.click("#upload-form .btn-primary")
    expect(page.get_by_text("hãy chọn lại")).to_be_visible()
    assert chosen(page) == ""
