"""What people say about their work: progress, which is only added, and comments."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import Base, enum_column
from ntmtasks.core.sources import SourceKind
from ntmtasks.history.labels import by_guest
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.tasks.models import Assignment, Task, of_agency_then
from ntmtasks.tasks.rules import WorkState

if TYPE_CHECKING:
    from ntmtasks.progress.models.evidence import Evidence


class ProgressUpdate(Base):
    """One report of progress on an assignment; `percent` is 0–100, `figure` a number with its unit as
    typed ("24/36 xã"), `product` what came out of it (sản phẩm). `waits` marks a completion that an
    officer reported and the focal point had not yet passed on. `source_kind`, `source_ref` and
    `source_on` say from which document, call or mail the author entered it for the agency
    (cập nhật thay); they are empty where the agency wrote itself. A guest is no author: `guest_link` says
    through which link it came, `guest` the name and title that were given."""

    __tablename__ = "progress_update"
    __table_args__ = (
        Index("ix_progress_update_assignment_id", "assignment_id", "id"),
        CheckConstraint("author_id IS NOT NULL OR guest_link_id IS NOT NULL", name="somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    guest_link_id: Mapped[int | None] = mapped_column(ForeignKey("guest_link.id"))
    guest: Mapped[str] = mapped_column(default="")
    state: Mapped[WorkState] = mapped_column(enum_column(WorkState))
    percent: Mapped[int]
    body: Mapped[str]
    figure: Mapped[str] = mapped_column(default="")
    product: Mapped[str] = mapped_column(default="")
    waits: Mapped[bool] = mapped_column(default=False)
    source_kind: Mapped[SourceKind | None] = mapped_column(enum_column(SourceKind))
    source_ref: Mapped[str] = mapped_column(default="")
    source_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column()
    agency_name: Mapped[str] = column_property(
        of_agency_then(Agency.short_name, assignment_id, made_at)
    )
    """Of the agency that had the work then, whoever has it now."""

    author: Mapped[User | None] = relationship()
    guest_link: Mapped[GuestLink | None] = relationship()
    assignment: Mapped[Assignment] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="update", order_by="Evidence.number"
    )

    @property
    def author_name(self) -> str:
        """Who wrote it."""
        return self.author.name if self.author else by_guest(self.guest)


class Comment(Base):
    """A remark on a task, read by everybody who may read the task; its author mends or withdraws it for
    15 minutes. `mentions` are the names behind an @ that were found, as they were typed."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_task_id", "task_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    body: Mapped[str]
    mentions: Mapped[list[str]] = mapped_column(default=list)
    search_text: Mapped[str] = mapped_column(deferred=True)
    made_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    author: Mapped[User] = relationship()
    task: Mapped[Task] = relationship()

    __mapper_args__ = {"version_id_col": version}
