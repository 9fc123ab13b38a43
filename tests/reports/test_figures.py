"""Figures are read as officers write them, and tell how they changed."""

from decimal import Decimal

import pytest

from ntmtasks.reports.rules.figures import Kept, carried, change_words, read_number, write_number

READ = {
    "24": "24",
    "1.356.994": "1356994",
    "1 356 994": "1356994",
    "1.356": "1356",
    "12,5": "12.5",
    "12,5 %": "12.5",
    "1.356,25": "1356.25",
    "1,356.25": "1356.25",
    "1,356,994": "1356994",
    "12.5": "12.5",
    "0,125": "0.125",
    "-3": "-3",
    "−1,50": "-1.5",
    "+100": "100",
}


def test_figures_are_read_the_vietnamese_way_first() -> None:
    assert {written: str(read_number(written)) for written in READ} == READ


@pytest.mark.parametrize(
    "written",
    ["", "24/36", "hai mươi", "1.35.994", "1,2,3", "12,5,", "1.2345,6", "9" * 19, "1e5", "."],
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_number(written)


def test_figures_are_written_back_as_they_are_read() -> None:
    for written in ("1.356.994", "12,5", "-0,125", "0", "100"):
        assert write_number(read_number(written)) == written


def test_a_change_is_said_in_words() -> None:
    assert change_words(Decimal("2.50"), "xã") == "tăng 2,5 xã"
    assert change_words(Decimal(-1), "") == "giảm 1"
    assert (change_words(Decimal(0), "xã"), change_words(None, "xã")) == ("không đổi", "")


def test_figures_of_last_time_are_carried_and_keep_what_is_typed() -> None:
    last = [Kept("Số xã", "xã", None, previous=Decimal(22)), Kept("Số vốn", "tỷ", None)]
    stored = [Kept("số xã", "xã", Decimal(24), 3), Kept("Số lớp", "lớp", Decimal(2), 1)]
    assert carried(stored, last, ()) == [
        Kept("số xã", "xã", Decimal(24), 3, Decimal(22)),
        Kept("Số vốn", "tỷ", None),
        Kept("Số lớp", "lớp", Decimal(2), 1),
    ]
