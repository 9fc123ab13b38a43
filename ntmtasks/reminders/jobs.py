"""The morning's work for the worker."""

from datetime import datetime

from ntmtasks.core import clock
from ntmtasks.reminders.service import sweep


def run(now: datetime) -> int:
    """Sweep the office's day of `now`; the number of mails made."""
    return sweep(clock.local(now).date()).mails
