"""From printed lines to paragraphs: where one ends is told by places, hardly ever by words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ntmtasks.intake.rules.documents.lines import Printed, glued
from ntmtasks.intake.rules.labels import parse_label

_SLACK = 3.0  # points within which two edges are one
_INDENT = 8.0  # points; a first line moves in by a centimetre or more
_GAP = 1.2  # of the usual distance of lines; paragraphs stand 6 points apart (Nghị định 30/2020)
_SHORT = 6  # letters; a shorter line in capitals may be the end of a sentence ("UBND.")
_TITLE = re.compile(r"KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|QUYẾT ĐỊNH:?")
_ANNEX = re.compile(r"Phụ lục(?: (?:số )?(?:[IVX]+|\d+))?[.:]?")
_ENDS = (".", ";", ":", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is usual in a document: edges of the text, distance of lines, how paragraphs begin."""

    left: float
    right: float
    leading: float
    indented: bool = False
    """Whether first lines stand further in (Nghị định 30/2020), so that no other line does."""


@dataclass
class Passage:
    """A paragraph under way: its lines, which may stand on two pages."""

    lines: list[Printed] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the paragraph on one line."""
        return glued(line.text for line in self.lines)


def measure(pages: Sequence[Sequence[Printed]]) -> Measure:
    """Return what is usual on these pages (lines from the top, tables left out)."""
    lines = [line for page in pages for line in page]
    if not lines:
        return Measure(0, 0, 1)
    steps = Counter(
        round((b.y - a.y) / b.size, 1)
        for page in pages
        for a, b in pairwise(page)
        if b.y > a.y and abs(a.size - b.size) < 1
    )
    # Many short paragraphs make their own distance the most frequent; that of lines is smaller.
    often = [step for step, count in steps.items() if count * 8 >= max(steps.values())]
    whole = Measure(_left_edge(lines), _right_edge(lines), min(often, default=1.2))
    return replace(whole, indented=_are_indented(pages, whole))


def _left_edge(lines: Sequence[Printed]) -> float:
    """Return the leftmost place where lines often begin: first lines stand further in."""
    places = Counter(round(line.x0 / _SLACK) for line in lines)
    often = [place for place, count in places.items() if count * 12 >= len(lines)]
    return min(often, default=min(places)) * _SLACK


def _right_edge(lines: Sequence[Printed]) -> float:
    """Return where the longest lines end, but for a few that stick out."""
    ends = sorted(line.x1 for line in lines)
    return ends[(len(ends) - 1) * 95 // 100]


def _are_indented(pages: Sequence[Sequence[Printed]], usual: Measure) -> bool:
    """Tell whether most labelled lines that surely begin a paragraph stand further in."""
    sure = [
        below
        for page in pages
        for above, below in pairwise(page)
        if _fits(above, below, usual) and parse_label(below.text) and not _is_centred(below, usual)
    ]
    return sum(line.x0 > usual.left + _INDENT for line in sure) * 5 > len(sure) * 3


def goes_on(passage: Passage, above: Printed | None, line: Printed, usual: Measure) -> bool:
    """Tell whether a line continues a passage; ``above`` is None across a page break."""
    last = passage.lines[-1]
    if above is not None and _is_apart(above, line, usual):
        return False
    if _heads_anew(last.text, line.text):
        return False
    if _is_centred(last, usual) and _is_centred(line, usual):
        return last.text.isupper() == line.text.isupper() and abs(last.size - line.size) < 1
    if _fits(last, line, usual) or abs(last.size - line.size) > 2:
        return False
    return _is_in_place(passage, line, usual)


def _heads_anew(before: str, text: str) -> bool:
    """Tell whether a line is a heading or title below other text, wherever it stands."""
    if before.isupper():
        return False
    if _TITLE.fullmatch(text):
        return True
    return before.endswith(_ENDS) and (
        (text.isupper() and len(text) > _SHORT) or _ANNEX.fullmatch(text) is not None
    )


def _is_apart(above: Printed, line: Printed, usual: Measure) -> bool:
    return line.y - above.y > _GAP * usual.leading * max(above.size, line.size)


def _fits(above: Printed, line: Printed, usual: Measure) -> bool:
    """Tell whether the first word would have found room on the line above."""
    return above.x1 + 0.3 * above.size + line.word < usual.right - 1


def _is_centred(line: Printed, usual: Measure) -> bool:
    middle = (usual.left + usual.right) / 2
    return abs(line.centre - middle) < 4 and line.x0 > usual.left + 2 * _INDENT


def _is_in_place(passage: Passage, line: Printed, usual: Measure) -> bool:
    """Tell whether a line begins where the next line of this passage has to."""
    first = passage.lines[0]
    label = parse_label(line.text)
    if len(passage.lines) > 1:
        if abs(line.x0 - passage.lines[-1].x0) > _SLACK:
            return False
    elif line.x0 > first.x0 + _SLACK:
        return label is None and not usual.indented  # it hangs
    elif usual.indented and line.x0 > usual.left + _INDENT:
        return False
    # A line that only seems to begin with a label ("2021 / - 2025") stands inside a sentence.
    return label is None or not passage.text.endswith(_ENDS)
