"""Who has not been heard of (im lặng)."""

from datetime import date

from ntmtasks.tasks.rules import OPEN_STATES, AssignmentRole, WorkState

SILENT_AFTER = 30
"""Calendar days without an update after which an agency counts as silent: one a month is wanted."""
SPEAKING_ROLES = (AssignmentRole.LEAD, AssignmentRole.SUPPORTING)
"""Who reports on a task; the others appraise, consolidate or receive what these write."""


def silent_days(role: AssignmentRole, state: WorkState, heard: date, today: date) -> int | None:
    """For how many calendar days an agency with open work has been silent; None where it is not.

    `heard` is the day of its last update, else the one on which the work was given to it: nobody is
    silent at once.
    """
    days = (today - heard).days
    is_asked = role in SPEAKING_ROLES and state in OPEN_STATES
    return days if is_asked and days >= SILENT_AFTER else None
