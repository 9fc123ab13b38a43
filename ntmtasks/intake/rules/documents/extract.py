"""What a file says: one text, the tables that the file itself marks in it, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.blocks import Cell, Line, Row, Table, clean
from ntmtasks.intake.rules.parts import LeftOut

Grid = Sequence[Sequence[Sequence[str] | None]]
"""Rows of cells of lines; None where a cell goes on that began in the row above."""

_NUMBER = 5  # letters of what may be a row's number: "12.", "III."


@dataclass(frozen=True, slots=True)
class Extract:
    """A text of one paragraph a line; the rows of ``tables`` stand in it and know where."""

    text: str
    tables: tuple[Table, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass
class Script:
    """Puts an extract together, piece by piece in reading order."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    tables: list[Table] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def paragraph(self, text: str) -> None:
        """Add a paragraph; an empty one is a blank line, which parts what was wrapped by hand."""
        line = " ".join(nfc(text).split("\n")).strip(" ")
        if line:
            self._put(line)
        if line or self.parts[-2:] != ["\n", "\n"]:
            self._put("\n")

    def leave_out(self, text: str, reason: str) -> None:
        """Keep text that is no part of the document's flow, with the reason in Vietnamese."""
        line = " ".join(nfc(text).split())
        if line:
            self.left_out.append(LeftOut(line, reason))

    def table(self, grid: Grid) -> None:
        """Add a table.

        A cell merged over several rows belongs to each of them, so that its agency or its date
        is read with every row; but a number in front of them counts the first one alone.
        """
        rows: list[Row] = []
        for line in grid:
            above = rows[-1].cells if rows else ()
            begun = self.size
            cells = []
            for i, lines in enumerate(line):
                if lines is None:
                    cells.append(_going_on(above, i))
                else:
                    cells.append(self._cell(lines))
                self._put("\t")
            if any(cell.lines for cell in cells):
                rows.append(Row(tuple(cells), begun, self.size))
            self._put("\n")
        if rows:
            self.tables.append(Table(tuple(rows)))

    def extract(self) -> Extract:
        """Return all that was added."""
        return Extract("".join(self.parts), tuple(self.tables), tuple(self.left_out))

    def _cell(self, lines: Sequence[str]) -> Cell:
        kept: list[Line] = []
        for text in lines:
            line = " ".join(nfc(text).split())
            if line and kept:
                self._put("\n")
            if line:
                kept.append(Line(clean(line), self.size, self.size + len(line)))
                self._put(line)
        return Cell(tuple(x for x in kept if x.text))

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)


def _going_on(above: Sequence[Cell], i: int) -> Cell:
    cell = above[i] if i < len(above) else Cell()
    return Cell() if i == 0 and len(cell.text) <= _NUMBER else cell
