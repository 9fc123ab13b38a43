"""The page that brings a new plan in."""

from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import moved, refused
from ntmtasks.intake.forms.upload import UploadForm
from ntmtasks.intake.service.reading import Unreadable
from ntmtasks.intake.service.uploading import AlreadyThere, NoYear, bring_in
from ntmtasks.intake.views.blueprint import bp
from ntmtasks.plans.models import Plan


@bp.route("/plans/new", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def upload() -> ResponseReturnValue:
    """A document as a file or as pasted text; what is read waits as a draft for its review."""
    form = UploadForm(settings.number(settings.UPLOAD_MEGABYTES))
    if not form.is_submitted():
        return _render("upload.html", form)
    twins: Sequence[Plan] = ()
    if form.validate():
        try:
            return _done(_bring_in(form))
        except Unreadable as refusal:
            form.source.errors = [str(refusal)]
        except NoYear:
            form.year.errors = ["Văn bản không nêu rõ năm của kế hoạch. Hãy ghi năm vào đây."]
        except AlreadyThere as known:
            twins = known.twins
    return refused(
        422,
        lambda: _render("upload.html", form, twins),
        lambda: _render("_upload_form.html", form, twins),
    )


def _bring_in(form: UploadForm) -> Plan | None:
    return bring_in(
        me(),
        form.document.name,
        form.document.content,
        form.year.data,
        form.apart.data,
        form.form_token.data,
    )


def _done(plan: Plan | None) -> ResponseReturnValue:
    if plan is None:
        return moved("Kế hoạch này vừa được đưa vào.", url_for("plans.index"))
    return moved(
        f"Đã đọc {plan.source_file.name}. Hãy soát lại trước khi ban hành giao việc.",
        url_for("intake.review", plan_id=plan.id),
    )


def _render(template: str, form: UploadForm, twins: Sequence[Plan] = ()) -> str:
    return render_template(f"intake/{template}", form=form, twins=twins)
