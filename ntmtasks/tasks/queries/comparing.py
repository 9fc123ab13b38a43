"""The fair comparison of agencies: how each stands with what it leads, at the end of a day."""

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.tasks.models import AssignmentSpan
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.queries.counting import Moment
from ntmtasks.tasks.rules import (
    COUNTED_STATES,
    AssignmentRole,
    DeadlineClass,
    Phase,
    TaskKind,
    WorkState,
)

Span = AssignmentSpan


@dataclass(frozen=True)
class Record:
    """How much of an agency's concrete work is where, from the first day of the year to a day.

    Văn phòng Chính phủ's four boxes make up `total`; what was reported and is not yet confirmed is not
    done, in time or late by the day of its report. `carried` of the total were due before this year and
    were not reported before it; what was done in earlier years is outside. `extended` got more time.
    `recurring`, `continuous`, `paused` and `refused` are outside as well.
    """

    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_late: int = 0
    carried: int = 0
    extended: int = 0
    recurring: int = 0
    continuous: int = 0
    paused: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """All that is compared."""
        return self.done_on_time + self.done_late + self.open_in_time + self.open_late

    @property
    def outside(self) -> int:
        """All that is not compared."""
        return self.recurring + self.continuous + self.paused + self.refused

    @property
    def judged(self) -> int:
        """What can be judged: done, or late. Work that is open in time says nothing yet."""
        return self.done_on_time + self.done_late + self.open_late

    @property
    def rate(self) -> int | None:
        """Percent done on time of what can be judged, rounded half up; None where there is nothing."""
        return (200 * self.done_on_time + self.judged) // (2 * self.judged) if self.judged else None

    def __add__(self, other: "Record") -> "Record":
        """Two records together."""
        names = [field.name for field in fields(self)]
        return Record(*(getattr(self, name) + getattr(other, name) for name in names))


def records(on: date) -> list[tuple[Agency, Record]]:
    """The record of each agency that leads anything, in protocol order."""
    rows = db.session.execute(_records(counting.moment(on))).all()
    found = {row[0]: Record(*row[1:]) for row in rows}
    wanted = select(Agency).where(Agency.id.in_(found)).order_by(Agency.position, Agency.id)
    return [(agency, found[agency.id]) for agency in db.session.scalars(wanted)]


@lru_cache(maxsize=16)  # building it takes longer than asking it of a small office
def _records(at: Moment) -> Select[*tuple[int, ...]]:
    def number(
        *conditions: ColumnElement[bool] | InstrumentedAttribute[bool],
    ) -> ColumnElement[int]:
        return func.count().filter(*conditions)

    classes = counting.classes_sql(at.on, at.window)
    new_year = date(at.on.year, 1, 1)
    done_before = func.coalesce(Span.submitted_on, Span.deadline) < new_year
    settled = and_(Span.work_state == WorkState.DONE, func.coalesce(done_before, false()))
    compared = and_(counting.counted(), not_(settled))
    submitted = classes[DeadlineClass.SUBMITTED]
    in_time = func.coalesce(Span.submitted_on <= Span.deadline, true())
    open_classes = (DeadlineClass.DUE_SOON, DeadlineClass.IN_TIME, DeadlineClass.NO_DEADLINE)
    issued, concrete = Span.phase == Phase.ISSUED, Span.kind == TaskKind.CONCRETE
    counted_state = Span.work_state.in_(COUNTED_STATES)
    return (
        select(
            Span.agency_id,
            number(compared, classes[DeadlineClass.DONE_ON_TIME]),
            number(compared, classes[DeadlineClass.DONE_LATE]),
            number(or_(*(classes[k] for k in open_classes), and_(submitted, in_time))),
            number(or_(classes[DeadlineClass.OVERDUE], and_(submitted, not_(in_time)))),
            number(compared, Span.deadline < new_year),
            number(compared, Span.extended),
            number(issued, Span.kind == TaskKind.RECURRING, counted_state),
            number(issued, Span.kind == TaskKind.CONTINUOUS, counted_state),
            number(Span.phase == Phase.PAUSED, concrete),
            number(issued, concrete, Span.work_state == WorkState.REFUSED),
        )
        .where(
            at.standing(),
            Span.role == AssignmentRole.LEAD,
            Span.kind.in_(TaskKind),  # any: the index begins with role and kind
            Span.phase.in_((Phase.ISSUED, Phase.PAUSED)),
        )
        .group_by(Span.agency_id)
    )
