"""Official papers – reports, letters – as .docx in the form of Nghị định 30/2020/NĐ-CP.

A room describes what its paper says; the office child writes it (core/word.py), and nothing here
loads its package.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
    """A heading with its own numbering: I. → 1. → a)."""

    text: str
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


def signed_by(title: str, name: str, for_body: str = "") -> Signature:
    """The block of a head or a deputy, who signs in the head's place (KT.); `for_body` is a body that
    decides together and for which they sign (TM.)."""
    lines = [f"TM. {for_body}"] if for_body else []
    if title.startswith("Phó "):
        lines.append(f"KT. {title.removeprefix('Phó ')}")
    return Signature([*lines, title], name)


@dataclass(frozen=True)
class Paper:
    """A whole paper. `title` is its kind ("Báo cáo"), `subject` what it is about, `to` stands behind
    "Kính gửi"; `recipients` are those of "Nơi nhận", to which the archive (Lưu) is added."""

    letterhead: Letterhead
    title: str
    subject: str
    to: Sequence[str]
    body: Sequence[Piece]
    signature: Signature
    recipients: Sequence[str]
    annexes: Sequence[Annex] = ()


def to_docx(paper: Paper) -> bytes:
    """The paper as a file of CONTENT_TYPE. Raises office.OfficeError."""
    return office.run("ntmtasks.core.word.write", to_plain(paper), limits=_LIMITS)
