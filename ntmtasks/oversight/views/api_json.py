"""Rows as other systems read them; oversight/rules/openapi.py says the same as schemas. Nobody's name stands
in them."""

from datetime import date, datetime
from typing import Any

from flask import url_for

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, instance
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import ReportingPeriod
from ntmtasks.reports.queries.one import submitted_on
from ntmtasks.reports.rules.states import Standing
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.counting import class_of, windows
from ntmtasks.tasks.rules import AssignmentRole, WorkState, is_counted

Json = dict[str, Any]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime) -> str:
    return clock.local(moment).isoformat(timespec="seconds")


def _address(endpoint: str, **values: Any) -> str:
    return instance.config().base_url + url_for(endpoint, **values)


def agency(it: Agency) -> Json:
    """An agency."""
    return {"id": it.id, "name": it.name, "short_name": it.short_name}


def plan(it: Plan) -> Json:
    """A plan."""
    return {
        "id": it.id,
        "number": it.number,
        "title": it.title,
        "issuer": it.issuer,
        "issued_on": _day(it.issued_on),
        "year": it.year,
        "state": it.state.value,
        "url": _address("plans.show", plan_id=it.id),
    }


def plan_with_clauses(it: Plan) -> Json:
    """A plan with its clauses, which are loaded."""
    clauses = [{"id": c.id, "path": c.path, "kind": c.kind, "text": c.text} for c in it.clauses]
    return {**plan(it), "clauses": clauses}


def task(it: Task) -> Json:
    """A task with its assignments and their agencies, which are loaded."""
    leads = [a for a in it.assignments if a.role is AssignmentRole.LEAD]
    return {
        "id": it.id,
        "plan_id": it.plan_id,
        "path": it.path,
        "section": it.section,
        "text": it.text,
        "product": it.product,
        "source_note": it.source_note,
        "kind": it.kind.value,
        "mode": it.mode.value,
        "phase": it.phase.value,
        "deadline": _day(it.deadline),
        "deadline_text": it.deadline_text,
        "deadline_basis": it.deadline_basis.value,
        "quarter_four": it.quarter_four,
        "recurrence": it.recurrence,
        "done": sum(a.work_state is WorkState.DONE for a in leads),
        "leads": len(leads),
        "assignments": [assignment(a) for a in it.assignments],
        "updated_at": _moment(it.updated_at),
        "url": _address("desk.task", task_id=it.id),
    }


def assignment(it: Assignment) -> Json:
    """An assignment with its task and agency, which are loaded."""
    counts = is_counted(it.task.phase, it.task.kind, it.role, it.work_state)
    submitted = clock.local(it.submitted_at).date() if it.submitted_at else None
    return {
        "id": it.id,
        "task_id": it.task_id,
        "agency": agency(it.agency),
        "role": it.role.value,
        "work_state": it.work_state.value,
        "deadline_class": class_of(it, clock.today(), windows()).value if counts else None,
        "deadline": _day(it.deadline),
        "original_deadline": _day(it.original_deadline),
        "extended": it.extended,
        "percent": it.percent,
        "submitted_on": _day(submitted),
        "updated_at": _moment(it.updated_at),
    }


def period(it: ReportingPeriod) -> Json:
    """A reporting period with requirement, agency and report, which are loaded."""
    report = it.report
    return {
        "id": it.id,
        "plan_id": it.requirement.plan_id,
        "requirement_id": it.requirement_id,
        "title": it.requirement.title,
        "agency": agency(it.agency),
        "kind": it.kind.value,
        "label": it.label,
        "starts_on": _day(it.starts_on),
        "cut_off": _day(it.cut_off),
        "due_on": _day(it.due_on),
        "state": report.state.value if report else Standing.NOT_REQUIRED.value,
        "submitted_on": _day(submitted_on(report)) if report else None,
        "report_id": it.report_id,
        "not_required": it.not_required,
        "url": _address("reports.show", report_id=report.id) if report else None,
    }
