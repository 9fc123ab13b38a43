"""What a page carries besides its text: page numbers, running heads, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ntmtasks.intake.rules.documents.lines import Printed

_MARGIN = 0.09  # of the page's height; running heads and page numbers stand within
_NUMBER = re.compile(r"[-–\s]*(?:trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–\s]*", re.I)
_PRINTER = re.compile(r"(?:file|https?)://\S+(?:\s+\d+/\d+)?")
_NOTE = re.compile(r"(?:\d{1,2}|\[\d{1,2}\]|\(\d{1,2}\)|\*+)\s*[^\W\d_]")
Sorted = tuple[list[Printed], list[tuple[str, str]]]
NUMBER, RUNNING, FOOTNOTE = "số trang", "đầu trang, chân trang lặp lại", "chú thích cuối trang"


def without_furniture(pages: Sequence[tuple[float, Sequence[Printed]]]) -> list[Sorted]:
    """Return for each page (height, lines) its lines of text, and what was left out and why."""
    edges = [[line for line in lines if _is_at_edge(line, height)] for height, lines in pages]
    often = Counter(key for lines in edges for key in {_alike(line) for line in lines})
    repeated = {key for key, count in often.items() if count >= max(2, len(pages) / 3)}
    sorted_pages = []
    for (_, lines), at_edge in zip(pages, edges, strict=True):
        left: list[tuple[str, str]] = []
        kept: list[Printed] = []
        for line in lines:
            reason = _reason(line, repeated) if line in at_edge else None
            if reason:
                left.append((line.text, reason))
            else:
                kept.append(line)
        notes = _footnotes(kept)
        left += [(line.text, FOOTNOTE) for line in notes]
        sorted_pages.append((kept[: len(kept) - len(notes)], left))
    return sorted_pages


def _is_at_edge(line: Printed, height: float) -> bool:
    return line.y < _MARGIN * height or line.y > (1 - _MARGIN) * height


def _alike(line: Printed) -> tuple[str, int]:
    """Return what stays the same from page to page: the words without figures, and the place."""
    return re.sub(r"\d+", "#", line.text), round(line.y / 6)


def _reason(line: Printed, repeated: set[tuple[str, int]]) -> str | None:
    if _NUMBER.fullmatch(line.text):
        return NUMBER
    if _alike(line) in repeated or _PRINTER.fullmatch(line.text):
        return RUNNING
    return None


def _footnotes(lines: Sequence[Printed]) -> Sequence[Printed]:
    """Return the lines in small print at the foot of a page that begin like a note."""
    if not lines:
        return ()
    sizes = sorted(line.size for line in lines)
    usual = sizes[len(sizes) // 2]
    at = len(lines)
    while at > 0 and lines[at - 1].size < 0.9 * usual:
        at -= 1
    small = lines[at:]
    return small if at > 0 and small and _NOTE.match(small[0].text) else ()
