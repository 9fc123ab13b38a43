"""What a page of a .pdf holds: glyphs and ruled lines with their places, in points from its top.

PDFium reads it: a 60-page plan takes two seconds where the readers in pure Python take twenty.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

FEW = 20  # glyphs; a page of text has more, a scan has none or those of a stamp
_THIN = 0.8  # points; a rule is a line or a rectangle that is about as thin


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its box from ``x0`` to ``x1``, its base line ``y`` (downwards), its size."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along an axis: where it lies across, and from where to where it runs."""

    at: float
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is shown, turned upright."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    pictured: bool = False
    """Whether a page with hardly a glyph shows a picture: a scan among pages of text."""


class _Turn:
    """Maps coordinates of a page, which count from below, to those of the page as it is shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.rotation = page.get_rotation()

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


def read_page(page: pdfium.PdfPage) -> Page:
    """Return the glyphs and rules of a page."""
    turn = _Turn(page)
    width, height = page.get_size()
    text = page.get_textpage()
    glyphs = tuple(_glyphs(text, turn))
    text.close()
    rules = list(_rules(page, turn))
    return Page(
        width,
        height,
        glyphs,
        tuple(rule for rule, is_across in rules if is_across),
        tuple(rule for rule, is_across in rules if not is_across),
        len(glyphs) < FEW and any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])),
    )


def _glyphs(text: pdfium.PdfTextPage, turn: _Turn) -> Iterator[Glyph]:
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    clips = _Clips()
    for i in range(text.count_chars()):
        # Spaces come from the places: PDFium makes some up and leaves others out. A hyphen at the
        # end of a line has a code of its own.
        letter = (
            "-" if raw.FPDFText_IsHyphen(text, i) == 1 else chr(raw.FPDFText_GetUnicode(text, i))
        )
        if letter <= " " or letter.isspace() or letter in "\ufffe\uffff":
            continue
        if not raw.FPDFText_GetLooseCharBox(text, i, box):
            continue
        raw.FPDFText_GetCharOrigin(text, i, x, y)
        if clips.hide(raw.FPDFText_GetTextObject(text, i), x.value, y.value):
            continue
        raw.FPDFText_GetMatrix(text, i, matrix)
        x0, x1 = sorted((turn(box.left, box.top)[0], turn(box.right, box.bottom)[0]))
        size = raw.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        yield Glyph(letter, x0, x1, turn(x.value, y.value)[1], size)


class _Clips:
    """What the page cuts off: a line that a page break parts is drawn on both pages in part."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[float, float, float, float] | None] = {}

    def hide(self, drawn: Any, x: float, y: float) -> bool:
        """Tell whether a point of a text object lies outside of what is shown of it."""
        key = ctypes.addressof(drawn.contents) if drawn else 0
        if key not in self.known:
            self.known[key] = _extent(raw.FPDFPageObj_GetClipPath(drawn)) if drawn else None
        extent = self.known[key]
        if extent is None:
            return False
        left, bottom, right, top = extent
        return not (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1)


def _extent(clip: Any) -> tuple[float, float, float, float] | None:
    """Return the box (left, bottom, right, top) of a clip; None where nothing is cut."""
    x, y = ctypes.c_float(), ctypes.c_float()
    xs, ys = [], []
    # Of several paths all hold; the last one is the narrowest in what office programs write.
    last = raw.FPDFClipPath_CountPaths(clip) - 1
    for i in range(raw.FPDFClipPath_CountPathSegments(clip, last) if last >= 0 else 0):
        raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, last, i), x, y)
        xs.append(x.value)
        ys.append(y.value)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def _rules(page: pdfium.PdfPage, turn: _Turn) -> Iterator[tuple[Rule, bool]]:
    """Yield the straight lines of all drawn paths, and whether they run across."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        raw.FPDFPath_GetDrawMode(shape, fill, stroke)
        if not fill.value and not stroke.value:
            continue
        matrix = shape.get_matrix()
        points = [turn(*matrix.on_point(*p)) for p in _points(shape)]
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            if abs(ay - by) <= _THIN < abs(ax - bx):
                yield Rule((ay + by) / 2, min(ax, bx), max(ax, bx)), True
            elif abs(ax - bx) <= _THIN < abs(ay - by):
                yield Rule((ax + bx) / 2, min(ay, by), max(ay, by)), False


def _points(shape: pdfium.PdfObject) -> Iterator[tuple[float, float]]:
    """Yield the corners of a path in order; a jump to a new part only seems a slanting line."""
    x, y = ctypes.c_float(), ctypes.c_float()
    first: tuple[float, float] | None = None
    for i in range(raw.FPDFPath_CountSegments(shape)):
        segment = raw.FPDFPath_GetPathSegment(shape, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        if first is None or raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            first = point
        yield point
        if raw.FPDFPathSegment_GetClose(segment):
            yield first
