"""Who has not been heard of (im lặng)."""

from datetime import date

from ntmtasks.tasks.rules import OPEN_STATES, WorkState

SILENT_AFTER = 30
"""Calendar days without an update after which an agency counts as silent."""


def is_silent(state: WorkState, last: date | None, today: date) -> bool:
    """Whether an agency with open work never wrote, or not for SILENT_AFTER days; `last` is the day of
    its last update."""
    if state not in OPEN_STATES:
        return False
    return last is None or (today - last).days >= SILENT_AFTER
