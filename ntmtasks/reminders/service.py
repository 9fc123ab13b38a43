"""The sweep of a morning, the last look at a reminder before it goes out, the rules of the office.

A ladder has no number of its own: the record keeps its changes under subject_id 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from ntmtasks.accounts.queries.people import earliest_reminder_hour, reminder_hour, reminder_hours
from ntmtasks.accounts.rules import office_hour
from ntmtasks.core import clock, settings, slots
from ntmtasks.core.db import check_version, db, insert, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history.service import Actor, record
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.jobs.sending import Verdict
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import REMINDER
from ntmtasks.outbox.service import NewMail
from ntmtasks.reminders import labels
from ntmtasks.reminders.mails import digest_letter
from ntmtasks.reminders.models import Reminder, ReminderRule
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.queries.ladders import rungs_of
from ntmtasks.reminders.queries.planning import digest_now, plan_day
from ntmtasks.reminders.rules import (
    RUNGS,
    STILL_FRESH,
    Ladder,
    Ladders,
    Rungs,
    wait_for_day,
)
from ntmtasks.workdays.queries import calendar

RULES = "reminder_rule"
"""The subject of the record under which changes of rules stand."""
AT_ONCE = 100
"""So many mails are written and stored at once."""
JUST_NOW = timedelta(seconds=-1)
_STEP = ("ladder", "rung", "subject", "deadline", "recipient")


@dataclass(frozen=True)
class SweepResult:
    """What a sweep made: new mails, the rungs they use up, and digests made by an earlier run."""

    mails: int
    rungs: int
    already: int


def sweep(day: date, ladders: Ladders | None = None, as_slot: bool = False) -> SweepResult:
    """Put the digests of the morning of `day` into the outbox and their rungs into the ledger.

    They are planned before anything is stored, and then written and stored by the hundred, so that nobody
    waits long for the write lock and the letters are never all in memory. A second run adds nothing, and
    what one that was cut off left undone the next does, since a digest's key makes one mail. A day off
    makes nothing. `as_slot`: for the worker, at their readers' hours; the morning is claimed when all are
    made.
    """
    digests = plan_day(day, ladders)
    mails = rungs = 0
    for start in range(0, len(digests), AT_ONCE):
        part = digests[start : start + AT_ONCE]
        written = letters(part)
        made = store(part, _at_their_hours(written) if as_slot else written)
        mails, rungs = mails + made.mails, rungs + made.rungs
    if as_slot:
        slots.claim(slots.REMINDERS, day.isoformat())
    return SweepResult(mails, rungs, already=len(digests) - mails)


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
    if not _is_asked_for(mail):
        start = reminder_hour(mail.user_id) or _office_hour()
        wait = wait_for_day(clock.local(clock.now()), start, calendar())
        if wait:
            return wait
    digest = digest_now(mail, clock.today())
    return digest_letter(digest) if digest else False


def _is_asked_for(mail: OutboxMail) -> bool:
    """Whether somebody has just made this mail by hand: then it is due as it is made, and goes at any
    hour. What the worker makes is due at its reader's hour."""
    is_fresh = clock.real_now() - mail.made_at <= STILL_FRESH
    return is_fresh and mail.next_attempt_at == mail.made_at


def _at_their_hours(mails: Sequence[NewMail]) -> list[NewMail]:
    """Each mail due at the hour of its reader, or just now where that has passed."""
    hours, own, now = reminder_hours(), _office_hour(), clock.local(clock.now())
    return [
        replace(
            mail,
            due_in=max(
                datetime.combine(now, hours.get(mail.user_id, own), now.tzinfo) - now, JUST_NOW
            ),
        )
        for mail in mails
    ]


def start_of_sweep() -> time:
    """The hour of the morning from which reminders are made, by the office's clock: the earliest that
    anybody wants; each mail then waits for its own."""
    earliest = earliest_reminder_hour()
    return min(earliest, _office_hour()) if earliest else _office_hour()


def _office_hour() -> time:
    return office_hour(
        settings.number(settings.REMINDER_HOUR), settings.number(settings.REMINDER_MINUTE)
    )


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


def change_rule(
    actor: Actor, ladder: Ladder, seen: int | None, rungs: Rungs, token: str | None
) -> None:
    """Set the days of a ladder over the version that was `seen`. Raises ChangedMeanwhile."""
    with transaction():
        if not use_once(token):
            return
        row = _rule_to_change(ladder, seen)
        before = _shown(ladder, rungs_of(row))
        row.before, row.after = list(rungs.before), list(rungs.after)
        row.step, row.in_working_days = rungs.step, rungs.in_working_days
        if before != _shown(ladder, rungs):
            record(actor, RULES, 0, "reminder.rule", before, _shown(ladder, rungs))


def pause_rule(actor: Actor, ladder: Ladder, seen: int | None) -> None:
    """Let nobody be reminded by a ladder until it is resumed. Raises ChangedMeanwhile."""
    with transaction():
        row = _rule_to_change(ladder, seen)
        if row.paused_at is None:
            row.paused_at, row.paused_by = clock.now(), actor.name
            record(actor, RULES, 0, "reminder.pause", after={"Quy tắc": labels.LADDERS[ladder]})


def resume_rule(actor: Actor, ladder: Ladder, seen: int | None) -> None:
    """Let a ladder remind again; of what was missed meanwhile the latest rung alone is told. Raises
    ChangedMeanwhile."""
    with transaction():
        row = _rule_to_change(ladder, seen)
        if row.paused_at is not None:
            row.paused_at, row.paused_by = None, ""
            record(actor, RULES, 0, "reminder.resume", after={"Quy tắc": labels.LADDERS[ladder]})


def _rule_to_change(ladder: Ladder, seen: int | None) -> ReminderRule:
    """The row of a ladder, made of its defaults where it has none, and locked."""
    rungs = RUNGS[ladder]
    first = insert(ReminderRule).values(
        ladder=ladder,
        before=list(rungs.before),
        after=list(rungs.after),
        step=rungs.step,
        in_working_days=rungs.in_working_days,
        paused_by="",
        version=0,
    )
    db.session.execute(first.on_conflict_do_nothing(index_elements=["ladder"]))
    wanted = select(ReminderRule).where(ReminderRule.ladder == ladder).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
    check_version(row, seen)
    return row


def _shown(ladder: Ladder, rungs: Rungs) -> dict[str, str]:
    return {labels.LADDERS[ladder]: labels.in_words(ladder, rungs)}
