"""Is the process alive, is the instance fine."""

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, text

from ntmtasks.core.access import public
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db
from ntmtasks.core.models import JobSlot

bp = Blueprint("health", __name__)
WORKER_SILENT = timedelta(minutes=10)
TICK = "tick"


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process lives; asks nothing of the database."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database, schema and worker; 503 with what is wrong."""
    problems = []
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        last = db.session.scalar(select(func.max(JobSlot.claimed_at)).where(JobSlot.job == TICK))
        if last is None or last < real_now() - WORKER_SILENT:
            problems.append("worker")
    except Exception:  # whatever the database says, the answer is the same
        db.session.rollback()
        problems.append("database")
    return {"status": "ok" if not problems else "failing", "problems": problems}, (
        503 if problems else 200
    )
