"""On which days slots of recurring work fall, and how each stands."""

from datetime import date, timedelta

import pytest

from ntmtasks.progress.rules.occurrences import (
    BadSlot,
    OccurrenceState,
    Rhythm,
    Schedule,
    SlotFault,
    Standing,
    check_held,
    check_move,
    days_of,
    read_schedule,
    standing,
    tally,
)

ISSUED_ON, YEAR_END = date(2024, 5, 24), date(2024, 12, 31)
NEWS = "lúc 18 giờ 30 phút - 19 giờ 00 phút thứ hai mỗi tuần"


def read(recurrence: list[str], written: str) -> Schedule:
    """The schedule of words that have one."""
    found = read_schedule(recurrence, written)
    assert found is not None
    return found


def test_the_news_of_plan_108_falls_on_32_mondays() -> None:
    days = days_of(read(["weekly"], NEWS), ISSUED_ON, YEAR_END)
    assert days == [date(2024, 5, 27) + timedelta(days=7 * n) for n in range(32)]
    assert days[-1] == date(2024, 12, 30)


def test_a_holiday_moves_no_slot() -> None:
    days = days_of(read(["weekly"], NEWS), date(2024, 8, 26), date(2024, 9, 9))
    assert days == [date(2024, 8, 26), date(2024, 9, 2), date(2024, 9, 9)]


@pytest.mark.parametrize(
    ("recurrence", "written", "schedule"),
    [
        (["weekly"], "Chủ nhật hằng tuần", Schedule(Rhythm.WEEKLY, weekday=6)),
        (["weekly"], "thứ 6 hàng tuần", Schedule(Rhythm.WEEKLY, weekday=4)),
        (["weekly"], "hằng tuần", Schedule(Rhythm.WEEKLY, weekday=4)),
        (
            ["monthly"],
            "trước ngày 15 hằng tháng",
            Schedule(Rhythm.MONTHLY, month_day=15),
        ),
        (["monthly", "quarterly", "yearly"], "hằng tháng, quý, năm", Schedule(Rhythm.MONTHLY)),
        (
            ["yearly"],
            "trước ngày 01/6 và 15/11 hằng năm",
            Schedule(Rhythm.YEARLY, dates=((1, 6), (15, 11))),
        ),
        (["yearly", "half-yearly"], "6 tháng, năm", Schedule(Rhythm.HALF_YEARLY)),
    ],
)
def test_the_words_of_a_plan_say_the_days(
    recurrence: list[str], written: str, schedule: Schedule
) -> None:
    assert read_schedule(recurrence, written) == schedule


@pytest.mark.parametrize("recurrence", [[], ["daily"], ["periodic"], ["continuous"], ["event"]])
def test_what_has_no_rhythm_and_what_is_daily_has_no_slots(recurrence: list[str]) -> None:
    assert read_schedule(recurrence, "ngày 5") is None


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        (
            Schedule(Rhythm.MONTHLY),
            ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"],
        ),
        (Schedule(Rhythm.QUARTERLY, month_day=20), ["2024-03-20", "2024-06-20"]),
        (Schedule(Rhythm.HALF_YEARLY), ["2024-06-30"]),
        (Schedule(Rhythm.YEARLY), []),
        (Schedule(Rhythm.YEARLY, dates=((15, 11), (1, 6))), ["2024-06-01"]),
    ],
)
def test_periods_end_on_their_last_day_unless_one_is_named(
    schedule: Schedule, days: list[str]
) -> None:
    found = days_of(schedule, date(2024, 2, 1), date(2024, 6, 30))
    assert [day.isoformat() for day in found] == days


def test_a_slot_that_nobody_spoke_of_is_missed_by_computation() -> None:
    on = date(2024, 11, 11)
    for state, today, expected in (
        (OccurrenceState.PLANNED, date(2024, 11, 10), Standing.COMING),
        (OccurrenceState.PLANNED, on, Standing.TODAY),
        (OccurrenceState.PLANNED, date(2024, 11, 12), Standing.UNRECORDED),
        (OccurrenceState.MOVED, date(2024, 11, 12), Standing.UNRECORDED),
        (OccurrenceState.DONE, date(2024, 11, 12), Standing.DONE),
        (OccurrenceState.NOT_HELD, date(2024, 11, 10), Standing.NOT_HELD),
    ):
        assert standing(state, on, today) is expected


def test_the_tally_counts_each_slot_once() -> None:
    days = [date(2024, 11, 4) + timedelta(days=7 * n) for n in range(5)]
    states = ["done", "planned", "not_held", "moved", "planned"]
    slots = list(zip(map(OccurrenceState, states), days, strict=True))
    found = tally(slots, date(2024, 11, 14))
    assert (found.total, found.done, found.not_held, found.unrecorded) == (5, 1, 1, 1)
    assert (found.missed, found.percent, found.awaited) == (2, 20, date(2024, 11, 25))
    assert tally([], date(2024, 11, 14)).percent == 0


def test_a_slot_is_moved_within_the_plan_and_recorded_when_its_day_has_come() -> None:
    on = date(2024, 9, 2)
    for to, fault in (
        (on, SlotFault.SAME_DAY),
        (date(2024, 5, 23), SlotFault.BEFORE_ISSUE),
        (date(2025, 1, 6), SlotFault.BEYOND_YEAR),
    ):
        with pytest.raises(BadSlot) as problem:
            check_move(on, to, 2024, ISSUED_ON)
        assert problem.value.fault is fault
    check_move(on, date(2024, 9, 4), 2024, ISSUED_ON)
    check_held(on, on)
    with pytest.raises(BadSlot):
        check_held(on, date(2024, 9, 1))
