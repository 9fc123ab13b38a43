"""A line to a mail server, in the steps that the outbox has to tell apart."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from ntmtasks.core.text import nfc

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60
"""How long one answer may take. A server that looks into a mail before it takes it needs a while, and
whoever hangs up on it meanwhile does not know whether the mail arrived."""
REASON_LENGTH = 300


class LineBroken(Exception):
    """The server hung up, was silent too long, or could not be reached at all."""


class ServerRefuses(LineBroken):
    """The server lets us send nothing at all: it does not take our sender."""


@dataclass(frozen=True)
class Reply:
    """An answer of the server: below 400 it agrees, below 500 later perhaps, else never."""

    code: int
    text: str

    @property
    def is_yes(self) -> bool:
        """The server agrees."""
        return self.code < 400

    @property
    def is_later(self) -> bool:
        """The server says no for now."""
        return 400 <= self.code < 500

    @property
    def hangs_up(self) -> bool:
        """The server ends the conversation with this answer (RFC 5321, 3.8)."""
        return self.code == 421


class Line:
    """An open conversation with the server."""

    def __init__(self, smtp: smtplib.SMTP, sender: str) -> None:
        self._smtp = smtp
        self._sender = sender

    def announce(self, address: str) -> Reply:
        """Say who sends to whom (MAIL, RCPT); nothing has been handed over when it raises LineBroken,
        or ServerRefuses where the sender is not taken."""
        try:
            self._smtp.rset()
            answer = self._smtp.mail(self._sender)
            if answer[0] >= 500:
                raise ServerRefuses(f"{answer[0]} {readable(answer[1])}")
            if answer[0] < 400:
                answer = self._smtp.rcpt(address)
        except OSError as error:
            raise LineBroken(readable(error)) from error
        return Reply(answer[0], readable(answer[1]))

    def hand_over(self, content: bytes) -> Reply:
        """Hand over the message (DATA); after a LineBroken nobody knows whether it arrived."""
        try:
            code, text = self._smtp.data(content)
        except smtplib.SMTPDataError as error:
            return Reply(error.smtp_code, readable(error.smtp_error))
        except OSError as error:
            raise LineBroken(readable(error)) from error
        return Reply(code, readable(text))


def readable(said: object) -> str:
    """What a server or an error said, fit for a column and a page."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return " ".join(nfc(text).split())[:REASON_LENGTH]


@contextmanager
def connected(url: str, mail_from: str) -> Iterator[Line]:
    """A signed-in line to `smtp://`, `smtps://` or `smtp+starttls://`; raises LineBroken."""
    sender = parseaddr(mail_from)[1]
    try:
        smtp = _open(url, sender.partition("@")[2])
    except OSError as error:  # smtplib's own errors are such, too
        raise LineBroken(readable(error)) from error
    try:
        yield Line(smtp, sender)
    finally:
        with suppress(OSError):
            smtp.quit()
        smtp.close()


def _open(url: str, own_name: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, tls = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, own_name, timeout=CONNECT_SECONDS, context=tls
        )
    else:
        port = parts.port or (587 if parts.scheme == "smtp+starttls" else 25)
        smtp = smtplib.SMTP(host, port, own_name, timeout=CONNECT_SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            smtp.starttls(context=tls)
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        smtp.ehlo_or_helo_if_needed()
        if smtp.sock is not None:
            smtp.sock.settimeout(ANSWER_SECONDS)
    except OSError:
        smtp.close()
        raise
    return smtp
