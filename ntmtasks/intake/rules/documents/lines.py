"""From glyphs to printed lines: what stands on one base line, with its spaces."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ntmtasks.intake.rules.documents.glyphs import Glyph
from ntmtasks.intake.rules.labels import parse_label

_SPACE = 0.14  # of the size: a narrower gap lies inside a word; a blank has about a quarter
_COLUMN = 0.9  # of the size: no column gap is narrower
_RAISED = 0.8  # of the size of its neighbours: a smaller, raised figure points to a footnote


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of print: its text, its extent, its base line, its size, its first word's width."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    word: float

    @property
    def centre(self) -> float:
        """Return the middle of the line."""
        return (self.x0 + self.x1) / 2


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Return glyphs by base line, from the top, each row from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.y):
        if rows and glyph.y - rows[-1][0].y <= 0.3 * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda g: g.x0) for row in rows]


def columns_of(row: list[Glyph]) -> list[list[Glyph]]:
    """Return a row whole, or in two where its widest gap parts columns.

    Justified lines stretch all their spaces alike, so that a gap between columns stands out; one
    behind a label does too.
    """
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(row)]
    spaces = sorted(g for g, glyph in zip(gaps, row, strict=False) if g > _SPACE * glyph.size)
    if not spaces:
        return [row]
    widest, at = max((g, i) for i, g in enumerate(gaps))
    usual = spaces[(len(spaces) - 1) // 2] if len(spaces) > 1 else 0
    stands_out = widest > max(_COLUMN * row[at].size, 2.2 * usual)
    if not stands_out or _is_label("".join(g.text for g in row[: at + 1])):
        return [row]
    return [row[: at + 1], row[at + 1 :]]


def _is_label(text: str) -> bool:
    label = parse_label(f"{text} x")
    return label is not None and label.rest == "x"


def printed(row: list[Glyph]) -> Printed:
    """Return a row of glyphs as a line of text."""
    words: list[list[Glyph]] = [[row[0]]]
    for before, glyph in itertools.pairwise(row):
        if glyph.x0 - before.x1 > _SPACE * glyph.size:
            words.append([glyph])
        else:
            words[-1].append(glyph)
    texts = ["".join(g.text for g in word) for word in words]
    sizes = sorted(g.size for g in row)
    return Printed(
        " ".join(texts),
        row[0].x0,
        max(g.x1 for g in row),
        sorted(g.y for g in row)[len(row) // 2],
        sizes[len(sizes) // 2],
        words[0][-1].x1 - words[0][0].x0,
    )


def glued(lines: Iterable[str]) -> str:
    """Return lines as one; what broke behind a hyphen or a slash inside a word has no space."""
    text = ""
    for line in lines:
        text += line if not text or re.search(r"\w[-–/]$", text) else f" {line}"
    return text


def without_marks(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Return glyphs with raised figures that point to footnotes blank, down on the line."""
    found = list(glyphs)
    places = _by_place(found)
    return [_lowered(glyph, places) if glyph.text.isdigit() else glyph for glyph in found]


def _by_place(glyphs: list[Glyph]) -> dict[int, list[Glyph]]:
    """Index glyphs by the ten points of height in which their base line lies."""
    places: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        places.setdefault(int(glyph.y // 10), []).append(glyph)
    return places


def _lowered(glyph: Glyph, places: dict[int, list[Glyph]]) -> Glyph:
    at = int(glyph.y // 10)
    for other in (*places.get(at, ()), *places.get(at + 1, ())):
        if (
            abs(other.x1 - glyph.x0) < other.size
            and glyph.size < _RAISED * other.size
            and 0.15 * other.size < other.y - glyph.y < 0.7 * other.size
        ):
            return replace(glyph, text="", y=other.y, size=other.size)
    return glyph
