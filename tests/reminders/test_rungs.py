"""On which mornings the ladders remind."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from ntmtasks.reminders.rules import (
    RUNGS,
    Ladder,
    latest_rung,
    rank_reached,
    says_quarter_four,
    task_ladder,
    wait_for_day,
)
from ntmtasks.tasks.rules import DeadlineBasis
from ntmtasks.workdays.rules import Calendar, is_working_day

NEW_YEAR: Calendar = {date(2025, 1, 1): False}
YEAR_END = date(2024, 12, 31)


def mornings(
    ladder: Ladder, deadline: date, first: date, last: date, calendar: Calendar
) -> dict[int, date]:
    """Each rung with the working day on which it is used, when every working day is swept."""
    used: dict[int, date] = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if is_working_day(day, calendar):
            rung = latest_rung(RUNGS[ladder], deadline, day, calendar)
            if rung is not None:
                used.setdefault(rung, day)
    return used


def test_a_rung_on_a_day_off_moves_to_the_working_day_before() -> None:
    found = mornings(Ladder.QUARTER_FOUR, YEAR_END, date(2024, 10, 1), date(2025, 1, 20), NEW_YEAR)
    assert found == {
        -60: date(2024, 11, 1),
        -30: date(2024, 11, 29),  # 01/12 is a Sunday
        -15: date(2024, 12, 16),
        -7: date(2024, 12, 24),
        -3: date(2024, 12, 27),  # 28/12 is a Saturday
        -1: date(2024, 12, 30),
        0: date(2024, 12, 31),
        1: date(2025, 1, 2),  # nothing is late before it is: New Year's Day waits
        8: date(2025, 1, 8),
        15: date(2025, 1, 15),
    }


def test_a_report_is_reminded_of_in_working_days() -> None:
    found = mornings(
        Ladder.REPORT, date(2024, 11, 18), date(2024, 11, 1), date(2024, 12, 6), NEW_YEAR
    )
    assert found == {
        -5: date(2024, 11, 11),
        -2: date(2024, 11, 14),
        0: date(2024, 11, 18),
        1: date(2024, 11, 19),
        3: date(2024, 11, 21),
        8: date(2024, 11, 28),
        13: date(2024, 12, 5),
    }


def test_dated_work_has_four_rungs_before_it_is_late_and_the_year_end_two() -> None:
    dated = mornings(Ladder.DATED, date(2024, 11, 20), date(2024, 10, 1), date(2024, 11, 20), {})
    assert list(dated) == [-7, -3, -1, 0]
    whole_year = mornings(Ladder.PLAN_YEAR, YEAR_END, date(2024, 1, 1), YEAR_END, {})
    assert whole_year == {-30: date(2024, 11, 29), -7: date(2024, 12, 24)}


def test_a_deadline_on_a_day_off_is_told_the_working_day_before_and_late_the_one_after() -> None:
    sunday = date(2024, 11, 17)
    assert latest_rung(RUNGS[Ladder.DATED], sunday, date(2024, 11, 15), {}) == 0
    assert latest_rung(RUNGS[Ladder.DATED], sunday, date(2024, 11, 18), {}) == 1


def test_after_a_pause_the_latest_missed_rung_is_told_alone() -> None:
    assert latest_rung(RUNGS[Ladder.QUARTER_FOUR], YEAR_END, date(2024, 12, 26), NEW_YEAR) == -7
    assert latest_rung(RUNGS[Ladder.REPORT], date(2024, 12, 18), date(2024, 12, 24), NEW_YEAR) == 3


OF_DEADLINES = [Ladder.REPORT, Ladder.QUARTER_FOUR, Ladder.DATED, Ladder.PLAN_YEAR]


@pytest.mark.parametrize("ladder", OF_DEADLINES)
def test_no_rung_is_told_twice_and_none_that_fits_is_left_out(ladder: Ladder) -> None:
    deadline = date(2024, 9, 1)  # a Sunday before a holiday of two days
    calendar = {date(2024, 9, 2): False, date(2024, 9, 3): False}
    found = mornings(ladder, deadline, date(2024, 6, 1), date(2024, 12, 1), calendar)
    assert sorted(found) == list(found)
    assert sorted(found.values()) == list(found.values())
    after = [rung for rung in found if rung > 0]
    assert after[: len(RUNGS[ladder].after)] == list(RUNGS[ladder].after)
    steps = {b - a for a, b in pairwise(after)}
    assert steps == {RUNGS[ladder].step} | ({2} if ladder is Ladder.REPORT else set())


@pytest.mark.parametrize(
    ("quarter_four", "basis", "ladder"),
    [
        (True, DeadlineBasis.PERIOD_END, Ladder.QUARTER_FOUR),
        (True, DeadlineBasis.PLAN_YEAR, Ladder.QUARTER_FOUR),
        (False, DeadlineBasis.PLAN_YEAR, Ladder.PLAN_YEAR),
        (False, DeadlineBasis.EXPLICIT, Ladder.DATED),
        (False, DeadlineBasis.PERIOD_END, Ladder.DATED),
        (False, DeadlineBasis.BY_HAND, Ladder.DATED),
    ],
)
def test_the_most_specific_ladder_wins(
    quarter_four: bool, basis: DeadlineBasis, ladder: Ladder
) -> None:
    assert task_ladder(quarter_four, basis) is ladder


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("Quý IV/2024", True),
        ("Quí IV-2025", True),
        ("Trong quý 4 năm 2024", True),
        ("Quý I/2024", False),
        ("Quý III/2024", False),
        ("31/12/2024", False),
    ],
)
def test_quarter_four_is_recognised_by_its_words(written: str, named: bool) -> None:
    assert says_quarter_four(written) is named


def test_silent_work_is_told_once_a_month() -> None:
    rungs = RUNGS[Ladder.SILENT]
    days = [date(2024, 2, 1) + timedelta(days=n) for n in range(120)]
    assert {latest_rung(rungs, day.replace(day=1), day, {}) for day in days} == {0}


def test_what_waits_for_a_decision_is_told_when_it_is_older_than_two_working_days() -> None:
    friday = date(2024, 11, 8)
    found = mornings(Ladder.WAITING, friday, friday, date(2024, 11, 29), {})
    assert found == {
        3: date(2024, 11, 13),
        8: date(2024, 11, 20),
        13: date(2024, 11, 27),
    }


@pytest.mark.parametrize(
    ("ladder", "reached"),
    [
        (Ladder.REPORT, {-2: 0, 0: 0, 1: 0, 3: 1, 8: 2, 13: 3, 18: 4, 23: 4}),
        (Ladder.DATED, {-1: 0, 0: 0, 1: 0, 8: 1, 15: 2, 22: 3, 29: 4, 365: 4}),
    ],
)
def test_each_rung_after_the_deadline_climbs_one_rank(
    ladder: Ladder, reached: dict[int, int]
) -> None:
    assert {rung: rank_reached(RUNGS[ladder], rung) for rung in reached} == reached


START = time(7, 30)


@pytest.mark.parametrize(
    ("now", "waits_until"),
    [
        (datetime(2024, 11, 14, 7, 29), datetime(2024, 11, 14, 7, 30)),
        (datetime(2024, 11, 14, 7, 30), None),
        (datetime(2024, 11, 14, 17, 59), None),
        (datetime(2024, 11, 14, 18, 0), datetime(2024, 11, 15, 7, 30)),
        (datetime(2024, 11, 15, 23, 0), datetime(2024, 11, 18, 7, 30)),
        (datetime(2024, 11, 16, 10, 0), datetime(2024, 11, 18, 7, 30)),  # a Saturday
        (datetime(2024, 11, 18, 0, 30), datetime(2024, 11, 18, 7, 30)),
    ],
)
def test_what_is_left_over_waits_for_the_day(now: datetime, waits_until: datetime | None) -> None:
    assert wait_for_day(now, START, {}) == (waits_until or now) - now
