"""The office's own templates for reports."""

from collections.abc import Callable

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, papers, settings, templates, web
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile, let_go
from ntmtasks.files.access import send
from ntmtasks.history import queries as history
from ntmtasks.reports.forms.templates import TemplateForm
from ntmtasks.reports.labels import TEMPLATES
from ntmtasks.reports.models import ReportTemplate
from ntmtasks.reports.queries import templates as queries
from ntmtasks.reports.rules.templates import TemplateUse
from ntmtasks.reports.service import templates as service
from ntmtasks.reports.views.blueprint import bp

KEEPERS = (Permission.COORDINATE, Permission.ADMINISTER)
CHANGED = "Mẫu này vừa được người khác thay. Hãy xem mẫu đang dùng, chọn lại tệp rồi lưu."
USES = "<any(office,agencies):use>"


@bp.get("/reports/templates")
@require(*KEEPERS)
def template_list() -> ResponseReturnValue:
    """In which template whose reports are written, and what a template may hold."""
    return _page()


@bp.get("/reports/templates/start.docx")
@require(*KEEPERS)
def template_to_start_from() -> ResponseReturnValue:
    """Our own template, for an office to make its own of."""
    today = clock.today()
    content = web.by_office(lambda: templates.to_start_from(today))
    return web.handed_out(content, papers.CONTENT_TYPE, "mau-bao-cao.docx")


@bp.get(f"/reports/templates/{USES}/file")
@require(*KEEPERS)
def template_file(use: str) -> ResponseReturnValue:
    """The template that is in use, as it was taken in."""
    row = queries.template(TemplateUse(use))
    if row is None or row.file is None:
        abort(404)
    return send(row.file)


@bp.post(f"/reports/templates/{USES}")
@require(*KEEPERS)
def replace_template(use: str) -> ResponseReturnValue:
    """Put the office's own template in place; a file that is none leaves the old one there."""
    kind, form = TemplateUse(use), TemplateForm()
    form.megabytes = settings.number(settings.UPLOAD_MEGABYTES)
    if not form.validate_on_submit():
        return _refused(422, kind, form)
    name, content = form.upload()
    actor, today = me(), clock.today()
    let_go()
    try:
        template = templates.taken_in(content, today)
    except templates.Refused as refusal:
        form.file.errors = [str(refusal)]
        return _refused(422, kind, form)
    seen = form.version.data, form.form_token.data
    return _changed(kind, form, lambda: service.replace(actor, kind, name, template, *seen))


@bp.post(f"/reports/templates/{USES}/remove")
@require(*KEEPERS)
def remove_template(use: str) -> ResponseReturnValue:
    """Write these reports in our own template again."""
    kind, form = TemplateUse(use), TemplateForm()
    return _changed(kind, form, lambda: service.remove(me(), kind, form.version.data))


def _changed(kind: TemplateUse, form: TemplateForm, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except ChangedMeanwhile:
        form.form_errors.append(CHANGED)
        row = queries.template(kind)
        form.see_version(row.version if row else 0)
        return _refused(409, kind, form)
    fragment = _fragment(kind) if web.wants_fragment() else ""
    return web.saved("Đã lưu mẫu báo cáo.", url_for("reports.template_list"), fragment)


def _refused(status: int, kind: TemplateUse, form: TemplateForm) -> ResponseReturnValue:
    return web.refused(status, lambda: _page(kind, form), lambda: _fragment(kind, form))


def _page(kind: TemplateUse | None = None, form: TemplateForm | None = None) -> str:
    found = queries.templates()
    shown = [
        _shown(use, found.get(use), form if use is kind and form else None) for use in TemplateUse
    ]
    return render_template(
        "reports/templates.html",
        shown=shown,
        places=papers.PLACES,
        styles=papers.STYLES,
        entries=history.of_all("report_template"),
    )


def _fragment(kind: TemplateUse, form: TemplateForm | None = None) -> str:
    return render_template("reports/_template.html", **_shown(kind, queries.template(kind), form))


def _shown(
    use: TemplateUse, row: ReportTemplate | None, form: TemplateForm | None
) -> dict[str, object]:
    fresh = TemplateForm(formdata=None, version=row.version if row else 0)
    fresh.megabytes = settings.number(settings.UPLOAD_MEGABYTES)
    return {"use": use, "title": TEMPLATES[use], "row": row, "form": form or fresh}
