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


_RATE = re.compile(r"\b(ngay|tuan|thang|quy|nam)/lan|lan/(ngay|tuan|thang|quy|nam)\b")


_OF_QUARTER = re.compile(r"thang (?:cuoi|dau)(?: cung| tien)?(?: cua)?(?: moi)? (?:quy|ky)")
_NEXT_MONTH = re.compile(r"thang (?:sau|ke tiep|tiep theo)")


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
    rest = re.sub(r"\d+ thang", " ", folded)
    found: list[str] = []
    for m in re.finditer(r"\b(?:hang|moi) ([^.;()]*)", rest):
        words = re.findall(r"\b(ngay|tuan|thang|quy|nam)\b(?! (?:\d{4}|[ivx]+\b))", m.group(1))
        found += [_NAMES[w] for w in words]
    found += [_NAMES[m[1] or m[2]] for m in _RATE.finditer(rest)]
    if _OF_QUARTER.search(folded):
        found.append("quarterly")
    if _NEXT_MONTH.search(folded):
        found.append("monthly")
    half = re.search(r"(?:6|sau) thang(?! dau| cuoi)", folded)
    with_year = half and re.search(r",? (?:va )?(?:ca |01 )?nam$", rest)
    if half and (found or with_year or re.search(r"dinh ky|/lan|^(?:0?6|sau) thang$", folded)):
        found += ["half-yearly", "yearly"] if with_year else ["half-yearly"]
    return found


def read_phrase(written: str, plan_year: int | None = None) -> DeadlineReading:
    """Compute what a written deadline means; the written words are kept beside it."""
    text = " ".join(written.split()).rstrip(" .;,")
    recurrence = recurrence_of(text)
    if recurrence == ("continuous",) and (end := _written_end(fold(text), plan_year)):
        return DeadlineReading(text, end[0], None, end[1])  # a day, then kept up
    if recurrence:
        return DeadlineReading(text, None, recurrence, "recurring")
    due, basis = due_date(text, plan_year)
    if due is None and basis == "event":
        return DeadlineReading(text, None, ("event",), "event")
    return DeadlineReading(text, due, None, basis)


# "Từ 01/7/2025", but not "từ ngày 10 - 17/11/2025".
_START = re.compile(r"tu (?:ngay |nam |thang |quy )*[\divx](?!.* den |.*\d\s*[-–]\s*\d{1,2}/)")
_FULL_DAY = re.compile(r"(\d{1,2})\s*(/|-|thang)\s*(\d{1,2})\s*(/|-|nam)\s*(\d{4})")
# "11 - 12/2025" is two months, not a day: both marks must belong together.
_DAY_MARKS = {("/", "/"), ("-", "-"), ("thang", "nam"), ("/", "nam")}
_ONE_QUARTER = r"(?:iv|i{1,3}|[1-4])"
_QUARTERS = re.compile(
    rf"qu[yi]\s+({_ONE_QUARTER}(?:\s*(?:,|va|-|–)\s*(?:quy\s+)?{_ONE_QUARTER})*)\b"
    r"(?:\D+?(\d{4}))?"
)
_MONTHS = re.compile(
    r"(?:thang\s*|(?<=\d)\s*(?:[-–,]|va)\s*)(\d{1,2})(?:\s*(?:/|-|nam|\s)\s*(\d{4})|(?=\s*$))"
)
_QUARTER_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def due_date(text: str, plan_year: int | None) -> tuple[date | None, str]:
    """Return (last day, basis): ``explicit`` for a written day, ``period_end`` for a period.

    "trước ngày 15/12" is read as 15/12 being the last day (domain.md, section 6). A start
    ("Từ 01/7/2025") has no end and gives (None, "event").
    """
    folded = fold(text)
    if _START.match(folded):
        return None, "event"
    if written := _written_end(folded, plan_year):
        return written
    years = re.findall(r"(?<!\d)(20\d{2})(?!\d)", folded)
    if years and not re.search(r"dau nam", folded):
        return date(int(years[-1]), 12, 31), "period_end"
    day = re.search(r"(\d{1,2})\s*(?:/|thang)\s*(\d{1,2})", folded)
    if day and plan_year:
        return _date(plan_year, int(day[2]), int(day[1])), "explicit"
    return None, "event"


def _written_end(folded: str, plan_year: int | None) -> tuple[date | None, str] | None:
    """Return the last written day, else the end of a written month or quarter, or None."""
    days = [m for m in _FULL_DAY.finditer(folded) if (m[2], m[4]) in _DAY_MARKS]
    if days:
        last = days[-1]
        return _date(int(last[5]), int(last[3]), int(last[1])), "explicit"
    end = _period_end(folded, plan_year)
    return (end, "period_end") if end else None


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
    months = _MONTHS.findall(folded)
    if months and (months[-1][1] or plan_year):
        month, year = int(months[-1][0]), int(months[-1][1] or plan_year or 0)
        return _month_end(year, month) if not before else _eve(year, month)
    if plan_year and re.fullmatch(r"(?:ca|trong) nam", folded):
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
