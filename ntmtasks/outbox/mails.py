"""Letters out of templates, and rows of the outbox as messages."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import current_app

from ntmtasks.core import instance
from ntmtasks.outbox.models import Notice, OutboxMail

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
    """The letter that joins the notices of one person, oldest first."""
    return render("notices", name=name, notices=found)


def message(mail: OutboxMail, sender: str, date: datetime) -> EmailMessage:
    """The message to hand over; raises UnsendableMail when the row cannot be one."""
    if any(unicodedata.category(c) in UNPRINTABLE for c in mail.subject + mail.to_name):
        raise UnsendableMail("tiêu đề hoặc tên người nhận có ký tự không gửi được")
    if not mail.to_address.isascii():
        raise UnsendableMail("địa chỉ thư có ký tự ngoài bảng chữ cái La-tinh cơ bản")
    made = EmailMessage(POLICY)
    try:
        to = Address(mail.to_name, addr_spec=mail.to_address)
        if not to.username or not to.domain:
            raise ValueError(mail.to_address)
        made["To"] = to
    except Exception as error:  # the parser of addresses raises whatever it stumbles over
        raise UnsendableMail("địa chỉ thư không hợp lệ") from error
    made["From"] = sender
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(date)
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    try:
        made.set_content(mail.text)
        made.add_alternative(mail.html, subtype="html")
    except UnicodeError as error:
        raise UnsendableMail("nội dung có ký tự không gửi được") from error
    return made
