"""The templates in which reports are written."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ntmtasks.core.db import db
from ntmtasks.reports.models import ReportTemplate
from ntmtasks.reports.rules.templates import TemplateUse


def template(use: TemplateUse) -> ReportTemplate | None:
    """The office's own template for these reports with its file; None where there never was one."""
    return db.session.scalar(
        select(ReportTemplate)
        .where(ReportTemplate.use == use)
        .options(joinedload(ReportTemplate.file), joinedload(ReportTemplate.changed_by))
    )


def templates() -> dict[TemplateUse, ReportTemplate]:
    """Those that there are."""
    rows = db.session.scalars(
        select(ReportTemplate).options(
            joinedload(ReportTemplate.file), joinedload(ReportTemplate.changed_by)
        )
    )
    return {row.use: row for row in rows}
