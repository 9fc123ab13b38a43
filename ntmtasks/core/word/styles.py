"""The named styles of a paper (Nghị định 30/2020/NĐ-CP, Phụ lục I). An office's own template may bring
styles of these names; those that it has not are added as they stand here."""

from dataclasses import dataclass
from typing import Any

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Times New Roman"


@dataclass(frozen=True)
class Look:
    """How a style looks: letters and gaps in points, the first line's indent in millimetres."""

    size: int
    align: Any = ALIGN.CENTER
    bold: bool = False
    italic: bool = False
    before: float = 0
    after: float = 0
    first_line: float = 0
    spacing: float = 1.0
    keeps_next: bool = False


_BODY = Look(14, ALIGN.JUSTIFY, before=3, after=3, first_line=12.7, spacing=1.15)
_HEADING = Look(14, ALIGN.JUSTIFY, True, False, 3, 3, 12.7, 1.15, keeps_next=True)
LOOKS: dict[str, Look] = {
    "NTM Quoc hieu": Look(12, bold=True),
    "NTM Tieu ngu": Look(13, bold=True),
    "NTM Co quan cap tren": Look(12),
    "NTM Co quan ban hanh": Look(12, bold=True),
    "NTM So ky hieu": Look(13),
    "NTM Ngay thang": Look(13, italic=True),
    "NTM Ten loai": Look(14, bold=True, before=18, keeps_next=True),
    "NTM Trich yeu": Look(14, bold=True, keeps_next=True),
    "NTM Kinh gui": Look(14, before=12, after=12),
    "NTM Muc I": _HEADING,
    "NTM Muc 1": _HEADING,
    "NTM Muc a": Look(14, ALIGN.JUSTIFY, False, False, 3, 3, 12.7, 1.15, keeps_next=True),
    "NTM Noi dung": _BODY,
    "NTM Noi nhan": Look(12, ALIGN.LEFT, bold=True, italic=True),
    "NTM Danh sach nhan": Look(11, ALIGN.LEFT),
    "NTM Nguoi ky": Look(14, bold=True),
    "NTM Phu luc": Look(14, bold=True, keeps_next=True),
    "NTM Kem theo": Look(14, italic=True, after=8, keeps_next=True),
    "NTM Dau bang": Look(12, bold=True),
    "NTM O bang": Look(12, ALIGN.LEFT),
}
HEADINGS = ("NTM Muc I", "NTM Muc 1", "NTM Muc a")


def normal(paper: Docx) -> None:
    """Letters and gaps of a paper that begins as a blank page."""
    style = paper.styles["Normal"]
    style.font.size, style.font.color.rgb = Pt(14), RGBColor(0, 0, 0)
    _letters(style)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.0


def add_missing(paper: Docx) -> dict[str, str]:
    """Give the paper every named style that it has not; the ids of all by their names."""
    there = {style.name: style.style_id for style in paper.styles if _is_for_paragraphs(style)}
    return {name: there.get(name) or _added(paper, name) for name in LOOKS}


def _is_for_paragraphs(style: Any) -> bool:
    return bool(style.type == WD_STYLE_TYPE.PARAGRAPH)


def _added(paper: Docx, name: str) -> str:
    look = LOOKS[name]
    style: Any = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = paper.styles.default(WD_STYLE_TYPE.PARAGRAPH), True
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, look.italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    _letters(style)
    shape = style.paragraph_format
    shape.alignment, shape.line_spacing = look.align, look.spacing
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.first_line_indent, shape.keep_with_next = Mm(look.first_line), look.keeps_next
    made: str = style.style_id
    return made


def _letters(style: Any) -> None:
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
