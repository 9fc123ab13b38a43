"""Slots of recurring work, made ahead of time."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Area
from ntmtasks.core.db import Base, enum_column
from ntmtasks.core.sources import SourceKind
from ntmtasks.progress.rules.occurrences import OccurrenceState
from ntmtasks.tasks.models import Assignment, Task


class Occurrence(Base):
    """One slot of a recurring task: of its lead, whoever that is, where `assignment_id` is NULL (joint
    tasks); else of that member.

    `day` is the day of the schedule and stays, `moved_to` the one that people chose in its place.
    `note` says why it was moved or not held; `topic`, `area` and `link` what was done. `source_kind`,
    `source_ref` and `source_on` say from which document, call or mail it was entered for the agency.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("ix_occurrence_task_id", "task_id", "day"),
        Index("ix_occurrence_state", "state", "task_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    day: Mapped[date]
    moved_to: Mapped[date | None]
    state: Mapped[OccurrenceState] = mapped_column(enum_column(OccurrenceState))
    topic: Mapped[str] = mapped_column(default="")
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    link: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime | None]
    source_kind: Mapped[SourceKind | None] = mapped_column(enum_column(SourceKind))
    source_ref: Mapped[str] = mapped_column(default="")
    source_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    task: Mapped[Task] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    area: Mapped[Area | None] = relationship()
    recorded_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def on(self) -> date:
        """The day on which it is (to be) held."""
        return self.moved_to or self.day
