"""The plan as it was issued and its clauses as a tree."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.core.db import Base, enum_column
from ntmtasks.files.models import StoredFile
from ntmtasks.plans.rules import FindingState, PlanState


class Plan(Base):
    """A yearly plan. `reading` keeps what the reader found besides tasks: communes, targets, funding,
    recipients (the object of `ntmtasks read --json` without its items and findings), and what was left
    out of the file, by reason."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    title: Mapped[str]
    issuer: Mapped[str]
    place: Mapped[str]
    signer: Mapped[str]
    issued_on: Mapped[date | None]
    year: Mapped[int]
    state: Mapped[PlanState] = mapped_column(enum_column(PlanState))
    source_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    reading: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    source_file: Mapped[StoredFile] = relationship()
    clauses: Mapped[list["Clause"]] = relationship(
        back_populates="plan", order_by="Clause.position"
    )

    __mapper_args__ = {"version_id_col": version}


class Clause(Base):
    """A piece of the document: `path` as printed ("III.6.-2"), `text` verbatim, offsets into the text
    that the reader saw (characters, end exclusive)."""

    __tablename__ = "clause"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    position: Mapped[int]
    path: Mapped[str] = mapped_column(index=True)
    label: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    search_text: Mapped[str] = mapped_column(deferred=True)

    plan: Mapped[Plan] = relationship(back_populates="clauses")


class Finding(Base):
    """Something that a careful reader would question in a plan, and what became of the question.

    `quote` is verbatim, `path` the clause it stands in ("" for the plan as a whole), `remedy` what the
    reader proposes.
    """

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    position: Mapped[int]
    code: Mapped[str]
    severity: Mapped[str]
    message: Mapped[str]
    quote: Mapped[str]
    path: Mapped[str]
    remedy: Mapped[str] = mapped_column(default="")
    state: Mapped[FindingState] = mapped_column(
        enum_column(FindingState), default=FindingState.OPEN
    )
    note: Mapped[str] = mapped_column(default="")
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    settled_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
