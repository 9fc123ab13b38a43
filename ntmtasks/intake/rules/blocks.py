"""The pieces of a document's layout: lines, paragraphs, tables, each knowing where it stands."""

import re
from dataclasses import dataclass

_EMPHASIS = re.compile(r"\*+|^\s*#{1,6}\s|(?<!\w)__|__(?!\w)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text without emphasis marks, and its place in the source."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """Return the paragraph on one line."""
        return " ".join(" ".join(x.text for x in self.lines).split())

    @property
    def start(self) -> int:
        """Return the offset of its first character."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Return the offset after its last character."""
        return self.lines[-1].end


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; an empty one keeps its place."""

    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """Return the cell on one line."""
        return " ".join(" ".join(x.text for x in self.lines).split())


@dataclass(frozen=True, slots=True)
class Row:
    """A table row and where it stands."""

    cells: tuple[Cell, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return all cells on one line."""
        return " ".join(c.text for c in self.cells if c.text)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in reading order."""

    rows: tuple[Row, ...]

    @property
    def start(self) -> int:
        """Return the offset of its first row, 0 without rows."""
        return self.rows[0].start if self.rows else 0

    @property
    def text(self) -> str:
        """Return the whole table on one line."""
        return " ".join(r.text for r in self.rows)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines of all cells."""
        return tuple(x for r in self.rows for c in r.cells for x in c.lines)


Block = Paragraph | Table


def clean(raw: str) -> str:
    """Return a line without Markdown emphasis and heading marks, with single spaces."""
    return " ".join(_EMPHASIS.sub("", raw).split())


def split_lines(source: str) -> list[Line]:
    """Return all lines of a text with their offsets; blank ones have an empty text."""
    lines, at = [], 0
    for raw in source.split("\n"):
        text = clean(raw)
        lead = len(raw) - len(raw.lstrip())
        lines.append(Line(text, at + lead, at + len(raw.rstrip()) if text else at + lead))
        at += len(raw) + 1
    return lines


@dataclass
class Lines:
    """The lines of a source, read from the first to the last."""

    source: str
    lines: list[Line]
    at: int = 0

    @property
    def more(self) -> bool:
        """Tell whether a line is left."""
        return self.at < len(self.lines)

    @property
    def current(self) -> Line:
        """Return the line to be read."""
        return self.lines[self.at]

    def raw(self, line: Line) -> str:
        """Return a line as the source has it, from its first visible character on."""
        stop = self.source.find("\n", line.start)
        return self.source[line.start : stop if stop >= 0 else len(self.source)]
