"""The pages that bring running work in from a spreadsheet: template, upload, preview."""

import io
from collections import Counter
from collections.abc import Sequence

from flask import abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import moved, refused
from ntmtasks.files.access import file_to_decide
from ntmtasks.files.models import StoredFile
from ntmtasks.files.rules import XLSX
from ntmtasks.intake.forms.table import TableForm, TakeOverForm
from ntmtasks.intake.forms.upload import FIRST_YEAR, LAST_YEAR
from ntmtasks.intake.rules.sheets.parts import HEADINGS, STATE_WORDS, TableReading
from ntmtasks.intake.service import tabling
from ntmtasks.intake.service.reading import Unreadable
from ntmtasks.intake.service.uploading import AlreadyThere
from ntmtasks.intake.views.blueprint import bp
from ntmtasks.plans.models import Plan

SHOWN_ROWS = 200


@bp.route("/plans/new/table", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def table() -> ResponseReturnValue:
    """Choose a spreadsheet; it is only looked at, and held for the preview."""
    form = TableForm(settings.number(settings.UPLOAD_MEGABYTES), clock.today().year)
    if form.validate_on_submit():
        year = form.year.data or abort(400)
        try:
            tabling.look_at(form.document.name, form.document.content, year)
        except Unreadable as refusal:
            form.file.errors = [str(refusal)]
        else:
            stored = tabling.hold(me(), form.document.name, form.document.content)
            return moved(
                "Đã đọc bảng, chưa lưu gì.",
                url_for(".table_preview", file_id=stored.id, year=year),
            )
    if not form.is_submitted():
        return render_template("intake/table.html", form=form)
    return refused(
        422,
        lambda: render_template("intake/table.html", form=form),
        lambda: render_template("intake/_table_upload.html", form=form),
    )


@bp.get("/plans/new/table/template")
@require(Permission.COORDINATE)
def table_template() -> ResponseReturnValue:
    """The empty spreadsheet."""
    content = io.BytesIO(tabling.template(clock.today().year))
    return send_file(
        content, XLSX, as_attachment=True, download_name="bang-nhiem-vu.xlsx", max_age=0
    )


@bp.route("/plans/new/table/<id:file_id>", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def table_preview(file_id: int) -> ResponseReturnValue:
    """What the spreadsheet would become; nothing is saved before *Đưa vào*."""
    stored = file_to_decide(me(), file_id)
    year = request.args.get("year", type=int)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    form = TakeOverForm()
    reading = tabling.look_again(stored, year)
    if not form.is_submitted():
        return _preview("table_preview.html", stored, reading, year, form)
    twins: Sequence[Plan] = ()
    if _is_fit(form, reading):
        try:
            return _done(
                tabling.take_over(
                    me(), stored, reading, form.head(year), form.apart.data, form.form_token.data
                )
            )
        except AlreadyThere as known:
            twins = known.twins
    return refused(
        422,
        lambda: _preview("table_preview.html", stored, reading, year, form, twins),
        lambda: _preview("_take_over_form.html", stored, reading, year, form, twins),
    )


def _is_fit(form: TakeOverForm, reading: TableReading) -> bool:
    is_valid = bool(form.validate())
    if not reading.rows:
        form.form_errors.append("Không có dòng nào đúng để đưa vào.")
    elif reading.bad and not form.skip_bad.data:
        form.skip_bad.errors = [
            "Còn dòng có ô sai: hãy sửa trong bảng rồi tải lên lại, hoặc đánh dấu ô này."
        ]
    else:
        return is_valid
    return False


def _done(plan: Plan | None) -> ResponseReturnValue:
    if plan is None:
        return moved("Bảng này vừa được đưa vào.", url_for("plans.index"))
    return moved("Đã đưa bảng vào và giao nhiệm vụ.", url_for("plans.show", plan_id=plan.id))


def _preview(
    template: str,
    stored: StoredFile,
    reading: TableReading,
    year: int,
    form: TakeOverForm,
    twins: Sequence[Plan] = (),
) -> str:
    return render_template(
        f"intake/{template}",
        stored=stored,
        reading=reading,
        year=year,
        form=form,
        twins=twins,
        shown=SHOWN_ROWS,
        headings=HEADINGS,
        states=STATE_WORDS,
        by_state=Counter(row.state for row in reading.rows),
        assumed=Counter(text for row in reading.rows for text in row.assumed),
    )
