"""Lists that people take away, as .xlsx or .csv.

The spreadsheet is written by the office child (core/sheets.py); nothing here loads its package.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ntmtasks.core import office
from ntmtasks.core.formats import day

MOST_ROWS = 20_000
"""More rows than this are refused: filter first."""
ENDINGS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_LIMITS = office.Limits(seconds=60)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """A column with its width in characters; cells of `kind` day are dates, of number integers, of
    figure numbers with decimals, of percent whole percents."""

    label: str
    width: int
    kind: Literal["text", "day", "number", "figure", "percent"] = "text"


@dataclass(frozen=True)
class Table:
    """A list to take away; `about` says in pairs of label and words what it shows and who made it.
    `more` are lists on further sheets of the same workbook."""

    title: str
    about: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    more: Sequence["Table"] = ()


def written(table: Table, ending: str) -> bytes:
    """The file with this ending, a key of ENDINGS. Raises office.OfficeError."""
    return to_xlsx(table) if ending == "xlsx" else to_csv(table)


def to_xlsx(table: Table) -> bytes:
    """A workbook with real days and numbers; texts stay texts, whatever they begin with."""
    order = {
        "about": list(table.about),
        "sheets": [_sheet(each) for each in (table, *table.more)],
    }
    return office.run("ntmtasks.core.sheets.write", order, limits=_LIMITS)


def _sheet(table: Table) -> dict[str, object]:
    return {
        "title": table.title,
        "columns": [[c.label, c.width, c.kind] for c in table.columns],
        "rows": [[_as_json(cell) for cell in row] for row in table.rows],
    }


def _as_json(cell: Cell) -> str | int | float | None:
    if isinstance(cell, date):
        return cell.isoformat()
    return float(cell) if isinstance(cell, Decimal) else cell


def to_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, without which Excel garbles Vietnamese."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([c.label for c in table.columns])
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return target.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int | Decimal:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(cell, date):
        return day(cell)
    if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS):
        return f"'{cell}"
    return "" if cell is None else cell
