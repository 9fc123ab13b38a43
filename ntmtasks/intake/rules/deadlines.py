"""Where a text says until when (domain.md, section 6).

A date in a plan is a deadline only where it says when to act. Dates of cited documents, periods
in the names of programmes and years of targets are not.
"""

import re

from ntmtasks.core.text import SMALLS, fold
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.parts import DeadlineReading

# Lists have bounds: without them each place of a long one would be read to its end.
_HOUR = r"(?:\d{1,2}\s*(?:giờ|h|g)\s*(?:\d{2})?\s*(?:phút)?,?\s*)?"
_DATE = (
    r"(?:\d{1,2}\.\d{1,2}\.\d{4}|"
    r"\d{1,2}\s*(?:/|-|tháng)\s*\d{1,2}(?!\d)(?:\s*(?:/|-|,?\s*năm)\s*\d{4})?)"
)
_DAY = rf"{_HOUR}(?:ngày\s+)?{_DATE}"
_QUARTER = (
    r"[Qq]u[ýíÝÍ]\s+(?:IV|III|II|I|[1-4])(?!\w)"
    r"(?:\s*(?:,|và|-|–|đến(?: hết)?)\s*(?:[Qq]u[ýí]\s+)?(?:IV|III|II|I)(?!\w)){0,6}"
)
_YEAR = r"(?:\s*(?:/|-|–|năm)\s*|\s+năm\s+)\d{4}"
_MONTH = (
    r"tháng\s+\d{1,2}(?:\s*(?:-|–|,|và|đến(?: tháng)?)\s*\d{1,2}){0,11}\s*(?:/|-|năm|\s)\s*\d{4}"
)
_ONE_PERIOD = rf"(?:{_MONTH}|{_QUARTER}{_YEAR})"
_PERIOD = rf"{_ONE_PERIOD}(?:\s*(?:,|và|-|–)\s*{_ONE_PERIOD}){{0,6}}"
# Of the plan's year: "trong tháng 6", "trong quý II".
_NO_YEAR = (
    r"(?:tháng\s+(?:1[0-2]|0?[1-9])(?:\s*(?:,|và|-|–)\s*(?:tháng\s+)?(?:1[0-2]|0?[1-9])){0,11}"
    rf"(?!\s*[\d/])|{_QUARTER}(?!\s*[\d/]))"
)
_UNITS = r"(?:0?[369] tháng|sáu tháng|ngày|tuần|tháng|quý|năm)(?!\s*\d|\s+(?:đầu|cuối)\s)"
_AND = r"\s*(?:,|và/hoặc|và|hoặc|-)\s*"
_OTHER_UNITS = rf"(?:{_AND}(?:[Hh][àằ]ng\s+|cuối\s+|cả\s+|0?1\s+)?{_UNITS})"
# "(trước ngày 20)" behind a period, where the list of periods goes on.
_OWN_DAY = r"(?:\s*\([^()]{2,60}\))"
_EVERY = (
    rf"(?:(?:[Đđ]ịnh kỳ\s+)?(?:0?[36]|sáu|ba) tháng{_AND})?(?:[Hh][àằ]ng|[Mm]ỗi)\s+"
    rf"(?:{_UNITS}|học kỳ|(?:tuần|tháng|quý|năm)(?=\s+\d{{1,2}}\s+[{SMALLS}]))"
    rf"(?:{_OWN_DAY}?{_OTHER_UNITS}){{0,8}}"
)
_WEEKDAY = r"(?:[Tt]hứ\s+(?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|[2-7])|[Cc]hủ nhật)"
_LAST_MONTH = (
    r"ngày\s+\d{1,2}\s+(?:của\s+)?tháng\s+(?:cuối|đầu)(?:\s+(?:cùng|"
    r"tiên))?(?:\s+của)?(?:\s+mỗi)?\s+"
    r"(?:quý|kỳ)(?:\s+(?:báo cáo|sau|kế tiếp|tiếp theo))*"
    r"|ngày\s+\d{1,2}\s+(?:của\s+)?tháng\s+(?:sau|kế tiếp|tiếp theo)(?:\s+liền kề)?"
)
_BEFORE = (
    r"(?:[Xx]ong\s+)?(?:[Tt]rước|[Cc]hậm nhất(?: là)?(?: trước| vào| đến| trong)?(?: hết)?|"
    r"[Mm]uộn nhất(?: là)?|"
    r"[Tt]rễ nhất(?: là)?|[Kk]hông (?:quá|muộn hơn)|[Đđ]ến hết(?=\s+ngày))\s+"
)
_BY = (
    rf"{_BEFORE}(?:{_HOUR}{_WEEKDAY}\s+(?:{_EVERY})|{_LAST_MONTH}|{_HOUR}ngày\s+\d{{1,2}}\s+(?:{_EVERY})|"
    rf"(?:{_DAY})(?:\s*(?:,|và)\s*(?:{_DAY})){{0,11}}(?:\s*(?:{_EVERY}|của tháng|hàng tháng|(?:của\s+)?năm (?:trước|sau|kế tiếp|tiếp theo)(?:\s+liền kề)?))?|"
    rf"{_PERIOD}|{_NO_YEAR}|\d{{1,2}}\s*(?:giờ|h)(?:\s*\d{{2}})?(?:\s*phút)?\s+(?:{_EVERY})|"
    r"năm học(?: mới)?(?: \d{4}\s*[-–]\s*\d{4})?|Tết(?: [^\s,.;()]+){0,5}|mùa (?:mưa|khô|lũ|bão)(?: (?:lũ|bão|khô))?)"
)
# A second report of the same item: "…, cả năm trước ngày 15/12/2025".
_NEXT_REPORT = re.compile(
    rf"(?:\s*\([^()]{{0,60}}\))?\s*(?:[,;]\s*(?:và\s+)?|và\s+)"
    r"(?:(?:hàng|hằng|đối với|báo cáo|kỳ|cả|hết|kết quả|sơ kết|tổng kết|năm|quý|tháng|0?[369] tháng|sáu tháng|"
    r"đầu|cuối|20\d\d|IV|I{1,3}|:)\s+)*"
    rf"{_BY}(?:\s*\([^()]{{0,60}}\))?"
)
_COUNT = r"\d+(?:\s*-\s*\d+)?(?:\s*\(\w+\))?\s+(?:giờ|phút|ngày làm việc|ngày|tuần|tháng)"
_SINCE = r"(?:,\s*)?(?:sau khi|kể từ|tính từ|từ khi|từ ngày|sau (?!đó|này))[^,.;()]*"
_ENDS = r"(?=\s*(?:[.;,)]|$))"
# What makes the work possible: "sau khi Đề án được phê duyệt", "sau khi có hướng dẫn của Bộ".
# "các văn bản sau khi ban hành" says which texts are meant, not when to act.
_ISSUED = (
    r"[Ss]au khi\s+(?:(?:có|nhận được)\s+(?:hướng dẫn|văn bản|ý kiến|chỉ đạo|quyết định|kết quả|"
    r"chủ trương|thông báo)[^,.;()]{0,80}|[^,.;()]{0,120}?được\s+(?:[^,.;()]{0,60}?\s)?"
    r"(?:ban hành|phê duyệt|thông qua|bố trí|giao vốn|cấp kinh phí|công bố)[^,.;()]{0,40})"
)
# Phrases that can only say when to act; the earliest in the text wins, then the first here.
_CLEAR = (
    rf"(?:{_EVERY}|0?6 tháng|(?:(?<=[Bb]áo cáo )|(?<=[Đđ]ịnh kỳ ))(?:tháng|quý|năm))\s*\({_BY}\)(?:{_OTHER_UNITS}{_OWN_DAY}?)*|{_EVERY}\s*\({_BEFORE}[^()]{{2,40}}\)",
    _BY,
    # "hàng tháng trước ngày 20; hàng quý trước ngày 20 của tháng cuối quý"
    rf"{_EVERY}[,:]?\s+{_BEFORE}(?:ngày\s+\d{{1,2}}(?!\d|\s*/|\s+(?:của\s+)?tháng)|{_LAST_MONTH})",
    rf"ngày\s+\d{{1,2}}\s+(?:{_EVERY})|{_LAST_MONTH}|(?:ngày\s+)?{_DATE}\s+(?:{_EVERY})",
    rf"(?:[Tt]rong\s+)?{_QUARTER}\s+(?:h[àằ]ng|mỗi)\s+năm",
    rf"[Tt]háng\s+\d{{1,2}}(?:{_AND}(?:tháng\s+)?\d{{1,2}})*\s+(?:h[àằ]ng|mỗi)\s+năm",
    rf"[Tt]ừ\s+(?:{_DAY}|{_MONTH}|tháng\s+\d{{1,2}})(?:\s+đến\s+(?:hết\s+)?|\s*[-–]\s*)"
    rf"(?:{_DAY}|{_PERIOD}|{_NO_YEAR}|năm\s+\d{{4}})",
    rf"[Tt]ừ\s+(?:ngày\s+)?\d{{1,2}}\s*(?:[-–]|đến)\s*(?:hết\s+)?{_DAY}",
    rf"[Tt]ừ nay (?:cho )?đến (?:hết )?(?:{_DAY}|{_PERIOD}|năm\s+\d{{4}})",
    rf"(?:[Xx]ong\s+)?[Tt]rong\s+(?:{_PERIOD}|{_NO_YEAR})",
    r"[Tt]rong (?:0?6|sáu) tháng (?:đầu|cuối) năm(?:\s+\d{4})?",
    rf"[Vv]ào (?:đầu|giữa|cuối|hết)\s+(?:{_PERIOD}|{_NO_YEAR}|năm\s+\d{{4}})",
    rf"(?:[Tt]rong(?: vòng| thời hạn| thời gian)?|[Cc]hậm nhất(?: là)?(?: sau| trong)?|"
    rf"[Kk]hông quá|"
    rf"[Ss]au)\s+{_COUNT}\s*{_SINCE}",
    rf"[Tt]rong (?:vòng|thời hạn)\s+{_COUNT}",
    r"[Nn]gay (?:khi|sau khi)\s[^,.;]*?(?=\s+(?:về|gửi|cho|để|báo cáo)\s|[,.;]|$)",
    rf"(?<=[Hh]oàn thành )(?:(?:đến|vào|trong)\s+)?(?:ngày\s+{_DATE}|{_DATE}(?<=\d{{4}})|{_PERIOD}|{_NO_YEAR})",
    r"(?:\d+(?:\s*-\s*\d+)?|một|hai|ba)\s+lần\s*(?:/|trong một|mỗi|trong)\s*(?:0?1\s+)?(?:ngày|tuần|tháng|quý|năm)(?!\s+\d)",
    rf"[Tt]hường xuyên,? (?:và )?liên tục{_ENDS}",
)
# Phrases that also stand in names, citations and targets.
_VAGUE = (
    rf"(?:[Tt]rong\s+)?[Tt]uần\s+(?:đầu|cuối)(?:\s+(?:của|cùng))*\s+(?:{_PERIOD}|{_NO_YEAR})",
    rf"(?:[Đđ]ến|[Vv]ào)?\s*(?:[Hh]ết|[Cc]uối|[Gg]iữa|[Đđ]ầu)\s+(?:{_PERIOD}|năm\s+\d{{4}})",
    rf"(?:[Tt]ừ\s+)?{_QUARTER}{_YEAR}(?:\s+và (?:các|những) năm tiếp theo)?",
    r"(?:(?:[Đđ]ến|[Vv]ào|[Tt]ừ)\s+)?[Tt]háng\s+\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*(?:/|năm\s)\s*\d{4}",
    r"(?:[Tt]rong|[Vv]ào|[Cc]ả) năm\s+\d{4}",
    rf"[Vv]ào (?:đầu|cuối) năm{_ENDS}",
    rf"(?<!số liệu )(?:[Bb]ắt đầu )?[Tt]ừ năm\s+\d{{4}}(?:\s+trở đi)?{_ENDS}",
    rf"(?<=[Hh]oàn thành )năm\s+\d{{4}}{_ENDS}",
    r"[Tt]rong giai đoạn\s+20\d{2}\s*[-–]\s*20\d{2}",
    rf"[Đđ]ến (?:hết )?(?:ngày\s+)?(?:{_DATE})(?<=\d{{4}})",
    r"(?:[Vv]ào|[Vv]ào dịp|[Dd]ịp|[Tt]rong)\s+(?:ngày\s+)?\d{1,2}/\d{1,2}/\d{4}",
    r"(?:[Kk]ể )?[Tt]ừ\s+(?:ngày\s+)?\d{1,2}(?:/| tháng )\d{1,2}(?:/| năm )\d{4}",
    r"(?:vào )?đầu (?:mỗi )?năm học(?: mới)?|(?:[Tt]ừ|[Tt]rong) năm học \d{4}\s*[-–]\s*\d{4}",
    # Where the sentence ends with it, or begins with it.
    rf"{_ISSUED}{_ENDS}|^{_ISSUED}(?=,)",
    rf"(?<!đảm )(?<!bảo )(?<!đúng )theo (?:đúng )?tiến độ (?!đề ra|quy định|được)"
    rf"(?:[^,.;()]|, (?=ngành|địa phương|cơ quan|đơn vị)){{2,60}}"
    rf"{_ENDS}",
)
# Years that as often belong to the name of a programme.
_SPANS = (r"[Tt]ừ năm\s+\d{4}\s+đến\s+(?:hết\s+)?năm\s+\d{4}",)
_PROGRAMME = re.compile(
    r"(?:[Cc]hương trình|[Đđ]ề án|[Dd]ự án|[Cc]hiến lược|[Qq]uy hoạch)\s[^.;,]*$"
)
_PHRASES = tuple((re.compile(p), p in _CLEAR) for p in (*_CLEAR, *_VAGUE, *_SPANS))
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
    r"cung cap|dang tai|don ve sinh|ra quan|quan trac|thuc hien"
)
# What follows at once: work, or how often ("mỗi tháng 01 buổi").
_THEN_ACTS = re.compile(
    rf",? ?(?:tien hanh |thuc hien |chu dong )?(?:{_ACTS.pattern}|(?:it nhat |toi thieu |co )*\d+ "
    r"(?:lan|buoi|dot|cuoc|tin|bai|lop|ky|so|hoi nghi|chuyen)\b)"
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
    dated, rhythm = _dated(text), _weekly(text) or _recurring(text)
    if dated and rhythm and dated[1] and text.find(rhythm) < dated[0]:
        dated = None  # "Định kỳ hằng năm báo cáo …; tổng kết vào năm 2030"
    found = (dated[2] if dated else None) or rhythm or _event_year(text)
    return read_phrase(found, plan_year) if found else None


def _dated(text: str) -> tuple[int, bool, str] | None:
    """Return where the first phrase with a time stands, whether it is a vague one, its words."""
    hits: list[tuple[int, int, bool, str]] = []
    for order, (pattern, clear) in enumerate(_PHRASES):
        for m in pattern.finditer(text):
            clause = re.split(r"[.;]\s", text[max(0, m.start() - 160) : m.start()])[-1]
            if _LONG_AGO.search(clause):
                continue
            if not clear and (_CITED.search(clause) or _is_target(clause, text, m)):
                continue
            if pattern.pattern in _SPANS and _PROGRAMME.search(clause):
                continue
            hits.append((m.start(), order, not clear, _with_next_report(text, m)))
    if not hits:
        return None
    start, _, vague, found = min(hits, key=lambda h: (h[0], h[1]))
    return start, vague, found


_MOST_REPORTS = 6


def _with_next_report(text: str, m: re.Match[str]) -> str:
    """Return a phrase with those that follow it at once: two reports have two days."""
    end = m.end()
    for _ in range(_MOST_REPORTS):
        following = _NEXT_REPORT.match(text, end)
        if not following:
            break
        end = following.end()
    return text[m.start() : end].strip()


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


# Periods without "hằng": behind "định kỳ", or several of them behind "báo cáo".
_PERIODS = re.compile(
    rf"[Đđ]ịnh kỳ\s+\((?:[Hh][àằ]ng\s+)?{_UNITS}{_OTHER_UNITS}*\)"
    rf"|[Đđ]ịnh kỳ\s+(?:quý|tháng|tuần|(?:0?[369]|sáu|ba) tháng)(?!\s*[\d])(?:/lần|(?:\s+(?:0?1|một))? lần)?{_OTHER_UNITS}*"
    rf"|(?:(?<=báo cáo )|(?<=Báo cáo )|(?<=[Ss]ơ kết ))(?:{_UNITS}{_OTHER_UNITS}+|"
    r"(?:0?[369]|sáu|ba) tháng(?!\s*(?:đầu|cuối|\d))(?:/lần)?)"
    r"|(?:\d+\s+)?(?:tháng|quý|năm)/lần"
)


# At the end, behind a mark, "thường xuyên" is a time; elsewhere it says how.
_ALWAYS = re.compile(r"(?<=[;,(:]\s)thường xuyên(?=\W*$)|(?<=thực hiện )thường xuyên(?=\W*$)")


def _recurring(text: str) -> str | None:
    """Return "hàng tháng, quý, năm" and the like where it says when to act, not a noun's name."""
    for m in re.finditer(_EVERY, text):
        clause = re.split(r"[.;]", fold(text[max(0, m.start() - 300) : m.start()]))[-1].strip()
        if not clause or clause.endswith("dinh ky") or m.group().lower().startswith("định kỳ"):
            return m.group()
        acts = _ACTS.search(clause) or _THEN_ACTS.match(fold(text[m.end() : m.end() + 60]))
        if acts and not _NOT_EVERY.search(clause):
            return m.group()
    if periods := _PERIODS.search(text):
        return periods.group()
    if always := _ALWAYS.search(text):
        return always.group()
    folded = fold(text)
    if re.search(
        r"(^|[.;,] |va |viec )dinh ky,? ?((hoac|va) )?(dot xuat )?(tong hop|bao cao|so ket|cung cap)",
        folded,
    ) or (re.search(r"bao cao (ket qua )?dinh ky|dinh ky (hang |tong hop )?bao cao", folded)):
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
