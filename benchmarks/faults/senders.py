"""A process that sends mails as the worker does, and dies at a point that was chosen before."""

import os
import random
import signal
import smtplib
import time
from datetime import timedelta
from multiprocessing.connection import Connection

import structlog

from benchmarks.faults.lives import Point, die, end_at
from benchmarks.faults.plants import PLANTS
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core import clock, smtp
from ntmtasks.core.db import db
from ntmtasks.outbox.jobs import sending as jobs
from ntmtasks.outbox.rules import MailState

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
        end_at(POINTS[way], random.Random(seed).randint(1, 3), die)
    if way == PAUSE:
        end_at(POINTS["after fence"], 1, _pause)
        end_at(POINTS["after commit"], 2, die)
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
