"""A plain second book of what agencies owe, kept by hand while a script acts, to compare with the pages.

Nothing here asks the program how it counts: the rules are those of the office ("What is counted").
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.tasks.models import Assignment

WARNING, QUARTER_FOUR_WARNING = 3, 30
BOXES = (
    "total",
    "overdue",
    "due_soon",
    "in_time",
    "submitted",
    "done_on_time",
    "done_late",
    "no_deadline",
)
AGES = ((7, "1-7"), (30, "8-30"), (120, "31-120"), (10_000, "120+"))


@dataclass
class Work:
    """What one agency owes of one task."""

    id: int
    task_id: int
    path: str
    agency: str
    role: str
    kind: str
    phase: str
    state: str
    deadline: date | None
    quarter_four: bool
    submitted_on: date | None

    @property
    def page(self) -> str:
        """The address of its task."""
        return f"/tasks/{self.task_id}"

    @property
    def is_counted(self) -> bool:
        """A lead's concrete work of an issued task, not refused."""
        return (self.role, self.kind, self.phase) == ("lead", "concrete", "issued") and (
            self.state not in ("refused", "unassigned")
        )

    @property
    def is_open(self) -> bool:
        """Still to be done and reported by the agency."""
        return self.is_counted and self.state in ("assigned", "in_progress", "returned")

    def submit(self, on: date) -> None:
        """The agency reports completion."""
        self.state, self.submitted_on = "submitted", on

    def box(self, today: date) -> str:
        """The one box in which it is counted."""
        if self.state == "done":
            late = self.deadline and self.submitted_on and self.submitted_on > self.deadline
            return "done_late" if late else "done_on_time"
        if self.state == "submitted":
            return "submitted"
        if self.deadline is None:
            return "no_deadline"
        left = (self.deadline - today).days
        if left < 0:
            return "overdue"
        return (
            "due_soon"
            if left <= (QUARTER_FOUR_WARNING if self.quarter_four else WARNING)
            else "in_time"
        )


class Ledger(dict[int, Work]):
    """All work by number."""

    def of(self, path: str, agency: str) -> Work:
        """The work of an agency on a clause, by the short name."""
        return next(w for w in self.values() if (w.path, w.agency) == (path, agency))

    def boxes(self, today: date, agency: str = "") -> dict[str, int]:
        """The eight counters, of all or of one agency."""
        counted = [w for w in self.values() if w.is_counted and agency in ("", w.agency)]
        found = Counter(w.box(today) for w in counted)
        return {name: found[name] for name in BOXES} | {"total": len(counted)}

    def ages(self, today: date) -> dict[str, int]:
        """Overdue work by its age in days."""
        late = [w for w in self.values() if w.is_counted and w.box(today) == "overdue"]
        days = [(today - w.deadline).days for w in late if w.deadline]
        found = Counter(next(name for most, name in AGES if d <= most) for d in days)
        return {name: found[name] for _, name in AGES}


def open_ledger() -> Ledger:
    """The book as it stands in the database now."""
    rows = db.session.scalars(
        select(Assignment)
        .order_by(Assignment.id)
        .options(joinedload(Assignment.task), joinedload(Assignment.agency))
    )
    book = Ledger()
    for a in rows:
        enter(book, a)
    return book


def enter(book: Ledger, a: Assignment) -> Work:
    """Take an assignment into the book as it stands in the database."""
    submitted = a.submitted_at
    work = Work(
        a.id,
        a.task_id,
        a.task.path,
        a.agency.short_name,
        a.role.value,
        a.task.kind.value,
        a.task.phase.value,
        a.work_state.value,
        a.deadline,
        a.task.quarter_four,
        clock.local(submitted).date() if submitted else None,
    )
    book[a.id] = work
    return work
