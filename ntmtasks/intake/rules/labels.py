"""Labels in front of paragraphs: I. 1. 1.2. a) - + (Nghị định 30/2020, phụ lục I)."""

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal[
    "part", "roman", "named", "number", "paren_number", "letter", "small_roman", "dash", "plus"
]

# The deeper a style stands, the higher its rank; decimals add their depth.
_RANKS: dict[Style, float] = {
    "part": 0,
    "roman": 1,
    "named": 1.9,
    "number": 2,
    "letter": 3,
    "paren_number": 3.4,
    "small_roman": 3.6,
    "dash": 4,
    "plus": 5,
}
PART = (
    r"(?:Phần|PHẦN|Chương|CHƯƠNG)\s+(?:(?:thứ|THỨ)\s+\w+|[IVX]+|\d+|[A-E]|"
    r"[Mm]ột|MỘT|[Hh]ai|HAI|[Bb]a|BA|[Bb]ốn|BỐN|[Nn]ăm|NĂM)"
)
_PART = re.compile(rf"(?P<l>{PART})\b\s*[.:–-]?\s*(?P<r>.*)", re.S)
# "Nhiệm vụ 1: …" counts like a number, and may stand above numbers or below one.
_NAMED = re.compile(
    r"(?:Nhóm |Tiểu )?(?:Nhiệm vụ|NHIỆM VỤ|Giải pháp|GIẢI PHÁP|[Nn]hiệm vụ|[Gg]iải pháp|[Dd]ự án|DỰ ÁN|"
    r"Nội dung|NỘI DUNG|Hợp phần|Hoạt động)\s+(?:số\s+)?(?P<l>\d{1,2})\s*[.:–-]\s*(?P<r>\D.*)",
    re.S,
)
_UPPER_LETTER = re.compile(r"(?P<l>[A-EĐGH])\s*[.)/]\s+(?P<r>[^\W\d_].*)", re.S)
_ROMAN = re.compile(r"(?P<l>[IVX]{1,6})\s*[.)/:–-]\s*(?P<r>(?=\D).*)", re.S)
# "II.1. …" repeats the section's numeral, as "1.2" repeats the number above it.
_COMPOSITE = re.compile(r"(?P<l>[IVX]{1,6}(?:\.\d{1,2}){1,3})\s*[.)/]?\s+(?P<r>[^\W\d_].*)", re.S)
_NUMBER = re.compile(r"(?P<l>\d{1,2}(?:\.\d{1,2}){0,3})\s*(?P<m>[.)/])(?!\d)\s*(?P<r>.*)", re.S)
_DECIMAL = re.compile(r"(?P<l>\d{1,2}(?:\.\d{1,2}){1,3})\s+(?P<r>[^\W\d_].*)", re.S)
_LETTER = re.compile(r"(?P<l>[a-zđ])\s*(?P<m>[.)/])\s*(?P<r>\S.*)", re.S)
_SMALL = re.compile(r"\(?(?P<l>[ivx]{1,4})\)\s*(?P<r>\S.*)", re.S)
_ENCLOSED = re.compile(r"\((?P<l>\d{1,2})\)\s*(?P<r>\S.*)", re.S)
_DASH = re.compile(r"(?P<l>[-–—−•●▪■◦·])\s*(?P<r>[^\s\-–—].*)", re.S)
_PLUS = re.compile(r"(?P<l>\+)\s*(?P<r>\S.*)", re.S)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed (without its dot or bracket), its style, and the text behind it."""

    printed: str
    style: Style
    rest: str
    mark: str = ""

    @property
    def rank(self) -> float:
        """Return how deep this style stands; a paragraph belongs to the last smaller rank."""
        if self.style != "number":
            return _RANKS[self.style]
        return _RANKS["number"] + 0.1 * self.printed.lstrip("IVX.").count(".")


def parse_label(text: str) -> Label | None:
    """Return the label at the beginning of a paragraph, or None.

    Amounts ("1.356.994 triệu"), dates ("01/7/2025") and years ("2025. …") are no labels.
    """
    if not text:
        return None
    return _upper_label(text) or _number_label(text) or _lower_label(text) or _named_label(text)


def _upper_label(text: str) -> Label | None:
    if m := _ROMAN.fullmatch(text):
        return Label(m["l"], "roman", m["r"].strip())
    if m := _COMPOSITE.fullmatch(text):
        return Label(m["l"], "number", m["r"].strip())
    if m := _PART.fullmatch(text) or _UPPER_LETTER.fullmatch(text):
        return Label(m["l"], "part", m["r"].strip()) if len(text) < 300 else None
    return None


def _named_label(text: str) -> Label | None:
    m = _NAMED.fullmatch(text)
    return Label(m["l"], "named", m["r"].strip()) if m else None


def _number_label(text: str) -> Label | None:
    if m := _NUMBER.fullmatch(text):
        plain = m["m"] == ")" and "." not in m["l"]
        return Label(m["l"], "paren_number" if plain else "number", m["r"].strip(), m["m"])
    if m := _DECIMAL.fullmatch(text):
        return Label(m["l"], "number", m["r"].strip())
    if m := _ENCLOSED.fullmatch(text):
        return Label(m["l"], "paren_number", m["r"].strip(), ")")
    return None


def _lower_label(text: str) -> Label | None:
    if (m := _SMALL.fullmatch(text)) and len(m["l"]) > 1:
        return Label(m["l"], "small_roman", m["r"].strip())
    if m := _LETTER.fullmatch(text):
        return Label(m["l"], "letter", m["r"].strip(), m["m"])
    if m := _DASH.fullmatch(text):
        return Label("-", "dash", m["r"].strip())
    if m := _PLUS.fullmatch(text):
        return Label("+", "plus", m["r"].strip())
    return None


# The order of lettered lists (Nghị định 30/2020, phụ lục I, mục IV): no f, j, w, z.
_ALPHABET = "abcdđeghiklmnopqrstuvxy"
_UPPER = "ABCDEGH"  # parts go on to "Đ" seldom, and "E" then stands behind it all the same


def place_in_list(label: Label) -> int | None:
    """Return which member of its list a label is, from 1; None for bullets and odd labels.

    A decimal label counts by its last number, a composite one ("II.1") as well.
    """
    last = label.printed.rsplit(".", 1)[-1]
    if label.style == "part" and len(last) == 1:
        return _UPPER.find(last) + 1 or None
    if label.style in ("number", "paren_number", "named"):
        return int(last)
    if label.style in ("roman", "small_roman"):
        return roman_value(last.upper())
    if label.style == "letter":
        return _ALPHABET.find(last) + 1 or None
    return None


def roman_value(label: str) -> int | None:
    """Return the value of a Roman numeral up to 39, or None where it is not one."""
    values = [_ROMAN_VALUES.get(c) for c in label]
    if not values or None in values:
        return None
    total = 0
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -(value or 0) if (value or 0) < (following or 0) else (value or 0)
    return total
