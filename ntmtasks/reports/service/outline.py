"""The body and the annexes of a report on paper, out of what it contains (domain.md, section 3)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ntmtasks.core.formats import day, number
from ntmtasks.core.papers import Annex, Column, Grid, Heading, Piece, Text, label
from ntmtasks.reports.labels import PARTS, SECTIONS
from ntmtasks.reports.rules.consolidating import WHOLE
from ntmtasks.reports.rules.content import (
    AnnexRow,
    Content,
    Figure,
    Line,
    LineKind,
    Part,
    Section,
    Table,
)
from ntmtasks.reports.rules.figures import change_words, write_number

FIGURES = "Số liệu chủ yếu"
ANNEX = "Kết quả thực hiện nhiệm vụ"
_FIGURE_COLUMNS = (
    Column("STT", 8, is_centred=True),
    Column("Chỉ tiêu", 40),
    Column("Đơn vị", 12, is_centred=True),
    Column("Kỳ trước", 14, is_centred=True),
    Column("Kỳ này", 14, is_centred=True),
    Column("So với kỳ trước", 18, is_centred=True),
)
_ANNEX_COLUMNS = (
    Column("STT", 6, is_centred=True),
    Column("Nhiệm vụ", 34),
    Column("Cơ quan chủ trì", 12),
    Column("Cơ quan phối hợp", 12),
    Column("Hạn", 11, is_centred=True),
    Column("Kết quả", 20),
    Column("Tỷ lệ", 8, is_centred=True),
    Column("Ghi chú", 11),
)
_MOST_UPRIGHT = 6
"""A table with more columns lies on its side."""
_LABELLED = re.compile(r"(\d+|[IVX]+|[a-zđ])[.)]\s")


def body(content: Content) -> list[Piece]:
    """Its parts and sections, numbered I. → 1. → a) → - → +; a heading without anything below it is
    left out. An answer to one question is its text and figures, without any heading."""
    if content.is_answer:
        return list(_answer(content))
    parts = content.parts()
    if content.figures and all(part is not Part.RESULTS for part, _ in parts):
        parts.insert(0, (Part.RESULTS, []))
    found: list[Piece] = []
    for part, sections in parts:
        figures = content.figures if part is Part.RESULTS else ()
        below = list(_part(part, [s for s in sections if s.lines], figures))
        if below:
            place = sum(isinstance(p, Heading) and p.level == 1 for p in found) + 1
            found += [Heading(f"{label(1, place)} {PARTS[part]}"), *below]
    return found


def _answer(content: Content) -> Iterator[Piece]:
    for section in content.sections:
        yield from _lines(section.lines, 2)
    if content.figures:
        yield Text(f"{FIGURES}:")
        yield _figures(content.figures)


def _part(part: Part, sections: Sequence[Section], figures: Sequence[Figure]) -> Iterator[Piece]:
    if [SECTIONS[section.kind] for section in sections] == [PARTS[part]] and not figures:
        yield from _lines(sections[0].lines, 2)
        return
    for place, section in enumerate(sections, 1):
        yield Heading(f"{label(2, place)} {SECTIONS[section.kind]}", 2)
        yield from _lines(section.lines, 3)
    if figures:
        yield Heading(f"{label(2, len(sections) + 1)} {FIGURES}", 2)
        yield _figures(figures)


def _lines(lines: Sequence[Line], level: int) -> Iterator[Piece]:
    """The lines of a section. Paragraphs with bullets below them are headings of this level where there
    are several and nobody has numbered any."""
    heads = [
        line
        for line, below in pairwise(lines)
        if line.kind is LineKind.PARAGRAPH and below.kind is not LineKind.PARAGRAPH
    ]
    is_numbered = any(_LABELLED.match(line.text) for line in lines)
    if len(heads) < 2 or is_numbered:
        heads = []
    count = 0
    for line in lines:
        if any(line is head for head in heads):
            count += 1
            yield Heading(f"{label(level, count)} {line.text}", level)
        else:
            yield Text(_marked(line))


def _marked(line: Line) -> str:
    levels = {LineKind.BULLET: 4, LineKind.SUB_BULLET: 5}
    return f"{label(levels[line.kind], 1)} {line.text}" if line.kind in levels else line.text


def _figures(figures: Iterable[Figure]) -> Grid:
    return Grid(
        _FIGURE_COLUMNS,
        [
            [
                str(place),
                figure.label,
                figure.unit,
                "–" if figure.previous is None else write_number(figure.previous),
                write_number(figure.value),
                change_words(figure.change, figure.unit) or "–",
            ]
            for place, figure in enumerate(figures, 1)
        ],
    )


def annexes(content: Content, note: str) -> list[Annex]:
    """The tables of a consolidated report, then its tasks; `note` says to which paper they belong."""
    found = [
        Annex(table.title, note, [_table(table)], len(table.columns) > _MOST_UPRIGHT)
        for table in content.tables
        if table.rows
    ]
    if content.annex:
        rows = [_row(row) for row in content.annex]
        found.append(Annex(ANNEX, note, [Grid(_ANNEX_COLUMNS, rows)], is_landscape=True))
    return found


def _table(table: Table) -> Grid:
    first, *numbers = table.columns
    columns = [
        Column("STT", 8, is_centred=True),
        Column(first, 30),
        *(Column(words, 10, is_centred=True) for words in numbers),
    ]
    first_place = 0 if table.rows[0].label == WHOLE else 1  # the sum of all is none of them
    rows = [
        [str(place or ""), row.label, *map(number, row.numbers)]
        for place, row in enumerate(table.rows, first_place)
    ]
    return Grid(columns, rows)


def _row(row: AnnexRow) -> list[str]:
    return [
        str(row.number),
        f"{row.task} (mục {row.path})" if row.path else row.task,
        row.lead,
        row.supporting,
        due(row),
        row.result,
        "" if row.percent is None else f"{row.percent}\N{NO-BREAK SPACE}%",
        row.note,
    ]


def due(row: AnnexRow) -> str:
    """The day, else the plan's own words."""
    return day(row.due_on) if row.due_on else row.deadline_text
