"""Slots of recurring work exist ahead of time, of everybody who answers for them."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.intake.service import issuing
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.queries.occurrences import series_of
from ntmtasks.progress.rules.occurrences import Rhythm, Schedule
from ntmtasks.progress.service import scheduling
from ntmtasks.reports.queries.owed import clauses_of_duties
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, TaskKind
from ntmtasks.tasks.service import drafts
from tests.support.drafts import agency, coordinator, draft_plan, item
from tests.support.work import of, verbs_of

TODAY = date(2024, 11, 14)


def task(path: str) -> Task:
    """A task of plan 108."""
    return db.session.scalars(select(Task).where(Task.path == path)).one()


def test_issuing_plan_108_makes_32_mondays_and_no_slot_for_reports(app: Flask) -> None:
    slots = db.session.scalars(select(Occurrence).order_by(Occurrence.day)).all()
    assert {slot.task_id for slot in slots} == {task("III.2.c").id}
    assert (len(slots), slots[0].day, slots[-1].day) == (32, date(2024, 5, 27), date(2024, 12, 30))
    assert {slot.day.weekday() for slot in slots} == {0}
    duties = clauses_of_duties(task("III.2.c").plan_id)
    paths = ("IV.2.-4", "IV.3.-5", "IV.5.-3", "IV.5.-5")
    assert duties == {c.id for path in paths for c in task(path).clauses}
    assert verbs_of(task("III.2.c").id)[-1] == "task.occurrence.plan"


def test_the_slots_of_a_joint_task_follow_its_lead(app: Flask) -> None:
    (series,) = series_of(task("III.2.c").id, TODAY)
    assert series.assignment.agency.short_name == "Sở TT&TT"
    lead, heir = of("III.2.c", "Sở TT&TT"), of("III.2.c", "Đài PT-TH")
    lead.role, heir.role = heir.role, lead.role
    db.session.flush()
    (series,) = series_of(task("III.2.c").id, TODAY)
    assert (series.assignment, len(series.slots)) == (heir, 32)


def test_every_member_has_slots_of_its_own_and_they_are_made_once(app: Flask) -> None:
    new = drafts.NewTask("", "", "Kiểm tra thực địa", TaskKind.RECURRING, Mode.EACH)
    districts = ("UBND huyện Thới Lai", "UBND huyện Cờ Đỏ")
    owners = [drafts.NewAssignment(agency(name), AssignmentRole.LEAD) for name in districts]
    made = drafts.add_draft(task("III.2.c").plan, new, owners)
    for _ in range(2):
        scheduling.lay_out(None, made, Schedule(Rhythm.MONTHLY), date(2024, 10, 5))
    found = series_of(made.id, TODAY)
    assert tuple(s.assignment.agency.short_name for s in found) == districts
    for series in found:
        days = [slot.occurrence.day for slot in series.slots]
        assert days == [date(2024, 10, 31), date(2024, 11, 30), date(2024, 12, 31)]
    assert verbs_of(made.id).count("task.occurrence.plan") == 1


def test_a_plan_gets_no_slots_before_the_day_of_its_issue(app: Flask) -> None:
    plan = draft_plan()
    with transaction():
        plan.issued_on = date(2024, 11, 19)
    issuing.issue_plan(coordinator(), plan)
    (series,) = series_of(item(plan, "III.2.c").id, TODAY)
    assert series.slots[0].occurrence.day == date(2024, 11, 25)
    assert (series.tally.total, series.tally.missed) == (6, 0)
