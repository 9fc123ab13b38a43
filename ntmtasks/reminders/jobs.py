"""The morning's work for the worker."""

from datetime import datetime

from ntmtasks.core import clock, slots
from ntmtasks.reminders.service import sweep


def run(now: datetime) -> int:
    """Sweep the office's day of `now` unless some worker has; the number of mails made."""
    day = clock.local(now).date()
    if slots.is_claimed(slots.REMINDERS, day.isoformat()):
        return 0
    return sweep(day, as_slot=True).mails
