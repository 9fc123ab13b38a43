"""People and their sessions."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.rules import PERMISSIONS, Role
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.access import Permission
from ntmtasks.core.db import Base, enum_column


class User(Base):
    """A person with one agency and one role. `password_hash` is argon2.

    `stands_in_until` is the last day on which the person decides in the city leader's place about
    work of the coordinating office. From `away_from` to `away_until`, both included, the mail goes to
    the deputy. `reminder_at` is the hour from which the person wants the morning's mail, None for the
    office's own.
    """

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(enum_column(Role))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None]
    stands_in_until: Mapped[date | None]
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reminder_at: Mapped[time | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role of this person may do; who stands in for the leader decides."""
        own = PERMISSIONS[self.role]
        return own | {Permission.DECIDE} if self.stands_in else own

    def can(self, permission: Permission) -> bool:
        """Whether this person has `permission`."""
        return permission in self.permissions

    @property
    def stands_in(self) -> bool:
        """Whether the person decides in the city leader's place today."""
        return self.stands_in_until is not None and clock.today() <= self.stands_in_until


class UserSession(Base):
    """A signed-in browser; the cookie carries the token, the row its SHA-256."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PasswordReset(Base):
    """A link to set a new password, sent by mail; works once."""

    __tablename__ = "password_reset"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
