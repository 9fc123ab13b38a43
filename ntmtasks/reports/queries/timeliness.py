"""Who reports in time, from the rows of the list."""

from collections.abc import Iterable
from dataclasses import dataclass

from ntmtasks.agencies.models import Agency
from ntmtasks.reports.queries.lists import ReportRow
from ntmtasks.reports.rules.timeliness import Entry, Mark, Tally, mark_of, tally
from ntmtasks.tasks.rules import DeadlineClass


@dataclass(frozen=True)
class AgencyTally:
    """What the due days of one agency come to, over all its reports."""

    agency: Agency
    sums: Tally


def mark(row: ReportRow) -> Mark:
    """The mark of one row."""
    return mark_of(row.standing, row.klass)


def tallies(rows: Iterable[ReportRow]) -> list[AgencyTally]:
    """One line an agency, in protocol order."""
    entries: dict[Agency, list[Entry]] = {}
    for row in rows:
        entry = Entry(row.due_on, mark(row), row.klass is DeadlineClass.OVERDUE)
        entries.setdefault(row.agency, []).append(entry)
    in_order = sorted(entries, key=lambda agency: agency.position)
    return [AgencyTally(agency, tally(entries[agency])) for agency in in_order]
