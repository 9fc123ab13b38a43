"""Who owes which report, for which periods, and the reports themselves."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import Base, enum_column
from ntmtasks.core.sources import SourceKind
from ntmtasks.files.models import StoredFile
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.periods import Days, PeriodKind
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.reports.rules.templates import TemplateUse


class ReportRequirement(Base):
    """A duty to report, from one or several clauses, to one or several recipients; `kinds` are code
    names of PeriodKind. Days that are None are those of the office's settings.

    An ad hoc report (báo cáo đột xuất) has a `question`, who asked it and when, and perhaps the hour
    until which it is due; from `closed_at` on nobody is asked any longer.
    """

    __tablename__ = "report_requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    title: Mapped[str]
    recipients: Mapped[list[str]]
    kinds: Mapped[list[str]]
    cut_off_day: Mapped[int | None]
    agency_due_day: Mapped[int | None]
    office_due_day: Mapped[int | None]
    lock_days: Mapped[int | None]
    question: Mapped[str] = mapped_column(default="")
    due_time: Mapped[time | None]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    plan: Mapped[Plan] = relationship()
    asked_by: Mapped[User | None] = relationship()
    clauses: Mapped[list[Clause]] = relationship(secondary="report_requirement_clause")
    agencies: Mapped[list[Agency]] = relationship(
        secondary="report_requirement_agency", order_by=Agency.position
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_ad_hoc(self) -> bool:
        """Whether somebody asked once (báo cáo đột xuất), instead of a plan regularly."""
        return self.asked_by_id is not None

    @property
    def days(self) -> Days:
        """Its days as the rules see them."""
        return Days(self.cut_off_day, self.agency_due_day, self.office_due_day, self.lock_days)


class ReportRequirementAgency(Base):
    """An agency that owes the reports of a requirement."""

    __tablename__ = "report_requirement_agency"

    requirement_id: Mapped[int] = mapped_column(
        ForeignKey("report_requirement.id"), primary_key=True
    )
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)


class ReportRequirementClause(Base):
    """A clause that a requirement rests on."""

    __tablename__ = "report_requirement_clause"

    requirement_id: Mapped[int] = mapped_column(
        ForeignKey("report_requirement.id"), primary_key=True
    )
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)


class Report(Base):
    """One form for one agency and due day; it settles all periods that share them
    (month + quarter + year on 18/12).

    `source_kind`, `source_ref` and `source_on` say from which document, call or mail `submitted_by`
    entered it for the agency (nộp thay); they are empty where the agency sent it itself. `submitted_at`
    is that of the version which is in; None while one is owed. `decision_note` is the reason of the
    last return or unlocking. `is_let_in`: it may come in although its period has shut.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("requirement_id", "agency_id", "due_on"),
        Index("ix_report_state_due_on", "state", "due_on"),
        Index("ix_report_agency_id_due_on", "agency_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("report_requirement.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    due_on: Mapped[date]
    state: Mapped[ReportState] = mapped_column(enum_column(ReportState))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    source_kind: Mapped[SourceKind | None] = mapped_column(enum_column(SourceKind))
    source_ref: Mapped[str] = mapped_column(default="")
    source_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decision_note: Mapped[str] = mapped_column(default="")
    is_let_in: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    requirement: Mapped[ReportRequirement] = relationship()
    agency: Mapped[Agency] = relationship()
    submitted_by: Mapped[User | None] = relationship(foreign_keys=submitted_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    periods: Mapped[list["ReportingPeriod"]] = relationship(
        back_populates="report", order_by="ReportingPeriod.position"
    )

    __mapper_args__ = {"version_id_col": version}


class ReportingPeriod(Base):
    """One slot: an agency's month, quarter or year. Data runs from `starts_on` to `cut_off`, both
    inclusive. `report_id` is NULL and `not_required` says why where nothing is owed."""

    __tablename__ = "reporting_period"
    __table_args__ = (UniqueConstraint("requirement_id", "agency_id", "kind", "cut_off"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("report_requirement.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[PeriodKind] = mapped_column(enum_column(PeriodKind))
    position: Mapped[int]
    label: Mapped[str]
    starts_on: Mapped[date]
    cut_off: Mapped[date]
    due_on: Mapped[date]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    not_required: Mapped[str] = mapped_column(default="")

    requirement: Mapped[ReportRequirement] = relationship()
    report: Mapped[Report | None] = relationship(back_populates="periods")
    agency: Mapped[Agency] = relationship()


class ReportTemplate(Base):
    """The office's own .docx for the reports of a `use`; without a `file` they are written in ours.
    `places` and `styles` are the names that it holds, `dropped` says what was taken out of it."""

    __tablename__ = "report_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    use: Mapped[TemplateUse] = mapped_column(enum_column(TemplateUse), unique=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    places: Mapped[list[str]]
    styles: Mapped[list[str]]
    dropped: Mapped[list[str]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    version: Mapped[int] = mapped_column()

    file: Mapped[StoredFile | None] = relationship()
    changed_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ReportSection(Base):
    """A section of a report as somebody of the agency last left it; one without a row still stands as
    it is proposed."""

    __tablename__ = "report_section"
    __table_args__ = (UniqueConstraint("report_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    kind: Mapped[SectionKind] = mapped_column(enum_column(SectionKind))
    text: Mapped[str]
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    edited_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    edited_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ReportFigure(Base):
    """A labelled figure of a report being written. `value` is a decimal number as text ("1356.5"), ''
    where somebody took it out."""

    __tablename__ = "report_figure"
    __table_args__ = (UniqueConstraint("report_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    label: Mapped[str]
    unit: Mapped[str]
    value: Mapped[str]
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    edited_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    edited_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ReportSubmission(Base):
    """A report as it was sent, counted from 1: `content` is rules.content.Content in plain values. The
    source is that of the report when it was sent."""

    __tablename__ = "report_submission"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(deferred=True)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    source_kind: Mapped[SourceKind | None] = mapped_column(enum_column(SourceKind))
    source_ref: Mapped[str] = mapped_column(default="")
    source_on: Mapped[date | None]

    report: Mapped[Report] = relationship()
    sent_by: Mapped[User] = relationship()
