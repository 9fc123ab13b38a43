"""The log of a process goes to where its standard error leads now."""

import io
import sys
from collections.abc import Iterator

import pytest
import structlog

from ntmtasks.core import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_closed_standard_error_of_earlier_keeps_no_event_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log, earlier, now = structlog.get_logger(), io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", earlier)
    logs.configure()
    log.info("first")
    monkeypatch.setattr(sys, "stderr", now)
    earlier.close()
    log.info("second")
    assert "event='second'" in now.getvalue()
