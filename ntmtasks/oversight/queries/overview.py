"""All that the overview shows of a day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.oversight.queries.reporting import DueDay, last_due_day
from ntmtasks.oversight.queries.waiting import waiting_for_whom
from ntmtasks.oversight.rules.waiting import Desk, Matter
from ntmtasks.progress.queries.silence import silent_by_agency
from ntmtasks.reports.queries.owed import OwedReport, owed
from ntmtasks.tasks.queries import counting, revisions, standing
from ntmtasks.tasks.queries.counting import Tally
from ntmtasks.tasks.queries.revisions import Revision, RevisionKind
from ntmtasks.tasks.queries.standing import Choice, Stood
from ntmtasks.tasks.rules import DeadlineClass

OVERDUE, NEXT = Choice(klass=DeadlineClass.OVERDUE), Choice(is_next=True)
FEW = 5
"""So many of the oldest and of the next are shown."""


@dataclass(frozen=True)
class Changes:
    """How much was revised since a baseline: `since` is the last day on which reports were due, None for
    the issue of the plans. `later` and `earlier` are parts of what moved."""

    since: date | None
    numbers: Counter[RevisionKind]
    later: int
    earlier: int


@dataclass(frozen=True)
class Living:
    """What only today knows, as nobody keeps how it was: silence by agency, what waits for whom,
    reports not sent."""

    silent: Mapping[int, tuple[int, datetime]]
    waiting: Mapping[Desk, Counter[Matter]]
    owed: Sequence[OwedReport]


@dataclass(frozen=True)
class Overview:
    """What the overview shows of the end of a day; `living` is None for a past one."""

    tally: Tally
    oldest: Sequence[Stood]
    next_days: Mapping[date, int]
    coming: Sequence[Stood]
    changes: Sequence[Changes]
    reports: DueDay | None
    living: Living | None

    @property
    def late(self) -> list[Agency]:
        """The agencies with late work, in protocol order."""
        return [agency for agency, counters in self.tally.by_agency if counters.overdue]


def overview(on: date, today: date, issued: Mapping[int, datetime]) -> Overview:
    """The overview of the end of a day, in the same number of queries however much there is; `issued`
    is what revisions.issued_at gives."""
    reports = last_due_day(on)
    oldest, coming = standing.first_of(on, (OVERDUE, NEXT), FEW)
    return Overview(
        tally=counting.tally(on),
        oldest=oldest,
        next_days=standing.due_next(on),
        coming=coming,
        changes=_changes(reports.due_on if reports else None, on, issued),
        reports=reports,
        living=_living(today) if on == today else None,
    )


def _living(today: date) -> Living:
    missing = [report for report in owed(today) if report.is_late]
    return Living(silent_by_agency(today), waiting_for_whom(), missing)


def _changes(last_report: date | None, on: date, issued: Mapping[int, datetime]) -> list[Changes]:
    """Since the last day on which reports were due, if there was one, and since the issue."""
    days = [last_report, None] if last_report else [None]
    found = revisions.revisions(
        [clock.end_of_day(day) if day else None for day in days], on, issued
    )
    return [_summed(day, each) for day, each in zip(days, found, strict=True)]


def _summed(since: date | None, found: Sequence[Revision]) -> Changes:
    moved = [each.days for each in found if each.kind is RevisionKind.MOVED]
    return Changes(
        since,
        Counter(each.kind for each in found),
        later=sum(days > 0 for days in moved),
        earlier=sum(days < 0 for days in moved),
    )
