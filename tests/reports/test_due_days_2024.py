"""Due days of 2024 against tables made by hand from a paper calendar with its days off and swaps."""

from datetime import date

import pytest

from ntmtasks.reports.rules.periods import PeriodKind, days_fault, periods_for

CALENDAR = {
    date(2024, 1, 1): False,
    **{date(2024, 2, day): False for day in (8, 9, 12, 13, 14)},  # Tết
    date(2024, 4, 18): False,  # 10/3 lunar
    date(2024, 4, 29): False,  # for Saturday 4/5
    date(2024, 4, 30): False,
    date(2024, 5, 1): False,
    date(2024, 5, 4): True,
    date(2024, 9, 2): False,
    date(2024, 9, 3): False,
}
ISSUED = date(2024, 5, 24)
DISTRICTS = ("Phong Điền", "Thới Lai", "Cờ Đỏ", "Vĩnh Thạnh")
# label, due day of the districts, due day of the coordinating office, and why where it is not the usual
SLOTS = (
    ("Tháng 6/2024", date(2024, 6, 18), date(2024, 6, 24)),  # 22/6 a Saturday
    ("Quý II/2024", date(2024, 6, 18), date(2024, 6, 24)),
    ("Tháng 7/2024", date(2024, 7, 18), date(2024, 7, 22)),
    ("Tháng 8/2024", date(2024, 8, 19), date(2024, 8, 22)),  # 18/8 a Sunday
    ("Tháng 9/2024", date(2024, 9, 18), date(2024, 9, 23)),  # 22/9 a Sunday
    ("Quý III/2024", date(2024, 9, 18), date(2024, 9, 23)),
    ("Tháng 10/2024", date(2024, 10, 18), date(2024, 10, 22)),
    ("Tháng 11/2024", date(2024, 11, 18), date(2024, 11, 22)),
    ("Tháng 12/2024", date(2024, 12, 18), date(2024, 12, 23)),  # 22/12 a Sunday
    ("Quý IV/2024", date(2024, 12, 18), date(2024, 12, 23)),
    ("Năm 2024", date(2024, 12, 18), date(2024, 12, 23)),
)


def due_days(due_day, issued_on=ISSUED, cut_off_day=14, kinds=(PeriodKind.MONTH,)):
    made = periods_for(2024, issued_on, cut_off_day, due_day, CALENDAR, kinds)
    return [p.due_on for p in made if not p.not_required]


def test_the_44_slots_of_plan_108_stand_where_the_table_has_them():
    table = [(district, label, due) for district in DISTRICTS for label, due, _ in SLOTS]
    made = [p for p in periods_for(2024, ISSUED, 14, 18, CALENDAR) if not p.not_required]
    assert [(district, p.label, p.due_on) for district in DISTRICTS for p in made] == table
    assert len(table) == 44
    assert len({(district, due) for district, _, due in table}) == 28


def test_the_office_has_its_own_day_four_later():
    made = periods_for(2024, ISSUED, 14, 22, CALENDAR)
    assert [(p.label, p.due_on) for p in made if not p.not_required] == [
        (label, due) for label, _, due in SLOTS
    ]
    assert [p.label for p in made if p.not_required] == ["Tháng 5/2024"]


def test_all_months_of_a_plan_issued_before_its_year():
    days = (18, 19, 18, 19, 20, 18, 18, 19, 18, 18, 18, 18)  # 18/4 a day off, others weekends
    expected = [date(2024, month, day) for month, day in enumerate(days, 1)]
    assert due_days(18, date(2023, 12, 20)) == expected


def test_a_swapped_saturday_is_a_due_day_and_tet_moves_one_far():
    assert date(2024, 5, 4) in due_days(4, date(2024, 1, 1), 2)
    assert date(2024, 2, 15) in due_days(8, date(2024, 1, 1), 7)


def test_half_years_end_in_june_and_december():
    made = periods_for(2024, date(2024, 1, 2), 14, 18, CALENDAR, (PeriodKind.HALF_YEAR,))
    assert [(p.label, p.starts_on, p.cut_off) for p in made] == [
        ("6 tháng đầu năm 2024", date(2023, 12, 15), date(2024, 6, 14)),
        ("6 tháng cuối năm 2024", date(2024, 6, 15), date(2024, 12, 14)),
    ]


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        ((14, 18, 22), None),
        ((14, 15, 16), None),
        ((14, 14, 22), "agency_due"),
        ((14, 18, 18), "office_due"),
    ],
)
def test_each_level_has_its_day_after_the_one_below(days, fault):
    assert days_fault(*days) == fault
