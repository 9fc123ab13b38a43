"""Is the process alive, is the instance fine."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, func, select, text

from ntmtasks.core import slots
from ntmtasks.core.access import public
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, transaction
from ntmtasks.core.models import JobSlot

bp = Blueprint("health", __name__)
WORKER_SILENT = timedelta(minutes=5)
TICK = "tick"
FAILED = "failed"
"""The jobs whose slots are a minute in which the worker was alive, and one in which a step of it failed."""
_MINUTE = "%Y-%m-%dT%H:%M"
FAILS_SINCE, STILL_FAILS = timedelta(minutes=10), timedelta(minutes=3)
FAILS_OFTEN = 4
KEEP_SLOTS = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """What one check found: the name of a problem, empty when there is none, and counters."""

    problem: str = ""
    counters: dict[str, int | str | None] = field(default_factory=dict)


Check = Callable[[], Finding]


def init_app(app: Flask, checks: tuple[Check, ...]) -> None:
    """Let /readyz ask these rooms too."""
    app.extensions["ntmtasks_checks"] = checks
    app.register_blueprint(bp)


def worker_is_silent() -> bool:
    """Whether the worker has left no sign of life for a while."""
    last = db.session.scalar(select(func.max(JobSlot.claimed_at)).where(JobSlot.job == TICK))
    return last is None or last < real_now() - WORKER_SILENT


def record_tick() -> None:
    """Leave a sign of life of the worker, one a minute; old ones go."""
    with transaction():
        moment = real_now()
        if slots.claim(TICK, moment.strftime(_MINUTE)):
            old = JobSlot.job.in_((TICK, FAILED)), JobSlot.claimed_at < moment - KEEP_SLOTS
            db.session.execute(delete(JobSlot).where(*old))


def record_failure(step: str) -> None:
    """Note that a step of the worker failed, once a minute."""
    slots.claim(FAILED, f"{real_now().strftime(_MINUTE)} {step}")


def failing_steps() -> list[str]:
    """The steps of the worker that failed again and again in the last minutes and still do, by name."""
    moment = real_now()
    rows = db.session.execute(
        select(JobSlot.slot, JobSlot.claimed_at).where(
            JobSlot.job == FAILED, JobSlot.claimed_at > moment - FAILS_SINCE
        )
    ).all()
    times = Counter(slot.partition(" ")[2] for slot, _ in rows)
    lately = {slot.partition(" ")[2] for slot, at in rows if at > moment - STILL_FAILS}
    return sorted(step for step in lately if times[step] >= FAILS_OFTEN)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process lives; asks nothing of the database."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database, schema, worker and mails, with counters; 503 with what is wrong."""
    problems: list[str] = []
    counters: dict[str, int | str | None] = {}
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        counters["last_sweep"] = slots.newest(slots.REMINDERS)
        if worker_is_silent():
            problems.append("worker")
        problems += [f"worker: {step}" for step in failing_steps()]
        for check in current_app.extensions["ntmtasks_checks"]:
            found = check()
            counters |= found.counters
            problems += [found.problem] if found.problem else []
    except Exception:  # whatever the database says, the answer is the same
        db.session.rollback()
        problems.append("database")
    status = "failing" if problems else "ok"
    return {"status": status, "problems": problems, **counters}, 503 if problems else 200
