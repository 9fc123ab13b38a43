"""Runs in the child process: writes a list as a spreadsheet."""

import io
import re
from datetime import date
from typing import Any

import xlsxwriter

from ntmtasks.core.text import printable

_MOST_CHARACTERS = 32_767  # of one cell; what is longer, Excel calls a broken file
_ABOUT = "Thông tin"
_NO_SHEET = re.compile(r"[\[\]:*?/\\]")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "day": {"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"},
    "number": {"num_format": "0", "valign": "top"},
    "figure": {"num_format": "#,##0.###", "valign": "top"},
    "percent": {"num_format": "0%", "valign": "top"},
}


def write(order: dict[str, Any], _content: bytes) -> bytes:
    """Return the .xlsx of core.tables.Table: each list with a frozen header that filters, and a sheet
    that says what they show."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E8EEF5"}
    )
    names = sheet_names([sheet["title"] for sheet in order["sheets"]])
    for name, sheet in zip(names, order["sheets"], strict=True):
        _list(book, head, sheet, order["about"], name)
    _about(book, head, order)
    book.close()
    return target.getvalue()


def sheet_names(titles: list[str]) -> list[str]:
    """Titles as Excel takes them for sheets: short, without its signs; one whose beginning is another's
    bears its place."""
    names: list[str] = []
    taken = {_ABOUT.casefold()}
    for place, title in enumerate(titles, 1):
        name = _NO_SHEET.sub(" ", printable(title)).strip(" '")
        short = name[:31].strip(" '")
        if short.casefold() in taken:
            short = f"{name[:26].rstrip()} ({place})"
        taken.add(short.casefold())
        names.append(short)
    return names


def _list(
    book: Any, head: Any, order: dict[str, Any], about: list[tuple[str, str]], name: str
) -> None:
    sheet = book.add_worksheet(name)
    columns, rows = order["columns"], order["rows"]
    formats = {kind: book.add_format(look) for kind, look in _KINDS.items()}
    for place, (label, width, kind) in enumerate(columns):
        sheet.set_column(place, place, width, formats[kind])
        sheet.write_string(0, place, label, head)
    for at, row in enumerate(rows, 1):
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            _write(sheet, at, place, cell, column[2])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    shown = " · ".join(words for _, words in about).replace("&", "&&")
    sheet.set_footer(f"&L&8{shown[:200]}&R&8&P/&N")


def _write(sheet: Any, at: int, place: int, cell: Any, kind: str) -> None:
    if cell is None or cell == "":
        return
    if kind == "day":
        sheet.write_datetime(at, place, date.fromisoformat(cell))
    elif kind in ("number", "figure"):
        sheet.write_number(at, place, cell)
    elif kind == "percent":
        sheet.write_number(at, place, cell / 100)
    else:
        sheet.write_string(at, place, printable(cell)[:_MOST_CHARACTERS])


def _about(book: Any, head: Any, order: dict[str, Any]) -> None:
    sheet = book.add_worksheet(_ABOUT)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80, wrap)
    for at, (label, words) in enumerate(order["about"]):
        sheet.write_string(at, 0, label, head)
        sheet.write_string(at, 1, printable(words)[:_MOST_CHARACTERS], wrap)
