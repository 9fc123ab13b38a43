"""The verbs of a review: what they change, what they record, what they refuse."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from ntmtasks.core.db import ChangedMeanwhile, db
from ntmtasks.history.models import HistoryEntry
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.rules import AssignmentRole, DeadlineBasis, Mode, Phase, TaskKind
from ntmtasks.tasks.service import drafts, revising
from ntmtasks.tasks.service.drafts import NewAssignment
from ntmtasks.tasks.service.revising import Wording
from tests.support.drafts import agency, coordinator, draft_plan, item

LEAD, SUPPORTING = AssignmentRole.LEAD, AssignmentRole.SUPPORTING


def wording(task: Task) -> Wording:
    """What the draft says now."""
    return Wording(task.text, task.product, task.kind, task.mode, task.deadline, task.deadline_note)


def leads(task: Task) -> list[str]:
    return [a.agency.short_name for a in task.assignments if a.role is LEAD]


def verbs(task: Task) -> list[str]:
    """The recorded acts on a task, oldest first."""
    found = select(HistoryEntry.verb).where(
        HistoryEntry.subject == "task", HistoryEntry.subject_id == task.id
    )
    return list(db.session.scalars(found.order_by(HistoryEntry.id)))


def open_spans(task: Task) -> list[tuple[object, ...]]:
    """What the open spans say, to compare with the assignments."""
    span = AssignmentSpan
    rows = select(span.assignment_id, span.role, span.phase, span.kind, span.deadline).where(
        span.task_id == task.id, span.to_at.is_(None)
    )
    return sorted(tuple(row) for row in db.session.execute(rows))


def assert_spans_fit(task: Task) -> None:
    assert open_spans(task) == sorted(
        (a.id, a.role, task.phase, task.kind, a.deadline) for a in task.assignments
    )


def test_a_draft_is_revised_as_a_whole(app: Flask) -> None:
    task = item(draft_plan(), "III.1.d")
    new = Wording(
        "Nội dung mới", "Báo cáo", TaskKind.CONCRETE, Mode.JOINT, date(2024, 9, 30), "CV 5"
    )
    owners = [
        NewAssignment(agency("Sở Y tế"), SUPPORTING),
        NewAssignment(agency("Sở Tài chính"), LEAD),
    ]
    revising.revise(coordinator(), task, task.version, new, owners)
    assert [(a.agency.short_name, a.role) for a in task.assignments] == [
        ("Sở Tài chính", LEAD),
        ("Sở Y tế", SUPPORTING),
    ]
    assert (task.deadline, task.deadline_basis) == (date(2024, 9, 30), DeadlineBasis.BY_HAND)
    assert {a.deadline for a in task.assignments} == {date(2024, 9, 30)}
    assert " noi dung moi " in task.search_text
    assert verbs(task) == ["task.revise"]
    assert_spans_fit(task)


def test_a_stale_version_changes_nothing(app: Flask) -> None:
    task = item(draft_plan(), "III.1.d")
    seen = task.version
    mine, theirs = replace(wording(task), product="A"), replace(wording(task), product="B")
    revising.revise(coordinator(), task, seen, theirs, revising.owners_of(task))
    with pytest.raises(ChangedMeanwhile):
        revising.revise(coordinator(), task, seen, mine, revising.owners_of(task))
    assert task.product == "B"


def test_saving_what_already_stands_records_nothing(app: Flask) -> None:
    task = item(draft_plan(), "III.1.d")
    seen = task.version
    revising.revise(coordinator(), task, seen, wording(task), revising.owners_of(task))
    assert (task.version, verbs(task)) == (seen, [])


def test_the_kind_decides_about_the_deadline(app: Flask) -> None:
    task = item(draft_plan(), "III.1.d")
    actor, keep = coordinator(), revising.owners_of(task)
    revising.revise(
        actor, task, task.version, replace(wording(task), kind=TaskKind.CONTINUOUS), keep
    )
    assert task.deadline is None
    revising.revise(actor, task, task.version, replace(wording(task), kind=TaskKind.CONCRETE), keep)
    assert (task.deadline, task.deadline_basis) == (date(2024, 12, 31), DeadlineBasis.PLAN_YEAR)
    meant = replace(wording(task), deadline_note="đã thống nhất cuối năm")
    revising.revise(actor, task, task.version, meant, keep)
    assert (task.deadline, task.deadline_basis) == (date(2024, 12, 31), DeadlineBasis.BY_HAND)
    assert_spans_fit(task)


def test_a_new_lead_takes_the_place_of_the_old_one_and_support_joins(app: Flask) -> None:
    task = item(draft_plan(), "III.1.d")
    revising.assign(coordinator(), task, agency("Sở Y tế"), LEAD)
    assert leads(task) == ["Sở Y tế"]
    revising.assign(coordinator(), task, agency("Sở Tài chính"), SUPPORTING)
    assert leads(task) == ["Sở Y tế"]
    assert "Sở Tài chính" in {a.agency.short_name for a in task.assignments}
    assert_spans_fit(task)


def test_an_agency_of_an_each_task_joins_the_others(app: Flask) -> None:
    task = item(draft_plan(), "IV.5.-3")
    before = leads(task)
    assert task.mode is Mode.EACH
    revising.assign(coordinator(), task, agency("Sở Y tế"), LEAD)
    assert sorted(leads(task)) == sorted([*before, "Sở Y tế"])


def test_taking_over_makes_a_proposal_a_decision(app: Flask) -> None:
    task = item(draft_plan(), "III.1.d")
    assert task.assignments[0].reason
    revising.take_proposals(coordinator(), task)
    assert [a.reason for a in task.assignments] == [""]
    assert verbs(task) == ["task.take"]


def test_deadline_and_product_are_set_alone(app: Flask) -> None:
    plan = draft_plan()
    task, steady = item(plan, "III.1.d"), item(plan, "IV.5.-3")
    for each in (task, steady):
        revising.set_deadline(coordinator(), each, date(2024, 10, 1), "CV 7")
        revising.set_product(coordinator(), each, "Báo cáo")
    assert (task.deadline, task.deadline_note) == (date(2024, 10, 1), "CV 7")
    assert (steady.deadline, steady.product) == (None, "Báo cáo")


def test_a_split_keeps_words_clause_and_agencies(app: Flask) -> None:
    plan = draft_plan()
    task, following = item(plan, "III.2.a"), item(plan, "III.2.b")
    text, place = task.text, following.position
    head, tail = text[:20], text[20:]
    twin = revising.split(coordinator(), task, task.version, head, tail)
    db.session.expire_all()
    assert (task.text + twin.text, twin.path) == (text, "III.2.a (2)")
    assert twin.clauses == task.clauses
    assert leads(twin) == leads(task)
    assert (twin.position, following.position) == (place, place + 1)
    third = revising.split(coordinator(), twin, twin.version, "a", "b")
    assert third.path == "III.2.a (3)"
    with pytest.raises(ChangedMeanwhile):
        revising.split(coordinator(), task, task.version - 1, "a", "b")
    assert_spans_fit(twin)


def test_a_merge_cites_both_and_the_named_lead_wins(app: Flask) -> None:
    plan = draft_plan()
    kept, other = item(plan, "III.2.a"), item(plan, "IV.2.-2")
    named, text, own = leads(other), kept.text, list(kept.clauses)
    assert kept.assignments[0].reason
    revising.merge(coordinator(), kept, other, join_text=False)
    assert [c.path for c in kept.clauses] == ["III.2.a", "IV.2.-2"]
    assert (leads(kept), [a.reason for a in kept.assignments if a.role is LEAD]) == (named, [""])
    assert (kept.text, other.phase, other.merged_into) == (text, Phase.DROPPED, kept)
    assert_spans_fit(kept)
    assert_spans_fit(other)
    revising.restore(coordinator(), other)
    db.session.expire_all()
    assert (other.phase, other.merged_into) == (Phase.DRAFT, None)
    assert kept.clauses == own


def test_a_merge_by_hand_joins_the_words_and_a_restore_takes_them_back(app: Flask) -> None:
    plan = draft_plan()
    kept, other = item(plan, "IV.2.-1"), item(plan, "IV.4.-1")
    text, both = kept.text, {*leads(kept), *leads(other)}
    revising.merge(coordinator(), kept, other, join_text=True)
    assert kept.text == f"{text}\n{other.text}"
    assert (set(leads(kept)), kept.mode) == (both, Mode.EACH)
    revising.restore(coordinator(), other)
    assert kept.text == text


def test_what_is_dropped_is_never_issued(app: Flask) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    revising.drop(coordinator(), task)
    assert (task.phase, verbs(task)) == (Phase.DROPPED, ["task.drop"])
    with pytest.raises(ChangedMeanwhile):
        revising.revise(coordinator(), task, task.version, wording(task), revising.owners_of(task))
    revising.restore(coordinator(), task)
    assert task.phase is Phase.DRAFT
    assert_spans_fit(task)


def test_a_removed_agency_leaves_no_span_behind(app: Flask) -> None:
    task = item(draft_plan(), "IV.5.-3")
    gone = task.assignments[0].id
    revising.revise(coordinator(), task, task.version, wording(task), revising.owners_of(task)[1:])
    left = select(func.count()).where(AssignmentSpan.assignment_id == gone)
    assert db.session.scalar(left) == 0
    assert db.session.get(Assignment, gone) is None
    drafts.issue([task])
    assert_spans_fit(task)
