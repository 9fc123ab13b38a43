"""A mail server in a process of its own that misbehaves, and whose log is the truth.

What it takes, it writes down before it says so. It refuses for now (451), hangs up (421), refuses
the text for now, drops the line, takes and drops, takes and stalls; `never…@` it refuses for good.
Its day begins with taking no sender, as one does whose password was changed, then it lets nobody in,
and both come again now and then: however short a run is, it meets them.
Once the file `well` stands in its folder it refuses `never…@` alone.
"""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from multiprocessing.connection import Connection
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

STALL_SECONDS = 1.5
"""Longer than the hurried senders wait for an answer (`senders.hurry`)."""
MOODS = ("sender", "connection", "", "", "", "", "", "")
"""What it refuses altogether, one mood after the other from the first mail on."""
MOOD_SECONDS = 0.5


@dataclass
class Behaviour:
    """What the server does with one mail; the shares are those of a bad day."""

    folder: Path
    chance: random.Random
    began: float | None = None

    @property
    def is_well(self) -> bool:
        return (self.folder / "well").exists()

    def refuses(self, what: str) -> bool:
        """Whether it refuses that altogether now; it is noted when it does."""
        if self.is_well or self.began is None:
            return False
        mood = int((time.monotonic() - self.began) / MOOD_SECONDS) % len(MOODS)
        if MOODS[mood] != what:
            return False
        self._write(refuses=what)
        return True

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.began is None:
            self.began = time.monotonic()
        if self.refuses("sender"):
            return "530 5.7.0 authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address.startswith("never"):
            self._write(refused=address)
            return "550 5.1.1 no such mailbox"
        luck = 1.0 if self.is_well else self.chance.random()
        if luck < 0.05:
            return "451 4.3.0 busy"
        if luck < 0.08:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        luck = 1.0 if self.is_well else self.chance.random()
        if luck < 0.05:
            return "452 4.2.2 full"
        if luck < 0.08:
            return "421 4.3.2 going down"
        if luck < 0.10:
            server.transport.abort()
            return "250 OK"
        head = BytesHeaderParser().parsebytes(bytes(envelope.content or b""))
        self._write(accepted=envelope.rcpt_tos[0], message_id=head["Message-ID"])
        if luck < 0.13:
            server.transport.abort()
        elif luck < 0.15:
            await asyncio.sleep(STALL_SECONDS)
        else:
            await asyncio.sleep(self.chance.random() / 100)
        return "250 OK"

    def _write(self, **line: str) -> None:
        with (self.folder / "truth.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")


class ClosedDoor(asyncio.Protocol):
    """A connection that is told to go away."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(b"421 4.3.2 too many connections\r\n")
        transport.close()


def serve(folder: Path, seed: int, told: Connection) -> None:
    """Serve on a free port of 127.0.0.1, which is told first, until killed."""

    async def run() -> None:
        behaviour = Behaviour(folder, random.Random(seed))
        server = await asyncio.get_running_loop().create_server(
            lambda: (
                ClosedDoor()
                if behaviour.refuses("connection")
                else SMTP(behaviour, hostname="127.0.0.1")
            ),
            "127.0.0.1",
            0,
        )
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@dataclass
class Truth:
    """What the server says happened: the Message-IDs taken by recipient, who was refused, and how often it
    refused a connection or sender altogether."""

    accepted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: set[str] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)


def read(folder: Path) -> Truth:
    """The log of `serve`."""
    truth, log = Truth(), folder / "truth.jsonl"
    for text in log.read_text().splitlines() if log.exists() else ():
        line = json.loads(text)
        if "refused" in line:
            truth.refused.add(line["refused"])
        elif "refuses" in line:
            truth.refusals[line["refuses"]] += 1
        else:
            truth.accepted[line["accepted"]].append(line["message_id"])
    return truth
