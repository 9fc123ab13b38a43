"""Reporting periods of a plan's year."""

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ntmtasks.workdays.rules import Calendar, add_working_days, next_working_day


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    AD_HOC = "ad_hoc"
    """Asked for once, of certain agencies."""


AD_HOC_LABEL = "Đột xuất"
BEFORE_ISSUE = "trước ngày ban hành"


MONTHS: dict[PeriodKind, int] = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 12,
}
"""How long the periods of regular reports are."""
USUAL = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)


QUARTERS = ("I", "II", "III", "IV")
_MONTH = re.compile("(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class PeriodPlan:
    """A period before it belongs to an agency. Data runs from `starts_on` to `cut_off`, both
    inclusive; `not_required` says why nothing is owed, '' where a report is."""

    kind: PeriodKind
    label: str
    starts_on: date
    cut_off: date
    due_on: date
    not_required: str


def periods_for(
    year: int,
    issued_on: date,
    cut_off_day: int,
    due_day: int,
    calendar: Calendar,
    kinds: Collection[PeriodKind] = USUAL,
) -> tuple[PeriodPlan, ...]:
    """The periods of these `kinds` in a plan's year, by due day and then by length.

    Cut-offs follow NĐ 09/2019/NĐ-CP: a month runs from the day after the last cut-off to
    `cut_off_day`. Reports due before the day of issue are not owed: the last such month is kept and
    says so, earlier periods are left out.
    """
    periods = [
        _period(kind, year, month, issued_on, cut_off_day, due_day, calendar)
        for month in range(1, 13)
        for kind, length in MONTHS.items()
        if kind in kinds and month % length == 0
    ]
    owed = [p for p in periods if not p.not_required]
    early = [p for p in periods if p.not_required and p.kind is PeriodKind.MONTH]
    return (*early[-1:], *owed)


def _period(
    kind: PeriodKind,
    year: int,
    month: int,
    issued_on: date,
    cut_off_day: int,
    due_day: int,
    calendar: Calendar,
) -> PeriodPlan:
    cut_off = date(year, month, cut_off_day)
    due_on = _due_on(cut_off, due_day, calendar)
    return PeriodPlan(
        kind=kind,
        label=_label(kind, year, month),
        starts_on=_months_before(cut_off, MONTHS[kind]) + timedelta(days=1),
        cut_off=cut_off,
        due_on=due_on,
        not_required=BEFORE_ISSUE if due_on < issued_on else "",
    )


def _due_on(cut_off: date, due_day: int, calendar: Calendar) -> date:
    """The due day in the month of `cut_off`, moved to a working day (Bộ luật Dân sự 2015, Điều 148
    khoản 5), at least one working day after the cut-off (NĐ 09/2019/NĐ-CP)."""
    earliest = add_working_days(cut_off, 1, calendar)
    return max(next_working_day(cut_off.replace(day=due_day), calendar), earliest)


def asked_month(typed: str, today: date) -> date:
    """The first day of the month that an address asks for ("2024-12"); of the next one where it asks for
    none."""
    found = _MONTH.fullmatch(typed)
    if found:
        return date(int(found[1]), int(found[2]), 1)
    return last_of_month(today) + timedelta(days=1)


def last_of_month(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_label(day: date) -> str:
    """What a day's month is called: "Tháng 12/2024"."""
    return _label(PeriodKind.MONTH, day.year, day.month)


def _label(kind: PeriodKind, year: int, month: int) -> str:
    if kind is PeriodKind.MONTH:
        return f"Tháng {month}/{year}"
    if kind is PeriodKind.QUARTER:
        return f"Quý {QUARTERS[month // 3 - 1]}/{year}"
    if kind is PeriodKind.HALF_YEAR:
        return f"6 tháng {'đầu' if month == 6 else 'cuối'} năm {year}"
    return f"Năm {year}"


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, day.day)


@dataclass(frozen=True)
class Days:
    """The days of a requirement, each None where the office's setting holds: the day of the month on
    which figures close, the due day of agencies and that of the coordinating office, and how many
    calendar days after it the period locks (0: not by its day)."""

    cut_off: int | None = None
    agency_due: int | None = None
    office_due: int | None = None
    lock: int | None = None


class DaysFault(StrEnum):
    """What is wrong with the days of a requirement."""

    AGENCY_DUE = "agency_due"
    OFFICE_DUE = "office_due"


def days_fault(cut_off: int, agency_due: int, office_due: int) -> DaysFault | None:
    """What the days of a month forbid: from the cut-off to the due day there is at least one working day
    (NĐ 09/2019/NĐ-CP), and each level has its day after the one below.

    Days of the month in order are enough: a due day that is off moves to the next working day.
    """
    if agency_due <= cut_off:
        return DaysFault.AGENCY_DUE
    return DaysFault.OFFICE_DUE if office_due <= agency_due else None


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
