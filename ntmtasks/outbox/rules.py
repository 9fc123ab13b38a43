"""States of a mail in the outbox, and when a mail that did not go through is tried again."""

from datetime import timedelta
from enum import StrEnum

REMINDER = "reminder"
NOTICES = "notices"
PASSWORD_RESET = "password_reset"
ISSUED = "issued"
GUEST_LINK = "guest_link"

URGING = "urging"
EXPLANATION = "explanation"
OWN_TAGS = {URGING: "[Đôn đốc]", EXPLANATION: "[Giải trình]"}
"""Kinds of notices that get a mail of their own, with these words before its subject."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
UNREACHABLE_WAIT = timedelta(minutes=5)
MAX_ATTEMPTS = 18  # with these waits about 24 hours


class MailState(StrEnum):
    """`data`: the text is being handed over; `doubtful`: the line broke there, it may have arrived.

    `cancelled`: what it says was no longer true, or its person no longer there, when its turn came.
    """

    QUEUED = "queued"
    DATA = "data"
    SENT = "sent"
    FAILED = "failed"
    DOUBTFUL = "doubtful"
    CANCELLED = "cancelled"


def wait_after(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th try (from 1): doubling from one minute to two hours.

    `jitter` between 0 and 1 lengthens the wait by up to a quarter, so that mails which failed
    together do not come back together.
    """
    wait = min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
    return wait * (1 + jitter / 4)


def state_after_doubt(kind: str, doubts: int) -> MailState:
    """What follows when the line broke after the text: a reminder is sent once more, with the same
    Message-ID; everything else, and a reminder in doubt again, waits for a person."""
    return MailState.QUEUED if kind == REMINDER and doubts == 0 else MailState.DOUBTFUL
