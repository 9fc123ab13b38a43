"""Days on which offices are closed, or open against the rule."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base


class SpecialDay(Base):
    """A holiday, or a weekend day that is worked; ordinary weekends have no row.

    `source` is "library" for what the calendar library knows and "admin" for what a person entered.
    """

    __tablename__ = "special_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
