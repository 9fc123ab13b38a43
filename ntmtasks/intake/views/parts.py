"""The pieces of the review's page, each rendered alike for the whole page and for an act."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict

from ntmtasks.accounts.queries.people import officers_of
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.forms import Difference
from ntmtasks.history import queries as history
from ntmtasks.intake import labels, queries
from ntmtasks.intake.forms import review as forms
from ntmtasks.intake.queries import Row, Rows
from ntmtasks.intake.rules.readiness import Clear
from ntmtasks.plans import labels as plan_labels
from ntmtasks.plans import queries as plans
from ntmtasks.plans.models import Finding, Plan
from ntmtasks.plans.rules import FindingState
from ntmtasks.tasks.models import Task

MISSING = "missing"
NOTHING_OPEN = {
    "open_id": 0,
    "open_form": None,
    "open_conflict": None,
    "open_split": None,
    "finding_id": 0,
    "finding_form": None,
    "problem": "",
}
SHOWS = (MISSING, *(clear.value for clear in Clear))


def shown() -> dict[str, str | None]:
    """The filters that the address states; None where it states none or one that means nothing."""
    show, severity = request.args.get("show"), request.args.get("severity")
    return {
        "show": show if show in SHOWS else None,
        "severity": severity if severity in plan_labels.SEVERITIES else None,
    }


def review_address(plan: Plan, task: Task | None = None, is_open: bool = False) -> str:
    """The page of the review with its filters, at a row."""
    chosen: dict[str, Any] = {**shown(), **({"open": task.id} if task and is_open else {})}
    anchor = f"review-row-{task.id}" if task else None
    return url_for("intake.review", plan_id=plan.id, _anchor=anchor, **chosen)


def agency_choices() -> list[tuple[int, str]]:
    """Every agency in protocol order."""
    return [(a.id, a.short_name) for a in agencies.all_agencies()]


def row_form(task: Task, typed: MultiDict[str, str] | None = None) -> forms.RowForm:
    """The form of a row: as it stands, or as a person typed it."""
    choices = agency_choices()
    ids = {a.agency_id for a in task.assignments}
    if typed is not None:
        named = (name.removeprefix("role_") for name in typed if name.startswith("role_"))
        ids |= {int(each) for each in named if each.isdecimal()}
    officers: dict[int, list[tuple[int, str]]] = {}
    for person in officers_of(*ids):
        officers.setdefault(person.agency_id, []).append((person.id, person.name))
    bound = forms.row_form(choices, ids, officers)
    form = bound(formdata=typed, data=None if typed is not None else _row_data(task))
    form.new_agency.choices = [forms.NOBODY, *choices]
    return form


def _row_data(task: Task) -> dict[str, object]:
    data: dict[str, object] = {
        name: getattr(task, name)
        for name in ("version", "text", "product", "kind", "mode", "deadline", "deadline_note")
    }
    for assignment in task.assignments:
        data[f"role_{assignment.agency_id}"] = assignment.role.value
        data[f"officer_{assignment.agency_id}"] = assignment.officer_id or 0
    return data


def page(plan: Plan, **changes: Any) -> str:
    """The whole page; `open_form` and `open_id` open a row, the rest is as for `work`."""
    rows = queries.rows_of(plan.id)
    findings = plans.findings(plan.id)
    clauses = plans.clauses(plan.id)
    return render_template(
        "intake/review.html",
        **{**_bar_context(findings), **_work_context(plan, rows, **{**NOTHING_OPEN, **changes})},
        clauses=clauses,
        findings=findings,
        places={c.path: c.id for c in reversed(clauses)},
        marks=marks_of(rows, findings),
    )


def work(plan: Plan, rows: Rows, **changes: Any) -> str:
    """The right column: twins, unknown names, rows, what was dropped. `focus` is the task whose row
    takes the focus, `form` and `chosen` keep what was typed and ticked for many rows."""
    context = _work_context(plan, rows, **{**NOTHING_OPEN, **changes})
    return render_template("intake/_review_work.html", **context)


def _work_context(plan: Plan, rows: Rows, **changes: Any) -> dict[str, Any]:
    chosen = shown()
    defaults: dict[str, Any] = {"focus": 0, "form": None, "chosen": (), "name_form": None}
    context = {**defaults, **changes}
    choices = agency_choices()
    if context["form"] is None:
        context["form"] = selected_form(choices, typed=False)
    opened = next((r for r in rows.kept if r.task.id == context["open_id"]), None)
    if opened is not None:
        context["open_row"] = row(
            plan,
            opened,
            context["open_form"] or row_form(opened.task),
            context["open_conflict"],
            context["open_split"],
        )
    return {
        "plan": plan,
        "rows": rows,
        "visible": [row for row in rows.kept if is_visible(row, chosen["show"])],
        "twins": queries.by_heading(queries.twins_of(rows)),
        "strangers": queries.strangers_of(plan.id, rows),
        "agencies": choices,
        "shown": chosen,
        "labels": labels,
        "plan_labels": plan_labels,
        **context,
    }


def is_visible(row: Row, show: str | None) -> bool:
    """Whether the filter shows a row."""
    return not show or (bool(row.missing) if show == MISSING else Clear(show) in row.missing)


def selected_form(agencies: forms.Choices, typed: bool = True) -> forms.SelectedForm:
    """The form for many rows."""
    form = forms.SelectedForm() if typed else forms.SelectedForm(formdata=None)
    form.agency.choices = [forms.NOBODY, *agencies]
    return form


def row(
    plan: Plan,
    row: Row,
    form: forms.RowForm | None,
    conflict: Sequence[Difference] | None = None,
    split: forms.SplitForm | None = None,
) -> str:
    """One row, open with a form or closed. `conflict` shows what somebody else stored meanwhile."""
    return render_template(
        "intake/_review_row.html",
        plan=plan,
        row=row,
        form=form,
        conflict=conflict,
        split=split or forms.SplitForm(formdata=None, data={"typed": row.task.text}),
        last_change=history.of("task", row.task.id, 1),
        **{**_line_context(), "focus": 0 if form else row.task.id},
    )


def _line_context() -> dict[str, Any]:
    return {"shown": shown(), "labels": labels, "focus": 0, "chosen": (), "oob": False}


def line(plan: Plan, row: Row, oob: bool) -> str:
    """The line of a row alone."""
    context = {**_line_context(), "oob": oob}
    return render_template("intake/_review_line.html", plan=plan, row=row, **context)


def agencies_of(task: Task) -> str:
    """The agencies of an open row."""
    return render_template(
        "intake/_review_agencies.html", task=task, form=row_form(task), shown=shown(), oob=True
    )


def version_of(task: Task) -> str:
    """The hidden version of an open row."""
    return render_template("intake/_review_version.html", task=task, version=task.version, oob=True)


def beside(plan: Plan, rows: Rows, changed: Iterable[Task], path: str = "") -> list[str]:
    """What an act changes elsewhere on the page: the bar, marks in the document (those of `path` as
    well), and the lines that somebody else changed since the page was made."""
    mine = {task.id: task for task in changed}
    since = forms.moment(request.form.get("seen", ""))
    others = [t for t in rows.changed_since(since) if t.id not in mine] if since else []
    known = {row.task.id: row for row in rows.kept}
    lines = [line(plan, known.get(t.id) or Row(t, {}), oob=True) for t in others]
    clauses = {c.id: c for t in [*mine.values(), *others] for c in t.clauses}
    place = plans.clause_at(plan.id, path) if path else None
    clauses |= {place.id: place} if place else {}
    findings = plans.findings(plan.id)
    marks = marks_of(rows, findings)
    context = {"marks": marks, "plan_labels": plan_labels, "oob": True}
    marked = [
        render_template("intake/_review_marks.html", clause=clause, **context)
        for clause in clauses.values()
    ]
    bar = render_template(
        "intake/_review_bar.html", plan=plan, rows=rows, oob=True, **_bar_context(findings)
    )
    return [*lines, *marked, bar]


def _bar_context(findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "open_findings": sum(f.state is FindingState.OPEN for f in findings),
        "shown": shown(),
        "labels": labels,
        "seen": clock.now(),
    }


def marks_of(rows: Rows, findings: Sequence[Finding]) -> dict[str, dict[Any, list[Any]]]:
    """Rows and dropped tasks by clause id, open findings by path."""
    marks: dict[str, dict[Any, list[Any]]] = {"rows": {}, "dropped": {}, "findings": {}}
    for each in rows.kept:
        for clause in each.task.clauses:
            marks["rows"].setdefault(clause.id, []).append(each)
    for task in rows.dropped:
        for clause in task.clauses:
            marks["dropped"].setdefault(clause.id, []).append(task)
    for finding in findings:
        if finding.state is FindingState.OPEN:
            marks["findings"].setdefault(finding.path, []).append(finding)
    return marks


def finding(
    plan: Plan,
    found: Finding,
    form: forms.FindingForm | None = None,
    problem: str = "",
    oob: bool = False,
) -> str:
    """One finding; `form` keeps a note that could not be stored."""
    place = plans.clause_at(plan.id, found.path)
    return render_template(
        "intake/_review_finding.html",
        plan=plan,
        finding=found,
        finding_form=form,
        problem=problem,
        place=place.id if place else None,
        plan_labels=plan_labels,
        shown=shown(),
        oob=oob,
    )
