"""States of a mail in the outbox."""

from enum import StrEnum


class MailState(StrEnum):
    """`data`: the text is being handed over; `doubtful`: the line broke there, it may have arrived."""

    QUEUED = "queued"
    DATA = "data"
    SENT = "sent"
    FAILED = "failed"
    DOUBTFUL = "doubtful"
