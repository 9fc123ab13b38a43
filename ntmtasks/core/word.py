"""Runs in the child process: writes a paper as .docx.

Sizes, margins and places are those of Nghị định 30/2020/NĐ-CP, Phụ lục I; lengths are millimetres,
sizes of letters points.
"""

import io
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from ntmtasks.core.papers import long_day
from ntmtasks.core.text import printable

FONT = "Times New Roman"
_A4 = (210, 297)
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15
_ISSUER_WIDTH = 68
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_MOTTO_WIDTH = 57  # of these words, bold 13
_ROOM_TO_SIGN = 4  # lines


def write(order: dict[str, Any], _content: bytes) -> bytes:
    """Return the .docx of core.papers.Paper."""
    paper = Document()
    _styles(paper)
    _about(paper, order)
    first = paper.sections[0]
    _page(first, is_landscape=False)
    first.different_first_page_header_footer = True
    _page_number(first)
    _letterhead(paper, order["letterhead"])
    _title(paper, order)
    _addressees(paper, order["to"])
    _pieces(paper, _ended(order["body"]))
    _closing(paper, order["signature"], order["recipients"])
    for annex in order["annexes"]:
        _annex(paper, annex)
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def _styles(paper: Docx) -> None:
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.font.color.rgb = RGBColor(0, 0, 0)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.rPr.append(language)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0


def _about(paper: Docx, order: dict[str, Any]) -> None:
    head, properties = order["letterhead"], paper.core_properties
    properties.title = printable(f"{order['title']} {order['subject']}")[:250]
    properties.author = properties.last_modified_by = printable(head["issuer"])[:250]
    properties.comments, properties.language = "", "vi-VN"
    on = datetime.combine(date.fromisoformat(head["on"]), datetime.min.time())
    properties.created = properties.modified = on


def _page(section: Section, is_landscape: bool) -> None:
    width, height = reversed(_A4) if is_landscape else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance = Mm(10)


def _page_number(section: Section) -> None:
    """Centred in the top margin; the first page has none."""
    line = section.header.paragraphs[0]
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


def _letterhead(paper: Docx, head: dict[str, Any]) -> None:
    width = _A4[0] - _LEFT - _RIGHT
    left, right = _columns(paper, _ISSUER_WIDTH, width - _ISSUER_WIDTH)
    if head["parent"]:
        _line(left, head["parent"].upper(), 12)
    for line in head["issuer"].upper().split("\n"):
        _line(left, line, 12, bold=True)
    _rule(left, 22, _ISSUER_WIDTH)
    _line(left, f"Số:        /{head['symbol']}", 13)
    _line(right, _NATION, 12, bold=True)
    _line(right, _MOTTO, 13, bold=True)
    _rule(right, _MOTTO_WIDTH, width - _ISSUER_WIDTH)
    _line(right, f"{head['place']}, {long_day(date.fromisoformat(head['on']))}", 13, italic=True)


def _columns(paper: Docx, *widths: float) -> list[_Cell]:
    """The cells of a row without lines that stays on one page."""
    table = paper.add_table(rows=1, cols=len(widths))
    _fixed(table, widths)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return list(table.rows[0].cells)


def _fixed(table: Table, widths: tuple[float, ...]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _line(
    cell: _Cell,
    text: str,
    size: int,
    align: Any = ALIGN.CENTER,
    bold: bool = False,
    italic: bool = False,
) -> Paragraph:
    """Add a line to a cell; the first one takes the empty paragraph that every cell has."""
    lines = cell.paragraphs
    is_unused = len(lines) == 1 and not lines[0].runs
    line: Paragraph = lines[0] if is_unused else cell.add_paragraph()
    line.alignment = align
    _run(line, text, size, bold, italic)
    return line


def _run(line: Paragraph, text: str, size: int, bold: bool = False, italic: bool = False) -> None:
    run = line.add_run(printable(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


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


def _title(paper: Docx, order: dict[str, Any]) -> None:
    _centred(paper, order["title"].upper(), before=18)
    _centred(paper, order["subject"])
    _rule(paper, 50, _A4[0] - _LEFT - _RIGHT)


def _centred(paper: Docx, text: str, before: int = 0, italic: bool = False) -> None:
    line = paper.add_paragraph()
    line.alignment = ALIGN.CENTER
    line.paragraph_format.space_before = Pt(before)
    line.paragraph_format.keep_with_next = True
    _run(line, text, 14, bold=not italic, italic=italic)


def _addressees(paper: Docx, to: list[str]) -> None:
    if len(to) == 1:
        line = paper.add_paragraph()
        line.alignment = ALIGN.CENTER
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(12)
        _run(line, f"Kính gửi: {to[0]}", 14)
        return
    for place, words in enumerate(["Kính gửi:", *_listed(to)] if to else []):
        line = paper.add_paragraph()
        line.paragraph_format.left_indent = Mm(45 if place else 35)
        line.paragraph_format.space_before = Pt(0 if place else 12)
        line.paragraph_format.space_after = Pt(12 if place == len(to) else 0)
        _run(line, words, 14)


def _listed(items: list[str]) -> list[str]:
    return [f"- {each};" for each in items[:-1]] + [f"- {each}." for each in items[-1:]]


def _ended(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last paragraph ends with "./."."""
    if not body or body[-1]["kind"] != "text":
        return body
    text = body[-1]["text"].rstrip(" ./")
    return [*body[:-1], {**body[-1], "text": f"{text}./."}]


def _pieces(paper: Docx, body: list[dict[str, Any]]) -> None:
    for piece in body:
        if piece["kind"] == "grid":
            _grid(paper, piece)
            continue
        for words in piece["text"].split("\n"):
            line = paper.add_paragraph()
            line.alignment = ALIGN.JUSTIFY
            look = line.paragraph_format
            look.first_line_indent, look.line_spacing = Mm(12.7), 1.15
            look.space_before = look.space_after = Pt(3)
            look.keep_with_next = piece["kind"] == "heading"
            _run(line, words, 14, bold=piece["kind"] == "heading")


def _grid(paper: Docx, grid: dict[str, Any]) -> None:
    columns, section = grid["columns"], paper.sections[-1]
    table = paper.add_table(rows=1, cols=len(columns), style="Table Grid")
    head = table.rows[0]
    for mark in ("w:cantSplit", "w:tblHeader"):
        head._tr.get_or_add_trPr().append(OxmlElement(mark))
    for cell, column in zip(head.cells, columns, strict=True):
        _line(cell, column["label"], 12, bold=True)
    for row in grid["rows"]:
        cells = table.add_row().cells
        for cell, words, column in zip(cells, row, columns, strict=True):
            align = ALIGN.CENTER if column["is_centred"] else ALIGN.LEFT
            for line in words.split("\n"):
                _line(cell, line, 12, align)
    room = _millimetres(section.page_width) - _LEFT - _RIGHT
    shares = sum(column["width"] for column in columns)
    _fixed(table, tuple(room * column["width"] / shares for column in columns))


def _millimetres(length: Length | None) -> float:
    return length.mm if length is not None else 0.0


def _closing(paper: Docx, signature: dict[str, Any], recipients: list[str]) -> None:
    """ "Nơi nhận" on the left, who signs on the right, together on one page."""
    paper.add_paragraph().paragraph_format.line_spacing = Pt(6)
    half = (_A4[0] - _LEFT - _RIGHT) / 2
    left, right = _columns(paper, half, half)
    _line(left, "Nơi nhận:", 12, ALIGN.LEFT, bold=True, italic=True)
    for words in (*(f"- {each};" for each in recipients), "- Lưu: VT."):
        _line(left, words, 11, ALIGN.LEFT)
    for words in signature["lines"]:
        _line(right, words.upper(), 14, bold=True)
    for _ in range(_ROOM_TO_SIGN):
        right.add_paragraph()
    _line(right, signature["name"], 14, bold=True)


def _annex(paper: Docx, annex: dict[str, Any]) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    _page(section, annex["is_landscape"])
    section.different_first_page_header_footer = False
    _centred(paper, "PHỤ LỤC")
    _centred(paper, annex["title"].upper())
    _centred(paper, annex["note"], italic=True)
    paper.add_paragraph().paragraph_format.line_spacing = Pt(8)
    _pieces(paper, annex["body"])
