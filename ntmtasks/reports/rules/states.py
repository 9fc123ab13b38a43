"""States of reports, and where their due days stand."""

from datetime import date
from enum import StrEnum

from ntmtasks.tasks.rules import DeadlineClass, WorkState, deadline_class


class ReportState(StrEnum):
    """chưa nộp, đã nộp."""

    MISSING = "missing"
    SUBMITTED = "submitted"


class Standing(StrEnum):
    """Where a due day of an agency stands, in the order of the list."""

    MISSING = "missing"
    SUBMITTED = "submitted"
    NOT_REQUIRED = "not_required"


def report_class(
    state: ReportState, due_on: date, submitted_on: date | None, today: date, window: int
) -> DeadlineClass:
    """The class of a report, by the definition that tasks have; `window` in calendar days."""
    work = WorkState.DONE if state is ReportState.SUBMITTED else WorkState.ASSIGNED
    return deadline_class(work, due_on, submitted_on, today, window)
