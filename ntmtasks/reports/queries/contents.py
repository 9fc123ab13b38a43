"""What a report says: as it was sent, or as it is being written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import db
from ntmtasks.core.plain import from_plain
from ntmtasks.core.text import fold
from ntmtasks.reports.models import (
    Report,
    ReportFigure,
    ReportingPeriod,
    ReportRequirement,
    ReportSection,
    ReportSubmission,
)
from ntmtasks.reports.queries.facts import facts
from ntmtasks.reports.rules import consolidating
from ntmtasks.reports.rules.annex import annex
from ntmtasks.reports.rules.content import Content, Figure, SectionKind, Table, sections_of
from ntmtasks.reports.rules.facts import Facts
from ntmtasks.reports.rules.figures import Kept, carried
from ntmtasks.reports.rules.proposing import Proposal, propose, written
from ntmtasks.reports.rules.states import OWED, ReportState


@dataclass(frozen=True)
class Draft:
    """A report being written: `texts` as they stand, stored, entered for the agency, or proposed;
    `rows` what is stored of them, `figures` what was typed and what waits to be typed; `last` is the
    agency's report before it."""

    texts: Mapping[SectionKind, str]
    rows: Mapping[SectionKind, ReportSection]
    figures: Sequence[Kept]
    proposals: Sequence[Proposal]
    facts: Facts
    tables: tuple[Table, ...]
    missing: tuple[str, ...] = ()
    last: Content | None = None


def content_of(report: Report) -> Content:
    """What a report (loaded by queries.one) says: as it was last sent, or as it stands while it is owed."""
    sent = None if report.state in OWED else newest(report.id)
    return content_as_sent(sent) if sent else composed(report, draft(report))


def composed(report: Report, of: Draft, texts: Mapping[SectionKind, str] | None = None) -> Content:
    """The content out of a draft; `texts` in place of its own: a paper that came as one text, which
    brings no figures."""
    typed = of.figures if texts is None else ()
    return Content(
        title=report.requirement.title,
        period_labels=tuple(period.label for period in report.periods),
        starts_on=of.facts.starts_on,
        cut_off=of.facts.cut_off,
        sections=sections_of(of.texts if texts is None else texts),
        figures=tuple(
            Figure(each.label, each.value, each.unit, each.previous)
            for each in typed
            if each.value is not None
        ),
        annex=annex(of.facts.works),
        tables=of.tables,
    )


def draft(report: Report) -> Draft:
    """A report as it is being written, with all that its composer shows."""
    rows = {row.kind: row for row in _sections(report.id)}
    sent, before = newest(report.id), _before(report)
    answers = report.requirement.is_ad_hoc
    gathers = report.agency.kind is AgencyKind.OFFICE and not answers
    gathering = _gathering(report) if gathers else None
    found = facts(report, is_whole_plan=gathering is not None)
    if answers:  # nothing goes along that was not asked for
        found = replace(found, works=(), difficulties=(), slots=())
    last = content_as_sent(before) if before else None
    proposals, sums = propose(found), list[Kept]()
    tables: tuple[Table, ...] = ()
    if gathering is not None:
        order = [agency.short_name for agency in agencies.all_agencies()]
        proposals = consolidating.consolidate(gathering, found)
        tables = consolidating.tables(found.works, order)
        sums = consolidating.sums(gathering)
    entered = content_as_sent(sent) if sent else None
    return Draft(
        texts=_texts(rows, entered, proposals),
        rows=rows,
        figures=carried(_figures(report.id), _last_figures(last), sums),
        proposals=proposals,
        facts=found,
        tables=tables,
        missing=gathering.missing if gathering else (),
        last=last,
    )


def _texts(
    rows: Mapping[SectionKind, ReportSection], sent: Content | None, proposals: Iterable[Proposal]
) -> dict[SectionKind, str]:
    found = list(proposals)
    said = {section.kind: section.text for section in sent.sections} if sent else None
    return {
        kind: rows[kind].text
        if kind in rows
        else written(found, kind)
        if said is None
        else said.get(kind, "")
        for kind in SectionKind
    }


def _sections(report_id: int) -> Iterable[ReportSection]:
    return db.session.scalars(
        select(ReportSection)
        .where(ReportSection.report_id == report_id)
        .options(joinedload(ReportSection.edited_by))
    )


def _figures(report_id: int) -> list[Kept]:
    rows = db.session.scalars(
        select(ReportFigure)
        .where(ReportFigure.report_id == report_id)
        .order_by(ReportFigure.id)
        .options(joinedload(ReportFigure.edited_by))
    )
    return [
        Kept(row.label, row.unit, Decimal(row.value) if row.value else None, row.version)
        for row in rows
    ]


def _last_figures(last: Content | None) -> list[Kept]:
    """The figures of the last report, waiting for their new values."""
    figures = last.figures if last else ()
    return [Kept(each.label, each.unit, None, previous=each.value) for each in figures]


def section_row(report_id: int, kind: SectionKind) -> ReportSection | None:
    """A section as it is stored."""
    return next((row for row in _sections(report_id) if row.kind is kind), None)


def figure_row(report_id: int, label: str) -> ReportFigure | None:
    """A figure as it is stored, whatever the case of its label."""
    rows = db.session.scalars(select(ReportFigure).where(ReportFigure.report_id == report_id))
    return next((row for row in rows if fold(row.label) == fold(label)), None)


def newest(report_id: int) -> ReportSubmission | None:
    """What was last sent of a report."""
    return db.session.scalar(
        select(ReportSubmission)
        .where(ReportSubmission.report_id == report_id)
        .order_by(ReportSubmission.number.desc())
        .limit(1)
    )


def submissions(report_id: int) -> Sequence[ReportSubmission]:
    """Everything that was sent of a report, the newest first, without the contents."""
    return db.session.scalars(
        select(ReportSubmission)
        .where(ReportSubmission.report_id == report_id)
        .order_by(ReportSubmission.number.desc())
        .options(defer(ReportSubmission.content), joinedload(ReportSubmission.sent_by))
    ).all()


def submission(report_id: int, number: int) -> ReportSubmission | None:
    """One of these with its content."""
    return db.session.scalar(
        select(ReportSubmission)
        .where(ReportSubmission.report_id == report_id, ReportSubmission.number == number)
        .options(joinedload(ReportSubmission.sent_by))
    )


def content_as_sent(sent: ReportSubmission) -> Content:
    """The content of a submission as it was."""
    return from_plain(Content, sent.content)


def _before(report: Report) -> ReportSubmission | None:
    """What the agency last sent of the same duty for an earlier period."""
    return db.session.scalar(
        select(ReportSubmission)
        .join(ReportSubmission.report)
        .where(
            Report.requirement_id == report.requirement_id,
            Report.agency_id == report.agency_id,
            Report.due_on < report.due_on,
            Report.state.not_in(OWED),
        )
        .order_by(Report.due_on.desc(), ReportSubmission.number.desc())
        .limit(1)
    )


def _gathering(report: Report) -> consolidating.Gathering:
    """The reports of the same periods that others owe on the same plan, in protocol order."""
    labels = [period.label for period in report.periods]
    found = db.session.scalars(
        select(Report)
        .join(Report.requirement)
        .where(
            ReportRequirement.plan_id == report.requirement.plan_id,
            Report.agency_id != report.agency_id,
            Report.periods.any(ReportingPeriod.label.in_(labels)),
        )
        .options(joinedload(Report.agency))
    ).all()
    sent = {
        row.report_id: row
        for row in db.session.scalars(
            select(ReportSubmission)
            .where(ReportSubmission.report_id.in_([r.id for r in found if r.state not in OWED]))
            .order_by(ReportSubmission.number)
        )
    }
    rows = sorted(found, key=lambda r: (r.agency.position, r.due_on, r.id))
    gathered = tuple(
        consolidating.Gathered(
            r.agency.short_name, r.state is ReportState.ACCEPTED, content_as_sent(sent[r.id])
        )
        for r in rows
        if r.id in sent
    )
    missing = tuple(dict.fromkeys(r.agency.short_name for r in rows if r.id not in sent))
    return consolidating.Gathering(gathered, missing)
