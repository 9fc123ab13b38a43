"""The sweep of a morning."""

from dataclasses import dataclass
from datetime import date

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox import service as outbox
from ntmtasks.reminders.mails import digest_letter
from ntmtasks.reminders.models import Reminder
from ntmtasks.reminders.queries import Digest, plan_day

KIND = "reminder"


@dataclass(frozen=True)
class SweepResult:
    """What a sweep made: new mails, the rungs they use up, and digests made by an earlier run."""

    mails: int
    rungs: int
    already: int


def sweep(day: date) -> SweepResult:
    """Put the digests of the morning of `day` into the outbox and their rungs into the ledger, in one
    transaction. A second run adds nothing; a day off makes nothing."""
    with transaction():
        digests = plan_day(day)
        posted = [digest for digest in digests if _post(digest)]
        return SweepResult(
            mails=len(posted),
            rungs=sum(len(digest.rungs) for digest in posted),
            already=len(digests) - len(posted),
        )


def _post(digest: Digest) -> bool:
    recipient, letter = digest.recipient, digest_letter(digest)
    mail = outbox.post(
        key=digest.key,
        kind=KIND,
        to_address=recipient.address,
        to_name=recipient.name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        user_id=recipient.user_id,
    )
    if mail is None:
        return False
    made_at = clock.now()
    db.session.add_all(
        Reminder(
            ladder=item.ladder,
            rung=rung,
            subject=item.subject,
            deadline=item.deadline,
            recipient=recipient.address,
            mail_id=mail.id,
            made_at=made_at,
        )
        for item, rung in digest.rungs
    )
    return True
