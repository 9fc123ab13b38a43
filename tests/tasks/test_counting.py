"""The counters: one definition in Python and SQL, on any day, without gaps between spans."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from ntmtasks import sample
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.tasks.labels import COUNTERS
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import (
    OPEN_STATES,
    AssignmentRole,
    Counters,
    WorkState,
    age_class,
    is_counted,
)

README = Path(__file__).parents[2] / "README.md"


def recount(on: date) -> Counters:
    """The counters by the pure rules, one assignment after the other."""
    window = counting.windows()
    classes = Counter(
        counting.class_of(a, on, window).value
        for a in db.session.scalars(select(Assignment))
        if is_counted(a.task.phase, a.task.kind, a.role, a.work_state)
    )
    return Counters(total=classes.total(), **classes)


def test_sql_and_python_agree_on_every_day_to_come(app: Flask) -> None:
    for days in (0, 1, 2, 3, 4, 16, 17, 18, 46, 47, 48, 49, 200):
        on = sample.SAMPLE_DAY + timedelta(days=days)
        assert counting.counters(on) == recount(on)


def test_the_boxes_sum_to_the_total(app: Flask) -> None:
    found = counting.counters(sample.SAMPLE_DAY)
    assert sum(vars(found).values()) == 2 * found.total > 0


def test_readme_shows_the_counters_of_the_sample(app: Flask) -> None:
    table = re.search(r"\| Tổng số .*\n\|[-|]+\|\n\|(.*)\|", README.read_text())
    assert table is not None
    shown = [int(cell) for cell in table.group(1).split("|")]
    found = counting.counters(sample.SAMPLE_DAY)
    assert shown == [getattr(found, name) for name, _, _ in COUNTERS]


def test_agencies_and_ages_sum_to_the_counters(app: Flask) -> None:
    today = sample.SAMPLE_DAY
    whole = counting.counters(today)
    by_agency = [c for _, c in counting.counters_by_agency(today)]
    assert sum(c.total for c in by_agency) == whole.total
    assert sum(c.overdue for c in by_agency) == whole.overdue
    ages = counting.overdue_by_age(today)
    assert sum(ages.values()) == whole.overdue
    assert all(ages.values()), "the sample shows every age class"
    rows = counting.overdue_assignments(today, None, None, 50, 0)
    assert Counter(age_class((today - a.deadline).days) for a in rows if a.deadline) == ages


def test_a_past_day_is_counted_from_its_spans(app: Flask) -> None:
    then = date(2024, 8, 21)
    found = counting.counters(then)
    assert found.total == counting.counters(sample.SAMPLE_DAY).total
    # III.3 and III.2.e were confirmed, IV.5.-2 too; III.7.-4 was submitted on 20/08.
    assert (found.done_on_time, found.submitted) == (3, 1)


def test_spans_leave_no_gap(app: Flask) -> None:
    spans = db.session.scalars(
        select(AssignmentSpan).order_by(AssignmentSpan.assignment_id, AssignmentSpan.id)
    ).all()
    following = [*spans[1:], None]
    for span, after in zip(spans, following, strict=True):
        same = after is not None and after.assignment_id == span.assignment_id
        assert span.to_at == (after.from_at if same and after else None)


def test_open_spans_say_what_the_assignments_say(app: Flask) -> None:
    pairs = db.session.execute(
        select(Assignment, AssignmentSpan)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(AssignmentSpan.to_at.is_(None))
    ).all()
    assert len(pairs) == len(db.session.scalars(select(Assignment.id)).all())
    for assignment, span in pairs:
        assert (span.work_state, span.deadline, span.agency_id, span.officer_id) == (
            assignment.work_state,
            assignment.deadline,
            assignment.agency_id,
            assignment.officer_id,
        )
        submitted = assignment.submitted_at
        assert span.submitted_on == (clock.local(submitted).date() if submitted else None)


def test_a_task_knows_what_is_due_first(app: Flask) -> None:
    tasks = db.session.scalars(select(Task)).all()
    open_leads = {
        task.id: [
            a.deadline
            for a in task.assignments
            if a.role is AssignmentRole.LEAD and a.work_state in OPEN_STATES and a.deadline
        ]
        for task in tasks
    }
    assert {t.id: t.first_due for t in tasks} == {
        number: min(deadlines, default=None) for number, deadlines in open_leads.items()
    }
    assert any(t.first_due is None and t.deadline for t in tasks), "some work is done"
    assert len({t.first_due for t in tasks}) > 5


def test_returned_work_counts_as_not_done(app: Flask) -> None:
    returned = db.session.scalars(
        select(Assignment).where(Assignment.work_state == WorkState.RETURNED)
    ).one()
    assert returned.submitted_at is None
    assert counting.class_of(returned, sample.SAMPLE_DAY, counting.windows()) == "in_time"
