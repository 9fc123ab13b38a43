"""Runs in the child process: writes the empty spreadsheet that offices fill in."""

import io
from typing import Any

import xlsxwriter

from ntmtasks.intake.rules.sheets.parts import EXAMPLE, HEADINGS, MOST_ROWS, STATE_WORDS, Column

_WIDTHS: dict[Column, int] = {
    "path": 10,
    "content": 60,
    "lead": 28,
    "supporting": 34,
    "deadline": 16,
    "state": 18,
    "percent": 12,
    "finished": 16,
}
_PLACE = {column: place for place, column in enumerate(_WIDTHS)}
_LISTS = "Danh mục"
_TIPS = (
    "Mỗi dòng là một nhiệm vụ. Các dòng “Ví dụ” không được đọc; có thể xóa.",
    "Đơn vị: dùng tên ngắn ở cột A của trang này; nhiều đơn vị cách nhau bằng dấu chấm phẩy (;).",
    "Thời hạn: ngày/tháng/năm, hoặc tháng, quý, năm (Quý IV/2024), hoặc hằng tháng, hằng quý.",
    "Tiến độ: số từ 0 đến 100.",
    "Ngày hoàn thành: ghi cho việc Đã hoàn thành; bỏ trống thì lấy ngày hạn (hoặc hôm nay nếu chưa "
    "đến hạn), coi là đúng hạn.",
    "Không gộp ô.",
)


def write_template(arguments: dict[str, Any], _content: bytes) -> bytes:
    """Return the .xlsx: a sheet to fill in, a sheet with the agencies and words that are known.

    `arguments`: ``agencies`` as pairs of short and full name, ``year`` for the examples.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E8EEF5"}
    )
    _fill_in_sheet(book, head, arguments)
    _lists_sheet(book, head, arguments["agencies"])
    book.close()
    return target.getvalue()


def _fill_in_sheet(book: Any, head: Any, arguments: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Nhiệm vụ")
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
    grey = book.add_format({"italic": True, "font_color": "#525C6B", "text_wrap": True})
    for column, width in _WIDTHS.items():
        place = _PLACE[column]
        is_day = column in ("deadline", "finished")
        sheet.set_column(place, place, width, day if is_day else cell)
        sheet.write_string(0, place, HEADINGS[column], head)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    for at, example in enumerate(_examples(arguments), 1):
        for column, value in example.items():
            sheet.write(at, _PLACE[column], value, grey)
    _lists(sheet, len(arguments["agencies"]))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _examples(arguments: dict[str, Any]) -> list[dict[Column, Any]]:
    year = arguments["year"]
    names = [short for short, _ in arguments["agencies"]][:3]
    first, second, third = (names + [""] * 3)[:3]
    return [
        {
            "path": f"{EXAMPLE} 1",
            "content": "Rà soát, đánh giá mức độ đạt tiêu chí của các xã",
            "lead": first,
            "supporting": f"{second}; {third}",
            "deadline": f"30/09/{year}",
            "state": STATE_WORDS["done"],
            "percent": 100,
            "finished": f"12/09/{year}",
        },
        {
            "path": f"{EXAMPLE} 2",
            "content": "Tổ chức lớp tập huấn cho cán bộ xã",
            "lead": second,
            "deadline": f"Quý IV/{year}",
            "state": STATE_WORDS["in_progress"],
            "percent": 60,
        },
    ]


def _lists(sheet: Any, agencies: int) -> None:
    """Drop-down lists; a cell may hold several agencies, so theirs only advises."""

    def rule(column: Column, options: dict[str, Any]) -> None:
        sheet.data_validation(1, _PLACE[column], MOST_ROWS, _PLACE[column], options)

    for column in ("lead", "supporting"):
        rule(
            column,
            {
                "validate": "list",
                "source": f"='{_LISTS}'!$A$2:$A${agencies + 1}",
                "show_error": False,
            },
        )
    rule("state", {"validate": "list", "source": list(STATE_WORDS.values()), "show_error": False})
    rule(
        "percent",
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 100,
            "error_title": "Tiến độ",
            "error_message": "Hãy ghi số từ 0 đến 100.",
        },
    )


def _lists_sheet(book: Any, head: Any, agencies: list[list[str]]) -> None:
    sheet = book.add_worksheet(_LISTS)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (title, width) in enumerate(
        (("Cơ quan (tên ngắn)", 30), ("Tên đầy đủ", 52), ("Trạng thái", 20), ("Cách ghi", 70))
    ):
        sheet.set_column(place, place, width, wrap)
        sheet.write_string(0, place, title, head)
    for at, (short, name) in enumerate(agencies, 1):
        sheet.write_string(at, 0, short)
        sheet.write_string(at, 1, name)
    sheet.write_column(1, 2, list(STATE_WORDS.values()))
    sheet.write_column(1, 3, _TIPS)
    sheet.freeze_panes(1, 0)
