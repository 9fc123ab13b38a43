"""What a written deadline means: a last day, a recurrence, or an event (domain.md, section 6)."""

import re
from calendar import monthrange
from datetime import date, timedelta

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.parts import DeadlineReading

_NAMES = {
    "ngay": "daily",
    "tuan": "weekly",
    "thang": "monthly",
    "quy": "quarterly",
    "nam": "yearly",
}


_UNIT = r"(?:ngay|tuan|thang|quy|nam)"
# "thứ Năm" is Thursday, "năm 2025" a year, "ngày 05" a day, "quý II" one quarter.
_ONE = (
    r"(?:(?:hang|moi|dinh ky|ca|cuoi|theo|trong|0?1) )*"
    rf"(?:0?6 thang|sau thang|0?3 thang|ba thang|0?9 thang|(?<!thu ){_UNIT})"
    r"(?! ?\d| (?:[ivx]+|dau|cuoi)\b)"
)
_LIST = re.compile(
    rf"(?<!\w)(?P<every>(?:hang|moi|dinh ky) )?(?P<units>{_ONE}"
    rf"(?:\s*(?:,|;|/|-|va|hoac|va/hoac)\s*(?:bao cao )?{_ONE})*)\b"
)
_RATE = re.compile(rf"\b({_UNIT})/lan|lan ?(?:/ ?|moi |trong |mot )+(?:0?1 )?({_UNIT})\b")
# A bracket that says on which day: "hằng quý (trước ngày 25 của tháng cuối quý)".
# … or without one: "hàng tháng trước ngày 20; hàng quý …".
_WHICH_DAY = re.compile(
    r"\([^()]*\b(?:truoc|ngay|cham nhat)\b[^()]*\)|\b(?:truoc|cham nhat)(?: \w+)? ngay \d{1,2}(?!\d)"
    r"(?:/\d{1,2}| (?:cua )?thang (?:cuoi|dau)[^,;()]*?(?:quy|ky)\b)?"
)
_OF_QUARTER = re.compile(r"thang (?:cuoi|dau)(?: cung| tien)?(?: cua)?(?: moi)? (?:quy|ky)")
_NEXT_MONTH = re.compile(r"thang (?:sau|ke tiep|tiep theo)|cua thang\b(?! (?:cuoi|dau|\d))")


def recurrence_of(text: str) -> tuple[str, ...]:
    """Return the recurrences that a phrase names, in the order daily to yearly, then others."""
    folded = fold(text)
    found = _periods_of(folded)
    order = ["daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly"]
    unique = sorted(set(found), key=order.index)
    if re.search(r"thuong xuyen|lien tuc|hang gio", folded):
        unique.append("continuous")
    if not unique and "dinh ky" in folded:
        unique.append("periodic")
    return tuple(unique)


def _periods_of(folded: str) -> list[str]:
    """Return what the lists of periods name; "6 tháng" alone may be a length of time."""
    plain = " ".join(re.sub(r"[()]", " ", _WHICH_DAY.sub(" ", folded)).split())
    found: list[str] = []
    for m in _LIST.finditer(plain):
        units = m["units"]
        several = re.search(r",|\bva\b|/|-", units) is not None
        told = m["every"] or re.search(r"\b(?:hang|moi)\b", units)
        asked = re.search(r"bao cao(?: dinh ky)?:? ?$|so ket ?$|tong ket ?$", plain[: m.start()])
        alone = m.end() - m.start() == len(plain) and (
            several or re.match(r"0?[369]|sau|ba", units)
        )
        if told or (several and asked) or alone:
            found += _named(units)
    found += [_NAMES[m[1] or m[2]] for m in _RATE.finditer(re.sub(r"\d+ thang/", " ", plain))]
    if lengths := re.findall(r"(\d+ |sau |ba )thang/lan", plain):
        found += _named(f"{lengths[0]}thang")
    if re.search(r"(?:hang|moi) hoc ky", folded):
        found.append("half-yearly")
    if _OF_QUARTER.search(folded):
        found.append("quarterly")
    elif _NEXT_MONTH.search(folded):
        found.append("monthly")
    return found


def _named(units: str) -> list[str]:
    """Return the recurrences of a list such as "quý, 6 tháng và năm"."""
    found = []
    for n, unit in re.findall(rf"(?:(0?[369]|sau|ba) )?({_UNIT})\b", units):
        number = n.lstrip("0")
        if unit == "thang" and number in ("6", "sau"):
            found.append("half-yearly")
        elif unit == "thang" and number in ("3", "ba", "9"):
            found.append("quarterly")  # a report on nine months is the third of the year's four
        else:
            found.append(_NAMES[unit])
    return found


_LONGEST = 1000  # characters; what stands beyond in a label's value is no deadline


def read_phrase(written: str, plan_year: int | None = None) -> DeadlineReading:
    """Compute what a written deadline means; the written words are kept beside it."""
    text = " ".join(written.split()).rstrip(" .;,")
    looked = text[:_LONGEST]
    recurrence = recurrence_of(looked)
    if recurrence == ("continuous",) and (end := _written_end(fold(looked), plan_year)):
        return DeadlineReading(text, end[0], None, end[1])  # a day, then kept up
    if recurrence:
        return DeadlineReading(text, None, recurrence, "recurring")
    due, basis = due_date(looked, plan_year)
    if due is None and basis == "event":
        return DeadlineReading(text, None, ("event",), "event")
    return DeadlineReading(text, due, None, basis)


# "Từ 01/7/2025", but not "từ ngày 10 - 17/11/2025".
_START = re.compile(r"tu (?:ngay |nam |thang |quy )*[\divx](?!.* den |.*\d\s*[-–]\s*\d{1,2}/)")
# "từ ngày 01/6/2025 đến hết năm 2025": the day in it is the first one.
_TO_YEAR = re.compile(r"tu .*\bden (?:het |cuoi )?nam (20\d{2})")
# A look ahead: in "10 - 17/11/2025" the day begins inside what already looked like one.
_DAY = re.compile(
    r"(?<![\d/.])(?=(\d{1,2})\s*(/|-|\.|thang)\s*(\d{1,2})(?!\d)"
    r"(?:\s*(/|-|\.|,?\s*nam)\s*(\d{4})(?!\d))?)"
)
# "11 - 12/2025" is two months, not a day: both marks must belong together; without a year only
# "15/6" and "15 tháng 6" are a day.
_DAY_MARKS = {("/", "/"), ("-", "-"), (".", "."), ("thang", "nam"), ("thang", "/"), ("/", "nam")}
_DAY_ALONE = {"/", "thang"}
_ONE_QUARTER = r"(?:iv|i{1,3}|[1-4])"
_QUARTERS = re.compile(
    rf"\bq(?:u[yi])?[\s.]*({_ONE_QUARTER}(?:\s*(?:,|va|-|–|den|den het)\s*(?:q(?:u[yi])?[\s.]*)?"
    rf"{_ONE_QUARTER})*)\b(?!\s*(?:-|–)?\s*\d{{1,2}}/\d)(?:\D+?(\d{{4}}))?"
)
# "tháng 9/2025", "T9/2025", "9/2025"; without a year at the end of a phrase or list.
_MONTHS = re.compile(
    r"(?:(?:thang|\bt\.?)\s*|(?<=\d)\s*(?:[-–,]|va|den)\s*)(\d{1,2})"
    r"(?:\s*(?:/|-|\.|nam|\s)\s*(\d{4})|(?=\s*(?:$|[,;.)(]|hang|moi)))"
    r"|(?<![\d/.])(\d{1,2})\s*/\s*(20\d{2})(?!\d)"
)
# "trước ngày 10/01 năm sau"; "31/12 và các năm tiếp theo" is another matter.
_NEXT_TO = re.compile(r"\d (?:cua )?nam (truoc|sau|ke tiep|tiep theo)\b")
_QUARTER_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def due_date(text: str, plan_year: int | None) -> tuple[date | None, str]:
    """Return (last day, basis): ``explicit`` for a written day, ``period_end`` for a period.

    "trước ngày 15/12" is read as 15/12 being the last day (domain.md, section 6). A start
    ("Từ 01/7/2025") has no end and gives (None, "event").
    """
    folded = fold(text)
    if _START.match(folded):
        return None, "event"
    if whole := _TO_YEAR.fullmatch(folded):
        return date(int(whole[1]), 12, 31), "period_end"
    if written := _written_end(folded, plan_year):
        return written
    years = re.findall(r"(?<!\d)(20\d{2})(?!\d)", folded)
    if years and not re.search(r"dau nam", folded):
        return date(int(years[-1]), 12, 31), "period_end"
    return None, "event"


def _written_end(folded: str, plan_year: int | None) -> tuple[date | None, str] | None:
    """Return the last written day, else the end of a written month or quarter, or None."""
    if days := _days(folded, plan_year):
        return _date(*days[-1]), "explicit"
    end = _period_end(folded, plan_year)
    return (end, "period_end") if end else None


def _days(folded: str, plan_year: int | None) -> list[tuple[int, int, int]]:
    """Return (year, month, day) of each written day, in the order of the text.

    A day without a year is of the year behind it ("15/6 và 15/12/2025"), else of the plan's.
    """
    days: list[tuple[int, int, int]] = []
    next_to = _NEXT_TO.search(folded)
    year = plan_year
    if next_to and plan_year:
        year = plan_year - 1 if next_to[1] == "truoc" else plan_year + 1
    for m in reversed(list(_DAY.finditer(folded))):
        mark, year_mark = m[2], (m[4] or "").replace(",", "").strip()
        if m[5] and (mark, year_mark) in _DAY_MARKS:
            year = int(m[5])
        elif m[5] or mark not in _DAY_ALONE or year is None:
            continue
        days.insert(0, (year, int(m[3]), int(m[1])))
    return days


def _period_end(folded: str, plan_year: int | None) -> date | None:
    """Return the last day of a written half-year, month or quarter; "trước" one: the day before.

    Without a year the plan's is meant. None where no such period is written.
    """
    if half := re.search(r"6 thang (dau|cuoi) nam(?: (\d{4}))?", folded):
        year = int(half[2] or plan_year or 0)
        return _month_end(year, 6 if half[1] == "dau" else 12)
    before = re.match(r"(?:xong )?truoc (?:thang|quy)", folded) is not None
    quarters = _QUARTERS.findall(folded)
    if quarters:
        named, year = quarters[-1][0], int(quarters[-1][1] or plan_year or 0)
        numbers = [_QUARTER_NUMBERS[n] for n in re.findall(r"\b(iv|i{1,3}|[1-4])\b", named)]
        last = max(numbers) * 3
        return _month_end(year, last) if not before else _eve(year, last - 2)
    months = [(m[1] or m[3], m[2] or m[4]) for m in _MONTHS.finditer(folded)]
    if months and (months[-1][1] or plan_year):
        month, year = int(months[-1][0]), int(months[-1][1] or plan_year or 0)
        return _month_end(year, month) if not before else _eve(year, month)
    if plan_year and re.fullmatch(r"(?:ca|trong|(?:vao )?cuoi) nam", folded):
        return date(plan_year, 12, 31)
    return None


def _eve(year: int, month: int) -> date | None:
    """Return the day before a month begins."""
    first = _date(year, month, 1)
    return first - timedelta(days=1) if first else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # "31/02/2025": the written text stays, no day is invented


def _month_end(year: int, month: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, monthrange(year, month)[1])
