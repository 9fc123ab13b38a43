"""Label lines ("Đơn vị chủ trì: …", "Thời gian thực hiện: …") describe the item before them."""

import re
from dataclasses import dataclass, field
from typing import Literal

from ntmtasks.core.text import fold

Field = Literal["lead", "support", "time", "product", "other"]

_WHO = r"(?:(?:cac )?(?:co quan|don vi|to chuc|bo phan|dau moi)(?:,? (?:don vi|co quan|to chuc))*)"
_KINDS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "support",
        re.compile(rf"(?:{_WHO} )?(?:cung )?phoi hop(?: thuc hien| tham muu| to chuc)*(?: chinh)?"),
    ),
    (
        "lead",
        re.compile(
            rf"(?:{_WHO} )?(?:tham muu,? )?(?:chu tri|chu quan)(?:,? (?:thuc hien|tham muu|"
            rf"to chuc|trien "
            rf"khai|xay dung))*|{_WHO} (?:to chuc |tham muu |trien khai )?(?:thuc hien|chiu trach "
            r"nhiem(?: thuc hien)?|dau moi)|phan cong(?: thuc hien| chu tri)?|trach nhiem(?: thuc "
            r"hien| chinh)?|don vi(?: duoc)? (?:giao|phan cong)(?: nhiem vu)?"
        ),
    ),
    (
        "time",
        re.compile(
            r"(?:thoi (?:gian|han|diem|ky)|tien do|han)(?: (?:thuc hien|hoan thanh|to chuc|"
            r"trien khai|"
            r"du kien|bao cao|xong|ket thuc|ve dich|va tien do))*"
        ),
    ),
    ("product", re.compile(r"(?:san pham|ket qua|dau ra|san pham, ket qua)(?: [a-z]+){0,3}")),
    (
        "other",
        re.compile(
            r"(?:dia diem|dia ban|kinh phi|nguon kinh phi|doi tuong|so luong|thanh phan|ghi chu|"
            r"quy mo|"
            r"nguon luc|pham vi|hinh thuc)(?: [a-z]+){0,3}"
        ),
    ),
)
_SPLIT = re.compile(r"(?<=[.;])\s+(?=[^\s:]{1,12}(?: [^\s:]{1,14}){0,6}\s*:)")


@dataclass
class Attributes:
    """What the label lines of one block say; several lines of a kind are kept apart."""

    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    time: list[str] = field(default_factory=list)
    product: list[str] = field(default_factory=list)

    def put(self, kind: Field, value: str) -> None:
        """Add a line's value; lines of other kinds are read and not kept."""
        if kind != "other" and value:
            getattr(self, kind).append(value)


def read_label_line(text: str) -> list[tuple[Field, str]]:
    """Return (kind, value) for each label in a line, or [] for a line that is no label line.

    One line may hold several ("Chủ trì: Sở A. Phối hợp: Sở B. Thời gian: Quý I").
    """
    found: list[tuple[Field, str]] = []
    for part in _SPLIT.split(text.strip()):
        name, colon, value = part.partition(":")
        kind = label_kind(name) if colon else None
        if kind is None:
            if not found:
                return []
            found[-1] = (found[-1][0], f"{found[-1][1]} {part}")
            continue
        found.append((kind, value.strip().rstrip(" .;")))
    return found


def label_kind(name: str) -> Field | None:
    """Return what a label such as "Đơn vị phối hợp thực hiện" or a column heading announces."""
    folded = re.sub(r"\s+", " ", re.sub(r"[/()]", " ", fold(name))).strip(" .,-+")
    for kind, pattern in _KINDS:
        if pattern.fullmatch(folded):
            return kind
    return None


_INLINE = re.compile(
    r"(?<=[.;(])\s*(?=(?:Đơn vị|Cơ quan|Chủ trì|Phối hợp|Thời gian|Thời hạn|Tiến độ)[^:.;]{0,40}:)"
)


def inline_labels(text: str) -> Attributes | None:
    """Return label lines that stand at the end of an item's own paragraph, or None."""
    m = _INLINE.search(text)
    labels = read_label_line(text[m.end() :].rstrip(" .)")) if m else []
    if not labels:
        return None
    found = Attributes()
    for name, value in labels:
        found.put(name, value)
    return found
