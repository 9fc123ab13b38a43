"""Which day a page shows: today, or a past one that its address names (`?on=2024-10-31`)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DayFault(StrEnum):
    """Why a day cannot be shown."""

    UNREADABLE = "unreadable"
    FUTURE = "future"
    BEFORE_ISSUE = "before_issue"


@dataclass(frozen=True)
class ShownDay:
    """The day that a page shows. `typed` is what the address says, kept where it is no such day;
    `first` is the day on which the first plan was issued, None before there is one."""

    on: date
    today: date
    first: date | None
    typed: str = ""
    fault: DayFault | None = None

    @property
    def is_past(self) -> bool:
        """Whether the page shows another day than today."""
        return self.on != self.today

    @property
    def asked(self) -> str | None:
        """How links of the page carry the day on: as the address names it, today's only if named."""
        return self.on.isoformat() if self.typed and self.fault is None else None


def shown_day(typed: str, today: date, first: date | None) -> ShownDay:
    """The day that an address asks for; today, with a fault, where it asks for none that was."""
    typed = typed.strip()
    if not typed:
        return ShownDay(today, today, first)
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        return ShownDay(today, today, first, typed, DayFault.UNREADABLE)
    fault = None
    if on > today:
        fault = DayFault.FUTURE
    elif first is None or on < first:
        fault = DayFault.BEFORE_ISSUE
    return ShownDay(today if fault else on, today, first, typed, fault)
