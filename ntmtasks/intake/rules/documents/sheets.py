"""One page of a .pdf taken apart: lines of text, tables, and what stands side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.documents.furniture import without_furniture
from ntmtasks.intake.rules.documents.glyphs import Glyph, Page
from ntmtasks.intake.rules.documents.grids import Grid, grids_of
from ntmtasks.intake.rules.documents.lines import (
    Printed,
    columns_of,
    printed,
    rows_of,
    without_marks,
)

# A plan sets two things side by side without rules: its head, and its recipients and signature.
_HEAD_OR_FOOT = re.compile(r"cong hoa xa hoi|doc lap\s*-|\bso:|noi nhan|\b(tm|kt|tl|tuq)\. ?\w")


@dataclass(frozen=True, slots=True)
class Beside:
    """Lines in two columns."""

    top: float
    left: tuple[str, ...]
    right: tuple[str, ...]


Element = Printed | Grid | Beside


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's elements from the top, and what was left out of it with the reasons."""

    width: float
    elements: tuple[Element, ...]
    left_out: tuple[tuple[str, str], ...]
    pictured: bool = False

    @property
    def lines(self) -> list[Printed]:
        """Return the lines of text outside of tables and columns."""
        return [e for e in self.elements if isinstance(e, Printed)]


def read_sheets(pages: Sequence[Page]) -> list[Sheet]:
    """Return what stands on the pages; running heads are known by standing on several."""
    parts = [_parts(page) for page in pages]
    cleared = without_furniture(
        [(page.height, tuple(rows)) for page, (_, rows) in zip(pages, parts, strict=True)]
    )
    sheets = []
    for page, (grids, rows), (lines, left_out) in zip(pages, parts, cleared, strict=True):
        elements: list[Element] = [*grids, *_with_columns([rows[line] for line in lines])]
        in_order = tuple(sorted(elements, key=_top))
        sheets.append(Sheet(page.width, in_order, tuple(left_out), page.pictured))
    return sheets


def _parts(page: Page) -> tuple[list[Grid], dict[Printed, list[Glyph]]]:
    glyphs = without_marks(page.glyphs)
    grids = grids_of(page, glyphs)
    inside = {glyph for grid in grids for glyph in grid.inside}
    rows = rows_of(glyph for glyph in glyphs if glyph not in inside)
    return grids, {printed(row): row for row in rows}


def _top(element: Element) -> float:
    return element.y if isinstance(element, Printed) else element.top


def _with_columns(rows: list[list[Glyph]]) -> list[Element]:
    elements: list[Element] = []
    at = 0
    while at < len(rows):
        size, beside = _beside(rows[at:]) if len(columns_of(rows[at])) > 1 else (0, None)
        elements.append(beside or printed(rows[at]))
        at += size if beside else 1
    return elements


def _beside(rows: list[list[Glyph]]) -> tuple[int, Beside | None]:
    """Return how many rows stand in two columns from here on, and what they say."""
    columns: tuple[list[Printed], list[Printed]] = ([], [])
    gutter, count = (float("-inf"), float("inf")), 0
    for row in rows:
        parts = [printed(part) for part in columns_of(row)]
        sides = [_side(part, gutter) for part in parts]
        if None in sides or (len(parts) == 1 and _between(parts[0], columns)):
            break
        for part, side in zip(parts, [0, 1] if len(parts) == 2 else sides, strict=True):
            columns[side or 0].append(part)
        gutter = (max(p.x1 for p in columns[0]), min(p.x0 for p in columns[1]))
        count += 1
    left, right = ([line.text for line in column] for column in columns)
    if not _HEAD_OR_FOOT.search(fold(" ".join([*left, *right]))):
        return 0, None
    return count, Beside(columns[0][0].y, tuple(left), tuple(right))


def _side(line: Printed, gutter: tuple[float, float]) -> int | None:
    if line.x1 < gutter[1]:
        return 0
    return 1 if line.x0 > gutter[0] else None


def _between(line: Printed, columns: tuple[list[Printed], list[Printed]]) -> bool:
    """Tell whether a line is centred below both columns: the title, no more of the head."""
    left = min(p.x0 for p in columns[0])
    right = max(p.x1 for p in columns[1])
    return abs(line.centre - (left + right) / 2) < (right - left) / 10
