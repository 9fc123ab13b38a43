"""Keys with which programs read: calendars of people and agencies, and other systems; and status pages,
read-only pages for a wall or for people without an account."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency, Area
from ntmtasks.core.db import Base, enum_column
from ntmtasks.oversight.rules.keys import TokenUse
from ntmtasks.plans.models import Plan


class AccessToken(Base):
    """A key that reads for an agency, or in a calendar for the person `user_id`; `name` says which system
    has it. Of the token there is its SHA-256 alone.

    `made_at`, `revoked_at` and `last_used_at` (kept at most once a minute) are true time.
    """

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    use: Mapped[TokenUse] = mapped_column(enum_column(TokenUse))
    name: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    last_used_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])


class StatusPage(Base):
    """A page behind a link, about one plan, agency or area; `blocks` are code names of rules.status.Block,
    `title` is empty where it is called after what it is about. Of the link's token there is its SHA-256
    alone.

    `made_at`, `expires_at`, `revoked_at` and `last_viewed_at` are true time. `view_count` may lack some
    views: it is written at most once a minute.
    """

    __tablename__ = "status_page"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN plan_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN agency_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN area_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_subject",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    blocks: Mapped[list[str]]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    view_count: Mapped[int] = mapped_column(default=0)
    last_viewed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    plan: Mapped[Plan | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    area: Mapped[Area | None] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])
    __mapper_args__ = {"version_id_col": version}
