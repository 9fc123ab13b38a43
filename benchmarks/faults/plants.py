"""Bugs, planted on purpose: each harness must find those that are named after what it looks for."""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from ntmtasks.core import clock, instance, slots, smtp
from ntmtasks.core.db import db, transaction
from ntmtasks.core.models import JobSlot
from ntmtasks.outbox.jobs import sending as jobs
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.progress.service import commenting
from ntmtasks.tasks.service import changes


def doubt_is_forgotten() -> None:
    """A mail whose sender died while handing it over stays where it is."""
    jobs._doubt_lost_leases = lambda: Counter()


def sent_too_early() -> None:
    """A mail counts as sent before the server has taken it."""
    real = jobs._Sending._step_to_data

    def step(sending: Any, mail: OutboxMail) -> bool:
        mine = real(sending, mail)
        with transaction():
            sent = update(OutboxMail).where(OutboxMail.id == mail.id)
            db.session.execute(sent.values(state=MailState.SENT))
        return mine

    jobs._Sending._step_to_data = step


def no_fence() -> None:
    """Nobody notes that the text goes out now."""
    jobs._Sending._step_to_data = lambda _sending, _mail: True


def new_message_id() -> None:
    """Each attempt looks like another mail."""
    real = jobs.mails.content

    def content(mail: OutboxMail, *rest: Any) -> bytes:
        mail.message_id = f"<{secrets.token_hex(16)}@example.invalid>"
        return real(mail, *rest)

    jobs.mails.content = content


def bad_row_blocks() -> None:
    """A mail that cannot be written ends the run of its worker."""
    jobs._Sending._content = lambda sending, mail: jobs.mails.content(
        mail, instance.config().mail_from, sending.reply_to, clock.real_now()
    )


def refused_sender_is_final() -> None:
    """That the server takes no sender is held against the mail."""
    real = smtp.Line.announce

    def announce(line: smtp.Line, address: str) -> smtp.Reply:
        try:
            return real(line, address)
        except smtp.ServerRefuses as error:
            return smtp.Reply(550, str(error))

    smtp.Line.announce = announce


def slot_claimed_apart() -> None:
    """A slot is claimed in a transaction before the one that does its work."""

    def claim(job: str, slot: str) -> bool:
        mine = real(job, slot)
        db.session.commit()
        return mine

    real = slots.claim
    slots.claim = claim


def slot_looked_up() -> None:
    """Whether a slot was done is asked first and noted after, with nothing unique about it."""

    def claim(job: str, slot: str) -> bool:
        done = select(JobSlot.id).where(JobSlot.job == job, JobSlot.slot.startswith(f"{slot}/"))
        if db.session.scalar(done.limit(1)) is not None:
            return False
        db.session.rollback()
        time.sleep(0.01)
        real(job, f"{slot}/{secrets.token_hex(8)}")
        return True

    real = slots.claim
    slots.claim = claim


def span_forgotten() -> None:
    """A change of an assignment is not kept for questions about past days."""
    changes.write_spans = lambda *assignments: changes.touch_tasks(
        clock.now(), *(a.task_id for a in assignments)
    )


def comment_dropped() -> None:
    """Whoever comments is thanked, and nothing is kept."""
    real = commenting.post

    def post(*given: Any) -> Any:
        with transaction():
            found = real(*given)
            db.session.rollback()
        return found

    commenting.post = post


PLANTS: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (
        doubt_is_forgotten,
        sent_too_early,
        no_fence,
        new_message_id,
        bad_row_blocks,
        refused_sender_is_final,
        slot_claimed_apart,
        slot_looked_up,
        span_forgotten,
        comment_dropped,
    )
}
