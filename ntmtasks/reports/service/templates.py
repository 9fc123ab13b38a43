"""The office's own templates: put one in place, take it away, hand it to who writes a report."""

import structlog

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, insert, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.core.papers import CONTENT_TYPE
from ntmtasks.core.templates import Template
from ntmtasks.files import service as files
from ntmtasks.history.service import record
from ntmtasks.reports.labels import TEMPLATES
from ntmtasks.reports.models import ReportTemplate
from ntmtasks.reports.queries import templates as queries
from ntmtasks.reports.rules.templates import TemplateUse

log = structlog.get_logger()

_NONE = "mẫu của chương trình"


def replace(
    actor: User,
    use: TemplateUse,
    name: str,
    template: Template,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Write these reports in the office's own `template` from now on; the file came as `name`. A form
    that comes again does nothing. Raises ChangedMeanwhile."""
    with transaction():
        if not use_once(form_token):
            return
        row = _row(actor, use, version)
        before = row.file.name if row.file else _NONE
        _let_go_of_file(row)
        row.file = files.store(actor, name, template.content, CONTENT_TYPE)
        row.places, row.styles = list(template.places), list(template.styles)
        row.dropped = list(template.dropped)
        _note(row, actor, "report.template", before, name, ", ".join(template.dropped))


def remove(actor: User, use: TemplateUse, version: int | None = None) -> None:
    """Write these reports in our own template again; where they are, nothing happens. Raises
    ChangedMeanwhile."""
    with transaction():
        row = queries.template(use)
        if row is None or row.file is None:
            return
        check_version(row, version)
        before = row.file.name
        _let_go_of_file(row)
        row.places, row.styles, row.dropped = [], [], []
        _note(row, actor, "report.template.remove", before, _NONE, "")


def _row(actor: User, use: TemplateUse, version: int | None) -> ReportTemplate:
    """The row of a use as the person saw it, made where there is none."""
    row = queries.template(use)
    if row is not None:
        check_version(row, version)
        return row
    first = insert(ReportTemplate).values(
        use=use,
        places=[],
        styles=[],
        dropped=[],
        changed_at=clock.now(),
        changed_by_id=actor.id,
        version=1,
    )
    made = db.session.scalar(
        first.on_conflict_do_nothing(index_elements=["use"]).returning(ReportTemplate.id)
    )
    if made is None:
        raise ChangedMeanwhile
    return db.session.get_one(ReportTemplate, made)


def _let_go_of_file(row: ReportTemplate) -> None:
    if row.file is not None:
        files.release(row.file)
        row.file = None


def _note(
    row: ReportTemplate, actor: User, verb: str, before: str, after: str, dropped: str
) -> None:
    row.changed_by, row.changed_at = actor, clock.now()
    db.session.flush()
    taken_out = {"Đã bỏ khỏi tệp": dropped} if dropped else {}
    whose = {"Dùng cho": TEMPLATES[row.use]}
    record(
        actor,
        "report_template",
        row.id,
        verb,
        before={"Mẫu": before},
        after={"Mẫu": after, **whose, **taken_out},
    )


def content(use: TemplateUse) -> bytes:
    """The template for these reports, b"" for our own; so too, and said in the log, where its file is
    gone from the disk."""
    row = queries.template(use)
    if row is None or row.file is None:
        return b""
    try:
        with files.open_stored(row.file) as source:
            return source.read()
    except FileNotFoundError:
        log.error("template_missing", file=row.file.id)
        return b""
