"""What proves what was done (minh chứng)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import Base
from ntmtasks.files.models import StoredFile
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.rules.evidence import paper_words
from ntmtasks.tasks.models import Assignment, Task, of_agency_then


class Evidence(Base):
    """A file or a paper on a task, put there for one assignment, with or without a progress update.

    `number` counts within the task and stands in its address. `document` is the số/ký hiệu,
    `document_date` the day of the paper, of which there need not be a scan: then `file` is None. What
    was withdrawn stays on record with its reason. What a guest sent has no author and belongs to the
    guest's update.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("task_id", "number"),
        Index("ix_evidence_update_id", "update_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    number: Mapped[int]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    update_id: Mapped[int | None] = mapped_column(ForeignKey("progress_update.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    document: Mapped[str] = mapped_column(default="")
    document_date: Mapped[date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime] = mapped_column()
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    withdrawn_reason: Mapped[str] = mapped_column(default="")

    agency_id: Mapped[int] = column_property(of_agency_then(Agency.id, assignment_id, made_at))
    agency_name: Mapped[str] = column_property(
        of_agency_then(Agency.short_name, assignment_id, made_at)
    )
    """The agency that had the work when this was put on it, whoever has it now."""

    task: Mapped[Task] = relationship()
    assignment: Mapped[Assignment] = relationship()
    update: Mapped[ProgressUpdate | None] = relationship(back_populates="evidence")
    file: Mapped[StoredFile | None] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])

    @property
    def author_name(self) -> str:
        """Who put it there."""
        if self.author is not None:
            return self.author.name
        return self.update.author_name if self.update else ""

    @property
    def title(self) -> str:
        """What it is called: the file's name, else the paper's."""
        return self.file.name if self.file else paper_words(self.document, self.document_date)

    @property
    def paper(self) -> str:
        """The paper that a file belongs to; empty without a file, whose title it is then."""
        return paper_words(self.document, self.document_date) if self.file else ""
