"""Who has not been heard of."""

from datetime import date, timedelta

import pytest

from ntmtasks.progress.rules.silence import is_silent
from ntmtasks.tasks.rules import WorkState

TODAY = date(2024, 11, 14)


@pytest.mark.parametrize(
    ("state", "days", "silent"),
    [
        (WorkState.ASSIGNED, None, True),
        (WorkState.IN_PROGRESS, 29, False),
        (WorkState.IN_PROGRESS, 30, True),
        (WorkState.RETURNED, 45, True),
        (WorkState.SUBMITTED, 45, False),
        (WorkState.DONE, None, False),
        (WorkState.REFUSED, None, False),
    ],
)
def test_silence_begins_after_thirty_days(state: WorkState, days: int | None, silent: bool) -> None:
    last = None if days is None else TODAY - timedelta(days=days)
    assert is_silent(state, last, TODAY) is silent
