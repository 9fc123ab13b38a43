"""What a review has to remember besides the draft tasks themselves."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base, enum_column
from ntmtasks.tasks.rules import AssignmentRole


class UnknownName(Base):
    """A name in the text of a draft task that fits no agency; gone when somebody has answered."""

    __tablename__ = "unknown_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    name: Mapped[str]
    role: Mapped[AssignmentRole] = mapped_column(enum_column(AssignmentRole))


class KeptApart(Base):
    """Two tasks that look like one work, and are two: somebody has said so."""

    __tablename__ = "kept_apart"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
