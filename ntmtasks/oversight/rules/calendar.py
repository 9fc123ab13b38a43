"""Deadlines, reports and slots as a calendar that programs subscribe to (RFC 5545)."""

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from icalendar import Calendar, Event, vDuration, vText, vUri

KEPT = timedelta(days=60)
"""So long what was done, cancelled or given to others stays in the calendar as cancelled, so that every
subscriber has heard of it; and slots that are over stay in it."""
ASK_AGAIN = timedelta(hours=6)
_HOUR = r"(\d{1,2})\s*(?:giờ|h|:)\s*(\d{2})?(?:\s*phút)?"
_HOURS = re.compile(rf"\b{_HOUR}\s*(?:-|–|đến)\s*{_HOUR}", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """An event. `uid` never changes, `sequence` grows with each change of what it is about, of which
    `changed_at` was the last. `hours` (office time, from and to) where the day is not meant as a whole."""

    uid: str
    sequence: int
    changed_at: datetime
    on: date
    title: str
    text: str
    path: str
    hours: tuple[datetime, datetime] | None = None
    is_cancelled: bool = False


def hours_in(text: str) -> tuple[time, time] | None:
    """From when to when something is held, where a text says so ("lúc 18 giờ 30 phút - 19 giờ 00 phút");
    None where it says nothing, or several things."""
    found = {_read(*match) for match in _HOURS.findall(text)} - {None}
    return found.pop() if len(found) == 1 else None


def _read(hour: str, minute: str, to_hour: str, to_minute: str) -> tuple[time, time] | None:
    try:
        begin, end = time(int(hour), int(minute or 0)), time(int(to_hour), int(to_minute or 0))
    except ValueError:
        return None
    return (begin, end) if begin < end else None


def mark_of(name: str, entries: Iterable[Entry]) -> str:
    """What stands for the content of a calendar: another one is another calendar."""
    return sha256(repr((name, [astuple(each) for each in entries])).encode()).hexdigest()[:32]


def written(name: str, entries: Iterable[Entry], base_url: str, host: str) -> bytes:
    """The calendar as a file; `name` is what programs call it, `host` makes the uids this instance's."""
    found = Calendar()
    found.add("prodid", "-//ntmtasks//NTM Nhiem vu//VI")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", vText(name))
    found.add("refresh-interval", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", vDuration(ASK_AGAIN))
    for each in entries:
        found.add_component(_event(each, base_url, host))
    content: bytes = found.to_ical()
    return content


def _event(entry: Entry, base_url: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    if entry.hours:
        event.add("dtstart", entry.hours[0].astimezone(UTC))
        event.add("dtend", entry.hours[1].astimezone(UTC))
    else:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("url", vUri(base_url + entry.path))
    event.add("transp", "OPAQUE" if entry.hours else "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event
