"""Working days. A calendar is a mapping of the special days alone: True = worked, False = off."""

from collections.abc import Mapping
from datetime import date, timedelta

Calendar = Mapping[date, bool]


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Monday to Friday, unless the calendar says otherwise."""
    return calendar.get(day, day.weekday() < 5)


def next_working_day(day: date, calendar: Calendar) -> date:
    """`day` itself or the first working day after it (Bộ luật Dân sự 2015, Điều 148 khoản 5)."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """The day `count` working days after `day` (before it when negative); 0 gives `day`."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, calendar):
            day += step
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, calendar) for day in days)
