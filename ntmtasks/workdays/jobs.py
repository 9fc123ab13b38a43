"""The calendar for the worker, so that no mail goes out on Tết because nobody pressed a button."""

from datetime import datetime

from ntmtasks.core import clock, slots
from ntmtasks.workdays.service import DAYS_OFF, fill_unknown_year

DECEMBER = 12


def run(now: datetime) -> int:
    """Fill this year, and in December the next one, where nothing is known of it; how many days came.
    Each year has one turn: a day that is taken out later stays out."""
    day = clock.local(now).date()
    years = [day.year, day.year + 1] if day.month == DECEMBER else [day.year]
    open_years = [year for year in years if not slots.is_claimed(DAYS_OFF, str(year))]
    return sum(map(fill_unknown_year, open_years))
