"""Writing a report together: sections and figures, each with a version of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, db, transaction
from ntmtasks.history.service import record
from ntmtasks.reports.labels import SECTIONS
from ntmtasks.reports.models import Report, ReportFigure, ReportSection
from ntmtasks.reports.queries import contents
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.states import OWED, ReportState
from ntmtasks.reports.service.submitting import submit

SITTING = timedelta(hours=1)
"""Within this the saves of one person, which happen by themselves, are one entry of the record."""


@dataclass(frozen=True)
class TypedText:
    """A section as a person has it on the screen: `version` is the one it was made from (0: proposed),
    `is_touched` says whether the person changed it."""

    text: str
    version: int
    is_touched: bool


@dataclass(frozen=True)
class TypedFigure:
    """A figure in the same way; `value` is None where it was taken out."""

    label: str
    unit: str
    value: Decimal | None
    version: int
    is_touched: bool


@dataclass(frozen=True)
class Typed:
    """What comes from one screen."""

    texts: Mapping[SectionKind, TypedText] = field(default_factory=dict)
    figures: Sequence[TypedFigure] = ()


@dataclass(frozen=True)
class Collisions:
    """What somebody else has stored otherwise meanwhile; everything else was saved."""

    kinds: frozenset[SectionKind] = frozenset()
    labels: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.labels)


def save(report_id: int, actor: User, typed: Typed) -> Collisions:
    """Store what a person changed; what others changed since stays and is named.

    Sections and figures are apart: two people only meet in the same one. Raises ChangedMeanwhile where
    the report has been sent.
    """
    with transaction():
        report = _writable(report_id)
        return _store(report, actor, typed, whole=False)


def send(report_id: int, actor: User, typed: Typed, version: int | None = None) -> Collisions:
    """Send a report as it stands on the person's screen, unless somebody else has changed anything of
    it since: then what was typed is stored and nothing is sent.

    Raises ChangedMeanwhile where it has been sent already or is not at the `version` that was seen.
    """
    with transaction():
        report = db.session.get_one(Report, report_id, with_for_update=True)
        texts = {kind: each.text for kind, each in typed.texts.items()}
        if not _is_writable(report):
            submit(report_id, texts, actor, version)  # a double click, else it raises
            return Collisions()
        collisions = _store(report, actor, typed, whole=True)
        if not collisions:
            submit(report_id, None, actor, version)
    return collisions


def _writable(report_id: int) -> Report:
    report = db.session.get_one(Report, report_id, with_for_update=True)
    if not _is_writable(report):
        raise ChangedMeanwhile
    return report


def _is_writable(report: Report) -> bool:
    entered = report.state is ReportState.SUBMITTED and report.source_kind is not None
    return report.state in OWED or entered


def _store(report: Report, actor: User, typed: Typed, whole: bool) -> Collisions:
    """`whole`: what was left as proposed is stored too, and nothing may differ from what was seen."""
    kinds = {
        kind for kind, each in typed.texts.items() if not _keep(report, actor, kind, each, whole)
    }
    labels = {each.label for each in typed.figures if not _keep_figure(report, actor, each, whole)}
    return Collisions(frozenset(kinds), frozenset(labels))


def _keep(report: Report, actor: User, kind: SectionKind, typed: TypedText, whole: bool) -> bool:
    row = contents.section_row(report.id, kind)
    if row is not None and (row.text == typed.text or (not typed.is_touched and not whole)):
        return True
    if row is not None and row.version != typed.version:
        return False
    if row is None and not typed.is_touched and not whole:
        return True
    if row is not None or not whole:
        _note(report, actor, row, SECTIONS[kind], row.text if row else "")
    if row is None:
        row = ReportSection(report_id=report.id, kind=kind)
        db.session.add(row)
    row.text, row.edited_by, row.edited_at = typed.text, actor, clock.now()
    db.session.flush()
    return True


def _keep_figure(report: Report, actor: User, typed: TypedFigure, whole: bool) -> bool:
    row = contents.figure_row(report.id, typed.label)
    value = "" if typed.value is None else str(typed.value)
    if row is not None and ((row.value, row.unit) == (value, typed.unit)):
        return True
    if not typed.is_touched and (not whole or (row is None and not value)):
        return True
    if row is not None and row.version != typed.version:
        return False
    if row is not None or not whole:
        _note(report, actor, row, typed.label, f"{row.value} {row.unit}" if row else "")
    if row is None:
        row = ReportFigure(report_id=report.id, label=typed.label)
        db.session.add(row)
    row.value, row.unit = value, typed.unit
    row.edited_by, row.edited_at = actor, clock.now()
    db.session.flush()
    return True


def _note(
    report: Report,
    actor: User,
    row: ReportSection | ReportFigure | None,
    label: str,
    before: str,
) -> None:
    """Put on record who writes, and what they write over of somebody else's."""
    if row is not None and row.edited_by_id == actor.id:
        if clock.now() - row.edited_at < SITTING:
            return
        before = ""
    words = {"Phần": label}
    record(actor, "report", report.id, "report.write", {"Trước": before} if before else None, words)
