"""Chế độ báo cáo: who owes which reports, seen by readers of everything, kept by the coordinator."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import moved, refused
from ntmtasks.history import queries as history
from ntmtasks.plans import queries as plans
from ntmtasks.plans.models import Plan
from ntmtasks.reports import access
from ntmtasks.reports.forms.requiring import RequirementForm
from ntmtasks.reports.models import ReportRequirement
from ntmtasks.reports.queries import requirements as queries
from ntmtasks.reports.service import requiring
from ntmtasks.reports.service.requiring import Terms
from ntmtasks.reports.views.blueprint import bp

STALE = (
    "Chế độ báo cáo này vừa được người khác sửa. Nội dung bạn nhập còn nguyên; hãy xem rồi lưu lại."
)


@bp.get("/reports/requirements/")
@require(Permission.READ_ALL)
def requirements() -> ResponseReturnValue:
    """All duties to report."""
    return render_template(
        "reports/requirements.html",
        requirements=queries.requirements(),
        may_add=me().can(Permission.COORDINATE) and plans.current_plan() is not None,
    )


@bp.get("/reports/requirements/<id:requirement_id>")
@require(Permission.READ_ALL)
def requirement(requirement_id: int) -> ResponseReturnValue:
    """One of them: its terms, its periods, its history."""
    row = access.requirement_to_read(requirement_id)
    return _page(row, _form(row) if me().can(Permission.COORDINATE) else None)


@bp.post("/reports/requirements/<id:requirement_id>")
@require(Permission.COORDINATE)
def change_requirement(requirement_id: int) -> ResponseReturnValue:
    """Change one; what is neither due nor sent moves."""
    row = access.requirement_to_read(requirement_id)
    form = _form(row)
    if not form.validate_on_submit():
        return _refused(422, row, form)
    asked = (form.version.data, form.form_token.data)
    try:
        count = requiring.change_requirement(me(), row, _terms(form), *asked)
    except ChangedMeanwhile:
        row = access.requirement_to_read(requirement_id)
        form.collide(_form(row, formdata=None), STALE)
        return _refused(409, row, form)
    message = f"Đã lưu; {count} kỳ báo cáo thay đổi." if count else "Đã lưu."
    return moved(message, url_for("reports.requirement", requirement_id=requirement_id))


@bp.route("/reports/requirements/new", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def new_requirement() -> ResponseReturnValue:
    """Add one to the plan under way."""
    plan = plans.current_plan() or abort(404)
    form = _form(None, plan)
    if not form.is_submitted():
        return _page(None, form)
    if not form.validate():
        return _refused(422, None, form)
    made = requiring.add_requirement(me(), plan, _terms(form), form.form_token.data)
    if made is None:  # sent twice
        return moved("Đã thêm chế độ báo cáo.", url_for("reports.requirements"))
    return moved(
        "Đã thêm chế độ báo cáo; các cơ quan được báo.",
        url_for("reports.requirement", requirement_id=made.id),
    )


def _form(
    row: ReportRequirement | None, plan: Plan | None = None, **options: None
) -> RequirementForm:
    plan_id = row.plan_id if row is not None else plan.id if plan is not None else 0
    clauses = plans.clauses(plan_id)
    return RequirementForm.of(row, clauses, _offered(row), _usual(), **options)


def _offered(row: ReportRequirement | None) -> list[Agency]:
    """The agencies that may owe it: the living ones, and who owes it already."""
    living = {agency.id for agency in agencies.living_agencies(clock.today())}
    owing = {agency.id for agency in row.agencies} if row is not None else set()
    return [agency for agency in agencies.all_agencies() if agency.id in living | owing]


def _terms(form: RequirementForm) -> Terms:
    chosen = set(form.agencies.data or ())
    return Terms(
        title=form.title.data or "",
        recipients=form.recipient_lines,
        kinds=form.chosen_kinds,
        agencies=[agency for agency in agencies.all_agencies() if agency.id in chosen],
        clauses=form.clauses,
        days=form.days,
    )


def _refused(
    status: int, row: ReportRequirement | None, form: RequirementForm
) -> ResponseReturnValue:
    return refused(
        status,
        lambda: _page(row, form),
        lambda: render_template("reports/_requirement_form.html", **_shown(row, form)),
    )


def _page(row: ReportRequirement | None, form: RequirementForm | None) -> str:
    entries = history.of("report_requirement", row.id, history.FEW) if row is not None else ()
    return render_template(
        "reports/requirement.html",
        **_shown(row, form),
        periods=queries.period_lines(row.id) if row is not None else (),
        entries=entries,
    )


def _shown(row: ReportRequirement | None, form: RequirementForm | None) -> dict[str, object]:
    return {"row": row, "form": form}


def _usual() -> dict[str, int]:
    """What holds where a requirement has no day of its own, by the name of its field."""
    return {
        "cut_off_day": settings.number(settings.CUT_OFF_DAY),
        "agency_due_day": settings.number(settings.AGENCY_DUE_DAY),
        "office_due_day": settings.number(settings.OFFICE_DUE_DAY),
        "lock_days": settings.number(settings.REPORT_LOCK_DAYS),
    }
