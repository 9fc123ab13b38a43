"""Difficulties and the tasks that they hold up."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import Base, enum_column
from ntmtasks.core.sources import Source, SourceKind, source_words
from ntmtasks.escalations.labels import state_label, state_words
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.tasks.models import Task


class Escalation(Base):
    """One difficulty of an agency. `consolidator` and `submitted_to` are the route at the time of
    reporting; `source_kind`, `source_ref` and `source_on` say from which document, call or mail the
    coordinator entered it for the agency (nhập thay), and `raised_at` is then that day; they are empty
    where the agency wrote itself. `closed_at` is set when it is cleared or taken back."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index("ix_escalation_state", "state"),
        Index("ix_escalation_agency_id", "agency_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    consolidator_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    submitted_to: Mapped[str]
    problem: Mapped[str]
    effect: Mapped[str]
    decision: Mapped[str]
    source_kind: Mapped[SourceKind | None] = mapped_column(enum_column(SourceKind))
    source_ref: Mapped[str] = mapped_column(default="")
    source_on: Mapped[date | None]
    state: Mapped[EscalationState] = mapped_column(enum_column(EscalationState))
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    raised_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    consolidator: Mapped[Agency] = relationship(foreign_keys=[consolidator_id])
    raised_by: Mapped[User] = relationship()
    tasks: Mapped[list[Task]] = relationship(
        secondary="escalation_task", order_by=(Task.plan_id, Task.position)
    )
    steps: Mapped[list["EscalationStep"]] = relationship(order_by="EscalationStep.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def source(self) -> str:
        """What it was entered from, "" where the agency wrote itself; before there were kinds and days
        it was one text."""
        if self.source_kind is None or self.source_on is None:
            return self.source_ref
        return source_words(Source(self.source_kind, self.source_ref, self.source_on))

    def words(self, state: EscalationState) -> str:
        """A state within a sentence, with the names of this route; the consolidator is loaded."""
        return state_words(state, self.consolidator.short_name, self.submitted_to)

    def label(self, state: EscalationState) -> str:
        """The same standing alone."""
        return state_label(state, self.consolidator.short_name, self.submitted_to)


class EscalationTask(Base):
    """A task that a difficulty holds up."""

    __tablename__ = "escalation_task"

    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalation.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, index=True)


class EscalationStep(Base):
    """One step upward: the state it led to, what was said, and the document (số, ngày) behind it."""

    __tablename__ = "escalation_step"
    __table_args__ = (Index("ix_escalation_step_escalation_id", "escalation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalation.id"))
    state: Mapped[EscalationState] = mapped_column(enum_column(EscalationState))
    note: Mapped[str]
    document: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]

    author: Mapped[User] = relationship()
