"""A .pdf with a text layer: paragraphs by geometry, tables by their rules, over page breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ntmtasks.intake.rules.documents import legacy
from ntmtasks.intake.rules.documents.child import answer
from ntmtasks.intake.rules.documents.extract import Extract, Script
from ntmtasks.intake.rules.documents.flow import Measure, Passage, goes_on, measure
from ntmtasks.intake.rules.documents.glyphs import FEW, read_page
from ntmtasks.intake.rules.documents.grids import Cells, Grid
from ntmtasks.intake.rules.documents.kinds import BROKEN, LOCKED, SCANNED, Unreadable
from ntmtasks.intake.rules.documents.lines import Printed, glued
from ntmtasks.intake.rules.documents.sheets import Beside, Element, Sheet, read_sheets

_SCAN = "trang là ảnh quét, không có lớp chữ; hãy gõ lại nội dung vào văn bản nếu cần"


def run(arguments: dict[str, Any], content: bytes) -> bytes:
    """Read a plan from a .pdf; called in the child process."""
    return answer(read_portable, arguments, content)


def read_portable(content: bytes) -> Extract:
    """Return the text of a .pdf; raises Unreadable for scans, locked and damaged files."""
    try:
        document = pdfium.PdfDocument(content)
        pages = [read_page(page) for page in document]
    except pdfium.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Unreadable(LOCKED if locked else BROKEN) from None
    if sum(len(page.glyphs) for page in pages) < FEW * len(pages):
        raise Unreadable(SCANNED)
    return _Assembly(read_sheets(pages)).extract()


@dataclass
class _Table:
    """A table under way, which the next page may continue."""

    columns: tuple[float, ...]
    cells: Cells
    is_open: bool

    def takes(self, grid: Grid) -> bool:
        return len(self.columns) == len(grid.columns) and all(
            abs(a - b) < 9 for a, b in zip(self.columns, grid.columns, strict=True)
        )

    def add(self, grid: Grid) -> Cells:
        """Append the rows of the next page; return those that only repeat the head."""
        repeated = 0
        while repeated < len(grid.cells) - 1 and grid.cells[repeated] == self.cells[repeated]:
            repeated += 1
        rest = grid.cells[repeated:]
        if self.is_open or _is_cut(self.cells[-1], rest[0]):
            pairs = zip(self.cells[-1], rest[0], strict=True)
            self.cells[-1] = [_glue_cells(above, below) for above, below in pairs]
            rest = rest[1:]
        self.cells += rest
        self.is_open = grid.open_below
        return grid.cells[:repeated]


def _glue_cells(above: list[str] | None, below: list[str] | None) -> list[str] | None:
    if not above or not below:
        return above or below
    return [*above[:-1], glued([above[-1], below[0]]), *below[1:]]


def _is_cut(above: list[list[str] | None], below: list[list[str] | None]) -> bool:
    """Tell whether a row without a number goes on in small letters where the page broke it."""
    going_on = [(a, b) for a, b in zip(above, below, strict=True) if b]
    return (
        not below[0]
        and bool(going_on)
        and all(a for a, _ in going_on)
        and any(b[0][:1].islower() for _, b in going_on if b)
    )


@dataclass
class _Assembly:
    """Puts the elements of all pages into one text."""

    sheets: list[Sheet]
    script: Script = field(default_factory=Script)
    passage: Passage | None = None
    table: _Table | None = None
    convert: Callable[[str], str] = str

    def extract(self) -> Extract:
        # Pages across ("trang ngang") have edges of their own.
        usual = {
            width: measure([s.lines for s in self.sheets if s.width == width])
            for width in {s.width for s in self.sheets}
        }
        self.convert = self._converter()
        for number, sheet in enumerate(self.sheets, start=1):
            self._page(number, sheet, usual[sheet.width])
        self._close()
        return self.script.extract()

    def _converter(self) -> Callable[[str], str]:
        encoding = legacy.detect("\n".join(line.text for s in self.sheets for line in s.lines))
        return encoding.to_unicode if encoding else str

    def _page(self, number: int, sheet: Sheet, usual: Measure) -> None:
        above: Printed | None = None
        for element in sheet.elements:
            above = self._element(element, above, usual)
        for text, reason in sheet.left_out:
            self.script.leave_out(self.convert(text), f"{reason} (trang {number})")
        if sheet.pictured:
            self.script.leave_out(f"Trang {number}", _SCAN)
        elif not sheet.elements and not sheet.left_out:
            self.script.leave_out(f"Trang {number}", "trang trắng")

    def _element(self, element: Element, above: Printed | None, usual: Measure) -> Printed | None:
        """Add one element; return it if it is a line that the next one may continue."""
        if isinstance(element, Printed):
            self._close_table()
            if self.passage is None or not goes_on(self.passage, above, element, usual):
                self._close_passage()
                self.passage = Passage()
            self.passage.lines.append(element)
            return element
        self._close_passage()
        if isinstance(element, Beside):
            self._close_table()
            self._add_table([[list(element.left), list(element.right)]])
        elif self.table and self.table.takes(element):
            for row in self.table.add(element):
                text = " ".join(line for cell in row for line in cell or ())
                self.script.leave_out(self.convert(text), "đầu bảng lặp lại ở trang sau")
        else:
            self._close_table()
            self.table = _Table(element.columns, list(element.cells), element.open_below)
        return None

    def _close(self) -> None:
        self._close_passage()
        self._close_table()

    def _close_passage(self) -> None:
        if self.passage:
            self.script.paragraph(self.convert(self.passage.text))
        self.passage = None

    def _close_table(self) -> None:
        if self.table:
            self._add_table(self.table.cells)
        self.table = None

    def _add_table(self, cells: Cells) -> None:
        self.script.table(
            [[None if c is None else [self.convert(x) for x in c] for c in row] for row in cells]
        )
