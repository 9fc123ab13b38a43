"""Pages about days off and settings."""

from datetime import date

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.core import settings as stored
from ntmtasks.core.access import Permission, require
from ntmtasks.core.clock import today
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.formats import WEEKDAYS
from ntmtasks.core.formats import day as written
from ntmtasks.core.web import refused, saved
from ntmtasks.history import queries as history
from ntmtasks.workdays import queries, service
from ntmtasks.workdays.forms import FIRST_YEAR, LAST_YEAR, OFF, WORKING, DayForm, SettingsForm

bp = Blueprint("workdays", __name__)
CHANGED = (
    "Nội dung này đã được người khác sửa trong lúc bạn nhập. Hãy xem bản đang lưu rồi lưu lại."
)
LISTED = "Ngày này đã có trong danh sách. Lưu lần nữa là thay bản đang lưu bằng bản của bạn."


@bp.get("/workdays/")
@require(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """The special days of the year in the address, of this year without one."""
    return _page(_year(request.args.get("year")) or today().year, DayForm(formdata=None))


@bp.post("/workdays/")
@require(Permission.ADMINISTER)
def add() -> ResponseReturnValue:
    """Enter a day off or a working day."""
    form = DayForm()
    year = _year(request.form.get("year")) or today().year
    if not form.validate():
        return refused(422, lambda: _page(year, form), lambda: _piece(year, form))
    day = form.day.data or abort(400)
    name = form.name.data or ""
    try:
        service.set_day(day, form.is_working, name, current_user, form.version.data)
    except ChangedMeanwhile:
        _collide(form, day)
        return refused(409, lambda: _page(day.year, form), lambda: _piece(day.year, form))
    return _saved(f"Đã lưu ngày {written(day)}.", day.year)


@bp.post("/workdays/remove")
@require(Permission.ADMINISTER)
def remove() -> ResponseReturnValue:
    """Take one special day out of the calendar."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400)
    version = request.form.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    try:
        service.remove_day(day, current_user, seen)
    except ChangedMeanwhile:
        form = DayForm(formdata=None)
        form.form_errors.append(
            f"Ngày {written(day)} vừa được người khác sửa; hãy xem lại danh sách."
        )
        return refused(409, lambda: _page(day.year, form), lambda: _piece(day.year, form))
    return _saved(f"Đã bỏ ngày {written(day)} khỏi danh sách.", day.year)


@bp.post("/workdays/fill")
@require(Permission.ADMINISTER)
def fill() -> ResponseReturnValue:
    """Add what the calendar library knows about a year."""
    year = _year(request.form.get("year")) or abort(400)
    count = service.fill_year(year, current_user)
    return _saved(f"Đã thêm {count} ngày cho năm {year}.", year)


@bp.route("/settings/", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def settings() -> ResponseReturnValue:
    """The numbers that an administrator may change."""
    form = SettingsForm(data=_numbers())
    if request.method == "GET":
        return _settings("settings.html", form)
    if not form.validate():
        return refused(
            422,
            lambda: _settings("settings.html", form),
            lambda: _settings("_settings_form.html", form),
        )
    try:
        service.change_settings(form.values(), current_user, form.version.data)
    except ChangedMeanwhile:
        form.collide(SettingsForm(formdata=None, data=_numbers()), CHANGED)
        return refused(
            409,
            lambda: _settings("settings.html", form),
            lambda: _settings("_settings_form.html", form),
        )
    fresh = SettingsForm(formdata=None, data=_numbers())
    return saved("Đã lưu cài đặt.", url_for(".settings"), _settings("_settings_form.html", fresh))


def _numbers() -> dict[str, int]:
    numbers = {setting.name: stored.number(setting) for setting in stored.NUMBERS}
    return numbers | {"version": service.version_of_numbers().version}


def _collide(form: DayForm, day: date) -> None:
    row = queries.special_day(day)
    if row is None:  # taken out of the list at this very moment
        form.form_errors.append(CHANGED)
        return
    kind = WORKING if row.is_working else OFF
    data = {"day": day, "kind": kind, "name": row.name, "version": row.version}
    form.collide(DayForm(formdata=None, data=data), LISTED)


def _year(text: str | None) -> int | None:
    """A year that the calendar can hold; None for anything else."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) == 4):
        return None
    return int(text) if FIRST_YEAR <= int(text) <= LAST_YEAR else None


def _saved(message: str, year: int) -> ResponseReturnValue:
    return saved(message, url_for(".index", year=year), _piece(year, DayForm(formdata=None)))


def _page(year: int, form: DayForm) -> str:
    return _render("index.html", year, form)


def _piece(year: int, form: DayForm) -> str:
    return _render("_year.html", year, form)


def _render(template: str, year: int, form: DayForm) -> str:
    return render_template(
        f"workdays/{template}",
        year=year,
        days=queries.special_days(year),
        form=form,
        weekdays=WEEKDAYS,
        has_before=year > FIRST_YEAR,
        has_after=year < LAST_YEAR,
        entries=history.of_all("workday") if template == "index.html" else (),
    )


def _settings(template: str, form: SettingsForm) -> str:
    entries = history.of_all("setting") if template == "settings.html" else ()
    return render_template(
        f"workdays/{template}", form=form, numbers=stored.NUMBERS, entries=entries
    )
