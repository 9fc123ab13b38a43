"""The ledger of reminders: what was reminded to whom, at which rung, so that it happens once; the
rules where the office has changed them."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base, enum_column
from ntmtasks.reminders.rules import Ladder


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


class ReminderRule(Base):
    """The rungs of one ladder where the office has changed them; code keeps the defaults.

    `before` holds days ≤ 0, as `Rungs` does; `paused_by` is the name of whoever let it pause.
    """

    __tablename__ = "reminder_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    ladder: Mapped[Ladder] = mapped_column(enum_column(Ladder), unique=True)
    before: Mapped[list[int]] = mapped_column(JSON)
    after: Mapped[list[int]] = mapped_column(JSON)
    step: Mapped[int]
    in_working_days: Mapped[bool]
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
