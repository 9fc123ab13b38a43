"""Official papers – reports, letters – as .docx in the form of Nghị định 30/2020/NĐ-CP.

A room describes what its paper says; the office child writes it (core/word/), and nothing here
loads its package.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ntmtasks.core import office
from ntmtasks.core.plain import to_plain

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LIMITS = office.Limits(seconds=60)


@dataclass(frozen=True)
class Letterhead:
    """The top of the first page. `parent` is the body above the issuer, "" where there is none;
    `symbol` follows the number, which the registry fills in ("BC-VPĐP")."""

    parent: str
    issuer: str
    symbol: str
    place: str
    on: date


@dataclass(frozen=True)
class Heading:
    """A heading that carries its numbering: I. (level 1) → 1. → a); only the first two are bold."""

    text: str
    level: int = 1
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Text:
    """A paragraph of the body."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Column:
    """A column of a grid; the widths of a grid's columns are shares of the page."""

    label: str
    width: int
    is_centred: bool = False


@dataclass(frozen=True)
class Grid:
    """A table whose header comes again on every page; lines within a cell become paragraphs."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    kind: Literal["grid"] = "grid"


Piece = Heading | Text | Grid


@dataclass(frozen=True)
class Annex:
    """A "Phụ lục" on pages of its own; `note` says to which paper it belongs."""

    title: str
    note: str
    body: Sequence[Piece]
    is_landscape: bool = False


@dataclass(frozen=True)
class Signature:
    """Who signs: the lines above the name (TM., KT., the title) and the name, "" to be filled in."""

    lines: Sequence[str]
    name: str


def long_day(value: date) -> str:
    """ "ngày 05 tháng 02 năm 2024": days below 10 and the first two months get a zero in front
    (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
    month = f"{value.month:02}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02} tháng {month} năm {value.year}"


def enclosed(title: str, head: Letterhead) -> str:
    """The line of an annex that says to which paper it belongs; its number is left to the registry."""
    number = f"{title} số        /{head.symbol}"
    return f"(Kèm theo {number} {long_day(head.on)} của {head.issuer})"


_OFFICERS = ("Trưởng phòng", "Chánh Văn phòng", "Chánh Thanh tra")


def signed_by(title: str, name: str, for_body: str = "", head: str = "") -> Signature:
    """The block of a head or a deputy, who signs in the head's place (KT.); `for_body` is a body that
    decides together and for which they sign (TM.). Whoever leads a part of the agency alone signs on
    the order (TL.) of its `head`."""
    own = title.removeprefix("Phó ")
    own = own[:1].upper() + own[1:]
    if head and own.startswith(_OFFICERS) and not own.startswith(head):
        lines = [f"TL. {head}"]
    else:
        lines = [f"TM. {for_body}"] if for_body else []
    if title.startswith("Phó "):
        lines.append(f"KT. {own}")
    return Signature([*lines, title], name)


@dataclass(frozen=True)
class Paper:
    """A whole paper. `title` is its kind ("Báo cáo"), `subject` what it is about, `to` stands behind
    "Kính gửi"; `recipients` are those of "Nơi nhận", to which the archive (Lưu) is added; `draft` is
    the mark of a paper that is not final yet, "" for one that is."""

    letterhead: Letterhead
    title: str
    subject: str
    to: Sequence[str]
    body: Sequence[Piece]
    signature: Signature
    recipients: Sequence[str]
    annexes: Sequence[Annex] = ()
    draft: str = ""


PLACES: dict[str, str] = {
    "dau_van_ban": "phần đầu văn bản: đặt ở dòng trống thì chương trình điền đủ; đặt quanh phần đầu đã "
    "soạn thì giữ nguyên",
    "co_quan_cap_tren": "tên cơ quan cấp trên",
    "co_quan_ban_hanh": "tên cơ quan ban hành",
    "so_ky_hieu": "số, ký hiệu, cả chữ “Số:”",
    "dia_danh_ngay_thang": "địa danh, ngày tháng năm",
    "ten_loai": "tên loại văn bản (BÁO CÁO)",
    "trich_yeu": "trích yếu nội dung",
    "kinh_gui": "nơi gửi, cả chữ “Kính gửi:”",
    "noi_dung": "nội dung; một dòng riêng, không nằm trong bảng",
    "noi_nhan": "danh sách nơi nhận, dưới chữ “Nơi nhận:”",
    "nguoi_ky": "quyền hạn, chức vụ và họ tên người ký",
}
"""The bookmarks that an office's own template may hold, and what is written there."""
STYLES: dict[str, str] = {
    "NTM Muc I": "đề mục I., II.",
    "NTM Muc 1": "đề mục 1., 2.",
    "NTM Muc a": "đề mục a), b)",
    "NTM Noi dung": "đoạn văn, gạch đầu dòng",
    "NTM Dau bang": "hàng tiêu đề của bảng",
    "NTM O bang": "ô của bảng",
    "NTM Phu luc": "chữ PHỤ LỤC và tên phụ lục",
    "NTM Kem theo": "dòng (Kèm theo …)",
    "NTM Quoc hieu": "Quốc hiệu",
    "NTM Tieu ngu": "Tiêu ngữ",
    "NTM Co quan cap tren": "tên cơ quan cấp trên",
    "NTM Co quan ban hanh": "tên cơ quan ban hành",
    "NTM So ky hieu": "số, ký hiệu",
    "NTM Ngay thang": "địa danh, ngày tháng năm",
    "NTM Ten loai": "tên loại văn bản",
    "NTM Trich yeu": "trích yếu",
    "NTM Kinh gui": "nơi gửi",
    "NTM Noi nhan": "chữ “Nơi nhận:”",
    "NTM Danh sach nhan": "danh sách nơi nhận",
    "NTM Nguoi ky": "quyền hạn, chức vụ, họ tên người ký",
}
"""The styles that it may hold, and what is written in them: lines that stand at no bookmark."""

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LETTERS = "abcdđeghiklmnopqrstuvxy"


def label(level: int, number: int) -> str:
    """The numbering of the `number`-th piece of a level: I. → 1. → a) → - → + (Nghị định
    30/2020/NĐ-CP, Phụ lục I; its letters are those of the Vietnamese alphabet)."""
    if level == 1:
        return f"{ROMAN[number - 1]}." if number <= len(ROMAN) else f"{number}."
    if level == 2:
        return f"{number}."
    if level == 3:
        turns, letter = divmod(number - 1, len(_LETTERS))
        return f"{_LETTERS[letter] * (turns + 1)})"
    return "-" if level == 4 else "+"


def annex_label(number: int, count: int) -> str:
    """What stands above an annex; only several are numbered."""
    return "Phụ lục" if count == 1 else f"Phụ lục {ROMAN[number - 1]}"


def ended(body: Sequence[Piece]) -> list[Piece]:
    """The body whose last paragraph ends with "./."."""
    if not body or not isinstance(body[-1], Text):
        return list(body)
    return [*body[:-1], Text(f"{body[-1].text.rstrip(' ./;,')}./.")]


def to_docx(paper: Paper, template: bytes = b"") -> bytes:
    """The paper as a file of CONTENT_TYPE, in the office's own template where there is one (the bytes
    of core/templates.py). Raises office.OfficeError."""
    order = to_plain(replace(paper, body=ended(paper.body)))
    return office.run("ntmtasks.core.word.writing.write", order, template, limits=_LIMITS)
