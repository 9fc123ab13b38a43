"""States of a mail or webhook in the outbox, when one that did not go through is tried again, and what of
a mail's text is nobody's but the recipient's."""

import hmac
import re
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
"""Kinds of notices that name the mail in which they come, the most urgent first."""

COMMENT = "comment"
MENTION = "mention"
BELL_ONLY = frozenset({COMMENT})
"""Kinds of notices that the bell shows and no mail repeats."""

KEYS = frozenset({PASSWORD_RESET, GUEST_LINK})
"""Kinds of mails whose link is a key: whoever has it acts as its recipient."""
_KEY = re.compile(r"(/(?:guest|reset)/)[\w.~-]+")

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
SERVER_LONGEST_WAIT = timedelta(minutes=15)
MAX_ATTEMPTS = 16  # with these waits 18 to 23 hours, by their jitter

TROUBLE_AFTER = timedelta(minutes=5)
"""So long the server may fail, or a mail that is due lie there, before people are told."""
REFUSED_AFTER = timedelta(minutes=8)
REFUSED_MAILS = 3
"""So many mails that are tried again and again since REFUSED_AFTER are no bad luck of a few; so many that
the server bars one after the other mean us and not their readers."""
BARRED_LATELY = timedelta(hours=1)
"""So long it is told that the last mails were barred."""
GIVEN_UP_LATELY = timedelta(days=1)
"""So long it is told that events for another system were given up."""
LONGEST_WAIT_OF_A_RESET = timedelta(minutes=2)
"""So long the server may rest while somebody waits for a new password."""
_POLICY = "5.7."
"""How the enhanced code of an answer about rights and rules begins (RFC 3463)."""
_BARRING = (530, 554)


class Event(StrEnum):
    """What other systems are told of."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    OVERDUE = "overdue"
    REPORT_SUBMITTED = "report_submitted"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The header by which a receiver knows that a body is ours and new: seconds since 1970, and the
    HMAC-SHA256 of "<seconds>.<body>" in hexadecimal digits."""
    made = hmac.new(secret.encode(), b"%d." % timestamp + body, "sha256").hexdigest()
    return f"t={timestamp},v1={made}"


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


def without_keys(text: str) -> str:
    """The text or HTML of a mail as others than its recipient may read it: a link that lets one report
    in a guest's name or set a password has "…" in place of its token."""
    return _KEY.sub(r"\1…", text)


def keeps_keys(kind: str, state: MailState) -> bool:
    """Whether a mail of this kind still needs the key in its text: while it may yet be sent."""
    return kind not in KEYS or state not in (MailState.SENT, MailState.CANCELLED)


def wait_after(attempts: int, jitter: float, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """How long to wait after the `attempts`-th try (from 1): doubling from one minute to `longest`.

    `jitter` between 0 and 1 lengthens the wait by up to a quarter, so that mails which failed
    together do not come back together.
    """
    wait = min(FIRST_WAIT * (1 << min(attempts - 1, 10)), longest)
    return wait * (1 + jitter / 4)


def is_barred(code: int, text: str) -> bool:
    """Whether a final answer may be about us rather than about this mail: relaying denied, our address
    blocked, no right to send. One recipient's own rules are answered so, too; several mails in a row mean
    us."""
    return code in _BARRING or (code >= 500 and text.startswith(_POLICY))


def can_be_sent_again(state: MailState) -> bool:
    """Whether a person may let a mail go out once more."""
    return state in (MailState.FAILED, MailState.DOUBTFUL)


def state_after_doubt(kind: str, doubts: int) -> MailState:
    """What follows when the line broke after the text: a reminder is sent once more, with the same
    Message-ID; everything else, and a reminder in doubt again, waits for a person."""
    return MailState.QUEUED if kind == REMINDER and doubts == 0 else MailState.DOUBTFUL


class Trouble(StrEnum):
    """Why mails do not go out."""

    SERVER = "server"
    WAITING = "waiting"
    REFUSED = "refused"


def trouble(
    failing_for: timedelta | None, due_for: timedelta | None, refused_mails: int, barred_mails: int
) -> Trouble | None:
    """What people have to be told about the sending of mails.

    `failing_for`: since when the server could not be reached, let nobody in or took no sender;
    `due_for`: how long the longest waiting mail has been due and none was sent; `refused_mails`: how
    many are tried again and again since REFUSED_AFTER; `barred_mails`: how many the server barred lately
    and took none since.
    """
    if failing_for is not None and failing_for >= TROUBLE_AFTER:
        return Trouble.SERVER
    if due_for is not None and due_for >= TROUBLE_AFTER:
        return Trouble.WAITING
    return Trouble.REFUSED if max(refused_mails, barred_mails) >= REFUSED_MAILS else None
