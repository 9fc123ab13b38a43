"""Pictures of a year: what was asked for and done, task by task, and when reports came in."""

from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import Permission, require
from ntmtasks.oversight.labels import REPORT_MARKS
from ntmtasks.oversight.queries.reporting import due_days
from ntmtasks.oversight.rules.charts import burn_up, calendar_of, months_of, place_of, span_of
from ntmtasks.oversight.views.blueprint import asked_day, bp, no_such_day, page, page_of
from ntmtasks.tasks.queries.course import Line, count_lines, course, lines
from ntmtasks.tasks.rules import PAGE_ROWS, DeadlineClass


@bp.get("/overview/pictures")
@require(Permission.OVERVIEW)
def pictures() -> ResponseReturnValue:
    """Confirmed work against the plan over the year, and the small calendars of reports."""
    day = asked_day().day
    if day.fault:
        return no_such_day(day, "Biểu đồ")
    year = day.on.year
    found = course(day.on)
    due = due_days(date(year, 1, 1), date(year, 12, 31), day.on)
    marks = {each.due_on: each.mark for each in due}
    return page(
        "pictures",
        day,
        year=year,
        months=months_of(year),
        chart=burn_up(found.planned, found.done, year, day.on),
        without_deadline=found.planned.get(None, 0),
        due=due,
        calendars=[(month, calendar_of(year, month, marks)) for month in range(1, 13)],
        mark_words=REPORT_MARKS,
    )


@bp.get("/overview/timeline")
@require(Permission.OVERVIEW)
def timeline() -> ResponseReturnValue:
    """The tasks on the line of the year, of all agencies or of one."""
    day = asked_day().day
    if day.fault:
        return no_such_day(day, "Theo tháng")
    year, agency_id = day.on.year, request.args.get("agency", type=int)
    total = count_lines(day.on, agency_id)
    number, pages = page_of(total)
    found = lines(day.on, agency_id, PAGE_ROWS, (number - 1) * PAGE_ROWS)
    return page(
        "timeline",
        day,
        year=year,
        months=months_of(year),
        now=place_of(day.on, year),
        rows=[(line, span_of(line.begun, line.last, year), _class_of(line)) for line in found],
        total=total,
        agency_id=agency_id,
        agencies=agencies.all_agencies(),
        page=number,
        pages=pages,
        at_page=lambda n: url_for("oversight.timeline", on=day.asked, agency=agency_id, page=n),
    )


def _class_of(line: Line) -> DeadlineClass:
    """How a task stands as a whole: late if anybody is, done when all are."""
    if line.late:
        return DeadlineClass.OVERDUE
    done = line.done == line.number
    return DeadlineClass.DONE_ON_TIME if done else DeadlineClass.IN_TIME
