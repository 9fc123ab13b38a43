"""The bell of an open page: ever more rarely while nothing is new, never in a hidden tab."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Request, expect

from ntmtasks.accounts.queries.people import user_by_name
from ntmtasks.outbox import service
from tests.support.client import new_client

pytestmark = pytest.mark.browser
ContextOf = Callable[[str | None], BrowserContext]


class Watched:
    """A page whose clock stands, and the moments (s) at which its bell asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.now = 0
        self.asked: list[int] = []
        self.answered = 0
        page.on("request", lambda r: self.asked.append(self.now) if "/bell/new" in r.url else None)
        page.on("requestfinished", self._answer)
        page.clock.install()
        page.goto("/my-work/")

    def spend(self, seconds: int, step: int = 10) -> list[int]:
        """Let time pass; when the bell asked meanwhile."""
        before = len(self.asked)
        for _ in range(seconds // step):
            self.now += step
            self.page.clock.run_for(step * 1000)
            self._settle()
        return self.asked[before:]

    def _answer(self, request: Request) -> None:
        self.answered += "/bell/new" in request.url

    def _settle(self) -> None:
        """Let the server answer: its clock does not stand, and htmx keeps one question under way."""
        self.page.evaluate("0")
        while self.answered < len(self.asked):
            self.page.wait_for_timeout(5)

    def hide(self, is_hidden: bool) -> None:
        """Put the tab behind another one, or in front again."""
        self.page.evaluate(
            "(hidden) => { Object.defineProperty(document, 'hidden',"
            " { configurable: true, get: () => hidden });"
            " document.dispatchEvent(new Event('visibilitychange')); }",
            is_hidden,
        )
        self._settle()


def test_it_asks_ever_more_rarely_up_to_five_minutes(context_of: ContextOf) -> None:
    asked = Watched(context_of("chuyenvien").new_page()).spend(1500)
    assert asked == [20, 60, 140, 300, 600, 900, 1200, 1500]


def test_news_are_shown_and_make_it_ask_soon_again(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    app, _ = site
    watched = Watched(context_of("vhttdl").new_page())
    assert watched.spend(320) == [20, 60, 140, 300]
    with app.app_context():
        person = user_by_name("vhttdl")
        assert person is not None
        service.notify(person.id, "returned", "Trả lại", "Tin mới", "/my-work/")
    assert watched.spend(290) == [600]
    expect(watched.page.locator("#bell b")).to_be_visible()
    assert watched.spend(40), "without news it would have asked at 900"


def test_a_hidden_tab_is_silent_and_asks_at_once_when_seen_again(context_of: ContextOf) -> None:
    watched = Watched(context_of("daumoi").new_page())
    watched.hide(True)
    assert watched.spend(1200, step=60) == []
    watched.hide(False)
    watched.spend(40)
    assert watched.asked == [1200, 1220]


def test_the_number_is_there_without_javascript(
    site: tuple[Flask, str], context_of: ContextOf
) -> None:
    app, origin = site
    with app.app_context():
        person = user_by_name("thoilai")
        assert person is not None
        service.notify(person.id, "returned", "Trả lại", "Tin mới", "/my-work/")
    browser = context_of(None).browser
    assert browser is not None
    context = browser.new_context(base_url=origin, java_script_enabled=False)
    cookie = new_client(app, "thoilai").get_cookie("ntmtasks")
    assert cookie is not None
    context.add_cookies([{"name": "ntmtasks", "value": cookie.value, "url": origin}])
    page = context.new_page()
    page.goto("/plans/")
    expect(page.locator("#bell b")).to_be_visible()
    context.close()


def test_the_banner_about_mails_stands_at_once(context_of: ContextOf) -> None:
    page = context_of("dieuphoi").new_page()
    page.clock.install()  # no time passes
    page.goto("/tasks/")
    expect(page.get_by_role("alert")).to_contain_text("không hoạt động")  # no worker has ever run
