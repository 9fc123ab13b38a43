"""One chromium, and the application on the SQLite sample behind a real socket."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from werkzeug.serving import make_server

from ntmtasks.app import create_app
from tests.support import databases
from tests.support.client import new_client

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, started once."""
    program = shutil.which("chromium")
    if program is None:
        databases.unavailable("chromium is not installed")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        expect.set_options(timeout=20_000)  # two browsers and two servers share a small machine
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The application and its address on 127.0.0.1."""
    with served(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def fresh_site(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """The same for one test alone, on an untouched sample."""
    with served(tmp_path) as found:
        yield found


@contextmanager
def served(folder: Path) -> Iterator[tuple[Flask, str]]:
    """The application on a copy of the sample, behind a socket."""
    with databases.sample_instance("sqlite", folder) as config:
        app = create_app(replace(config, base_url="http://127.0.0.1"))
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield app, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def context_of(
    browser: Browser, site: tuple[Flask, str]
) -> Iterator[Callable[[str | None], BrowserContext]]:
    """`context_of("dieuphoi")`: a browser window of this person; None for nobody."""
    app, address = site
    contexts: list[BrowserContext] = []

    def make(username: str | None) -> BrowserContext:
        context = browser.new_context(base_url=address, locale="vi-VN")
        contexts.append(context)
        if username is not None:
            cookie = new_client(app, username).get_cookie("ntmtasks")
            assert cookie is not None
            context.add_cookies([{"name": "ntmtasks", "value": cookie.value, "url": address}])
        return context

    yield make
    for context in contexts:
        context.close()
