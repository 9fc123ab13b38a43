"""What people say about their work: progress and comments. Both are only added, never rewritten."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.core.db import Base, enum_column
from ntmtasks.core.sources import SourceKind
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState

if TYPE_CHECKING:
    from ntmtasks.progress.models.evidence import Evidence


class ProgressUpdate(Base):
    """One report of progress on an assignment; `percent` is 0–100, `figure` a number with its unit as
    typed ("24/36 xã"). `waits` marks a completion that an
    officer reported and the focal point had not yet passed on. `source_kind`, `source_ref` and
    `source_on` say from which document, call or mail the author entered it for the agency
    (cập nhật thay); they are empty where the agency wrote itself."""

    __tablename__ = "progress_update"
    __table_args__ = (Index("ix_progress_update_assignment_id", "assignment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    state: Mapped[WorkState] = mapped_column(enum_column(WorkState))
    percent: Mapped[int]
    body: Mapped[str]
    figure: Mapped[str] = mapped_column(default="")
    waits: Mapped[bool] = mapped_column(default=False)
    source_kind: Mapped[SourceKind | None] = mapped_column(enum_column(SourceKind))
    source_ref: Mapped[str] = mapped_column(default="")
    source_on: Mapped[date | None]
    made_at: Mapped[datetime]

    author: Mapped[User] = relationship()
    assignment: Mapped[Assignment] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="update", order_by="Evidence.number"
    )


class Comment(Base):
    """A remark on a task, read by everybody who may read the task."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_task_id", "task_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    body: Mapped[str]
    made_at: Mapped[datetime]

    author: Mapped[User] = relationship()
