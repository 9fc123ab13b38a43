"""Pages about agencies, their groups, fields of work and areas."""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.agencies import queries, service
from ntmtasks.agencies.access import agency_to_edit, field_to_edit, group_to_edit
from ntmtasks.agencies.forms import AgencyForm, EditAgencyForm, FieldForm, GroupForm, lines
from ntmtasks.agencies.labels import KINDS
from ntmtasks.agencies.models import Agency, AgencyGroup, FieldOwner
from ntmtasks.core.access import Permission, require
from ntmtasks.core.clock import today
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import Form
from ntmtasks.core.web import refused, saved
from ntmtasks.history import queries as history

bp = Blueprint("agencies", __name__, url_prefix="/agencies")
SUBJECTS = {"agency": "agency", "group": "agency_group", "field": "field"}
"""How the record names what a form edits."""
Row = Agency | AgencyGroup | FieldOwner
TAKEN = "Tên này đã dùng cho một mục khác."
STALE = "Mục này đã được người khác sửa trong lúc bạn nhập. Hãy xem bản đang lưu rồi lưu lại."


@bp.get("/")
@require(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """All agencies in protocol order, and the groups."""
    return render_template(
        "agencies/index.html",
        agencies=queries.all_agencies(),
        groups=queries.groups(),
        kinds=KINDS,
    )


@bp.get("/areas")
@require(Permission.ADMINISTER)
def areas() -> ResponseReturnValue:
    """Districts with their communes."""
    return render_template("agencies/areas.html", districts=queries.districts())


@bp.get("/fields")
@require(Permission.ADMINISTER)
def fields() -> ResponseReturnValue:
    """The table field of work → agency."""
    return render_template("agencies/fields.html", fields=queries.fields())


@bp.route("/new", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    """Add an agency."""
    agencies = queries.all_agencies()
    form = AgencyForm(position=queries.last_position() + 1, valid_from=today())
    form.offer(agencies)
    if form.validate_on_submit():
        try:
            agency = service.add_agency(form.card(), current_user, form.form_token.data)
            return _agency_saved(agency, agencies, f"Đã thêm {agency.name}.")
        except service.NameTaken as taken:
            form[taken.field].errors = [TAKEN]
    return _form("agency", form, None)


@bp.route("/<id:agency_id>/edit", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def edit(agency_id: int) -> ResponseReturnValue:
    """Change an agency."""
    agency = agency_to_edit(agency_id)
    agencies = queries.all_agencies()
    form = EditAgencyForm.of(agency, agencies)
    if form.validate_on_submit():
        try:
            service.change_agency(agency, form.card(), form.version.data, current_user)
            return _agency_saved(agency, agencies, f"Đã lưu {agency.name}.")
        except service.NameTaken as taken:
            form[taken.field].errors = [TAKEN]
        except ChangedMeanwhile:
            stored = EditAgencyForm.of(agency, queries.all_agencies(), formdata=None)
            form.collide(stored, STALE)
            return _form("agency", form, agency, 409)
    return _form("agency", form, agency)


@bp.route("/groups/<id:group_id>", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def group(group_id: int) -> ResponseReturnValue:
    """Change the members of a group."""
    row = group_to_edit(group_id)
    form = GroupForm.of(row, queries.all_agencies())
    if form.validate_on_submit():
        names, members = lines(form.aliases.data), form.members.data or []
        try:
            service.change_group(row, names, members, form.version.data, current_user)
        except ChangedMeanwhile:
            form.collide(GroupForm.of(row, queries.all_agencies(), formdata=None), STALE)
            return _form("group", form, row, 409)
        fresh = GroupForm.of(row, queries.all_agencies(), formdata=None)
        return saved(f"Đã lưu nhóm {row.name}.", url_for(".index"), _piece("group", fresh, row))
    return _form("group", form, row)


@bp.route("/fields/new", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def new_field() -> ResponseReturnValue:
    """Add a field of work."""
    form = FieldForm.of(None, queries.all_agencies(), len(queries.fields()) + 1)
    if form.validate_on_submit():
        try:
            row = service.add_field(form.card(), current_user, form.form_token.data)
            return saved(f"Đã thêm {row.name}.", url_for(".fields"), _piece("field", form, row))
        except service.NameTaken:
            form.name.errors = [TAKEN]
    return _form("field", form, None)


@bp.route("/fields/<id:field_id>", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def edit_field(field_id: int) -> ResponseReturnValue:
    """Change a field of work or who leads it."""
    row = field_to_edit(field_id)
    form = FieldForm.of(row, queries.all_agencies(), row.position)
    if form.validate_on_submit():
        try:
            service.change_field(row, form.card(), form.version.data, current_user)
        except service.NameTaken:
            form.name.errors = [TAKEN]
        except ChangedMeanwhile:
            stored = FieldForm.of(row, queries.all_agencies(), row.position, formdata=None)
            form.collide(stored, STALE)
            return _form("field", form, row, 409)
        else:
            fresh = FieldForm.of(row, queries.all_agencies(), row.position, formdata=None)
            return saved(f"Đã lưu {row.name}.", url_for(".fields"), _piece("field", fresh, row))
    return _form("field", form, row)


def _agency_saved(agency: Agency, agencies: Sequence[Agency], message: str) -> ResponseReturnValue:
    fresh = EditAgencyForm.of(agency, agencies, formdata=None)
    return saved(message, url_for(".index"), _piece("agency", fresh, agency))


def _piece(name: str, form: Form, row: Row | None) -> str:
    return render_template(f"agencies/_{name}_form.html", form=form, row=row)


def _form(name: str, form: Form, row: Row | None, status: int = 422) -> ResponseReturnValue:
    """The page with a form, or the form again with what is wrong in it."""

    def page() -> str:
        entries = history.of(SUBJECTS[name], row.id, history.FEW) if row else ()
        return render_template(f"agencies/{name}.html", form=form, row=row, entries=entries)

    return refused(status, page, lambda: _piece(name, form, row)) if form.is_submitted() else page()
