"""Slow down guessing: failed attempts are counted in the database, so that all workers agree."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, insert, transaction
from ntmtasks.core.models import Throttle

WINDOW = timedelta(minutes=5)


def _window(moment: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def failures(kind: str, source: str) -> int:
    """Failed attempts of `source` in this and the previous window (5 to 10 minutes)."""
    since = _window(real_now()) - WINDOW
    total = db.session.scalar(
        select(func.sum(Throttle.attempts)).where(
            Throttle.kind == kind, Throttle.source == source, Throttle.window >= since
        )
    )
    return int(total or 0)


def record_failure(kind: str, source: str) -> None:
    """Count one failed attempt."""
    with transaction():
        window = _window(real_now())
        one = insert(Throttle).values(kind=kind, source=source, window=window, attempts=1)
        db.session.execute(
            one.on_conflict_do_update(
                index_elements=["kind", "source", "window"],
                set_={"attempts": Throttle.attempts + 1},
            )
        )
        db.session.execute(delete(Throttle).where(Throttle.window < window - timedelta(days=1)))
