"""The geometry of pictures: nothing hangs over, every day has its place."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ntmtasks.oversight.rules.charts import (
    Span,
    burn_up,
    calendar_of,
    months_of,
    place_of,
    span_of,
    stacked,
)
from ntmtasks.tasks.rules import Counters

boxes = st.lists(st.integers(0, 500), min_size=7, max_size=7).filter(any)


@given(boxes, st.integers(0, 1000))
def test_a_bar_is_as_long_as_its_total_and_has_no_gap(numbers: list[int], more: int) -> None:
    total = sum(numbers)
    parts = stacked(Counters(total, *numbers), total + more)
    assert sum(part.number for part in parts) == total
    end = 0.0
    for part in parts:
        assert abs(part.x - end) < 0.02
        end = part.x + part.width
    assert abs(end - 100 * total / (total + more)) < 0.02


def test_days_stand_on_the_line_of_their_year() -> None:
    assert place_of(date(2024, 1, 1), 2024) == 0
    assert place_of(date(2024, 7, 2), 2024) == 50  # the 183rd morning of 366
    assert place_of(date(2025, 1, 1), 2024) == place_of(date(2026, 5, 1), 2024) == 100
    assert place_of(date(2023, 5, 1), 2024) == 0
    firsts = [first for _, first, _ in months_of(2024)]
    assert firsts == sorted(set(firsts))


def test_a_task_is_as_long_as_its_time_and_never_invisible() -> None:
    whole = span_of(date(2023, 5, 1), date(2025, 2, 1), 2024)
    assert whole == Span(0, 100)
    assert span_of(date(2024, 5, 1), None, 2024) is None
    past = span_of(date(2022, 5, 1), date(2023, 2, 1), 2024)
    late_entry = span_of(date(2024, 9, 1), date(2024, 6, 30), 2024)
    assert past == Span(0, 0.3)
    assert late_entry == Span(place_of(date(2024, 6, 30), 2024), 0.3)


def test_the_stairs_end_where_the_sums_do() -> None:
    planned = {date(2023, 12, 1): 2, date(2024, 3, 1): 3, date(2025, 1, 1): 4, None: 1}
    done = {date(2023, 11, 1): 1, date(2024, 4, 1): 2}
    found = burn_up(planned, done, 2024, date(2024, 3, 31))
    assert found.plan == f"M0 80.0 H{place_of(date(2024, 3, 1), 2024)} V50.0 H100.0"
    assert found.done == f"M0 90.0 H{place_of(date(2024, 4, 1), 2024)}"
    assert (found.asked_now, found.done_now, found.total) == (5, 1, 10)
    assert [row[1:] for row in found.months[1:4]] == [(2, 1), (5, 1), (5, None)]


def test_a_month_begins_on_its_weekday() -> None:
    days = calendar_of(2024, 9, {date(2024, 9, 18): "missing"})
    assert [day.number for day in days] == list(range(1, 31))
    assert (days[0].column, days[0].row) == (6, 0)  # a Sunday
    assert [day.number for day in days if day.mark] == [18]
