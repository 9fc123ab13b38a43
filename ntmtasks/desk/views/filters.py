"""Saved filters: the tabs above the board."""

from urllib.parse import parse_qsl

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import require
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.filters import SaveFilterForm
from ntmtasks.desk.service.filters import MOST, NameTaken, TooMany, remove_filter, save_filter
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.board import KEEPERS, address, board_page, filter_context
from ntmtasks.tasks.rules import BoardFilter, read_filter


@bp.post("/tasks/filters")
@require(*KEEPERS)
def keep_filter() -> ResponseReturnValue:
    """Keep the filter that the board shows, as a tab for the own agency."""
    form = SaveFilterForm()
    chosen = read_filter(parse_qsl(form.address.data or ""))[0]
    if not form.validate_on_submit():
        return _refused(422, chosen, form)
    if not chosen.pairs(page=1):
        form.form_errors.append("Hãy lọc danh sách trước rồi mới lưu.")
        return _refused(422, chosen, form)
    try:
        save_filter(me(), form.name.data or "", chosen, form.form_token.data)
    except NameTaken:
        form.name.errors = ["Cơ quan đã có bộ lọc tên này; hãy đặt tên khác."]
        return _refused(409, chosen, form)
    except TooMany:
        form.form_errors.append(f"Cơ quan đã có {MOST} bộ lọc; hãy xóa bớt rồi lưu lại.")
        return _refused(409, chosen, form)
    fragment = tabs(chosen) if wants_fragment() else ""
    return saved("Đã lưu bộ lọc cho cơ quan.", address(chosen), fragment)


@bp.post("/tasks/filters/<id:filter_id>/remove")
@require(*KEEPERS)
def drop_filter(filter_id: int) -> ResponseReturnValue:
    """Remove a saved filter."""
    found = access.filter_to_remove(me(), filter_id)
    chosen = read_filter(parse_qsl(found.address))[0]
    remove_filter(me(), found)
    fragment = tabs(chosen) if wants_fragment() else ""
    return saved("Đã xóa bộ lọc.", url_for("desk.board"), fragment)


def tabs(chosen: BoardFilter, form: SaveFilterForm | None = None) -> str:
    """The tabs of the own agency as a fragment; a refused form keeps what was typed."""
    return render_template("desk/_filters.html", chosen=chosen, **filter_context(chosen, form))


def _refused(status: int, chosen: BoardFilter, form: SaveFilterForm) -> ResponseReturnValue:
    return refused(status, lambda: board_page(chosen, filter_form=form), lambda: tabs(chosen, form))
