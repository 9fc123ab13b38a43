"""The one door to a mail: the row, or 404."""

from flask import abort

from ntmtasks.outbox import queries
from ntmtasks.outbox.models import OutboxMail


def mail_to_read(mail_id: int) -> OutboxMail:
    """The mail with its text."""
    return queries.mail(mail_id) or abort(404)
