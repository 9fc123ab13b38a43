"""Who has not been heard of."""

from datetime import date, timedelta

import pytest

from ntmtasks.progress.rules.silence import silent_days
from ntmtasks.tasks.rules import AssignmentRole, WorkState

TODAY = date(2024, 11, 14)


@pytest.mark.parametrize(
    ("role", "state", "days", "silent"),
    [
        (AssignmentRole.LEAD, WorkState.ASSIGNED, 0, None),
        (AssignmentRole.LEAD, WorkState.ASSIGNED, 30, 30),
        (AssignmentRole.LEAD, WorkState.IN_PROGRESS, 29, None),
        (AssignmentRole.SUPPORTING, WorkState.IN_PROGRESS, 171, 171),
        (AssignmentRole.LEAD, WorkState.RETURNED, 45, 45),
        (AssignmentRole.LEAD, WorkState.SUBMITTED, 45, None),
        (AssignmentRole.LEAD, WorkState.DONE, 45, None),
        (AssignmentRole.LEAD, WorkState.REFUSED, 45, None),
        (AssignmentRole.RECEIVING, WorkState.ASSIGNED, 45, None),
    ],
)
def test_silence_begins_thirty_days_after_the_last_word(
    role: AssignmentRole, state: WorkState, days: int, silent: int | None
) -> None:
    assert silent_days(role, state, TODAY - timedelta(days=days), TODAY) == silent
