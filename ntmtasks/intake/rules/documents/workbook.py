"""Runs in the child process: an .xlsx in, its rows as understood out, as JSON."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.intake.rules.documents.kinds import Unreadable
from ntmtasks.intake.rules.sheets.parts import (
    MOST_ROWS,
    NO_HEADER,
    NO_ROWS,
    NOT_A_TABLE,
    TOO_MANY,
    Cell,
    Sheet,
)
from ntmtasks.intake.rules.sheets.rows import read_sheets

_WIDTH = 40
_UNPACKED = 96 * 2**20  # bytes of all parts; 5,000 rows have about 5 MB
_EMPTY_TAIL = 200  # a sheet may be formatted down to its millionth row


def read_table(arguments: dict[str, Any], content: bytes) -> bytes:
    """Read the first sheet of work of a workbook, or say by which sentence it is refused."""
    try:
        reading = read_sheets(
            _sheets(content),
            from_plain(Directory, arguments["directory"]),
            arguments["year"],
            date.fromisoformat(arguments["today"]),
        )
        if reading is None:
            raise Unreadable(NO_HEADER)
        if not reading.rows and not reading.bad:
            raise Unreadable(NO_ROWS)
        said = {"reading": to_plain(reading)}
    except Unreadable as refusal:
        said = {"refused": str(refusal)}
    return json.dumps(said).encode()


def _sheets(content: bytes) -> Iterator[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > _UNPACKED:
                raise Unreadable(TOO_MANY)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError):
        raise Unreadable(NOT_A_TABLE) from None
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what programs write there is often wrong
            yield Sheet(sheet.title, tuple(_rows(sheet)))


def _rows(sheet: Any) -> Iterator[tuple[Cell, ...]]:
    empty: list[tuple[Cell, ...]] = []
    count = 0
    for values in sheet.iter_rows(max_col=_WIDTH, values_only=True):
        row = tuple(_cell(v) for v in values)
        if all(c is None for c in row):
            empty.append(())
            if len(empty) > _EMPTY_TAIL:
                return
            continue
        count += 1
        if count > MOST_ROWS + 20:  # the rows, and what stands above them
            raise Unreadable(TOO_MANY)
        yield from empty
        empty = []
        yield row


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool | time):
        return str(value)
    if isinstance(value, str):
        return value.strip() or None
    return value if isinstance(value, int | float | date) else None
