"""A process that sends mails as the worker does, and dies at a point that was chosen before."""

import os
import random
import signal
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import structlog

from benchmarks.faults.lives import die
from benchmarks.faults.plants import PLANTS
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core import clock, smtp
from ntmtasks.core.db import db
from ntmtasks.outbox.jobs import sending as jobs
from ntmtasks.outbox.rules import MailState


@dataclass(frozen=True)
class Point:
    """Where a process may die: before it calls a function, or after it when `reached` says of its result
    and arguments that this is what the point is named after."""

    owner: Any
    name: str
    reached: Callable[..., bool] | None = None


POINTS = {
    "after claim": Point(jobs, "_claim", lambda batch, *_: bool(batch)),
    "before RCPT": Point(smtplib.SMTP, "rcpt"),
    "after fence": Point(jobs._Sending, "_step_to_data", lambda mine, *_: mine),
    "after 250 OK": Point(smtp.Line, "hand_over", lambda reply, *_: reply.is_yes),
    "after commit": Point(
        jobs._Sending, "_settle", lambda _none, _sending, _mail, state, *_: state is MailState.SENT
    ),
}
PAUSE = "after a pause"
PAUSE_SECONDS = 2.5
"""Longer than the lease of hurried senders."""


def send(way: str, seed: int, ready: Connection, env: dict[str, str], plant: str) -> None:
    """Empty the outbox again and again until killed; `way` names the point to die at, if any."""
    os.environ.update(env)
    hurry()
    if plant:
        PLANTS[plant]()
    if way in POINTS:
        _end_at(POINTS[way], random.Random(seed).randint(1, 3), die)
    if way == PAUSE:
        _end_at(POINTS["after fence"], 1, _pause)
        _end_at(POINTS["after commit"], 2, die)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    app = create_app(load_config())
    ready.close()
    with app.app_context():
        while True:
            try:
                jobs.run(clock.now(), {})
            except Exception:  # as worker.tick does
                db.session.rollback()
            time.sleep(0.02)


def hurry() -> None:
    """Minutes become moments, so that a day of tries fits into the run."""
    jobs.LEASE = timedelta(seconds=2)
    jobs.wait_after = lambda attempts, jitter, longest=None: timedelta(seconds=0.05 * (1 + jitter))
    jobs.BATCH = 8
    smtp.CONNECT_SECONDS = smtp.ANSWER_SECONDS = 1


def _pause() -> None:
    """Stand still past the end of the lease, as a machine does that was suspended."""
    me = os.getpid()
    if os.fork() == 0:
        time.sleep(PAUSE_SECONDS)
        os.kill(me, signal.SIGCONT)
        os._exit(0)
    os.kill(me, signal.SIGSTOP)


def _end_at(point: Point, turn: int, end: Callable[[], None]) -> None:
    """Let `end` happen when the point is reached for the `turn`-th time."""
    real: Callable[..., Any] = getattr(point.owner, point.name)
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls == turn:
            end()

    def mortal(*args: Any, **values: Any) -> Any:
        if point.reached is None:
            count()
        result = real(*args, **values)
        if point.reached is not None and point.reached(result, *args):
            count()
        return result

    setattr(point.owner, point.name, mortal)
