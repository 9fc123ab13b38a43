"""Deadlines as plans write them (domain.md, section 6).

A date in a plan is a deadline only where it says when to act. Dates of cited documents, periods
in the names of programmes and years of targets are not.
"""

import re
from calendar import monthrange
from datetime import date

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.parts import DeadlineReading

_HOUR = r"(?:\d{1,2}\s*(?:giờ|h|g)\s*(?:\d{2})?\s*(?:phút)?,?\s*)?"
_DAY = _HOUR + r"(?:ngày\s+)?\d{1,2}\s*(?:/|-|tháng)\s*\d{1,2}(?:\s*(?:/|-|năm)\s*\d{4})?"
_QUARTER = (
    r"[Qq]u[ýíÝÍ]\s+(?:IV|III|II|I|[1-4])(?:\s*(?:,|và|-|–)\s*(?:[Qq]u[ýí]\s+)?(?:IV|III|II|I))*"
)
_YEAR = r"(?:\s*(?:/|-|–|năm)\s*|\s+năm\s+)\d{4}"
_MONTH = r"tháng\s+\d{1,2}(?:\s*(?:-|–|,|và|đến(?: tháng)?)\s*\d{1,2})*\s*(?:/|-|năm|\s)\s*\d{4}"
_UNITS = r"(?:ngày|tuần|tháng|quý|năm|6 tháng|sáu tháng|09 tháng|9 tháng)"
_EVERY = (
    rf"(?:[Hh][àằ]ng|[Mm]ỗi)\s+{_UNITS}(?:\s*(?:,|và|hoặc|-)\s*(?:[Hh][àằ]ng\s+)?"
    rf"(?:\d+ )?{_UNITS}(?!\s*\d))*"
)
# The phrases in the order in which they are tried; the earliest in the text wins among equals.
_PHRASES = tuple(
    re.compile(p)
    for p in (
        rf"(?:[Tt]rước|[Cc]hậm nhất(?: là)?(?: trước| vào| đến)?|[Mm]uộn nhất(?: là)?|"
        rf"[Xx]ong trước)\s+"
        rf"(?:{_DAY})(?:\s*(?:,|và)\s*(?:{_DAY}))*(?:\s*(?:{_EVERY}|của tháng|hàng tháng))?",
        rf"(?:(?:[Tt]rước|[Cc]hậm nhất(?: là)?|[Vv]ào)\s+)?ngày\s+\d{{1,2}}\s+(?:{_EVERY})",
        rf"[Tt]ừ\s+{_DAY}\s+đến\s+(?:hết\s+)?{_DAY}",
        rf"(?:[Tt]rước|[Cc]hậm nhất(?: là)?)\s+(?:{_MONTH}|{_QUARTER}{_YEAR})",
        rf"(?:[Xx]ong\s+)?[Tt]rong\s+(?:{_MONTH}|{_QUARTER}{_YEAR})",
        rf"(?:đến|vào)?\s*(?:hết|cuối)\s+(?:{_MONTH}|{_QUARTER}{_YEAR}|năm\s+\d{{4}})",
        rf"(?:[Tt]ừ\s+)?{_QUARTER}{_YEAR}(?:\s+và (?:các|những) năm tiếp theo)?",
        r"(?:[Tt]háng)\s+\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*(?:/|năm\s)\s*\d{4}",
        r"[Tt]rong\s+(?:vòng\s+)?\d+(?:\s*-\s*\d+)?\s+(?:giờ|ngày|ngày làm việc|"
        r"tháng)\s+(?:sau khi|kể "
        r"từ)[^,.;]*",
        r"[Nn]gay (?:khi|sau khi)\s[^,.;]*",
        r"[Tt]rong năm\s+\d{4}",
        r"(?:[Tt]ừ nay )?đến hết năm\s+\d{4}",
    )
)
_CITED = re.compile(
    r"(?:số|Nghị quyết|Quyết định|Kế hoạch|Công văn|Thông tư|Nghị định|Luật|Chỉ thị|"
    r"Kết luận)\s[^.;,]*$"
)
_ACTS = (
    r"bao cao|tong hop|so ket|tong ket|giao ban|cap nhat|thong ke|ra soat|danh gia|hop|gui|"
    r"thong tin"
)
_NOT_EVERY = re.compile(
    r"(ngan sach|nha nuoc|du toan|doi song|sinh hoat|chi tieu|ke hoach|thu nhap|binh quan|"
    r"tieu dung|"
    r"chuong trinh|dao tao|boi duong|cong tac tu phap)$"
)
_PURPOSE = re.compile(r"\b(để|nhằm|mục tiêu|chỉ tiêu|phấn đấu)\b")
_WEEKDAY = re.compile(
    r"(?:vào\s+)?(?:[Tt]hứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|[Cc]hủ nhật)\s+(?:mỗi|hàng|"
    r"hằng)\s+tuần"
)
_EVENT = re.compile(
    r"^(xay dung ke hoach va )?to chuc (tong ket|so ket|tap huan|boi duong|hoi nghi|hoi thao|"
    r"hoi thi|"
    r"le |lop |cac lop|khoa)"
)


def find_deadline(text: str, plan_year: int | None = None) -> DeadlineReading | None:
    """Return the deadline that an item's own words give, or None.

    ``plan_year`` helps where the day is written without a year.
    """
    found = _dated(text) or _weekly(text) or _recurring(text) or _event_year(text)
    return read_phrase(found, plan_year) if found else None


def _dated(text: str) -> str | None:
    hits: list[tuple[int, int, str]] = []
    for order, pattern in enumerate(_PHRASES):
        for m in pattern.finditer(text):
            before = text[max(0, m.start() - 160) : m.start()]
            clause = re.split(r"[.;]\s", before)[-1]
            if _CITED.search(clause) and not re.match(r"(?i)trước|chậm|trong tháng", m.group()):
                continue
            if "năm" in m.group()[:12] and _PURPOSE.search(clause):
                continue
            hits.append((m.start(), order, m.group().strip()))
    return min(hits, key=lambda h: (h[0], h[1]))[2] if hits else None


def _weekly(text: str) -> str | None:
    m = _WEEKDAY.search(text)
    if not m:
        return None
    time = re.search(r"lúc [\d\s]+giờ[^,;.]*?(?=\s*thứ)", text[: m.start() + 3])
    return text[time.start() : m.end()] if time else m.group()


def _recurring(text: str) -> str | None:
    """Return "hàng tháng, quý, năm" and the like where it says when to act, not a noun's name."""
    for m in re.finditer(_EVERY, text):
        before = fold(text[: m.start()])
        clause = re.split(r"[.;]", before)[-1].strip()
        if not clause or (re.search(_ACTS, clause) and not _NOT_EVERY.search(clause)):
            return m.group()
    folded = fold(text)
    if re.search(r"(^|[.;,] |va |viec )dinh ky (tong hop|bao cao|so ket|cung cap)", folded) or (
        re.search(r"bao cao (ket qua )?dinh ky|dinh ky (hang |tong hop )?bao cao", folded)
    ):
        m2 = re.search(r"[Đđ]ịnh kỳ(?:\s+(?:\d+ tháng|" + _EVERY + r")(?:[^.;]*?năm)?)?", text)
        return m2.group() if m2 else None
    return None


def _event_year(text: str) -> str | None:
    """Return "năm 2024" for work that is an event of that year (training, year-end conference).

    Elsewhere the year belongs to a name ("xã đạt chuẩn … năm 2024") and is no deadline.
    """
    first = re.split(r"[.;]\s", text)[0]
    if not _EVENT.match(fold(first)):
        return None
    years = re.findall(r"(?<!từ )(?<!đến )năm \d{4}", first)
    return years[0] if years else None


_NAMES = {
    "ngay": "daily",
    "tuan": "weekly",
    "thang": "monthly",
    "quy": "quarterly",
    "nam": "yearly",
}


def recurrence_of(text: str) -> tuple[str, ...]:
    """Return the recurrences that a phrase names, in the order daily to yearly, then others."""
    folded = fold(text)
    found: list[str] = []
    half = re.search(r"(6|sau) thang", folded)
    rest = re.sub(r"\d+ thang", " ", folded)
    for m in re.finditer(r"(?:hang|moi) ([^.;()]*)", rest):
        words = re.findall(r"\b(ngay|tuan|thang|quy|nam)\b(?! \d)", m.group(1))
        found += [_NAMES[w] for w in words]
    order = list(_NAMES.values())
    unique = sorted(set(found), key=order.index)
    if half and (found or "dinh ky" in folded):
        unique.insert(unique.index("yearly") if "yearly" in unique else len(unique), "half-yearly")
    if re.search(r"thuong xuyen|lien tuc|hang gio", folded):
        unique.append("continuous")
    if not unique and "dinh ky" in folded:
        unique.append("periodic")
    return tuple(unique)


def read_phrase(written: str, plan_year: int | None = None) -> DeadlineReading:
    """Compute what a written deadline means; the written words are kept beside it."""
    text = " ".join(written.split()).rstrip(" .;,")
    recurrence = recurrence_of(text)
    if recurrence:
        return DeadlineReading(text, None, recurrence, "recurring")
    due, basis = due_date(text, plan_year)
    if due is None and basis == "event":
        return DeadlineReading(text, None, ("event",), "event")
    return DeadlineReading(text, due, None, basis)


_FULL_DAY = re.compile(r"(\d{1,2})\s*(/|-|thang)\s*(\d{1,2})\s*(/|-|nam)\s*(\d{4})")
# "11 - 12/2025" is two months, not a day: both marks must belong together.
_DAY_MARKS = {("/", "/"), ("-", "-"), ("thang", "nam"), ("/", "nam")}
_ONE_QUARTER = r"(?:iv|i{1,3}|[1-4])"
_QUARTERS = re.compile(
    rf"qu[yi]\s+({_ONE_QUARTER}(?:\s*(?:,|va|-|–)\s*(?:quy\s+)?{_ONE_QUARTER})*)\b\D+?(\d{{4}})"
)
_QUARTER_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def due_date(text: str, plan_year: int | None) -> tuple[date | None, str]:
    """Return (last day, basis): ``explicit`` for a written day, ``period_end`` for a period.

    "trước ngày 15/12" is read as 15/12 being the last day (domain.md, section 6). A start
    ("Từ 01/7/2025") has no end and gives (None, "event").
    """
    folded = fold(text)
    if re.match(r"tu (ngay )?\d", folded) and not re.search(r"den (ngay )?\d", folded):
        return None, "event"
    days = [m for m in _FULL_DAY.finditer(folded) if (m[2], m[4]) in _DAY_MARKS]
    if days:
        last = days[-1]
        return _date(int(last[5]), int(last[3]), int(last[1])), "explicit"
    months = re.findall(r"(?:thang\s*|[-–,]\s*)(\d{1,2})\s*(?:/|-|nam|\s)\s*(\d{4})", folded)
    if months:
        return _month_end(int(months[-1][1]), int(months[-1][0])), "period_end"
    if quarters := _QUARTERS.findall(folded):
        named, year = quarters[-1]
        numbers = [_QUARTER_NUMBERS[n] for n in re.findall(r"\b(iv|i{1,3}|[1-4])\b", named)]
        return _month_end(int(year), max(numbers) * 3), "period_end"
    years = re.findall(r"(?<!\d)(20\d{2})(?!\d)", folded)
    if years:
        return date(int(years[-1]), 12, 31), "period_end"
    day = re.search(r"(\d{1,2})\s*(?:/|thang)\s*(\d{1,2})", folded)
    if day and plan_year:
        return _date(plan_year, int(day[2]), int(day[1])), "explicit"
    return None, "event"


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # "31/02/2025": the written text stays, no day is invented


def _month_end(year: int, month: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, monthrange(year, month)[1])
