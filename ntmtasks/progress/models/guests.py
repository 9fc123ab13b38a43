"""Links through which somebody without an account reports on one assignment."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import Base
from ntmtasks.tasks.models import Assignment


class GuestLink(Base):
    """A guest link; `name` says who got it. Of the token there is its SHA-256 alone, and until it is sent
    the mail that brings it, which shows it to nobody else (outbox.rules.without_keys).

    `agency_id` is the agency that had the work when the link was made: with another one it opens
    nothing. `made_at`, `expires_at` and `last_used_at` are true time. `use_count` counts the reports that
    came through it.
    """

    __tablename__ = "guest_link"
    __table_args__ = (Index("ix_guest_link_assignment_id", "assignment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    last_used_at: Mapped[datetime | None]
    use_count: Mapped[int] = mapped_column(default=0)

    assignment: Mapped[Assignment] = relationship()
    agency: Mapped[Agency] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])
