"""Where a text says until when (domain.md, section 6).

A date in a plan is a deadline only where it says when to act. Dates of cited documents, periods
in the names of programmes and years of targets are not.
"""

import re

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.parts import DeadlineReading

_HOUR = r"(?:\d{1,2}\s*(?:giờ|h|g)\s*(?:\d{2})?\s*(?:phút)?,?\s*)?"
_DATE = r"\d{1,2}\s*(?:/|-|tháng)\s*\d{1,2}(?:\s*(?:/|-|,?\s*năm)\s*\d{4})?|\d{1,2}\.\d{1,2}\.\d{4}"
_DAY = rf"{_HOUR}(?:ngày\s+)?(?:{_DATE})"
_QUARTER = (
    r"[Qq]u[ýíÝÍ]\s+(?:IV|III|II|I|[1-4])(?:\s*(?:,|và|-|–)\s*(?:[Qq]u[ýí]\s+)?(?:IV|III|II|I))*"
)
_YEAR = r"(?:\s*(?:/|-|–|năm)\s*|\s+năm\s+)\d{4}"
_MONTH = r"tháng\s+\d{1,2}(?:\s*(?:-|–|,|và|đến(?: tháng)?)\s*\d{1,2})*\s*(?:/|-|năm|\s)\s*\d{4}"
_ONE_PERIOD = rf"(?:{_MONTH}|{_QUARTER}{_YEAR})"
_PERIOD = rf"{_ONE_PERIOD}(?:\s*(?:,|và|-|–)\s*{_ONE_PERIOD})*"
_UNITS = r"(?:ngày|tuần|tháng|quý|năm|6 tháng|sáu tháng|09 tháng|9 tháng)"
_EVERY = (
    rf"(?:[Hh][àằ]ng|[Mm]ỗi)\s+{_UNITS}(?:\s*(?:,|và|hoặc|-)\s*(?:[Hh][àằ]ng\s+|cuối\s+|cả\s+)?"
    rf"(?:\d+ )?{_UNITS}(?!\s*\d))*"
)
_WEEKDAY = r"(?:[Tt]hứ\s+(?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|[2-7])|[Cc]hủ nhật)"
_LAST_MONTH = (
    r"ngày\s+\d{1,2}\s+(?:của\s+)?tháng\s+(?:cuối|đầu)(?:\s+(?:cùng|"
    r"tiên))?(?:\s+của)?(?:\s+mỗi)?\s+"
    r"(?:quý|kỳ)(?:\s+báo cáo)?"
    r"|ngày\s+\d{1,2}\s+(?:của\s+)?tháng\s+(?:sau|kế tiếp|tiếp theo)(?:\s+liền kề)?"
)
_BEFORE = (
    r"(?:[Xx]ong\s+)?(?:[Tt]rước|[Cc]hậm nhất(?: là)?(?: trước| vào| đến)?|[Mm]uộn nhất(?: là)?|"
    r"[Tt]rễ nhất(?: là)?|[Kk]hông (?:quá|muộn hơn)|[Đđ]ến hết(?=\s+ngày))\s+"
)
_BY = (
    rf"{_BEFORE}(?:{_HOUR}{_WEEKDAY}\s+(?:{_EVERY})|{_LAST_MONTH}|ngày\s+\d{{1,2}}\s+(?:{_EVERY})|"
    rf"(?:{_DAY})(?:\s*(?:,|và)\s*(?:{_DAY}))*(?:\s*(?:{_EVERY}|của tháng|hàng tháng))?|"
    rf"{_PERIOD})"
)
_COUNT = r"\d+(?:\s*-\s*\d+)?(?:\s*\(\w+\))?\s+(?:giờ|phút|ngày làm việc|ngày|tuần|tháng)"
_SINCE = r"(?:,\s*)?(?:sau khi|kể từ|tính từ|từ khi|từ ngày|sau ngày)[^,.;()]*"
# Phrases that can only say when to act; the earliest in the text wins, then the first here.
_CLEAR = (
    rf"(?:{_EVERY}|0?6 tháng)\s*\({_BY}\)|{_EVERY}\s*\({_BEFORE}[^()]{{2,40}}\)",
    _BY,
    rf"ngày\s+\d{{1,2}}\s+(?:{_EVERY})|{_LAST_MONTH}",
    rf"[Tt]ừ\s+(?:{_DAY}|{_MONTH}|tháng\s+\d{{1,2}})\s+đến\s+(?:hết\s+)?(?:{_DAY}|{_PERIOD})",
    rf"[Tt]ừ\s+(?:ngày\s+)?\d{{1,2}}\s*(?:[-–]|đến)\s*(?:hết\s+)?{_DAY}",
    rf"[Tt]ừ nay (?:cho )?đến (?:hết )?(?:{_DAY}|{_PERIOD}|năm\s+\d{{4}})",
    rf"(?:[Xx]ong\s+)?[Tt]rong\s+{_PERIOD}",
    r"[Tt]rong (?:0?6|sáu) tháng (?:đầu|cuối) năm(?:\s+\d{4})?",
    rf"[Vv]ào (?:đầu|giữa|cuối|hết)\s+(?:{_PERIOD}|năm\s+\d{{4}})",
    rf"(?:[Tt]rong(?: vòng| thời hạn| thời gian)?|[Cc]hậm nhất(?: là)?(?: sau| trong)?|"
    rf"[Kk]hông quá|"
    rf"[Ss]au)\s+{_COUNT}\s*{_SINCE}",
    rf"[Tt]rong (?:vòng|thời hạn)\s+{_COUNT}",
    r"[Nn]gay (?:khi|sau khi)\s[^,.;]*",
)
# Phrases that also stand in names, citations and targets.
_VAGUE = (
    rf"(?:[Đđ]ến|[Vv]ào)?\s*(?:hết|cuối|giữa|đầu)\s+(?:{_PERIOD}|năm\s+\d{{4}})",
    rf"(?:[Tt]ừ\s+)?{_QUARTER}{_YEAR}(?:\s+và (?:các|những) năm tiếp theo)?",
    r"[Tt]háng\s+\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*(?:/|năm\s)\s*\d{4}",
    r"(?:[Tt]rong|[Vv]ào|[Cc]ả) năm\s+\d{4}",
    rf"[Đđ]ến (?:hết )?(?:ngày\s+)?(?:{_DATE})(?<=\d{{4}})",
    r"(?:[Vv]ào|[Vv]ào dịp|[Dd]ịp|[Tt]rong)\s+(?:ngày\s+)?\d{1,2}/\d{1,2}/\d{4}",
    r"[Tt]ừ\s+(?:ngày\s+)?\d{1,2}(?:/| tháng )\d{1,2}(?:/| năm )\d{4}",
    r"(?:vào )?đầu (?:mỗi )?năm học(?: mới)?|(?:[Tt]ừ|[Tt]rong) năm học \d{4}\s*[-–]\s*\d{4}",
)
_PHRASES = tuple((re.compile(p), p in _CLEAR) for p in (*_CLEAR, *_VAGUE))
_CITED = re.compile(
    r"(?:số|Nghị quyết|Quyết định|Kế hoạch|Công văn|Thông tư|Nghị định|Luật|Chỉ thị|Kết luận|"
    r"hiệu lực|giai đoạn)\s[^.;,]*$"
)
_LONG_AGO = re.compile(r"(?:được cấp|tuyển dụng|đã|hiện có|sinh|tồn tại|phát sinh)\s[^,;.]{0,40}$")
_PURPOSE = re.compile(r"\b(?:để|nhằm|mục tiêu|chỉ tiêu|phấn đấu)\b")
_TARGET = re.compile(r"[,:]?\s*(?:có |đạt |tối thiểu |ít nhất |trên )*\d+(?:[.,]\d+)?\s*%")
_ACTS = re.compile(
    r"bao cao|tong hop|so ket|tong ket|giao ban|cap nhat|thong ke|ra soat|danh gia|hop\b|gui\b|"
    r"thong tin|phat\b|to chuc|kiem tra|kham|tap huan|xay dung|ban hanh|cong bo|khao sat|theo doi|"
    r"dang tai|don ve sinh|ra quan|quan trac|thuc hien"
)
_NOT_EVERY = re.compile(
    r"(ngan sach|nha nuoc|du toan|doi song|sinh hoat|chi tieu|ke hoach|thu nhap|binh quan|"
    r"tieu dung|chuong trinh|dao tao|boi duong|cong tac tu phap|nhiem vu|cong tac|nhu cau|muc|"
    r"von|kinh phi|dia phuong|cap minh|luong|xa hoi|tang truong|so|ty le|cong viec)$"
)
_EVENT = re.compile(
    r"^(so ket|tong ket)|^(xay dung ke hoach va )?to chuc (tong ket|so ket|tap huan|boi duong|hoi nghi|hoi thao|"
    r"hoi thi|le |lop |cac lop|khoa)"
)


def find_deadline(text: str, plan_year: int | None = None) -> DeadlineReading | None:
    """Return the deadline that an item's own words give, or None.

    ``plan_year`` helps where the day is written without a year.
    """
    found = _dated(text) or _weekly(text) or _recurring(text) or _event_year(text)
    return read_phrase(found, plan_year) if found else None


def _dated(text: str) -> str | None:
    hits: list[tuple[int, int, str]] = []
    for order, (pattern, clear) in enumerate(_PHRASES):
        for m in pattern.finditer(text):
            clause = re.split(r"[.;]\s", text[max(0, m.start() - 160) : m.start()])[-1]
            if _LONG_AGO.search(clause):
                continue
            if not clear and (_CITED.search(clause) or _is_target(clause, text, m)):
                continue
            hits.append((m.start(), order, m.group().strip()))
    return min(hits, key=lambda h: (h[0], h[1]))[2] if hits else None


def _is_target(clause: str, text: str, m: re.Match[str]) -> bool:
    """Tell whether a year names the target of something rather than when to act."""
    return _PURPOSE.search(clause) is not None or _TARGET.match(text, m.end()) is not None


_ON_WEEKDAY = re.compile(rf"{_WEEKDAY}\s+(?:mỗi|hàng|hằng)\s+tuần")


def _weekly(text: str) -> str | None:
    m = _ON_WEEKDAY.search(text)
    if not m:
        return None
    time = re.search(r"lúc [\d\s]+giờ[^,;.]*?(?=\s*thứ)", text[: m.start() + 3])
    return text[time.start() : m.end()] if time else m.group()


_PERIODS = re.compile(
    r"(?:[Đđ]ịnh kỳ\s+|(?<=báo cáo )|(?<=[Ss]ơ kết ))(?:quý,\s*)?(?:0?[369]|sáu|ba) tháng(?:/lần)?"
    r"(?:\s*(?:,|và|hoặc)\s*(?:[Hh][àằ]ng\s+|cả\s+|01\s+)?(?:(?:0?[369]) tháng|năm|quý)(?!\s*\d))*"
    r"|(?:\d+\s+)?(?:tháng|quý|năm)/lần"
)


# At the end, behind a mark, "thường xuyên" is a time; elsewhere it says how.
_ALWAYS = re.compile(r"(?<=[;,(:]\s)thường xuyên(?=\W*$)|(?<=thực hiện )thường xuyên(?=\W*$)")


def _recurring(text: str) -> str | None:
    """Return "hàng tháng, quý, năm" and the like where it says when to act, not a noun's name."""
    for m in re.finditer(_EVERY, text):
        clause = re.split(r"[.;]", fold(text[max(0, m.start() - 300) : m.start()]))[-1].strip()
        if not clause or (_ACTS.search(clause) and not _NOT_EVERY.search(clause)):
            return m.group()
    if periods := _PERIODS.search(text):
        return periods.group()
    if always := _ALWAYS.search(text):
        return always.group()
    folded = fold(text)
    if re.search(r"(^|[.;,] |va |viec )dinh ky (tong hop|bao cao|so ket|cung cap)", folded) or (
        re.search(r"bao cao (ket qua )?dinh ky|dinh ky (hang |tong hop )?bao cao", folded)
    ):
        m2 = re.search(r"[Đđ]ịnh kỳ", text)
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
