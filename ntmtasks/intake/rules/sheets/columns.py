"""Which column of a spreadsheet holds what, told by its heading in whatever words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.sheets.parts import Cell, Column, Sheet

HEADER_WITHIN = 15

# Tried in this order, so that "Ngày hoàn thành" is no deadline and "Đơn vị phối hợp thực hiện
# nhiệm vụ" no content.
_KINDS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    ("path", re.compile(r"(stt|tt|so tt|so thu tu|muc|ma( so)?|ma nhiem vu|so muc)")),
    ("supporting", re.compile(r".*phoi hop.*")),
    (
        "lead",
        re.compile(
            r".*chu tri.*|(co quan|don vi|phong ban|dau moi)( thuc hien| phu trach| duoc giao| "
            r"chiu trach nhiem( thuc hien)?)?"
        ),
    ),
    ("finished", re.compile(r"(ngay|thoi gian|thoi diem) (da |thuc te )?(hoan thanh|xong).*")),
    ("percent", re.compile(r".*%.*|ty le.*|ti le.*|tien do( thuc hien)?")),
    (
        "deadline",
        re.compile(r"(thoi )?han.*|thoi gian.*|thoi diem.*|ngay den han.*|tien do.*han.*"),
    ),
    ("product", re.compile(r".*san pham.*")),
    ("state", re.compile(r"trang thai.*|tinh trang.*|tinh hinh.*|ket qua.*|tien do.*")),
    ("content", re.compile(r".*(noi dung|nhiem vu|cong viec|dau viec).*")),
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table begins: index of the first row below the heading, columns by kind."""

    first: int
    places: dict[Column, int]
    words: dict[str, str]


def kind_of(heading: str) -> Column | None:
    """Return what a column with this heading holds, or None."""
    folded = fold(re.sub(r"[():*\n]", " ", heading))
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(folded)), None)


def find_header(sheet: Sheet) -> Header | None:
    """Return the header among the first rows: a column of work and one that says who or when.

    A heading may stand in two rows ("Cơ quan" over "chủ trì" and "phối hợp").
    """
    for at in range(min(HEADER_WITHIN, len(sheet.rows))):
        upper = _texts(sheet.rows[at])
        lower = _texts(sheet.rows[at + 1]) if at + 1 < len(sheet.rows) else []
        one, two = _places(upper), _places(_joined(upper, lower)) if any(upper) else {}
        height, texts = (2, _joined(upper, lower)) if len(two) > len(one) else (1, upper)
        places = _places(texts)
        if "content" in places and ("lead" in places or "deadline" in places):
            return Header(at + height, places, {kind: texts[at] for kind, at in places.items()})
    return None


def _places(texts: Sequence[str]) -> dict[Column, int]:
    places: dict[Column, int] = {}
    for place, text in enumerate(texts):
        kind = kind_of(text) if text and len(text) < 80 else None
        if kind:
            places.setdefault(kind, place)
    return places


def letter(place: int) -> str:
    """Return the letter of a column as the spreadsheet shows it; 0 is A."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _texts(row: Sequence[Cell]) -> list[str]:
    return [" ".join(cell.split()) if isinstance(cell, str) else "" for cell in row]


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    return [below or above for above, below in zip_longest(upper, lower, fillvalue="")]
