"""The record of every act. A trigger in the database refuses to change or delete its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base


class HistoryEntry(Base):
    """Who did what, when; `before` and `after` hold the values that changed, as shown on screen.

    `actor_id` is empty for the program itself and for guests, whose name `actor_name` marks.
    """

    __tablename__ = "history_entry"
    __table_args__ = (
        Index("ix_history_entry_subject_subject_id", "subject", "subject_id", "id"),
        Index("ix_history_entry_verb_at", "subject", "verb", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    actor_name: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    verb: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
