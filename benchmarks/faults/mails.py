"""Two thousand mails, workers that are killed, a mail server on a bad day: what became of each mail.

What must be zero: mails lost, mails marked as sent that the server never took, mails taken twice
without a recorded doubt, mails taken twice under two Message-IDs, mails kept back by a bad one.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.faults import senders, truth
from benchmarks.faults.lives import RANDOM, Lives, processes
from benchmarks.faults.stores import prepare
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.outbox import service
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import NOTICES, REMINDER, MailState

UNSETTLED = (MailState.QUEUED, MailState.DATA)
DRAIN_SECONDS = 30.0


@dataclass(frozen=True)
class Plan:
    """How much is done: mails, workers, deaths at random moments, at each point, pauses; and after how
    many seconds without any mail settled those left are given up."""

    mails: int = 2000
    workers: int = 4
    random_kills: int = 200
    kills_a_point: int = 50
    pauses: int = 20
    drain_seconds: float = DRAIN_SECONDS

    @property
    def ways(self) -> list[str]:
        """Each death by its way."""
        points = [point for point in senders.POINTS for _ in range(self.kills_a_point)]
        return [RANDOM] * self.random_kills + points + [senders.PAUSE] * self.pauses


@dataclass(frozen=True)
class Verdict:
    """What was found; `faults` must all be zero. `refusals` counts what the server refused as a whole:
    connections and senders; "not reached" the deaths that are lacking."""

    mails: int
    deaths: Counter[str]
    refusals: Counter[str]
    states: Counter[str]
    doubles: int
    doubts: int
    faults: dict[str, int]


def run(plan: Plan, folder: Path, database_url: str, plant: str = "", seed: int = 1) -> Verdict:
    """Kill, drain, judge; goes on where an earlier run in the same folder was cut off."""
    with _mail_server(folder, seed) as port:
        env = prepare(folder, database_url, NTMTASKS_SMTP_URL=f"smtp://127.0.0.1:{port}")
        app = create_app(load_config(env))
        with app.app_context():
            return _run(plan, folder, env, plant, seed)


def _run(plan: Plan, folder: Path, env: dict[str, str], plant: str, seed: int) -> Verdict:
    lives = Lives(folder, senders.send, (env, plant), plan.workers, plan.ways, random.Random(seed))

    def feed(is_hungry: bool = False) -> None:
        ahead = 8 * plan.workers
        due = min(plan.mails, ahead + int(plan.mails * lives.share))
        _post(_made() + plan.workers if is_hungry and not _is_any_free() else due)

    feed()
    lives.run(feed)
    _post(plan.mails)
    (folder / "well").touch()
    lives.run_on(_unsettled, plan.drain_seconds)
    return _judge(truth.read(folder), lives)


@contextmanager
def _mail_server(folder: Path, seed: int) -> Iterator[int]:
    (folder / "well").unlink(missing_ok=True)
    mine, theirs = processes.Pipe()
    server = processes.Process(target=truth.serve, args=(folder, seed, theirs))
    server.start()
    try:
        yield mine.recv()
    finally:
        server.kill()
        server.join()


def _post(up_to: int) -> None:
    """Put mails into the outbox until so many were made; a few of them can never be sent."""
    made = _made()
    with transaction():
        for number in range(made, up_to):
            name = "never" if number % 50 == 7 else "an"
            address = "không có a còng" if number % 100 == 11 else f"{name}{number}@example.invalid"
            subject = f"Tiêu đề {number}" + ("\r\nBcc: x" if number % 100 == 3 else "")
            kind = NOTICES if number % 10 == 5 else REMINDER
            service.post(str(number), kind, address, "An", subject, "Chữ\n", "<p>Chữ</p>")
    let_go()


def _made() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxMail)) or 0


def _is_any_free() -> bool:
    """Whether a mail waits that nobody has claimed."""
    let_go()
    free = select(OutboxMail.id).where(
        OutboxMail.state == MailState.QUEUED, OutboxMail.claimed_by.is_(None)
    )
    return db.session.scalar(free.limit(1)) is not None


def _unsettled() -> int:
    let_go()
    left = select(func.count()).where(OutboxMail.state.in_(UNSETTLED))
    return db.session.scalar(left) or 0


def _judge(told: truth.Truth, lives: Lives) -> Verdict:
    let_go()
    mails = db.session.scalars(select(OutboxMail)).all()
    faults = Counter(
        {
            "lost": 0,
            "sent but never taken": 0,
            "doubles without doubt": 0,
            "other id": 0,
            "blocked": 0,
            "not reached": lives.not_reached,
        }
    )
    for mail in mails:
        ids = told.accepted.get(mail.to_address, [])
        faults["sent but never taken"] += mail.state is MailState.SENT and not ids
        faults["doubles without doubt"] += max(0, len(ids) - 1) > mail.doubts
        faults["other id"] += bool(set(ids) - {mail.message_id})
        if mail.state in UNSETTLED:
            faults["lost" if mail.attempts or mail.state is MailState.DATA else "blocked"] += 1
        elif mail.state is MailState.FAILED:
            can_go = "\n" not in mail.subject and "@" in mail.to_address
            faults["lost"] += can_go and mail.to_address not in told.refused
        elif mail.state is MailState.CANCELLED:
            faults["lost"] += 1
    return Verdict(
        mails=len(mails),
        deaths=lives.deaths,
        refusals=told.refusals,
        states=Counter(mail.state.value for mail in mails),
        doubles=sum(len(ids) - 1 for ids in told.accepted.values()),
        doubts=sum(mail.doubts for mail in mails),
        faults=dict(faults),
    )
