"""What people keep of their daily work: filters of the board."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.core.db import Base


class SavedFilter(Base):
    """A filter of the board under a name, a tab for everybody of an agency; `address` is the part of the
    board's address behind the question mark, as tasks.rules.BoardFilter writes it."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    name: Mapped[str]
    address: Mapped[str]
    made_at: Mapped[datetime]

    author: Mapped[User] = relationship()
