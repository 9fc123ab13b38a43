"""Tasks, what each agency owes, and how that was on any past day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, ScalarSelect, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import Base, enum_column
from ntmtasks.history.labels import by_guest
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.tasks.rules import (
    Act,
    AssignmentRole,
    DeadlineBasis,
    Mode,
    Phase,
    TaskKind,
    WorkState,
)


class Task(Base):
    """One item of a plan, or one added by hand with its `source_note` (số, ngày, cơ quan ban hành).

    `deadline` is the default for its assignments, `deadline_text` the words of the plan,
    `quarter_four` says that the plan itself names Quý IV for it. `path` is the clause as printed.
    `merged_into` is the task that took up a dropped one. `first_due` is the earliest deadline among its
    open lead assignments, by which the board sorts; it is written with the spans.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_plan_id_position", "plan_id", "position"),
        Index("ix_task_updated_at", "updated_at"),
        Index("ix_task_first_due", "first_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    path: Mapped[str]
    section: Mapped[str]
    position: Mapped[int]
    text: Mapped[str]
    product: Mapped[str] = mapped_column(default="")
    source_note: Mapped[str] = mapped_column(default="")
    kind: Mapped[TaskKind] = mapped_column(enum_column(TaskKind))
    mode: Mapped[Mode] = mapped_column(enum_column(Mode))
    phase: Mapped[Phase] = mapped_column(enum_column(Phase))
    deadline: Mapped[date | None]
    first_due: Mapped[date | None]
    deadline_text: Mapped[str] = mapped_column(default="")
    deadline_basis: Mapped[DeadlineBasis] = mapped_column(enum_column(DeadlineBasis))
    deadline_note: Mapped[str] = mapped_column(default="")
    quarter_four: Mapped[bool] = mapped_column(default=False)
    recurrence: Mapped[list[str]]
    search_text: Mapped[str]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    plan: Mapped[Plan] = relationship()
    clauses: Mapped[list[Clause]] = relationship(secondary="task_clause", order_by=Clause.position)
    merged_into: Mapped["Task | None"] = relationship(remote_side=[id])
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="task", order_by="Assignment.position"
    )

    __mapper_args__ = {"version_id_col": version}


class TaskClause(Base):
    """A clause that a task cites."""

    __tablename__ = "task_clause"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True, index=True)


class Assignment(Base):
    """What one agency owes of one task.

    `submitted_at` is the submission of the version that waits or was accepted, `submitted_by` who
    reported it, `entered_by` who entered it for the agency (cập nhật thay) and so never confirms it,
    `submitted_guest` the name of who reported it through a guest link.
    `pending_act` is what an officer did and the focal point has not yet passed on (chờ đầu mối), since
    when, by whom (`pending_guest`: through a guest link) and with which words. `state_note` says why the work was refused, returned or
    reopened. `reason` says why the agency was proposed; it is empty where the plan names the agency.
    `extended`: more time was granted on request (gia hạn). `heard_at` is when the agency last wrote,
    or the work was last given to it: from then on it may be silent.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("task_id", "agency_id"),
        Index("ix_assignment_agency_id_deadline", "agency_id", "deadline"),
        Index("ix_assignment_officer_id", "officer_id"),
        Index("ix_assignment_work_state_deadline", "work_state", "deadline"),
        Index("ix_assignment_silent", "work_state", "role", "heard_at", "task_id", "agency_id"),
        Index(
            "ix_assignment_pending",
            "agency_id",
            "task_id",
            sqlite_where=text("pending_act IS NOT NULL"),
            postgresql_where=text("pending_act IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[AssignmentRole] = mapped_column(enum_column(AssignmentRole))
    position: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    work_state: Mapped[WorkState] = mapped_column(enum_column(WorkState))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    deadline: Mapped[date | None]
    original_deadline: Mapped[date | None]
    extended: Mapped[bool] = mapped_column(default=False)
    percent: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    submitted_guest: Mapped[str] = mapped_column(default="")
    pending_act: Mapped[Act | None] = mapped_column(enum_column(Act))
    pending_since: Mapped[datetime | None]
    pending_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    pending_guest: Mapped[str] = mapped_column(default="")
    pending_note: Mapped[str] = mapped_column(default="")
    state_note: Mapped[str] = mapped_column(default="")
    heard_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    task: Mapped[Task] = relationship(back_populates="assignments")
    agency: Mapped[Agency] = relationship()
    officer: Mapped[User | None] = relationship(foreign_keys=[officer_id])
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])
    entered_by: Mapped[User | None] = relationship(foreign_keys=[entered_by_id])
    pending_by: Mapped[User | None] = relationship(foreign_keys=[pending_by_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_reported_for(self) -> bool:
        """Whether somebody else reported the completion for the agency, which may then correct it."""
        return self.entered_by_id is not None or self.submitted_guest != ""

    @property
    def pending_name(self) -> str:
        """Who did what waits for the focal point."""
        return self.pending_by.name if self.pending_by else by_guest(self.pending_guest)


# SQLite answers from such an index alone only where it holds `to_at` as well.
_OPEN = text("to_at IS NULL")


class AssignmentSpan(Base):
    """How an assignment stood from `from_at` (inclusive) to `to_at` (exclusive; NULL = until now).

    Written with every change by tasks.service, without gaps: today's state is the open span, and any
    past day can be asked. `submitted_on` is the office's day of the submission. What is needed to
    count is repeated from the task, so that counting reads this table alone.
    """

    __tablename__ = "assignment_span"
    __table_args__ = (
        Index("ix_assignment_span_assignment_id_from_at", "assignment_id", "from_at"),
        Index(
            "ix_assignment_span_open",
            "role",
            "kind",
            "phase",
            "work_state",
            "deadline",
            "agency_id",
            "submitted_on",
            "quarter_four",
            "task_id",
            "assignment_id",
            "to_at",
            "extended",
            "section",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_assignment_span_open_of_task",
            "task_id",
            "role",
            "kind",
            "phase",
            "work_state",
            "deadline",
            "agency_id",
            "to_at",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_assignment_span_one_open",
            "assignment_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[AssignmentRole] = mapped_column(enum_column(AssignmentRole))
    phase: Mapped[Phase] = mapped_column(enum_column(Phase))
    kind: Mapped[TaskKind] = mapped_column(enum_column(TaskKind))
    quarter_four: Mapped[bool]
    section: Mapped[str] = mapped_column(default="")
    work_state: Mapped[WorkState] = mapped_column(enum_column(WorkState))
    deadline: Mapped[date | None]
    extended: Mapped[bool] = mapped_column(default=False)
    submitted_on: Mapped[date | None]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]


def of_agency_then(
    what: Mapped[Any], assignment_id: Mapped[int], moment: Mapped[datetime]
) -> ScalarSelect[Any]:
    """Something of the agency that had an assignment at a moment, whoever has it now: for columns of what
    people put on work."""
    return (
        select(what)
        .select_from(AssignmentSpan)
        .join(Agency, Agency.id == AssignmentSpan.agency_id)
        .where(AssignmentSpan.assignment_id == assignment_id, AssignmentSpan.from_at <= moment)
        .order_by(AssignmentSpan.from_at.desc(), AssignmentSpan.id.desc())
        .limit(1)
        .correlate_except(AssignmentSpan, Agency)
        .scalar_subquery()
    )
