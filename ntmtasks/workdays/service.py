"""Changing the calendar of days off."""

from collections.abc import Iterator

import holidays

from ntmtasks.core.db import db, transaction
from ntmtasks.history.service import Actor, record
from ntmtasks.workdays.models import SpecialDay

LIBRARY = "library"
ADMIN = "admin"


def known_days(year: int) -> Iterator[SpecialDay]:
    """The days of `year` on which Vietnamese offices differ from Monday to Friday.

    Source: the package holidays, which knows the decrees on Tết, on days off in lieu and on the
    Saturdays worked for them (2024: 04/05; 2026: 22/08). A holiday on a weekend needs no row.
    """
    calendar = holidays.country_holidays("VN", years=year, language="vi")
    for day, name in sorted(calendar.items()):
        if day.weekday() < 5:
            yield SpecialDay(day=day, is_working=False, name=name, source=LIBRARY)
    for day in sorted(calendar.weekend_workdays):
        if day.year == year:
            yield SpecialDay(day=day, is_working=True, name="Làm bù", source=LIBRARY)


def fill_year(year: int, actor: Actor | None = None) -> int:
    """Add what the library knows about `year`; days that have a row stay. Returns how many came."""
    with transaction():
        new = [day for day in known_days(year) if db.session.get(SpecialDay, day.day) is None]
        db.session.add_all(new)
        for day in new:
            _record(actor, day)
    return len(new)


def _record(actor: Actor | None, day: SpecialDay) -> None:
    """Days have no number: the record keeps a day's ordinal, which names it as well."""
    after = {"ngày": day.day.isoformat(), "làm việc": day.is_working, "tên": day.name}
    record(actor, "workday", day.day.toordinal(), "workday.set", after=after)
