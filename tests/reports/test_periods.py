"""The periods of plan 108 against a table made by hand from a paper calendar."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ntmtasks.reports.rules.periods import BEFORE_ISSUE, PeriodKind, periods_for
from ntmtasks.reports.rules.states import ReportState, report_class
from ntmtasks.tasks.rules import DeadlineClass
from ntmtasks.workdays.rules import add_working_days, is_working_day

ISSUED = date(2024, 5, 24)
# label, first day of data, cut-off, due day
GOLDEN_2024 = (
    ("Tháng 5/2024", date(2024, 4, 15), date(2024, 5, 14), date(2024, 5, 20)),
    ("Tháng 6/2024", date(2024, 5, 15), date(2024, 6, 14), date(2024, 6, 18)),
    ("Quý II/2024", date(2024, 3, 15), date(2024, 6, 14), date(2024, 6, 18)),
    ("Tháng 7/2024", date(2024, 6, 15), date(2024, 7, 14), date(2024, 7, 18)),
    ("Tháng 8/2024", date(2024, 7, 15), date(2024, 8, 14), date(2024, 8, 19)),
    ("Tháng 9/2024", date(2024, 8, 15), date(2024, 9, 14), date(2024, 9, 18)),
    ("Quý III/2024", date(2024, 6, 15), date(2024, 9, 14), date(2024, 9, 18)),
    ("Tháng 10/2024", date(2024, 9, 15), date(2024, 10, 14), date(2024, 10, 18)),
    ("Tháng 11/2024", date(2024, 10, 15), date(2024, 11, 14), date(2024, 11, 18)),
    ("Tháng 12/2024", date(2024, 11, 15), date(2024, 12, 14), date(2024, 12, 18)),
    ("Quý IV/2024", date(2024, 9, 15), date(2024, 12, 14), date(2024, 12, 18)),
    ("Năm 2024", date(2023, 12, 15), date(2024, 12, 14), date(2024, 12, 18)),
)


def test_periods_of_plan_108_match_the_golden_table():
    made = periods_for(2024, ISSUED, 14, 18, {})
    assert tuple((p.label, p.starts_on, p.cut_off, p.due_on) for p in made) == GOLDEN_2024


def test_only_may_is_listed_as_not_required():
    made = periods_for(2024, ISSUED, 14, 18, {})
    assert [(p.label, p.not_required) for p in made if p.not_required] == [
        ("Tháng 5/2024", BEFORE_ISSUE)
    ]


def test_a_plan_issued_before_its_year_owes_twelve_months_four_quarters_and_the_year():
    made = periods_for(2025, date(2024, 12, 20), 14, 18, {})
    assert [p.not_required for p in made] == [""] * 17
    assert made[0].starts_on == date(2024, 12, 15)
    assert [p.label for p in made if p.kind is not PeriodKind.MONTH] == [
        "Quý I/2025",
        "Quý II/2025",
        "Quý III/2025",
        "Quý IV/2025",
        "Năm 2025",
    ]


def test_a_report_due_on_the_day_of_issue_is_owed():
    made = periods_for(2024, date(2024, 5, 20), 14, 18, {})
    assert [p.label for p in made if p.not_required] == ["Tháng 4/2024"]
    assert made[1].label == "Tháng 5/2024"


def test_a_holiday_moves_the_due_day_further():
    made = periods_for(2024, ISSUED, 14, 18, {date(2024, 11, 18): False, date(2024, 11, 19): False})
    assert {p.label: p.due_on for p in made}["Tháng 11/2024"] == date(2024, 11, 20)


@given(
    year=st.integers(2020, 2040),
    cut_off_day=st.integers(1, 28),
    due_day=st.integers(1, 28),
    off=st.sets(st.dates(date(2020, 1, 1), date(2040, 12, 31)), max_size=20),
)
def test_periods_join_without_gaps_and_leave_a_working_day(year, cut_off_day, due_day, off):
    calendar = dict.fromkeys(off, False)
    made = periods_for(year, date(year - 1, 1, 1), cut_off_day, due_day, calendar)
    for p in made:
        assert is_working_day(p.due_on, calendar)
        assert p.due_on >= add_working_days(p.cut_off, 1, calendar)
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER):
        row = [p for p in made if p.kind is kind]
        assert all((b.starts_on - a.cut_off).days == 1 for a, b in pairwise(row))
    assert len(made) == 17


def test_a_report_is_late_by_its_submission_day_and_soon_within_the_window():
    due = date(2024, 11, 18)

    def klass(state, submitted_on, today):
        return report_class(state, due, submitted_on, today, 3)

    missing, sent = ReportState.MISSING, ReportState.SUBMITTED
    assert klass(missing, None, date(2024, 11, 14)) is DeadlineClass.IN_TIME
    assert klass(missing, None, date(2024, 11, 15)) is DeadlineClass.DUE_SOON
    assert klass(missing, None, date(2024, 11, 19)) is DeadlineClass.OVERDUE
    assert klass(sent, due, date(2024, 12, 1)) is DeadlineClass.DONE_ON_TIME
    assert klass(sent, date(2024, 11, 19), date(2024, 12, 1)) is DeadlineClass.DONE_LATE
