"""What an office's own spreadsheet means: headers, agencies, dates, percents, states, bad cells."""

import json
from datetime import date

import pytest

from ntmtasks import paths
from ntmtasks.agencies.rules import directory_from
from ntmtasks.intake.rules.sheets.columns import kind_of, letter
from ntmtasks.intake.rules.sheets.parts import Cell, Sheet, TableReading
from ntmtasks.intake.rules.sheets.rows import read_sheets

DIRECTORY = directory_from(json.loads((paths.DATA / "can_tho_2024.json").read_text()))
TODAY = date(2024, 11, 14)
HEADER: tuple[Cell, ...] = (
    "Mục", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn", "Trạng thái",
    "Tiến độ (%)", "Ngày hoàn thành",
)  # fmt: skip


def read(*rows: tuple[Cell, ...], header: tuple[Cell, ...] = HEADER) -> TableReading:
    reading = read_sheets([Sheet("Theo dõi", (header, *rows))], DIRECTORY, 2024, TODAY)
    assert reading is not None
    return reading


def one(**cells: Cell) -> TableReading:
    """A good row with some cells changed, by the number of their column."""
    row: list[Cell] = ["1", "Rà soát tiêu chí", "Sở Y tế", None, None, None, None, None]
    for column, value in cells.items():
        row[int(column[1:])] = value
    return read(tuple(row))


def sentence(reading: TableReading) -> str:
    assert not reading.rows
    assert len(reading.bad) == 1
    return reading.bad[0].message


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("STT", "path"), ("TT", "path"), ("Mục", "path"), ("Số TT", "path"),
        ("Nội dung nhiệm vụ", "content"), ("Nhiệm vụ, giải pháp", "content"), ("Tên công việc", "content"),
        ("Cơ quan chủ trì", "lead"), ("Đơn vị\nchủ trì", "lead"), ("ĐƠN VỊ THỰC HIỆN", "lead"), ("Cơ quan", "lead"),
        ("Đơn vị phối hợp thực hiện nhiệm vụ", "supporting"),
        ("Thời hạn", "deadline"), ("Hạn hoàn thành", "deadline"), ("Thời gian thực hiện", "deadline"),
        ("Thời gian hoàn thành", "finished"), ("Ngày hoàn thành thực tế", "finished"),
        ("Trạng thái", "state"), ("Kết quả thực hiện nhiệm vụ", "state"), ("Tình hình thực hiện", "state"),
        ("Tiến độ (%)", "percent"), ("% hoàn thành", "percent"), ("Tỷ lệ", "percent"),
        ("Sản phẩm", "product"), ("Đơn vị tính", None), ("Ghi chú", None),
    ],
)  # fmt: skip
def test_headings_are_known_in_other_words(words: str, kind: str | None) -> None:
    assert kind_of(words) == kind


def test_columns_have_the_letters_of_the_sheet() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_the_header_is_found_below_a_title_and_over_two_rows() -> None:
    sheet = Sheet(
        "S",
        (
            ("BẢNG THEO DÕI NHIỆM VỤ NĂM 2024",),
            (),
            ("TT", "Nội dung", "Cơ quan", None, "Hạn hoàn thành"),
            (None, None, "chủ trì", "phối hợp", None),
            ("(1)", "(2)", "(3)", "(4)", "(5)"),
            (1, "Rà soát tiêu chí", "Sở Y tế", "Sở Tài chính", date(2024, 12, 20)),
        ),
    )
    reading = read_sheets([Sheet("Bìa", (("Xin chào",),)), sheet], DIRECTORY, 2024, TODAY)
    assert reading is not None
    assert (reading.sheet, reading.header_row) == ("S", 4)
    (row,) = reading.rows
    assert row.row == 6
    assert [(a.agency, a.role) for a in row.item.agencies] == [
        ("Sở Y tế", "lead"),
        ("Sở Tài chính", "supporting"),
    ]
    assert row.item.deadline is not None
    assert row.item.deadline.due_on == date(2024, 12, 20)


def test_a_workbook_without_a_header_is_no_table() -> None:
    late = Sheet("S", ((),) * 15 + (HEADER,))
    assert read_sheets([late], DIRECTORY, 2024, TODAY) is None


def test_headings_give_their_number_to_the_rows_below() -> None:
    reading = read(
        ("I", "Công tác chỉ đạo", None, None, None, None, None, None),
        (1, "Rà soát", "Sở Y tế", None, None, None, None, None),
        (2.0, "Kiểm tra", "Sở Y tế", None, None, None, None, None),
        ("II", "TUYÊN TRUYỀN", None, None, None, None, None, None),
        (1, "Đưa tin", "Báo Cần Thơ", None, None, None, None, None),
        ("III.2.c", "Phát sóng", "Đài Phát thanh và Truyền hình", None, None, None, None, None),
        (None, "Không số", "Sở Y tế", None, None, None, None, None),
        (1, "Trùng số", "Sở Y tế", None, None, None, None, None),
        ("", "Tổng cộng", None, None, None, None, 50, None),
    )
    assert not reading.bad
    assert [r.item.path for r in reading.rows] == [
        "I.1", "I.2", "II.1", "III.2.c", "II.dòng 8", "II.1(9)",
    ]  # fmt: skip
    assert [(h.label, h.before) for h in reading.headings] == [("I", 0), ("II", 2)]


@pytest.mark.parametrize(
    ("written", "agencies"),
    [
        ("sở nn & ptnt", ["Sở NN&PTNT"]),
        ("VP Điều phối NTM", ["VP Điều phối NTM"]),
        ("Sở Văn hóa, Thể thao và Du lịch, Sở Y tế", ["Sở VHTTDL", "Sở Y tế"]),
        ("- Sở Y tế\n- Sở Tài chính", ["Sở Y tế", "Sở Tài chính"]),
        ("Sở Y tế; Báo Cần Thơ", ["Sở Y tế", "Báo Cần Thơ"]),
    ],
)
def test_agencies_are_matched_by_the_directory(written: str, agencies: list[str]) -> None:
    (row,) = one(c2=written).rows
    assert [a.agency for a in row.item.agencies] == agencies


def test_anybody_supports_without_a_name_but_leads_nothing() -> None:
    (row,) = one(c3="các cơ quan, đơn vị liên quan").rows
    assert [a.role for a in row.item.agencies] == ["lead"]
    assert "Không có cơ quan" in sentence(one(c2="các cơ quan, đơn vị liên quan"))
    assert "Không có cơ quan “Sở Phép thuật”" in sentence(one(c3="Sở Y tế, Sở Phép thuật"))
    assert "bỏ gộp" in sentence(one(c2=None, c4="31/12/2024"))


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        (date(2024, 12, 20), date(2024, 12, 20)),
        (45646, date(2024, 12, 20)),
        (45646.5, date(2024, 12, 20)),
        ("20/12/2024", date(2024, 12, 20)),
        ("20-12-24", date(2024, 12, 20)),
        ("20.12.2024", date(2024, 12, 20)),
        ("20/12", date(2024, 12, 20)),
        ("trước ngày 20/12/2024", date(2024, 12, 20)),
        ("10/2024", date(2024, 10, 31)),
        ("Tháng 10/2024", date(2024, 10, 31)),
        ("Quý IV/2024", date(2024, 12, 31)),
        (2024, date(2024, 12, 31)),
        ("Năm 2024", date(2024, 12, 31)),
    ],
)
def test_a_deadline_is_a_day_or_a_phrase(cell: Cell, due: date) -> None:
    (row,) = one(c4=cell).rows
    assert row.item.deadline is not None
    assert row.item.deadline.due_on == due
    assert not row.assumed


def test_recurring_work_has_no_day_and_an_event_takes_the_default() -> None:
    (row,) = one(c4="Hằng tháng").rows
    assert row.item.task_kind == "recurring"
    assert not row.assumed
    (event,) = one(c4="theo tiến độ chung").rows
    assert event.item.deadline is not None
    assert event.item.deadline.text == "theo tiến độ chung"
    assert event.assumed == ("không có ngày: hạn mặc định 31/12/2024",)
    assert one().rows[0].assumed == ("không có ngày: hạn mặc định 31/12/2024",)


@pytest.mark.parametrize("cell", ["31/02/2024", "32/13/24", "45 ngày", 12, "31-11"])
def test_a_deadline_that_is_no_day_is_a_bad_cell(cell: Cell) -> None:
    reading = one(c4=cell)
    assert not reading.rows
    (bad,) = reading.bad
    assert (bad.row, bad.column, bad.heading) == (2, "E", "Thời hạn")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([0.6, 1, 0], [60, 100, 0]),
        ([60, 1, 0], [60, 1, 0]),
        (["60%", 1, "7,5 %"], [60, 1, 8]),
        ([0.5, 80, "0,25"], [50, 80, 25]),
    ],
)
def test_percents_are_hundredths_or_fractions(column: list[Cell], expected: list[int]) -> None:
    rows = [("1", "Việc", "Sở Y tế", None, None, None, cell, None) for cell in column]
    assert [r.percent for r in read(*rows).rows] == expected


@pytest.mark.parametrize("cell", [150, -1, "gần xong", "101 %"])
def test_a_percent_out_of_bounds_is_a_bad_cell(cell: Cell) -> None:
    assert one(c5="Đang thực hiện" if cell != "gần xong" else None, c6=cell).bad


@pytest.mark.parametrize(
    ("state", "percent", "expected"),
    [
        (None, None, ("assigned", 0)),
        ("Chưa thực hiện", 0, ("assigned", 0)),
        ("Chưa hoàn thành", 40, ("in_progress", 40)),
        ("Quá hạn", None, ("assigned", 0)),
        (None, 40, ("in_progress", 40)),
        ("ĐANG TRIỂN KHAI", 40, ("in_progress", 40)),
        ("Trả lại – Thực hiện lại", 80, ("returned", 80)),
        ("Chờ xác nhận", 90, ("submitted", 100)),
        ("Đã hoàn thành", None, ("done", 100)),
        (None, 100, ("done", 100)),
        (None, "Đang thực hiện", ("in_progress", 0)),
    ],
)
def test_states_are_taken_over(state: Cell, percent: Cell, expected: tuple[str, int]) -> None:
    (row,) = one(c5=state, c6=percent).rows
    assert (row.state, row.percent) == expected


@pytest.mark.parametrize(
    ("state", "percent", "finished", "part"),
    [
        ("Xong sơ bộ", None, None, "Không hiểu trạng thái"),
        ("Tạm dừng", None, None, "Không hiểu trạng thái"),
        ("Chưa thực hiện", 40, None, "không khớp với tiến độ 40 %"),
        ("Đã hoàn thành", 60, None, "không khớp với tiến độ 60 %"),
        ("Đang thực hiện", 60, date(2024, 10, 1), "trạng thái chưa hoàn thành"),
        ("Đã hoàn thành", None, date(2024, 11, 15), "ở tương lai"),
        ("Hoàn thành quá hạn", None, None, "phải ghi ngày hoàn thành"),
    ],
)
def test_contradictions_are_bad_cells(
    state: Cell, percent: Cell, finished: Cell, part: str
) -> None:
    assert part in sentence(one(c5=state, c6=percent, c7=finished))


@pytest.mark.parametrize(
    ("due", "finished", "ended", "assumed"),
    [
        ("30/09/2024", "12/09/2024", date(2024, 9, 12), ""),
        ("30/09/2024", "12/10/2024", date(2024, 10, 12), ""),
        ("30/09/2024", None, date(2024, 9, 30), "lấy ngày hạn, coi là đúng hạn"),
        ("30/12/2024", None, TODAY, "lấy hôm nay, coi là đúng hạn"),
        ("Quý IV/2023", None, date(2023, 12, 31), "lấy ngày hạn"),
    ],
)
def test_what_is_done_has_a_day_of_its_own_or_an_assumed_one(
    due: Cell, finished: Cell, ended: date, assumed: str
) -> None:
    (row,) = one(c4=due, c5="Đã hoàn thành", c7=finished).rows
    assert row.finished_on == ended
    assert assumed in "; ".join(row.assumed)
    assert bool(row.assumed) is bool(assumed)


def test_a_day_of_completion_alone_means_done() -> None:
    (row,) = one(c4="30/09/2024", c7="12/09/2024").rows
    assert (row.state, row.finished_on) == ("done", date(2024, 9, 12))


def test_every_bad_cell_of_a_row_is_told_and_good_rows_stay() -> None:
    reading = read(
        ("1", "Việc", "Sở Lạ", None, "31/02/2024", "ừ", 300, None),
        ("2", "Việc", "Sở Y tế", None, None, None, None, None),
        ("3", None, "Sở Y tế", None, None, None, None, None),
    )
    assert [(b.row, b.column) for b in reading.bad] == [
        (2, "C"), (2, "E"), (2, "F"), (2, "G"), (4, "B"),
    ]  # fmt: skip
    assert reading.bad_rows == {2, 4}
    assert [r.row for r in reading.rows] == [3]
