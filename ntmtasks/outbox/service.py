"""Making mails and notices; `jobs` sends them."""

import secrets

from ntmtasks.core import clock, instance
from ntmtasks.core.db import db, insert, transaction
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.rules import MailState


def post(
    key: str,
    kind: str,
    to_address: str,
    to_name: str,
    subject: str,
    text: str,
    html: str,
    user_id: int | None = None,
) -> OutboxMail | None:
    """Put a mail into the outbox; None when a mail with this `key` has been made before.

    `key` names kind, slot and recipient, so that a second run makes nothing twice. The Message-ID
    is fixed here: whatever is sent again can be recognised as the same mail.
    """
    domain = instance.config().mail_from.rpartition("@")[2]
    with transaction():
        made_at = clock.real_now()
        mail = insert(OutboxMail).values(
            key=key,
            kind=kind,
            user_id=user_id,
            to_address=to_address,
            to_name=to_name,
            subject=subject,
            text=text,
            html=html,
            message_id=f"<{secrets.token_hex(16)}@{domain}>",
            state=MailState.QUEUED,
            next_attempt_at=made_at,
            made_at=made_at,
            office_day=clock.today().isoformat(),
        )
        return db.session.scalar(
            mail.on_conflict_do_nothing(index_elements=["key"]).returning(OutboxMail)
        )


def notify(user_id: int, kind: str, subject: str, line: str, url: str) -> None:
    """Tell a person something new: the bell shows it at once, the worker mails it within minutes.

    `url` is a path of this site.
    """
    with transaction():
        db.session.add(
            Notice(
                user_id=user_id,
                kind=kind,
                subject=subject,
                line=line,
                url=url,
                made_at=clock.real_now(),
            )
        )
