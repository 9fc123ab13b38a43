"""Tables as texts carry them: tabs between cells, ``| a | b |`` lines, cells between bars."""

import re

from ntmtasks.intake.rules.blocks import Cell, Line, Lines, Row, Table, clean

_LONGEST_CELL = 60  # lines between two bars


def _cell(line: Line, text: str, start: int, end: int) -> Cell:
    cleaned = clean(text)
    return Cell((Line(cleaned, start, end),)) if cleaned else Cell()


def _split_cells(reader: Lines, line: Line, mark: str) -> Row:
    """Split one source line at ``mark`` into cells that keep their offsets."""
    raw, cells = reader.raw(line), []
    at = line.start
    for part in raw.split(mark):
        cells.append(_cell(line, part, at, at + len(part)))
        at += len(part) + 1
    return Row(tuple(cells), line.start, line.start + len(raw))


def tab_table(reader: Lines) -> Table:
    """Take tab-separated rows; a row without tabs between two of them is a group row."""
    rows: list[Row] = []
    while reader.more:
        line = reader.current
        below = reader.lines[reader.at + 1 : reader.at + 2]
        tabbed = "\t" in reader.raw(line)
        group = rows and _is_group_row(line.text) and below and "\t" in reader.raw(below[0])
        if not tabbed and not group:
            break
        # A leading tab is an empty first cell; Line.start stands after it.
        start = reader.source.rfind("\n", 0, line.start) + 1
        rows.append(_split_cells(reader, Line(line.text, start, line.end), "\t"))
        reader.at += 1
    return Table(tuple(rows))


def _is_group_row(text: str) -> bool:
    """Tell whether a line without tabs between two rows belongs to their table."""
    return bool(text) and not re.match(r"PHỤ LỤC|Phụ lục", text)


def pipe_table(reader: Lines) -> Table:
    """Take lines such as ``| a | b | | c | d |``; ``| |`` between cells parts two rows."""
    rows: list[Row] = []
    while reader.more:
        line = reader.current
        if not (line.text.startswith("|") and line.text.endswith("|") and len(line.text) > 1):
            break
        reader.at += 1
        if re.fullmatch(r"[|\s:\-–]+", line.text):
            continue
        row = _split_cells(reader, line, "|")
        rows.append(Row(row.cells[1:-1], row.start, row.end))
    return Table(tuple(rows))


def bar_table(reader: Lines) -> Table:
    """Take cells that stand between lines holding a single bar; two bars part two rows."""
    tokens: list[Line | None] = []
    end = _last_bar(reader)
    while reader.more and reader.at <= end:
        line = reader.current
        if not line.text and tokens and tokens[-1] is None:
            if not _bar_follows(reader):
                break
            continue
        if line.text:
            tokens.append(None if line.text == "|" else line)
        reader.at += 1
    return Table(tuple(_rows_of(tokens)))


def _last_bar(reader: Lines) -> int:
    """Return where the table's last bar stands; the text behind it is no cell, blank line or not."""
    last = reader.at
    for at in range(reader.at, len(reader.lines)):
        if reader.lines[at].text == "|":
            last = at
        elif at - last > _LONGEST_CELL:
            break
    return last


def _bar_follows(reader: Lines) -> bool:
    """Go on to the next filled line and tell whether it holds a bar."""
    while reader.at + 1 < len(reader.lines) and not reader.lines[reader.at].text:
        reader.at += 1
    return reader.lines[reader.at].text == "|"


def _rows_of(tokens: list[Line | None]) -> list[Row]:
    rows: list[list[Cell]] = [[]]
    cell: list[Line] = []
    for i, token in enumerate(tokens):
        if token is not None:
            cell.append(token)
            continue
        if cell:
            rows[-1].append(Cell(tuple(cell)))
            cell = []
        elif rows[-1]:
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if _row_is_full(rows, following):
                rows.append([])
            else:
                rows[-1].append(Cell())
    if cell:
        rows[-1].append(Cell(tuple(cell)))
    return [_row(cells) for cells in rows if any(c.lines for c in cells)]


def _row_is_full(rows: list[list[Cell]], following: Line | None) -> bool:
    """Tell whether two bars end a row rather than enclose an empty cell."""
    width = len(rows[0])
    if len(rows) == 1 or len(rows[-1]) in (1, width) or len(rows[-1]) > width:
        return True
    return (
        following is not None and re.fullmatch(r"\d{1,3}\.?|[IVX]+\.?", following.text) is not None
    )


def _row(cells: list[Cell]) -> Row:
    lines = [x for c in cells for x in c.lines]
    return Row(tuple(cells), lines[0].start, lines[-1].end)
