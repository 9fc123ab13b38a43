"""The sweep of a morning, and the last look at a reminder before it goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from ntmtasks.core import clock, settings, slots
from ntmtasks.core.db import db, insert, transaction
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.jobs import Verdict
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import REMINDER
from ntmtasks.outbox.service import NewMail
from ntmtasks.reminders.mails import digest_letter
from ntmtasks.reminders.models import Reminder
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.queries.planning import digest_now, plan_day
from ntmtasks.reminders.rules import RUNGS, STILL_FRESH, Ladders, wait_for_day
from ntmtasks.workdays.queries import calendar

_STEP = ("ladder", "rung", "subject", "deadline", "recipient")


@dataclass(frozen=True)
class SweepResult:
    """What a sweep made: new mails, the rungs they use up, and digests made by an earlier run."""

    mails: int
    rungs: int
    already: int


def sweep(day: date, ladders: Ladders = RUNGS, as_slot: bool = False) -> SweepResult:
    """Put the digests of the morning of `day` into the outbox and their rungs into the ledger.

    They are planned and written before the transaction begins, so that nobody waits for the write lock
    meanwhile. A second run adds nothing; a day off makes nothing. `as_slot`: claim the morning for the
    worker in the same transaction, and make nothing where another one had it first.
    """
    digests = plan_day(day, ladders)
    mails = letters(digests)
    with transaction():
        if as_slot and not slots.claim(slots.REMINDERS, day.isoformat()):
            return SweepResult(mails=0, rungs=0, already=len(digests))
        return store(digests, mails)


def store(digests: Sequence[Digest], mails: Sequence[NewMail]) -> SweepResult:
    """Put the mails of these digests into the outbox and their rungs into the ledger; a mail that still
    waits for one of the recipients gives way to the new one, which tells what it did not."""
    with transaction():
        posted = outbox.post_all(mails)
        made = [digest for digest in digests if digest.key in posted]
        outbox.replace_waiting(REMINDER, {d.recipient.address: posted[d.key] for d in made})
        rungs = _record(made, posted)
    return SweepResult(mails=len(made), rungs=rungs, already=len(digests) - len(made))


def at_sending(mail: OutboxMail) -> Verdict:
    """What becomes of a reminder when its turn comes: it says what is true by now, waits for the day,
    or is dropped when nothing of what brought it about is left."""
    if clock.real_now() - mail.made_at > STILL_FRESH:
        wait = wait_for_day(clock.local(clock.now()), start_of_sweep(), calendar())
        if wait:
            return wait
    digest = digest_now(mail, clock.today())
    return digest_letter(digest) if digest else False


def start_of_sweep() -> time:
    """The hour of the morning from which reminders are made, by the office's clock."""
    return time(settings.number(settings.REMINDER_HOUR), settings.number(settings.REMINDER_MINUTE))


def letters(digests: Sequence[Digest]) -> list[NewMail]:
    """The mails of a morning, ready for the outbox."""
    return [
        NewMail(
            digest.key,
            REMINDER,
            digest.recipient.address,
            digest.recipient.name,
            digest_letter(digest),
            digest.recipient.user_id,
        )
        for digest in digests
    ]


def _record(digests: Sequence[Digest], posted: Mapping[str, int]) -> int:
    """Write down which rungs the new mails tell; what a mail told that never went is theirs now."""
    made_at = clock.now()
    rows = [
        {
            "ladder": item.ladder.value,
            "rung": rung,
            "subject": item.subject,
            "deadline": item.deadline,
            "recipient": digest.recipient.address,
            "mail_id": posted[digest.key],
            "made_at": made_at,
        }
        for digest in digests
        for item, rung in digest.rungs
    ]
    if rows:
        new = insert(Reminder)
        taken_over = {name: new.excluded[name] for name in ("mail_id", "made_at")}
        upsert = new.on_conflict_do_update(index_elements=_STEP, set_=taken_over)
        db.session.connection().execute(upsert, rows)
    return len(rows)
