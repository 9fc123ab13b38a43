"""The ledger of reminders: what was reminded to whom, at which rung, so that it happens once."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base


class Reminder(Base):
    """One rung of one ladder for one subject ("assignment:17"), deadline and recipient address."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("ladder", "rung", "subject", "deadline", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ladder: Mapped[str]
    rung: Mapped[int]
    subject: Mapped[str]
    deadline: Mapped[date]
    recipient: Mapped[str]
    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    made_at: Mapped[datetime]
