"""The blocks of a paper, each written at the end of the document; core/word/writing.py puts them where
they belong.

Margins and places are those of Nghị định 30/2020/NĐ-CP, Phụ lục I; lengths are millimetres. Lines have
a named style (core/word/styles.py) and no look of their own.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from ntmtasks.core.papers import long_day
from ntmtasks.core.text import printable
from ntmtasks.core.word.places import mark
from ntmtasks.core.word.styles import HEADINGS

_A4 = (210, 297)
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15
_ISSUER_WIDTH = 68
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_MOTTO_WIDTH = 57  # of these words, bold 13
_ROOM_TO_SIGN = 4  # lines


def page(section: Section, is_landscape: bool) -> None:
    """A4 with the margins of the decree."""
    width, height = reversed(_A4) if is_landscape else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance = Mm(10)


def page_number(section: Section) -> None:
    """Centred in the top margin, below what stands there; the first page has none."""
    section.different_first_page_header_footer = True
    lines = section.header.paragraphs
    is_free = len(lines) == 1 and not lines[0].runs
    line = lines[0] if is_free else section.header.add_paragraph()
    line.alignment = ALIGN.CENTER
    for kind in ("begin", "PAGE", "end"):
        run = line.add_run()
        run.font.size = Pt(13)
        if kind == "PAGE":
            code = OxmlElement("w:instrText")
            code.text = kind
        else:
            code = OxmlElement("w:fldChar")
            code.set(qn("w:fldCharType"), kind)
        run._r.append(code)


class Writer:
    """Writes at the end of a document whose styles have these ids."""

    def __init__(self, paper: Docx, ids: dict[str, str]) -> None:
        self.paper, self._ids, self._marks = paper, ids, 9000

    def letterhead(self, head: dict[str, Any], draft: str) -> None:
        """Issuer and number on the left, the nation and the day on the right."""
        width = self._room()
        left, right = self._columns(_ISSUER_WIDTH, width - _ISSUER_WIDTH)
        parent = [head["parent"].upper()] if head["parent"] else []
        self._marked("co_quan_cap_tren", left, parent, "NTM Co quan cap tren")
        issuer = head["issuer"].upper().split("\n")
        self._marked("co_quan_ban_hanh", left, issuer, "NTM Co quan ban hanh")
        _rule(left, 22, _ISSUER_WIDTH)
        self._marked("so_ky_hieu", left, [number(head)], "NTM So ky hieu")
        if draft:
            self._line(left, draft, "NTM Co quan ban hanh")
        self._line(right, _NATION, "NTM Quoc hieu")
        self._line(right, _MOTTO, "NTM Tieu ngu")
        _rule(right, _MOTTO_WIDTH, width - _ISSUER_WIDTH)
        self._marked("dia_danh_ngay_thang", right, [place_and_day(head)], "NTM Ngay thang")

    def kind(self, title: str) -> None:
        """The kind of the paper in capitals."""
        self._marked("ten_loai", self.paper, [title], "NTM Ten loai")

    def title(self, title: str, subject: str) -> None:
        """The kind of the paper, "" where it stands already, and what it is about over a short line."""
        if title:
            self.kind(title)
        self._marked("trich_yeu", self.paper, [subject], "NTM Trich yeu")
        _rule(self.paper, 50, self._room())

    def addressees(self, to: Sequence[str]) -> None:
        """ "Kính gửi": one in the line, several below each other."""
        lines = self._marked("kinh_gui", self.paper, addressed(to), "NTM Kinh gui")
        if len(lines) < 2:
            for line in lines:
                line.alignment = ALIGN.CENTER
            return
        for place, line in enumerate(lines):
            line.alignment = ALIGN.LEFT
            look = line.paragraph_format
            look.left_indent = Mm(45 if place else 35)
            look.space_before = Pt(0) if place else None
            look.space_after = Pt(0) if place < len(lines) - 1 else None

    def pieces(self, body: Iterable[dict[str, Any]]) -> list[Paragraph]:
        """Headings, paragraphs and tables; returns the lines that stand in no table."""
        lines = []
        for piece in body:
            if piece["kind"] == "grid":
                self._grid(piece)
                continue
            style = "NTM Noi dung"
            if piece["kind"] == "heading":
                style = HEADINGS[min(piece["level"], len(HEADINGS)) - 1]
            for words in piece["text"].split("\n"):
                lines.append(self._line(self.paper, words, style))
        return lines

    def body(self, body: Iterable[dict[str, Any]]) -> None:
        """The paper's own words, marked as such; who signs does not stand alone on a page."""
        lines = self.pieces(body)
        if lines:
            lines[-1].paragraph_format.keep_with_next = True
            self._mark("noi_dung", lines)

    def closing(self, signature: dict[str, Any] | None, recipients: Sequence[str] | None) -> None:
        """ "Nơi nhận" on the left, who signs on the right, together on one page; None leaves out."""
        gap = self.paper.add_paragraph().paragraph_format
        gap.line_spacing, gap.keep_with_next = Pt(6), True
        half = self._room() / 2
        left, right = self._columns(half, half)
        if recipients is not None:
            self._line(left, "Nơi nhận:", "NTM Noi nhan")
            self._marked("noi_nhan", left, told(recipients), "NTM Danh sach nhan")
        if signature is not None:
            self._marked("nguoi_ky", right, signed(signature), "NTM Nguoi ky")

    def draft(self, words: str) -> None:
        """The mark of a draft in a line of its own, for a head that has no place for it."""
        self._line(self.paper, words, "NTM Co quan ban hanh")

    def annex(self, annex: dict[str, Any], label: str) -> None:
        """A "Phụ lục" on pages of its own."""
        section = self.paper.add_section(WD_SECTION.NEW_PAGE)
        page(section, annex["is_landscape"])
        section.different_first_page_header_footer = False
        self._line(self.paper, label.upper(), "NTM Phu luc")
        self._line(self.paper, annex["title"].upper(), "NTM Phu luc")
        self._line(self.paper, annex["note"], "NTM Kem theo")
        self.pieces(annex["body"])

    def _room(self) -> float:
        """The width between the margins of the pages under way."""
        section = self.paper.sections[-1]
        edges = _millimetres(section.left_margin) + _millimetres(section.right_margin)
        return _millimetres(section.page_width) - edges

    def _marked(self, name: str, place: Any, lines: Sequence[str], style: str) -> list[Paragraph]:
        made = [self._line(place, words, style) for words in lines]
        if made:
            self._mark(name, made)
        return made

    def _mark(self, name: str, lines: Sequence[Paragraph]) -> None:
        self._marks += 1
        mark(name, lines, self._marks)

    def _line(self, place: Any, words: str, style: str) -> Paragraph:
        """Add a line; the first of a cell takes the empty paragraph that every cell has."""
        lines: Any = place.paragraphs if isinstance(place, _Cell) else ()
        is_unused = len(lines) == 1 and not lines[0].runs
        line: Paragraph = lines[0] if is_unused else place.add_paragraph()
        line._p.style = self._ids[style]
        if words:
            line.add_run(printable(words))
        return line

    def _columns(self, *widths: float) -> Sequence[_Cell]:
        """The cells of a row without lines that stays on one page."""
        table = self.paper.add_table(rows=1, cols=len(widths))
        _fixed(table, widths)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells: Sequence[_Cell] = table.rows[0].cells
        return cells

    def _grid(self, grid: dict[str, Any]) -> None:
        columns = grid["columns"]
        table = self.paper.add_table(rows=1, cols=len(columns))
        _bordered(table)
        head = table.rows[0]
        for setting in ("w:cantSplit", "w:tblHeader"):
            head._tr.get_or_add_trPr().append(OxmlElement(setting))
        for cell, column in zip(head.cells, columns, strict=True):
            self._line(cell, column["label"], "NTM Dau bang")
        shares = sum(column["width"] for column in columns)
        widths = tuple(self._room() * column["width"] / shares for column in columns)
        _fixed(table, widths)
        empty = [
            self._empty_cell(width, column["is_centred"])
            for width, column in zip(widths, columns, strict=True)
        ]
        for row in grid["rows"]:
            table._tbl.append(_row(row, empty))

    def _empty_cell(self, width: float, is_centred: bool) -> Any:
        cell = OxmlElement("w:tc")
        cell.width = Mm(width)
        line = cell.add_p()
        line.style = self._ids["NTM O bang"]
        if is_centred:
            line.alignment = ALIGN.CENTER
        return cell


def _row(row: Sequence[str], empty: Sequence[Any]) -> Any:
    """A row of a grid out of copies of its empty cells: python-docx looks through the whole table for
    each cell, and through each cell for each thing in it."""
    made = OxmlElement("w:tr")
    for words, pattern in zip(row, empty, strict=True):
        cell = deepcopy(pattern)
        for place, line in enumerate(words.split("\n")):
            if place:
                cell.append(deepcopy(pattern[-1]))
            if line:
                cell[-1].add_r().text = printable(line)
        made.append(cell)
    return made


def number(head: dict[str, Any]) -> str:
    """Number and symbol, with room for the number."""
    return f"Số:        /{head['symbol']}"


def place_and_day(head: dict[str, Any]) -> str:
    """Where and when the paper is issued."""
    return f"{head['place']}, {long_day(date.fromisoformat(head['on']))}"


def addressed(to: Sequence[str]) -> list[str]:
    """The lines of "Kính gửi"."""
    if len(to) < 2:
        return [f"Kính gửi: {each}" for each in to]
    return ["Kính gửi:", *(f"- {each};" for each in to[:-1]), f"- {to[-1]}."]


def told(recipients: Sequence[str]) -> list[str]:
    """The lines below "Nơi nhận"; the archive is the last."""
    return [*(f"- {each};" for each in recipients), "- Lưu: VT."]


def signed(signature: dict[str, Any]) -> list[str]:
    """The lines of who signs, with room for the hand."""
    lines = [words.upper() for words in signature["lines"]]
    return [*lines, *[""] * _ROOM_TO_SIGN, signature["name"]]


def _fixed(table: Table, widths: Sequence[float]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)


def _bordered(table: Table) -> None:
    """Lines of its own: an office's template need not know a style of tables."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties: Any = table._tbl.tblPr
    after = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    place = next((e for e in properties if e.tag in {qn(tag) for tag in after}), None)
    if place is None:
        properties.append(borders)
    else:
        place.addprevious(borders)


def _rule(place: Any, width: float, room: float) -> None:
    """A line of that width in the middle of the room, as the upper border of a flat paragraph."""
    line = place.add_paragraph()
    look = line.paragraph_format
    look.left_indent = look.right_indent = Mm((room - width) / 2)
    look.space_before, look.line_spacing = Pt(2), Pt(6)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _millimetres(length: Length | None) -> float:
    return length.mm if length is not None else 0.0
