"""Agencies to which no reminder can go."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.reminders.queries.gathering import owed_items
from ntmtasks.reminders.rules import Item
from ntmtasks.workdays.queries import calendar


@dataclass(frozen=True)
class Gap:
    """An agency (None: a district without an office here) of which nobody has an address, how many
    things it owes, and the names of those who get its mails instead; none where nobody has one."""

    agency_id: int | None
    agency: str
    owed: int
    instead: tuple[str, ...]


def agencies_without_anyone(day: date, lasting: Sequence[Item] | None = None) -> list[Gap]:
    """The agencies that owe something on `day` and have nobody to remind, those that owe most first.
    `lasting` are the `lasting_items`, where they have been asked already."""
    book = recipient_book(day)
    found: Counter[tuple[int | None, str]] = Counter()
    instead: dict[tuple[int | None, str], tuple[str, ...]] = {}
    for item in owed_items(day, calendar(), lasting=lasting):
        people = book.of(item.agency_id, item.officer_id)
        if all(person.note for person in people):
            agency = item.agency_id, item.agency
            found[agency] += 1
            instead[agency] = tuple(person.name for person in people)
    return [Gap(*agency, count, instead[agency]) for agency, count in found.most_common()]
