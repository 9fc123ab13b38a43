"""What helps whoever writes a section: adding lines, and finding lines that say nothing."""

from itertools import pairwise

from ntmtasks.core.text import fold
from ntmtasks.progress.rules.substance import bare_words
from ntmtasks.reports.rules.content import Line, LineKind, lines_of


def added(text: str, more: str) -> str:
    """A text with lines put at its end, unless all of them stand in it already."""
    there = {fold(line.text) for line in lines_of(text)}
    if {fold(line.text) for line in lines_of(more)} <= there:
        return text
    return f"{text.rstrip()}\n{more}".strip()


def bare_lines(text: str) -> list[tuple[str, str]]:
    """The words of effort without any figure, each with its line; a bullet goes with its sub-bullets,
    which may hold the figure."""
    lines = lines_of(text)
    starts = [n for n, line in enumerate(lines) if line.kind is not LineKind.SUB_BULLET or n == 0]
    groups = [lines[a:b] for a, b in pairwise([*starts, len(lines)])]
    found = ((bare_words(_joined(group), "", has_product=False), group[0].text) for group in groups)
    return [(word, line) for word, line in found if word]


def _joined(group: tuple[Line, ...]) -> str:
    return " ".join(line.text for line in group)
