"""A process that sends mails as the worker does, and dies at a point that was chosen before."""

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog

from benchmarks.faults.lives import die
from benchmarks.faults.plants import PLANTS
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core import clock, smtp
from ntmtasks.core.db import db
from ntmtasks.outbox import jobs

POINTS: dict[str, tuple[Any, str, bool]] = {
    "after claim": (jobs, "_claim", True),
    "before RCPT": (smtp.Line, "announce", False),
    "after fence": (jobs._Sending, "_step_to_data", True),
    "after 250 OK": (smtp.Line, "hand_over", True),
    "after commit": (jobs._Sending, "_settle", True),
}
"""Where a process may die: the owner and name of a function, and whether after it or before."""
PAUSE = "after a pause"
PAUSE_SECONDS = 2.5
"""Longer than the lease of hurried senders."""


def send(way: str, seed: int, env: dict[str, str], plant: str) -> None:
    """Empty the outbox again and again until killed; `way` names the point to die at, if any."""
    os.environ.update(env)
    hurry()
    if plant:
        PLANTS[plant]()
    if way in POINTS:
        _end_at(*POINTS[way], random.Random(seed).randint(1, 3), die)
    if way == PAUSE:
        _end_at(*POINTS["after fence"], 1, _pause)
        _end_at(*POINTS["after commit"], 2, die)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    app = create_app(load_config())
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


def _end_at(owner: Any, name: str, after: bool, turn: int, end: Callable[[], None]) -> None:
    real: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def mortal(*args: Any, **values: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == turn and not after:
            end()
        result = real(*args, **values)
        if result is False or result == []:  # nothing was claimed, or the mail is no longer ours
            calls -= 1
        elif calls == turn and after:
            end()
        return result

    setattr(owner, name, mortal)
