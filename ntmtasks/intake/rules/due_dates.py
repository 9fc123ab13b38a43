"""What a written deadline means: a last day, a recurrence, or an event (domain.md, section 6)."""

import re
from calendar import monthrange
from datetime import date

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.parts import DeadlineReading

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
