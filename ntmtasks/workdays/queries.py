"""Reading the calendar."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from sqlalchemy import Select, select

from ntmtasks.core.db import db
from ntmtasks.core.kept import columns
from ntmtasks.workdays.models import SpecialDay
from ntmtasks.workdays.rules import Calendar


def calendar() -> Calendar:
    """All special days as the rules want them."""
    return dict(columns(_calendar()))


@cache
def _calendar() -> Select[date, bool]:
    return select(SpecialDay.day, SpecialDay.is_working)


def special_day(day: date) -> SpecialDay | None:
    """How a day is listed; None where it is what its weekday says."""
    return db.session.get(SpecialDay, day)


def special_days(year: int) -> Sequence[SpecialDay]:
    """The special days of one year, in order."""
    return db.session.scalars(
        select(SpecialDay)
        .where(SpecialDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(SpecialDay.day)
    ).all()
