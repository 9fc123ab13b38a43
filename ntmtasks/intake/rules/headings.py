"""What a section is for, told by its heading and never by its number."""

import re
from typing import Literal

from ntmtasks.core.text import fold

SectionKind = Literal["work", "organising", "target", "funding", "none", "unknown"]

_ORGANISING = re.compile(
    r"to chuc thuc hien|phan cong|trach nhiem|to chuc trien khai|giao nhiem vu|"
    r"che do (thong tin|bao "
    r"cao)|thong tin,? bao cao"
)
_WORK = re.compile(
    r"nhiem vu|giai phap|noi dung|hoat dong|bien phap|cong viec|hinh thuc|lo trinh|tien do|"
    r"trien khai|thuc hien"
)
_TARGET = re.compile(
    r"(?:cac |mot so |he thong )?(muc tieu|chi tieu|ket qua can dat|ket qua dat duoc den)"
)
_FUNDING = re.compile(
    r"(ve |tong |du toan |khai toan )?(kinh phi|nguon (kinh phi|von|luc)|du toan|nhu cau von|"
    r"co che "
    r"tai chinh)"
)
_NONE = re.compile(
    r"(muc dich|yeu cau|y nghia|quan diem|nguyen tac|doi tuong|pham vi|can cu|co so phap ly|"
    r"su can thiet|danh gia|tinh hinh|thuc trang|ket qua|boi canh|khai quat|dac diem|dat van de|"
    r"thoi gian|dia diem|thanh phan|so luong|thoi han|giai thich|du bao|kien nghi|de xuat|"
    r"ton tai|kho khan)"
)
_LOOKS_BACK = re.compile(r"(danh gia|tinh hinh|thuc trang|ket qua|khai quat|boi canh|dac diem)")
_BOTH = re.compile(r"nhiem vu|giai phap|noi dung|to chuc thuc hien|hoat dong")


def section_kind(heading: str) -> SectionKind:
    """Return what a section holds.

    ``work`` and ``organising`` hold tasks, ``target`` figures to be reached, ``funding`` money
    (and orders about money); ``none`` holds nothing to do. Headings that name several, such as
    "MỤC TIÊU, NHIỆM VỤ", are work: their own sub-headings then tell the parts apart.
    """
    folded = fold(heading)
    if _LOOKS_BACK.match(folded):
        return "none"
    if _TARGET.match(folded) or _NONE.match(folded):
        if _BOTH.search(folded):
            return "work"
        return "target" if re.search("muc tieu|chi tieu", folded) else "none"
    if _FUNDING.match(folded):
        return "organising" if "to chuc thuc hien" in folded else "funding"
    if _ORGANISING.search(folded):
        return "organising"
    return "work" if _WORK.search(folded) else "unknown"


def sub_kind(heading: str, within: SectionKind) -> SectionKind:
    """Return what a numbered or lettered heading holds inside a section of kind ``within``.

    Only short headings that are nothing else change it ("1. Mục tiêu", "b) Kinh phí thực hiện");
    "Yêu cầu các sở …" or "Đánh giá kết quả thực hiện …" is work.
    """
    folded = fold(heading).rstrip(" :.")
    words = folded.split()
    if len(words) > 10 or re.match(r"yeu cau (cac|so|ubnd|thu truong)", folded):
        return within
    if re.match(r"(muc tieu|chi tieu)", folded) and not _BOTH.search(folded):
        return "target"
    if len(words) <= 7 and re.match(
        r"(muc dich|yeu cau|y nghia|quan diem|nguyen tac|doi tuong|pham vi|thoi gian|dia diem|"
        r"thanh phan|so luong|thuc trang|tinh hinh)\b",
        folded,
    ):
        return within if _BOTH.search(folded) else "none"
    if len(words) <= 7 and _ORGANISING.match(folded):
        return "organising"
    if re.match(r"(nguon |du toan )?kinh phi\b|nguon von\b", folded):
        return "funding"
    if within == "target" and _BOTH.match(folded):
        return "work"
    return within
