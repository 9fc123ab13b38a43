"""What is overdue, today and on past days."""

from collections.abc import Iterable

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies.models import Agency
from ntmtasks.core.access import Permission, require
from ntmtasks.core.tables import MOST_ROWS
from ntmtasks.core.web import taken_away
from ntmtasks.escalations.queries import held_up
from ntmtasks.oversight.rules.days import ShownDay
from ntmtasks.oversight.views.blueprint import asked_day, bp, no_such_day, page, page_of
from ntmtasks.progress.queries.silence import silences
from ntmtasks.tasks.labels import AGES
from ntmtasks.tasks.queries import counting, standing
from ntmtasks.tasks.queries.standing import Choice
from ntmtasks.tasks.rules import PAGE_ROWS, AgeClass, DeadlineClass
from ntmtasks.tasks.service.tables import assignments_table, stood_table


@bp.get("/overdue")
@require(Permission.READ_OWN, Permission.READ_ALL)
def overdue() -> ResponseReturnValue:
    """Late obligations, the oldest first, by age and agency."""
    scope, age, agency_id = _asked()
    day = _day(scope)
    if day.fault:
        return no_such_day(day, "Quá hạn")
    ages = counting.overdue_by_age(day.on, agency_id)
    total = ages[age] if age else sum(ages.values())
    number, pages = page_of(total)
    agencies = counting.overdue_by_agency(day.on, scope)
    start = (number - 1) * PAGE_ROWS
    return page(
        "overdue",
        day,
        rows=[]
        if day.is_past
        else counting.overdue_assignments(day.on, age, agency_id, PAGE_ROWS, start),
        stood=standing.listed(day.on, _late(age, agency_id), PAGE_ROWS, start)
        if day.is_past
        else [],
        reads_all=scope is None,
        ages=ages,
        age=age,
        agencies=agencies,
        agency_id=agency_id,
        held_up=held_up(),
        shows=_said(age, agency_id, [agency for agency, _, _ in agencies]),
        total=total,
        page=number,
        pages=pages,
        at_page=lambda n: url_for(
            "oversight.overdue", on=day.asked, age=age and age.value, agency=agency_id, page=n
        ),
    )


def _asked() -> tuple[int | None, AgeClass | None, int | None]:
    """The agency to which the reader is limited, and the age and agency that the address asks for."""
    scope = None if current_user.can(Permission.READ_ALL) else me().agency_id
    age = next((a for a in AgeClass if a.value == request.args.get("age")), None)
    return scope, age, scope or request.args.get("agency", type=int)


def _day(scope: int | None) -> ShownDay:
    """The day that the address asks for, which those limited to an agency may not choose: what it had on
    a past day, it may not read today."""
    day = asked_day().day
    if day.typed and scope is not None:
        abort(403)
    return day


def _late(age: AgeClass | None, agency_id: int | None) -> Choice:
    return Choice(klass=DeadlineClass.OVERDUE, age=age, agency_id=agency_id)


def _said(age: AgeClass | None, agency_id: int | None, known: Iterable[Agency]) -> str:
    parts = [f"quá hạn {AGES[age]}" if age else ""]
    parts += [f"cơ quan {a.name}" for a in known if a.id == agency_id]
    return "; ".join(filter(None, parts))


@bp.get("/overdue/export.<any(xlsx,csv):ending>")
@require(Permission.READ_OWN, Permission.READ_ALL)
def take_overdue(ending: str) -> ResponseReturnValue:
    """Late obligations as the address filters them, on its day, as a file."""
    scope, age, agency_id = _asked()
    day = _day(scope)
    if day.fault:  # the page says why
        return redirect(url_for("oversight.overdue", on=day.typed), 303)
    known = [agency for agency, _, _ in counting.overdue_by_agency(day.on, scope)]
    shows = _said(age, agency_id, known) or "tất cả đầu việc quá hạn"
    back = url_for("oversight.overdue", on=day.asked, age=age and age.value, agency=agency_id)
    if day.is_past:
        stood = standing.listed(day.on, _late(age, agency_id), MOST_ROWS + 1)
        table = stood_table(me(), "Quá hạn", shows, stood, day.on)
        return taken_away(table, ending, f"qua-han-ngay-{day.on}-lap", back)
    rows = counting.overdue_assignments(day.on, age, agency_id, MOST_ROWS + 1, 0)
    quiet = silences(rows, day.on)
    table = assignments_table(me(), "Quá hạn", shows, rows, held_up(), quiet)
    return taken_away(table, ending, "qua-han", back)
