"""Letters out of templates, and rows of the outbox as messages."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import current_app

from ntmtasks.core import instance
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.rules import OWN_TAGS

POLICY = SMTP.clone(cte_type="7bit")  # any server takes it, also one without 8BITMIME
UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}


class UnsendableMail(ValueError):
    """The title, the address or the text can stand in no message; says which."""


@dataclass(frozen=True)
class Letter:
    """What one mail says, as plain text and as HTML."""

    subject: str
    text: str
    html: str


def render(letter: str, **context: object) -> Letter:
    """The letter of templates/email/<letter>/{subject.txt,body.txt,body.html}.

    The templates see `context` and `base_url` (without a slash at its end). The page frame is left
    out, so that a letter can be made without a request.
    """
    context["base_url"] = instance.config().base_url
    subject, text, html = (
        current_app.jinja_env.get_template(f"email/{letter}/{part}").render(context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Letter(" ".join(subject.split()), text.strip() + "\n", html)


def notices(name: str, found: Sequence[Notice]) -> Letter:
    """The letter that joins the notices of one person: what is urgent first, else the oldest."""
    order = list(OWN_TAGS)
    ranked = sorted(found, key=lambda n: order.index(n.kind) if n.kind in order else len(order))
    tag = OWN_TAGS.get(ranked[0].kind, "")
    return render("notices", name=name, tag=tag, notices=ranked)


def content(mail: OutboxMail, sender: str, reply_to: str, date: datetime) -> bytes:
    """The whole message as it goes over the line; raises UnsendableMail when it cannot be one.

    `reply_to` is the address for answers, empty for none.
    """
    if any(unicodedata.category(c) in UNPRINTABLE for c in mail.subject + mail.to_name):
        raise UnsendableMail("tiêu đề hoặc tên người nhận có ký tự không gửi được")
    message = EmailMessage(POLICY)
    message["From"] = sender
    message["To"] = _recipient(mail)
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(date)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    try:
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()
    except (ValueError, MessageError) as error:
        raise UnsendableMail("nội dung có ký tự không gửi được") from error


def _recipient(mail: OutboxMail) -> Address:
    if not mail.to_address.isascii() or " " in mail.to_address:
        raise UnsendableMail("địa chỉ thư không hợp lệ")
    try:
        return Address(mail.to_name, addr_spec=mail.to_address)
    except (ValueError, IndexError, MessageError) as error:  # all that its parser stumbles with
        raise UnsendableMail("địa chỉ thư không hợp lệ") from error
