"""Tidying up after uploads that came to nothing."""

from datetime import datetime

from ntmtasks.core import clock
from ntmtasks.core.db import transaction
from ntmtasks.core.slots import claim
from ntmtasks.files import service

JOB = "files"


def run(now: datetime) -> int:
    """Once a day drop what nobody has claimed; returns how many files."""
    with transaction():
        if not claim(JOB, clock.local(now).date().isoformat()):
            return 0
        return service.forget_expired()
