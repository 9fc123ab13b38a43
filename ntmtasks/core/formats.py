"""How days, moments and numbers are written (wording.md, "Formats")."""

from datetime import date, datetime

from ntmtasks.core.clock import local

WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


def day(value: date | None) -> str:
    """dd/mm/yyyy, or a dash."""
    # strftime takes three times as long, and lists have hundreds of days
    return f"{value.day:02}/{value.month:02}/{value.year}" if value else "–"


def moment(value: datetime | None) -> str:
    """dd/mm/yyyy HH:MM by the office's clock, or a dash."""
    if value is None:
        return "–"
    there = local(value)
    return f"{day(there)} {there.hour:02}:{there.minute:02}"


def number(value: int) -> str:
    """1.356.994"""
    return f"{value:,}".replace(",", ".")


def distance(deadline: date, today: date, is_late: bool = False) -> str:
    """Calendar days in words: "còn 5 ngày", "đến hạn hôm nay", "quá hạn 12 ngày"; of what is late on
    its very day, by the hour, "quá giờ nộp"."""
    days = (deadline - today).days
    if days == 0:
        return "quá giờ nộp" if is_late else "đến hạn hôm nay"
    return f"còn {days} ngày" if days > 0 else f"quá hạn {-days} ngày"


def shorten(text: str, length: int = 120) -> str:
    """The first `length` characters, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[: length + 1].rsplit(" ", 1)[0].rstrip(" ,;.") + " …"
