"""The two clocks. Nothing else in ntmtasks reads the time (tests/test_clock_is_alone.py).

`now()` and `today()` are the office's time: deadlines, submissions, reminders. They follow the frozen
day of `NTMTASKS_TODAY` or of the sample. `real_now()` is for what must not stand still: sessions,
tokens, throttle, leases, back-off.
"""

from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, func, select

from ntmtasks.core.db import UTCDateTime, db

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_frozen_day: ContextVar[date | None] = ContextVar("frozen_day", default=None)


def freeze(day: date | None) -> None:
    """Let the office's date stand on `day` in this context (a request, a tick); None lets it run."""
    _frozen_day.set(day)


def frozen_day() -> date | None:
    """The day on which the office's date stands, or None when it runs."""
    return _frozen_day.get()


def now() -> datetime:
    """The office's time in UTC: on a frozen day, that day with the running time of day."""
    local = datetime.now(OFFICE_ZONE)
    day = _frozen_day.get()
    if day is not None:
        local = datetime.combine(day, local.time(), OFFICE_ZONE)
    return local.astimezone(UTC)


def today() -> date:
    """The office's date in Asia/Ho_Chi_Minh."""
    return _frozen_day.get() or datetime.now(OFFICE_ZONE).date()


def local(moment: datetime) -> datetime:
    """A stored UTC moment as the office's clock shows it."""
    return moment.astimezone(OFFICE_ZONE)


def at(day: date, moment: time) -> datetime:
    """An office day and time of day as a UTC moment."""
    return datetime.combine(day, moment, OFFICE_ZONE).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first moment of an office day, in UTC."""
    return at(day, time(0, 0))


def end_of_day(day: date) -> datetime:
    """The first moment after an office day, in UTC (exclusive)."""
    return start_of_day(day + timedelta(days=1))


def moment_on(day: date) -> datetime:
    """A moment of an office day that is today or past: now, or that day's noon."""
    return now() if day == today() else at(day, time(12, 0))


def real_now() -> datetime:
    """The true time in UTC; on PostgreSQL the server's, so that nodes with wrong clocks agree."""
    if db.engine.dialect.name == "postgresql":
        return db.session.execute(select(real_now_sql())).scalar_one()
    return datetime.now(UTC)


def real_now_sql() -> ColumnElement[datetime]:
    """`real_now()` as an SQL expression, for use inside a query, also one that is kept: the moment is
    the one at which it runs."""
    if db.engine.dialect.name == "postgresql":
        return func.clock_timestamp(type_=UTCDateTime())
    return bindparam(None, callable_=lambda: datetime.now(UTC), type_=UTCDateTime())
