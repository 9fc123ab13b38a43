"""From raw text to paragraphs and tables, each knowing where it stands.

Plans come one paragraph a line (a .docx), with hard line breaks inside paragraphs (a .pdf, a
copied web page), with tables as tab-separated rows, as ``| a | b |`` lines or as cells between
lines that hold a single bar. All of that ends here; what follows sees paragraphs and tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ntmtasks.core.text import SMALLS
from ntmtasks.intake.rules.blocks import Block, Line, Lines, Paragraph, Table, split_lines
from ntmtasks.intake.rules.grids import bar_table, pipe_table, tab_table
from ntmtasks.intake.rules.labels import PART, Label, parse_label

_WIDE = 130  # a line longer than this was not broken by hand
_ENDS = (".", ";", ":", "!", "?", "…", "./.", ".”", "”.")
_BARE_LABEL = re.compile(
    r"(?:[IVX]{1,6}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])\s*[.)/]|[-+–]|"
    rf"{PART}\s*[.:]?"
)
_ALWAYS_ANEW = re.compile(r"Nơi nhận\s*:?\s*$|(?:TM|KT|TL|TUQ)\. ?[A-ZỦỤ]|PHỤ LỤC\b")
# A line that begins inside a sentence; "a)" and the cell "a" begin a paragraph.
_GOES_ON = re.compile(rf"[{SMALLS}](?![.)/]|\s|$)")
# A line that ends in one of these words is not finished, whatever the next one begins with.
_OPEN_WORDS = frozenset(
    ("của", "và", "các", "cho", "với", "do", "về", "theo", "tại", "trên", "từ", "đến", "để", "là")
)


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """How a text was wrapped by hand: its margin, and whether blank lines part paragraphs."""

    width: int
    spaced: bool


def read_blocks(source: str, known: Sequence[Table] = ()) -> list[Block]:
    """Return the paragraphs and tables of a text (already normalised by ``nfc``).

    ``known`` are the tables that a file itself marks; their rows stand in ``source`` too, in
    reading order, and are not looked at again.
    """
    reader = Lines(source, _outside(split_lines(source), known))
    wrapping = _wrapping(reader.lines) if is_wrapped(reader.lines) else None
    blocks: list[Block] = [*known]
    while reader.more:
        line = reader.current
        if not line.text:
            reader.at += 1
        elif line.text == "|":
            blocks.append(bar_table(reader))
        elif line.text.startswith("|") and line.text.endswith("|"):
            blocks.append(pipe_table(reader))
        elif "\t" in reader.raw(line):
            blocks.append(tab_table(reader))
        else:
            blocks.append(_paragraph(reader, wrapping))
    return _join_cut(sorted(blocks, key=lambda b: b.start))


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


def _wrapping(lines: list[Line]) -> _Wrapping:
    return _Wrapping(_margin(lines), _is_spaced(lines))


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


def _paragraph(reader: Lines, wrapping: _Wrapping | None) -> Paragraph:
    """Take one paragraph: a line, or in wrapped text all lines that run on."""
    lines = [reader.current]
    reader.at += 1
    while wrapping and reader.more:
        nxt = reader.current
        if not nxt.text or nxt.text.startswith("|") or "\t" in reader.raw(nxt):
            break
        if _begins_anew(lines, nxt.text, wrapping):
            break
        lines.append(nxt)
        reader.at += 1
    return Paragraph(tuple(lines))


def _begins_anew(above: list[Line], line: str, wrapping: _Wrapping) -> bool:
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
    full = wrapping.spaced or len(before) >= wrapping.width * 0.6
    ended = before.endswith(_ENDS)
    label = parse_label(line)
    if label is None:
        broken = (ended and not full) or (
            not wrapping.spaced and _broke_off(before, line, wrapping)
        )
        return broken and line[:1].isupper()
    if _is_range(before, label):
        return False
    return ended or not full or (not wrapping.spaced and _heads_list(above[0].text, before, label))


def _broke_off(before: str, line: str, wrapping: _Wrapping) -> bool:
    """Tell whether the next word would have stood before the margin: the break was meant."""
    return len(before) + len(line.split(" ", 1)[0]) + 1 <= wrapping.width * 0.88


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
