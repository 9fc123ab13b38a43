"""What a section is for, told by its heading and never by its number."""

import re
from typing import Literal

from ntmtasks.core.text import fold

SectionKind = Literal["work", "organising", "target", "funding", "none", "unknown"]

_ORGANISING = re.compile(
    r"to chuc (?:thuc hien|trien khai)|phan cong|trach nhiem|giao nhiem vu|nhiem vu cua cac|"
    r"che do (?:thong tin|bao cao)|(?:thong tin|cong tac),? bao cao|to chuc,? (?:phan cong|chi dao)"
)
_WORK = re.compile(
    r"nhiem vu|giai phap|noi dung|hoat dong|bien phap|cong viec|hinh thuc|lo trinh|tien do|"
    r"trien khai|thuc hien"
)
_TARGET = re.compile(
    r"(?:cac |mot so |he thong |danh muc )*(?:muc tieu|chi tieu|tieu chi|ket qua (?:can|dat duoc "
    r"den|du kien))"
)
_FUNDING = re.compile(
    r"(?:ve |tong |du toan |khai toan |nhu cau |du kien )*(?:kinh phi|nguon (?:kinh phi|von|luc|"
    r"tai chinh|ngan sach)|du toan|nhu cau von|co che tai chinh|von (?:dau tu|thuc hien))"
)
# What explains or looks back holds nothing to do, whatever else its heading names.
_NONE = re.compile(
    r"(?:ve |mot so |cac |nhung |co so |dieu kien )*(?:muc dich|yeu cau|y nghia|quan diem|tu tuong|nguyen tac|"
    r"phuong cham|chu de|khau hieu|doi tuong|pham vi|dia ban|can cu|co so|phap ly|su can thiet|dat van de|boi canh|"
    r"thoi gian|thoi diem|dia diem|thanh phan|so luong|thoi han|giai thich|tu ngu|du bao|nhan dinh|"
    r"kien nghi|de xuat|ton tai|han che|kho khan|nguyen nhan|bai hoc|thuan loi|nguy co|rui ro|"
    r"hieu qua|tac dong|gioi thieu|khai niem|dieu kien|tieu chuan|muc (?:ho tro|chi|thu)|quy mo|"
    r"danh gia|tinh hinh|thuc trang|hien trang|ket qua|khai quat|tong quan|dac diem|tom tat)"
)
_LOOKS_BACK = re.compile(
    r"(?:khai quat |tong quan |dac diem |phan tich |so luoc )*(?:danh gia|tinh hinh|thuc trang|"
    r"hien trang|ket qua|khai quat|tong quan|boi canh|dac diem|ton tai|han che|kho khan|nguy co|"
    r"nguyen nhan|nhan dinh|du bao|thiet hai|bai hoc)"
)
# "ĐÁNH GIÁ … VÀ NHIỆM VỤ NĂM 2026" looks forward as well.
_AHEAD = re.compile(
    r"\bva (?:cac |mot so )?(?:phuong huong|nhiem vu|giai phap|noi dung|ke hoach|bien phap)"
)
_BOTH = re.compile(r"nhiem vu|giai phap|noi dung|to chuc thuc hien|hoat dong|bien phap")


def section_kind(heading: str) -> SectionKind:
    """Return what a section holds.

    ``work`` and ``organising`` hold tasks, ``target`` figures to be reached, ``funding`` money
    (and orders about money); ``none`` holds nothing to do. Headings that name several, such as
    "MỤC TIÊU, NHIỆM VỤ", are work: their own sub-headings then tell the parts apart.
    ``unknown`` headings name nothing that tells; their text has to (see ``items.Collector``).
    """
    folded = fold(heading)
    if _LOOKS_BACK.match(folded):
        return "work" if _AHEAD.search(folded) else "none"
    if _TARGET.match(folded) or _NONE.match(folded):
        if _BOTH.search(folded):
            return "work"
        if re.search("muc tieu|chi tieu", folded):
            return "target"
        return "unknown" if re.search("tien do|lo trinh", folded) else "none"
    if _FUNDING.match(folded):
        return "organising" if "to chuc thuc hien" in folded else "funding"
    if _ORGANISING.search(folded):
        return "organising"
    return "work" if _WORK.search(folded) else "unknown"


_SUB_NONE = re.compile(
    r"(?:muc dich|yeu cau|y nghia|quan diem|tu tuong|nguyen tac|phuong cham|chu de|doi tuong|pham vi|dia ban|can cu|"
    r"thoi gian|dia diem|thanh phan|so luong|thuc trang|hien trang|tinh hinh|ket qua (?:dat duoc|"
    r"thuc hien|nam|giai doan)|ton tai|han che|kho khan|nguyen nhan|bai hoc|danh gia chung|du bao|"
    r"nhan dinh|dieu kien|tieu chi|tieu chuan|muc ho tro|quy mo|co so phap ly)\b"
)


def sub_kind(heading: str, within: SectionKind) -> SectionKind:
    """Return what a numbered or lettered heading holds inside a section of kind ``within``.

    Only short headings that are nothing else change it ("1. Mục tiêu", "b) Kinh phí thực hiện");
    "Yêu cầu các sở …" or "Đánh giá kết quả thực hiện …" is work.
    """
    folded = fold(heading[:200]).rstrip(" :.")
    words = folded.split()
    if len(words) > 10 or re.match(r"yeu cau (cac|so|ubnd|thu truong)", folded):
        return within
    if re.match(r"(?:cac |mot so )?(?:muc tieu|chi tieu)\b", folded) and not _BOTH.search(folded):
        return "target"
    if len(words) <= 7 and _SUB_NONE.match(folded):
        return within if _BOTH.search(folded) else "none"
    if len(words) <= 7 and _ORGANISING.match(folded):
        return "organising"
    if re.match(r"(?:nguon |du toan |nhu cau )?kinh phi\b|nguon von\b|nhu cau von\b", folded):
        return "funding"
    if within == "target" and _BOTH.match(folded):
        return "work"
    return within
