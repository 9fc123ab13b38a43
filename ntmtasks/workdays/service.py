"""Changing the calendar of days off, and the settings.

A day has no number of its own: the record keeps its ordinal (`date.toordinal`) as subject_id.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import holidays

from ntmtasks.core import formats, settings, slots
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.history.service import Actor, record
from ntmtasks.workdays import queries
from ntmtasks.workdays.models import SpecialDay

DAYS_OFF = "days_off"
"""The job whose slots are the years that were filled by the program."""
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
        for row in new:
            record(actor, "workday", row.day.toordinal(), "workday.set", after=_shown(row))
    return len(new)


def fill_unknown_year(year: int) -> int:
    """Fill a year that has no day yet, as the program's own act and once; how many days came."""
    with transaction():
        if not slots.claim(DAYS_OFF, str(year)) or queries.special_days(year):
            return 0
        return fill_year(year)


def set_day(day: date, is_working: bool, name: str, actor: Actor, seen: int | None = None) -> None:
    """Make `day` a day off or a working day. Raises ChangedMeanwhile where it is listed as something
    else already, in another version than the one `seen`."""
    with transaction():
        row = db.session.get(SpecialDay, day)
        before = _shown(row) if row else {}
        is_other = row is not None and (row.is_working, row.name) != (is_working, name)
        if row is not None and is_other and row.version != seen:
            raise ChangedMeanwhile
        if row is None:
            row = SpecialDay(day=day)
            db.session.add(row)
        row.is_working, row.name, row.source = is_working, name, ADMIN
        if before != _shown(row):
            record(actor, "workday", day.toordinal(), "workday.set", before, _shown(row))


def remove_day(day: date, actor: Actor, version: int | None = None) -> None:
    """Let `day` be what its weekday says; nothing happens when it is already. Raises
    ChangedMeanwhile."""
    with transaction():
        row = db.session.get(SpecialDay, day)
        if row is not None:
            check_version(row, version)
            db.session.delete(row)
            record(actor, "workday", day.toordinal(), "workday.remove", before=_shown(row))


def change_settings(values: Mapping[str, int], actor: Actor, version: int | None = None) -> None:
    """Store those numbers of core/settings.py that differ from what holds now. Raises
    ChangedMeanwhile."""
    with transaction():
        check_version(version_of_numbers(), version)
        changed = [s for s in settings.NUMBERS if values[s.name] != settings.number(s)]
        before = {setting.label: settings.number(setting) for setting in changed}
        for setting in changed:
            settings.store(setting.name, str(values[setting.name]))
        if changed:
            after = {setting.label: values[setting.name] for setting in changed}
            record(actor, "setting", 0, "setting.change", before, after)


def version_of_numbers() -> settings.SettingsVersion:
    """The version of the numbers that the page of settings shows together."""
    return settings.version_of(*(setting.name for setting in settings.NUMBERS))


def _shown(row: SpecialDay) -> dict[str, str]:
    kind = "Ngày làm việc" if row.is_working else "Ngày nghỉ"
    return {"Ngày": formats.day(row.day), "Loại": kind, "Tên": row.name}
