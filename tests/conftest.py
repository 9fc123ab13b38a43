"""What all tests share: the sample on both databases, people who are signed in, a query counter."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from ntmtasks.core import clock
from ntmtasks.core.db import db
from tests.support import databases
from tests.support.client import Client, new_client

SAMPLE_DAY = date(2024, 11, 14)


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers of this run share."""
    config.stash[OWNS_RUN] = databases.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run is the last to leave."""
    if config.stash.get(OWNS_RUN, False):
        databases.end_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.get_closest_marker("lengthy") is None)


OWNS_RUN = pytest.StashKey[bool]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what was skipped and why, each reason once."""
    reasons = Counter(
        str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for report in terminalreporter.stats.get("skipped", ())
    )
    if reasons:
        terminalreporter.section("SKIPPED", red=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"{count} × {reason.removeprefix('Skipped: ')}", red=True)


@pytest.fixture(params=databases.ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the database engine; whatever uses it runs on each."""
    return str(request.param)


@pytest.fixture
def app(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the sample, its context pushed, today = 14/11/2024."""
    fresh = request.node.get_closest_marker("fresh_database") is not None
    with (
        databases.sample_instance(engine, tmp_path, fresh) as config,
        databases.application(engine, config) as app,
    ):
        clock.freeze(SAMPLE_DAY)
        yield app
        clock.freeze(None)


@pytest.fixture
def client_of(app: Flask) -> Callable[[str], Client]:
    """`client_of("dieuphoi")`: a browser in which this person is signed in."""
    return lambda username: new_client(app, username)


@pytest.fixture
def outsider(app: Flask) -> Client:
    """A browser in which nobody is signed in."""
    return new_client(app)


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as sql:` collects the SQL that runs within, for counting."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return collect
