"""A .docx as a person sees it printed: paragraphs with their automatic labels, and tables.

Inserted text of tracked changes is kept and deleted text dropped, as in the final document. What
stands beside the flow (footnotes, text boxes, headers, hidden text) is left out with its reason.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.etree import _Element

from ntmtasks.intake.rules.documents import legacy
from ntmtasks.intake.rules.documents.child import answer
from ntmtasks.intake.rules.documents.extract import Extract, Script
from ntmtasks.intake.rules.documents.kinds import BROKEN, Unreadable
from ntmtasks.intake.rules.documents.numbering import Numbering, W, read_numbering
from ntmtasks.intake.rules.documents.packages import Package
from ntmtasks.intake.rules.documents.styles import Styles, read_styles
from ntmtasks.intake.rules.labels import parse_label

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr")} | {
    _FALLBACK
}
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
_BOX = "hộp văn bản nằm ngoài dòng chữ; hãy chép nội dung vào văn bản nếu cần"
_ENDS = (".", ";", ":", "!", "?", "…")


def run(arguments: dict[str, Any], content: bytes) -> bytes:
    """Read a plan from a .docx; called in the child process."""
    return answer(read_word, arguments, content)


def read_word(content: bytes) -> Extract:
    """Return the text of a .docx; raises Unreadable for what is none or is damaged."""
    try:
        package = Package(content)
        return _Walker(package).extract()
    except (zipfile.BadZipFile, etree.XMLSyntaxError, NotImplementedError, EOFError):
        raise Unreadable(BROKEN) from None


@dataclass
class _Text:
    """The text of a paragraph under way: pieces and the old encoding that their font means."""

    pieces: list[tuple[str, legacy.Encoding | None]] = field(default_factory=list)

    def add(self, text: str, encoding: legacy.Encoding | None) -> None:
        if self.pieces and self.pieces[-1][1] == encoding:
            text = self.pieces.pop()[0] + text
        self.pieces.append((text, encoding))

    def __str__(self) -> str:
        return "".join(e.to_unicode(t) if e else t for t, e in self.pieces)


class _Walker:
    """Goes through the body once, in reading order: labels must be counted on the way."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.numbering: Numbering = read_numbering(package.part("word/numbering.xml"))
        self.styles: Styles = read_styles(package.part("word/styles.xml"))
        self.script = Script()
        self.carried = ""  # text of a paragraph whose end was deleted

    def extract(self) -> Extract:
        root = self.package.part("word/document.xml")
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise Unreadable(BROKEN)
        self._blocks(body)
        for kind, reason in (
            ("footnote", "chú thích cuối trang"),
            ("endnote", "chú thích cuối văn bản"),
            ("header", "đầu trang"),
            ("footer", "chân trang"),
        ):
            self._beside(kind, reason)
        return self.script.extract()

    def _beside(self, kind: str, reason: str) -> None:
        for name in self.package.names:
            if name.startswith(f"word/{kind}") and name.endswith(".xml"):
                for paragraph in _all(self.package.part(name), "p"):
                    self.script.leave_out(self._text(paragraph), reason)

    def _blocks(self, parent: _Element) -> None:
        for block in _flow(parent):
            if block.tag == f"{W}tbl":
                self._table(block)
            else:
                for line in self._lines(block):
                    self.script.paragraph(line)

    def _lines(self, paragraph: _Element) -> list[str]:
        """Return a paragraph with its label; more than one line where breaks part items."""
        properties = paragraph.find(f"{W}pPr")
        text = self.carried + self._text(paragraph)
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self.carried = text
            return []
        self.carried = ""
        listed = self.styles.numbering(properties, self.numbering)
        label = self.numbering.label(*listed) if listed else ""
        if not text.strip():
            return [""]
        if not label:
            self.numbering.plain()
        return _split(f"{label} {text.lstrip()}" if label else text)

    def _text(self, paragraph: _Element) -> str:
        style = self.styles.of_paragraph(paragraph.find(f"{W}pPr"))
        text = _Text()
        for run in self._runs(paragraph):
            look = self.styles.look(run.find(f"{W}rPr"), style)
            said = self._said(run)
            if look.hidden:
                self.script.leave_out(said, "chữ ẩn")
                continue
            encoding = legacy.of_font(look.font, said)
            text.add(said.upper() if look.caps and not encoding else said, encoding)
        return str(text)

    def _runs(self, parent: _Element) -> Iterator[_Element]:
        for child in parent:
            if child.tag == f"{W}r":
                yield child
            elif child.tag not in _GONE:
                yield from self._runs(child)

    def _said(self, run: _Element) -> str:
        said = []
        for child in run:
            if child.tag == f"{W}t":
                said.append(_symbols(child.text or ""))
            elif child.tag in _BREAKS:
                said.append(_BREAKS[child.tag])
            elif child.tag == f"{W}softHyphen":
                said.append("\u00ad")  # the letter ư in fonts of TCVN3
            elif child.tag == f"{W}sym":
                said.append(_symbol(child.get(f"{W}char", "")))
            elif child.tag not in _GONE:
                self._boxes(child)
        return "".join(said)

    def _boxes(self, drawing: _Element) -> None:
        for box in drawing.iter(f"{W}txbxContent"):
            if not any(a.tag == _FALLBACK for a in box.iterancestors()):
                for paragraph in _all(box, "p"):
                    self.script.leave_out(self._text(paragraph), _BOX)

    def _table(self, table: _Element) -> None:
        rows = list(self._rows(table))
        if all(len(cells) == 1 for cells in rows):
            for cells in rows:  # a frame around text
                self._blocks(cells[0][0])
            return
        self.script.table(
            [[x for cell, span, goes_on in cells for x in self._slots(cell, span, goes_on)]
             for cells in rows]
        )  # fmt: skip

    def _rows(self, table: _Element) -> Iterator[list[tuple[_Element, int, bool]]]:
        """Yield rows of (cell, columns that it spans, whether it goes on from the row above)."""
        for row in _flow(table, "tr"):
            if row.find(f"{W}trPr/{W}del") is None and (cells := list(_flow(row, "tc"))):
                yield [(cell, _span(cell), _goes_on(cell)) for cell in cells]

    def _slots(self, cell: _Element, span: int, goes_on: bool) -> list[Sequence[str] | None]:
        first = None if goes_on else self._cell_lines(cell)
        return [first, *([()] * (span - 1))]

    def _cell_lines(self, cell: _Element) -> list[str]:
        lines: list[str] = []
        for block in _flow(cell):
            if block.tag == f"{W}p":
                lines += self._lines(block)
            else:
                for cells in self._rows(block):
                    lines.append(" ".join(x for c, *_ in cells for x in self._cell_lines(c)))
        return lines


def _flow(parent: _Element, *names: str) -> Iterator[_Element]:
    """Yield the children of these names, also those inside content controls and insertions."""
    wanted = {f"{W}{name}" for name in names or ("p", "tbl")}
    for child in parent:
        if child.tag in wanted:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _GONE and not child.tag.endswith("Pr"):
            yield from _flow(child, *names)


def _all(root: _Element | None, name: str) -> Iterator[_Element]:
    if root is not None:
        yield from root.iter(f"{W}{name}")


def _span(cell: _Element) -> int:
    given = cell.find(f"{W}tcPr/{W}gridSpan")
    value = given.get(f"{W}val", "1") if given is not None else "1"
    return max(1, int(value)) if value.isdecimal() and len(value) < 3 else 1


def _goes_on(cell: _Element) -> bool:
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"


def _split(text: str) -> list[str]:
    """Return the lines that soft breaks part, joined where a line only runs on.

    People press Shift+Enter between items and below capitals as well as inside a sentence.
    """
    lines: list[str] = []
    for piece in text.split("\n"):
        line = _tabs(piece)
        if not line:
            continue
        runs_on = lines and not (
            lines[-1].endswith(_ENDS) or parse_label(line) or lines[-1].isupper() != line.isupper()
        )
        if runs_on:
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def _tabs(line: str) -> str:
    """Keep tabs only where they part columns, not where they set a label off or indent."""
    parts = line.strip().split("\t")
    # In front of columns a tab is an empty cell.
    return line.strip(" ") if len(parts) > 2 else " ".join(parts).strip()


def _symbols(text: str) -> str:
    return "".join(_symbol(f"{ord(c):X}") if 0xF020 <= ord(c) <= 0xF0FF else c for c in text)


def _symbol(code: str) -> str:
    """Return what a character of a symbol font stands for in a plan: a dash, a plus, a bullet."""
    return {"2D": "-", "2B": "+"}.get(code.upper().removeprefix("F0"), "•")
