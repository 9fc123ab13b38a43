"""Sending a report, by its agency or for it."""

from collections.abc import Mapping
from typing import Any

from ntmtasks.accounts.models import User
from ntmtasks.core import clock, formats, instance
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.plain import to_plain
from ntmtasks.core.sources import Source, check_day, source_words
from ntmtasks.core.text import search_text
from ntmtasks.history.service import record
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.rules import Event
from ntmtasks.reports.models import Report, ReportSubmission
from ntmtasks.reports.queries import contents
from ntmtasks.reports.queries.one import is_shut_out, labels_of, submitted_on, work_of
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.states import OWED, TRANSITIONS, Act, Locked, ReportState
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.telling import tell_office


class NothingSaid(ValueError):
    """A report without a single section or figure."""


def submit(
    report_id: int,
    texts: Mapping[SectionKind, str] | None,
    actor: User,
    version: int | None = None,
    source: Source | None = None,
) -> Report:
    """Send the report `report_id` for its agency now; it settles all its periods, and is kept as it is.

    `texts` are its sections, None: those that have been written so far.
    With a `source` somebody enters for another agency what came by document, call or mail: it counts
    from that day, the agency is told and may send its own text in place of it, which keeps the day.
    The same text sent twice by the same person (a double click) counts once. Raises ChangedMeanwhile
    when it has been sent already, or is not at the `version` that the person saw, and BadDay for a
    source's day that cannot be, Locked when its period's last day has passed, NothingSaid for an empty report.
    """
    with transaction():
        report = db.session.get_one(Report, report_id, with_for_update=True)
        if report.state is ReportState.SUBMITTED:
            if report.submitted_by_id == actor.id and _says(report, texts):
                return report
            if report.source_kind is None:
                raise ChangedMeanwhile
        if report.state not in TRANSITIONS[_act(report, source)].before:
            raise ChangedMeanwhile
        check_version(report, version)
        if is_shut_out(report):
            raise Locked
        is_new = report.state in OWED
        _keep(report, actor, source)
        sent = _keep_content(report, texts)
        changes.note_word(*work_of(report))
        words = {"Nguồn": source_words(source)} if source else {}
        record(
            actor,
            "report",
            report.id,
            "report.enter" if source else "report.submit",
            after={"Hạn nộp": formats.day(report.due_on), "Lần nộp": sent.number, **words},
        )
        if source is not None:
            _tell_agency(report, actor, source)
        if is_new:
            outbox.announce(Event.REPORT_SUBMITTED, report.agency_id, _said(report))
    return report


def _said(report: Report) -> dict[str, Any]:
    """A report as events describe it to other systems, in the words of /api/v1."""
    agency, submitted = report.agency, submitted_on(report)
    return {
        "report_id": report.id,
        "plan_id": report.requirement.plan_id,
        "title": report.requirement.title,
        "periods": list(labels_of(report)),
        "agency": {"id": agency.id, "name": agency.name, "short_name": agency.short_name},
        "due_on": report.due_on.isoformat(),
        "submitted_on": submitted.isoformat() if submitted else None,
        "url": f"{instance.config().base_url}/reports/{report.id}",
    }


def _act(report: Report, source: Source | None) -> Act:
    if source is not None:
        return Act.ENTER
    return Act.SUBMIT if report.state in OWED else Act.CORRECT


def _says(report: Report, texts: Mapping[SectionKind, str] | None) -> bool:
    """Whether what was last sent says just this in these sections."""
    sent = contents.newest(report.id)
    if sent is None or texts is None:
        return False
    said = {each.kind: each.text for each in contents.content_as_sent(sent).sections}
    return all(said.get(kind, "") == text.strip() for kind, text in texts.items())


def _keep_content(report: Report, texts: Mapping[SectionKind, str] | None) -> ReportSubmission:
    content = contents.composed(report, contents.draft(report), texts)
    if not content.sections and not content.figures:
        raise NothingSaid
    last = contents.newest(report.id)
    sent = ReportSubmission(
        report_id=report.id,
        number=last.number + 1 if last else 1,
        content=to_plain(content),
        search_text=search_text(*(section.text for section in content.sections)),
        sent_at=clock.now(),
        sent_by=report.submitted_by,
        source_kind=report.source_kind,
        source_ref=report.source_ref,
        source_on=report.source_on,
    )
    db.session.add(sent)
    db.session.flush()
    return sent


def _keep(report: Report, actor: User, source: Source | None) -> None:
    if source is not None:
        check_day(source.on, report.requirement.plan.issued_on, clock.today())
        report.source_kind, report.source_ref = source.kind, source.ref
        report.source_on = source.on
    if report.state in OWED:
        sent_at = clock.moment_on(source.on) if source else clock.now()
        if report.state is ReportState.RETURNED and report.decided_at is not None:
            # It comes in after it was returned, whatever day its paper bears.
            sent_at = max(sent_at, report.decided_at)
        report.submitted_at = sent_at
        report.decided_at, report.decided_by, report.decision_note = None, None, ""
    if source is None:
        report.source_kind, report.source_ref, report.source_on = None, "", None
    report.state, report.submitted_by = ReportState.SUBMITTED, actor
    db.session.flush()


def _tell_agency(report: Report, actor: User, source: Source) -> None:
    line = (
        f"{actor.name} nộp thay theo {source_words(source)}. Nếu chưa đúng, cơ quan sửa ngay trên "
        "trang báo cáo hoặc báo lại Văn phòng Điều phối."
    )
    tell_office(
        report.agency_id,
        None,
        "report.entered",
        f"Báo cáo hạn {formats.day(report.due_on)} được nộp thay",
        line,
        f"/reports/{report.id}",
    )
