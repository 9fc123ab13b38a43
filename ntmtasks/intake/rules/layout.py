"""From raw text to paragraphs and tables, each knowing where it stands.

Plans come one paragraph a line (a .docx), with hard line breaks inside paragraphs (a .pdf, a
copied web page), with tables as tab-separated rows, as ``| a | b |`` lines or as cells between
lines that hold a single bar. All of that ends here; what follows sees paragraphs and tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ntmtasks.core.text import SMALLS
from ntmtasks.intake.rules.labels import PART, Label, parse_label

_WIDE = 130  # a line longer than this was not broken by hand
_ENDS = (".", ";", ":", "!", "?", "…", "./.", ".”", "”.")
_BARE_LABEL = re.compile(
    r"(?:[IVX]{1,6}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])\s*[.)/]|[-+–]|"
    rf"{PART}\s*[.:]?"
)
_EMPHASIS = re.compile(r"\*+|^\s*#{1,6}\s|(?<!\w)__|__(?!\w)")
_ALWAYS_ANEW = re.compile(r"Nơi nhận\s*:?\s*$|(?:TM|KT|TL|TUQ)\. ?[A-ZỦỤ]|PHỤ LỤC\b")
# A line that begins inside a sentence; "a)" and the cell "a" begin a paragraph.
_GOES_ON = re.compile(rf"[{SMALLS}](?![.)/]|\s|$)")
# A line that ends in one of these words is not finished, whatever the next one begins with.
_OPEN_WORDS = frozenset(
    ("của", "và", "các", "cho", "với", "do", "về", "theo", "tại", "trên", "từ", "đến", "để", "là")
)


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
class _Reader:
    source: str
    lines: list[Line]
    wrapped: bool = False
    spaced: bool = False  # blank lines part the paragraphs of a wrapped text
    width: int = 0
    at: int = 0
    blocks: list[Block] = field(default_factory=list)

    def raw(self, line: Line) -> str:
        stop = self.source.find("\n", line.start)
        return self.source[line.start : stop if stop >= 0 else len(self.source)]


def read_blocks(source: str, known: Sequence[Table] = ()) -> list[Block]:
    """Return the paragraphs and tables of a text (already normalised by ``nfc``).

    ``known`` are the tables that a file itself marks; their rows stand in ``source`` too, in
    reading order, and are not looked at again.
    """
    reader = _Reader(source, _outside(split_lines(source), known))
    reader.wrapped = is_wrapped(reader.lines)
    if reader.wrapped:
        reader.spaced = _is_spaced(reader.lines)
        reader.width = _margin(reader.lines)
    while reader.at < len(reader.lines):
        line = reader.lines[reader.at]
        if not line.text:
            reader.at += 1
        elif line.text == "|":
            reader.blocks.append(_bar_table(reader))
        elif line.text.startswith("|") and line.text.endswith("|"):
            reader.blocks.append(_pipe_table(reader))
        elif "\t" in reader.raw(line):
            reader.blocks.append(_tab_table(reader))
        else:
            reader.blocks.append(_paragraph(reader))
    return _join_cut(sorted([*reader.blocks, *known], key=lambda b: b.start))


def _outside(lines: list[Line], tables: Sequence[Table]) -> list[Line]:
    """Return the lines without those of the tables, whose places become one blank line each."""
    kept: list[Line] = []
    spans = [(t.start, t.rows[-1].end) for t in tables]
    at = 0
    for line in lines:
        while at < len(spans) and line.start > spans[at][1]:
            at += 1
        if at == len(spans) or line.start < spans[at][0]:
            kept.append(line)
        elif not kept or kept[-1].text:
            kept.append(Line("", line.start, line.start))
    return kept


def is_wrapped(lines: list[Line]) -> bool:
    """Tell whether lines were broken by hand: hardly a long one, and many that run on."""
    filled = [x for x in lines if x.text and not x.text.startswith("|")]
    if len(filled) < 10:
        return False
    long = sum(len(x.text) > _WIDE for x in filled)
    running = sum(
        bool(a.text and _GOES_ON.match(b.text) and not a.text.endswith(_ENDS))
        for a, b in pairwise(lines)
    )
    return long * 20 <= len(filled) and running >= 3 and running * 25 >= len(filled)


def _margin(lines: list[Line]) -> int:
    """Return how many characters a full line has; a few longer ones are no measure."""
    lengths = sorted(n for x in lines if 0 < (n := len(x.text)) <= _WIDE and x.text[0] != "|")
    return lengths[len(lengths) * 19 // 20] if lengths else 0


def _is_spaced(lines: list[Line]) -> bool:
    """Tell whether a blank line stands before nearly every numbered or lettered paragraph."""
    blank = [
        not above.text
        for above, line in pairwise(lines)
        if line.text[:1].isalnum()
        and (label := parse_label(line.text))
        and label.style in ("roman", "number", "letter")
    ]
    return sum(blank) * 10 >= len(blank) * 8 and len(blank) >= 3


def _paragraph(reader: _Reader) -> Paragraph:
    """Take one paragraph: a line, or in wrapped text all lines that run on."""
    lines = [reader.lines[reader.at]]
    reader.at += 1
    while reader.wrapped and reader.at < len(reader.lines):
        nxt = reader.lines[reader.at]
        if not nxt.text or nxt.text.startswith("|") or "\t" in reader.raw(nxt):
            break
        if _begins_anew(lines, nxt.text, reader):
            break
        lines.append(nxt)
        reader.at += 1
    return Paragraph(tuple(lines))


def _begins_anew(above: list[Line], line: str, reader: _Reader) -> bool:
    """Tell whether a line right below those of a paragraph starts another in wrapped text.

    A label alone does not: "giai đoạn 2026 / - 2030" begins with a dash. It counts where the
    line before has come to an end, or stopped well before the margin. Where blank lines part the
    paragraphs, only a label behind the end of a sentence does.
    """
    before = above[-1].text
    if _BARE_LABEL.fullmatch(before):
        return False
    if _ALWAYS_ANEW.match(line) or before.endswith("./."):
        return True
    full = reader.spaced or len(before) >= reader.width * 0.6
    ended = before.endswith(_ENDS)
    label = parse_label(line)
    if label is None:
        broken = (ended and not full) or (not reader.spaced and _broke_off(before, line, reader))
        return broken and line[:1].isupper()
    if _is_range(before, label):
        return False
    return ended or not full or (not reader.spaced and _heads_list(above[0].text, before, label))


def _broke_off(before: str, line: str, reader: _Reader) -> bool:
    """Tell whether the next word would have stood before the margin: the break was meant."""
    return len(before) + len(line.split(" ", 1)[0]) + 1 <= reader.width * 0.88


def _heads_list(first: str, before: str, label: Label) -> bool:
    """Tell whether a label starts a paragraph although the line above it is full and open.

    ``first`` and ``before`` are the first and the last line of the paragraph above.
    """
    if not label.rest[:1].isupper():
        return False
    if label.style != "dash":
        return label.style in ("roman", "number", "letter")
    # Below a heading a dash begins a list; "Bộ Lao động / - Thương binh …" is one name.
    heading = parse_label(first)
    listed = heading is not None and heading.style in ("roman", "number", "letter")
    return listed and not before.endswith(("Lao động", "Kinh tế", "Văn hóa", "Tài chính"))


def _is_range(before: str, label: Label) -> bool:
    """Tell whether a dash stands between two numbers ("2026 / - 2030", "1,8 / - 2 m")."""
    return label.style == "dash" and label.rest[:1].isdigit() and before[-1:].isdigit()


def _join_cut(blocks: list[Block]) -> list[Block]:
    """Join paragraphs that a page break cut in half."""
    out: list[Block] = []
    run: list[Paragraph] = []  # the pieces of one paragraph so far
    for block in blocks:
        if isinstance(block, Paragraph):
            if run and not _runs_on(run[-1].text, block.text, run[0].text):
                out.append(_joined(run))
                run = []
            run.append(block)
            continue
        if run:
            out.append(_joined(run))
            run = []
        out.append(block)
    return [*out, _joined(run)] if run else out


def _joined(pieces: list[Paragraph]) -> Paragraph:
    return pieces[0] if len(pieces) == 1 else Paragraph(tuple(x for p in pieces for x in p.lines))


def _runs_on(before: str, text: str, head: str) -> bool:
    """Tell whether ``text`` continues the sentence that ``before`` left open.

    ``head`` is the first piece of the paragraph that ``before`` ends.
    """
    label = parse_label(text)
    if _BARE_LABEL.fullmatch(before):
        return label is None
    if before.endswith((".", ":", "!", "?", "…", "|")):
        return False
    if label is not None:
        return _is_range(before, label)
    if text[:1].islower():
        return True
    if text.isupper() and before.isupper():
        # "I. MỤC ĐÍCH, / YÊU CẦU": capitals below a section's capitals are its second line.
        above = parse_label(head)
        return above is not None and above.style in ("roman", "part") and len(text) < _WIDE
    return before.rsplit(" ", 1)[-1] in _OPEN_WORDS or before.endswith(",")


def _cell(line: Line, text: str, start: int, end: int) -> Cell:
    cleaned = clean(text)
    return Cell((Line(cleaned, start, end),)) if cleaned else Cell()


def _split_cells(reader: _Reader, line: Line, mark: str) -> Row:
    """Split one source line at ``mark`` into cells that keep their offsets."""
    raw, cells = reader.raw(line), []
    at = line.start
    for part in raw.split(mark):
        cells.append(_cell(line, part, at, at + len(part)))
        at += len(part) + 1
    return Row(tuple(cells), line.start, line.start + len(raw))


def _tab_table(reader: _Reader) -> Table:
    """Take tab-separated rows; a row without tabs between two of them is a group row."""
    rows: list[Row] = []
    while reader.at < len(reader.lines):
        line = reader.lines[reader.at]
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


def _pipe_table(reader: _Reader) -> Table:
    """Take lines such as ``| a | b | | c | d |``; ``| |`` between cells parts two rows."""
    rows: list[Row] = []
    while reader.at < len(reader.lines):
        line = reader.lines[reader.at]
        if not (line.text.startswith("|") and line.text.endswith("|") and len(line.text) > 1):
            break
        reader.at += 1
        if re.fullmatch(r"[|\s:\-–]+", line.text):
            continue
        row = _split_cells(reader, line, "|")
        rows.append(Row(row.cells[1:-1], row.start, row.end))
    return Table(tuple(rows))


def _bar_table(reader: _Reader) -> Table:
    """Take cells that stand between lines holding a single bar; two bars part two rows."""
    tokens: list[Line | None] = []
    while reader.at < len(reader.lines):
        line = reader.lines[reader.at]
        if not line.text and tokens and tokens[-1] is None:
            if not _bar_follows(reader):
                break
            continue
        if line.text:
            tokens.append(None if line.text == "|" else line)
        reader.at += 1
    return Table(tuple(_rows_of(tokens)))


def _bar_follows(reader: _Reader) -> bool:
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
