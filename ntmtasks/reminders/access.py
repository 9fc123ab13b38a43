"""The one door to a rule, and to a mail that others than its recipient may read."""

from flask import abort

from ntmtasks.outbox.models import OutboxMail
from ntmtasks.reminders.queries import sent
from ntmtasks.reminders.rules import Ladder


def ladder_of(name: str) -> Ladder:
    """The ladder of an address, or 404."""
    return Ladder(name) if name in set(Ladder) else abort(404)


def mail_to_read(mail_id: int) -> OutboxMail:
    """The mail, or 404: also for kinds whose text is its recipient's alone."""
    return sent.mail(mail_id) or abort(404)
