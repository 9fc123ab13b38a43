"""Tables that belong to no room: settings, one-time form tokens, the throttle, claimed job slots."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base


class Setting(Base):
    """One setting that an admin may change; the meaning of each stands in core/settings.py."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class FormToken(Base):
    """A token of a form that has been carried out: the same form sent twice makes one record."""

    __tablename__ = "form_token"

    token: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


class Throttle(Base):
    """Failed attempts of one kind from one source within one window of time."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("kind", "source", "window"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    window: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int]


class JobSlot(Base):
    """One due time of a scheduled job, claimed by whoever inserts it first."""

    __tablename__ = "job_slot"
    __table_args__ = (
        UniqueConstraint("job", "slot"),
        Index("ix_job_slot_job_claimed_at", "job", "claimed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    slot: Mapped[str]
    claimed_at: Mapped[datetime]
