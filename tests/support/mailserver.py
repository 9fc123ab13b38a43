"""A mail server on 127.0.0.1 that takes what it is told to take."""

import contextlib
import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask


@dataclass
class MailServer:
    """Everything whose text arrived; a recipient's name tells how the server behaves.

    `later@` 451, `never@` 550, `early@` the line drops before the text, `late@` after it.
    """

    port: int
    is_well: bool = False  # from now on take everything
    arrived: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return sorted(m["To"].addresses[0].addr_spec for m in self.arrived)

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        name = "" if self.is_well else address.partition("@")[0]
        if name == "later":
            return "451 4.3.0 hộp thư bận"
        if name == "never":
            return "550 5.1.1 không có hộp thư này"
        if name == "early":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        if not self.is_well and envelope.rcpt_tos[0].startswith("late@"):
            server.transport.abort()
        return "250 OK"


def send_to(app: Flask, url: str | None) -> None:
    """Let `app` send to the server at `url`, or nowhere."""
    app.extensions["ntmtasks_config"] = replace(app.extensions["ntmtasks_config"], smtp_url=url)


def free_port() -> int:
    """A port that nobody uses; aiosmtpd wants to be told one."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def mail_server(app: Flask) -> Iterator[MailServer]:
    """Run a server that `app` sends to."""
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        send_to(app, server.url)
        yield server
    finally:
        controller.stop()
