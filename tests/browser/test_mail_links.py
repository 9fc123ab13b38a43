"""The links of a reminder lead to their row, through the login page."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from ntmtasks import sample
from ntmtasks.core import clock
from ntmtasks.reminders.mails import digest_letter
from ntmtasks.reminders.queries.planning import plan_day

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("username", ["thoilai", "dieuphoi"])
def test_each_link_lands_on_its_row_after_login(
    username: str, site: tuple[Flask, str], context_of: Callable[[str | None], BrowserContext]
) -> None:
    app, _ = site
    with app.app_context():
        clock.freeze(date(2024, 11, 14))
        password = sample.password() or ""
        [digest] = [
            d
            for d in plan_day(date(2024, 11, 14))
            if d.recipient.address == f"{username}@example.invalid"
        ]
    urls = [line.item.url for line in digest.lines]
    page = context_of(None).new_page()
    page.emulate_media(reduced_motion="reduce")  # a link's scrolling would run into the next one's
    page.goto(urls[0])
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Đăng nhập").click()
    for url in urls:
        if url != urls[0]:
            page.goto(url)
        assert page.url.endswith(url)
        row = url.partition("#")[2]
        if row:
            expect(page.locator(f"#{row}")).to_be_in_viewport()
        else:
            assert url.startswith("/reports/")
            expect(page.locator("h1")).to_be_visible()


def test_a_mail_fits_a_phone(
    site: tuple[Flask, str], context_of: Callable[[str | None], BrowserContext]
) -> None:
    app, _ = site
    with app.app_context():
        clock.freeze(date(2024, 11, 14))
        letters = [digest_letter(digest) for digest in plan_day(date(2024, 11, 14))]
    page = context_of(None).new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    for letter in letters:
        page.set_content(letter.html)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.inner_text("body").startswith("Có ")
