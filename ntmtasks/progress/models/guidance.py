"""What comes from above: a leader's directives, and pushes (đôn đốc)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import Base
from ntmtasks.tasks.models import Assignment, Task, of_agency_then


class Directive(Base):
    """A leader's directive (ý kiến chỉ đạo) on a task, pinned until it is withdrawn."""

    __tablename__ = "directive"
    __table_args__ = (Index("ix_directive_task_id", "task_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    body: Mapped[str]
    made_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    task: Mapped[Task] = relationship()
    author: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Urging(Base):
    """A person's push (đôn đốc) on one assignment; several pushed at once make a row each."""

    __tablename__ = "urging"
    __table_args__ = (Index("ix_urging_assignment_id", "assignment_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    body: Mapped[str]
    made_at: Mapped[datetime] = mapped_column()
    agency_name: Mapped[str] = column_property(
        of_agency_then(Agency.short_name, assignment_id, made_at)
    )
    """Of the agency that had the work then, whoever has it now."""

    assignment: Mapped[Assignment] = relationship()
    author: Mapped[User] = relationship()
