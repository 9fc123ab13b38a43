"""Questions about an assignment that somebody has to answer: more time, and why it is late."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import Base, enum_column
from ntmtasks.progress.rules.asks import FLAGGED_FROM, ExplanationState, ExtensionState
from ntmtasks.tasks.models import Assignment, of_agency_then

_OPEN_REQUEST = text("state = 'asked'")


class DeadlineExtension(Base):
    """A request for more time (gia hạn), asked before the due day.

    `old_deadline` is the one that held when it was asked; `granted_deadline` may differ from the
    `wanted_deadline`. `ordinal` counts the requests of the assignment that were not withdrawn.
    """

    __tablename__ = "deadline_extension"
    __table_args__ = (
        Index("ix_deadline_extension_assignment_id", "assignment_id", "id"),
        Index(
            "uq_deadline_extension_one_open",
            "assignment_id",
            unique=True,
            sqlite_where=_OPEN_REQUEST,
            postgresql_where=_OPEN_REQUEST,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    state: Mapped[ExtensionState] = mapped_column(enum_column(ExtensionState))
    ordinal: Mapped[int]
    old_deadline: Mapped[date]
    wanted_deadline: Mapped[date]
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime] = mapped_column()
    agency_name: Mapped[str] = column_property(
        of_agency_then(Agency.short_name, assignment_id, asked_at)
    )
    """Of the agency that had the work then, whoever has it now."""
    granted_deadline: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    assignment: Mapped[Assignment] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_flagged(self) -> bool:
        """Whether the decider is told that there were several before."""
        return self.ordinal >= FLAGGED_FROM


class ExplanationRequest(Base):
    """A demand to explain a delay (yêu cầu giải trình) and its answer, to be given by `answer_by`.

    Whoever is not content asks again: this one is then `repeated`, and a new one follows it. `about`
    names what is late and `about_url` where it stands, both empty where it is the work itself.
    """

    __tablename__ = "explanation_request"
    __table_args__ = (
        Index("ix_explanation_request_assignment_id", "assignment_id", "id"),
        Index("ix_explanation_request_state", "state", "answer_by"),
        Index("ix_explanation_request_about_url", "about_url"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    about: Mapped[str] = mapped_column(default="")
    about_url: Mapped[str] = mapped_column(default="")
    state: Mapped[ExplanationState] = mapped_column(enum_column(ExplanationState))
    question: Mapped[str]
    answer_by: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime] = mapped_column()
    agency_name: Mapped[str] = column_property(
        of_agency_then(Agency.short_name, assignment_id, asked_at)
    )
    """Of the agency that had the work then, whoever has it now."""
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    judged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    assignment: Mapped[Assignment] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    judged_by: Mapped[User | None] = relationship(foreign_keys=[judged_by_id])

    __mapper_args__ = {"version_id_col": version}
