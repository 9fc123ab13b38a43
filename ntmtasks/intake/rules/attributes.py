"""Label lines ("Đơn vị chủ trì: …", "Thời gian thực hiện: …") describe the item before them."""

import re
from dataclasses import dataclass, field
from typing import Literal

from ntmtasks.core.text import fold

Field = Literal["lead", "support", "time", "product", "other"]

_WHO = (
    r"(?:(?:cac )?(?:co quan|don vi|to chuc|bo phan|dau moi|nguoi|noi)"
    r"(?:,? (?:va )?(?:don vi|co quan|to chuc|dia phuong|doanh nghiep))*)"
)
_KINDS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "support",
        re.compile(
            rf"(?:{_WHO} )?(?:cung )?phoi hop(?: (?:thuc hien|tham muu|to chuc|trien khai))*"
            r"(?: chinh)?"
        ),
    ),
    (
        "lead",
        re.compile(
            rf"(?:{_WHO} )?(?:dau moi,? )?(?:tham muu,? )?(?:chu tri|chu quan)"
            r"(?:,? (?:va )?(?:thuc hien|tham muu|to chuc|trien khai|xay dung|phoi hop))*|"
            rf"{_WHO} (?:to chuc |tham muu |trien khai )?(?:thuc hien|chiu trach nhiem"
            r"(?: thuc hien)?|dau moi|tham muu|trien khai|soan thao|phu trach)|phan cong"
            r"(?: thuc hien| chu tri| nhiem vu)?|trach nhiem(?: thuc hien| chinh)?|"
            r"don vi(?: duoc)? (?:giao|phan cong)(?: nhiem vu)?"
        ),
    ),
    (
        "time",
        re.compile(
            r"(?:(?:moc )?thoi (?:gian|han|diem|ky)|tien do|lo trinh|han)(?:,? (?:va )?(?:thuc hien|"
            r"hoan thanh|to chuc|trien khai|du kien|bao cao|xong|ket thuc|ve dich|tien do|trinh|"
            r"thoi gian|ban hanh|phai hoan thanh))*|hoan thanh"
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
_SPLIT = re.compile(r"(?<=[.;,])\s+(?=[^\s:]{1,12}(?: [^\s:]{1,14}){0,6}\s*:)")


@dataclass
class Attributes:
    """What the label lines of one block say; several lines of a kind are kept apart."""

    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    time: list[str] = field(default_factory=list)
    product: list[str] = field(default_factory=list)
    general: bool = False  # numbered like the items: for those that say nothing of their own

    def put_all(self, labels: list[tuple[Field, str]]) -> None:
        """Add what a line says; labels of other kinds are read and not kept."""
        for kind, value in labels:
            if kind != "other" and value:
                getattr(self, kind).append(value)

    def fill(self, others: "Attributes") -> None:
        """Take from other lines what these do not say."""
        for kind in ("lead", "support", "time", "product"):
            if not getattr(self, kind):
                setattr(self, kind, list(getattr(others, kind)))

    @property
    def empty(self) -> bool:
        """Tell whether nothing is said."""
        return not (self.lead or self.support or self.time or self.product)


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
        found.append((kind, value.strip()))
    return [(kind, value.rstrip(" .;,")) for kind, value in found]


def label_kind(name: str) -> Field | None:
    """Return what a label such as "Đơn vị phối hợp thực hiện" or a column heading announces."""
    folded = re.sub(r"\s+", " ", re.sub(r"[/()]", " ", fold(name))).strip(" .,-+")
    for kind, pattern in _KINDS:
        if pattern.fullmatch(folded):
            return kind
    return None


_INLINE = re.compile(
    r"(?<=[.;(,–])\s*(?=(?i:đơn vị|cơ quan|chủ trì|phối hợp|thời gian|thời hạn|tiến độ|hoàn thành|"
    r"sản phẩm|phân công)[^:.;]{0,40}:)"
)


def inline_labels(text: str) -> Attributes | None:
    """Return label lines that stand at the end of an item's own paragraph, or None."""
    m = _INLINE.search(text)
    labels = read_label_line(text[m.end() :].rstrip(" .)")) if m else []
    if not labels:
        return None
    found = Attributes()
    found.put_all(labels)
    return found
