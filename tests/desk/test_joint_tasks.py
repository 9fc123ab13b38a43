"""Who has which part in a task: exactly one lead, supporters, silence, and members of *each*."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.rules import AssignmentRole, LeadFault, Mode, WorkState, check_leads
from ntmtasks.tasks.service import drafts
from tests.support.work import ClientOf, of, somebody, told, verbs_of


def joint(path: str = "III.2.c") -> Task:
    """A joint task; the first has supporters."""
    found = db.session.scalars(select(Task).where(Task.path == path)).one()
    assert found.mode is Mode.JOINT
    return found


def leads(task_id: int) -> list[str]:
    """The agencies that lead a task now, as the open spans say too."""
    spans = db.session.scalars(
        select(AssignmentSpan.assignment_id).where(
            AssignmentSpan.task_id == task_id,
            AssignmentSpan.role == AssignmentRole.LEAD,
            AssignmentSpan.to_at.is_(None),
        )
    ).all()
    found = [a for a in db.session.get_one(Task, task_id).assignments if a.id in spans]
    assert all(a.role is AssignmentRole.LEAD for a in found)
    return [a.agency.short_name for a in found]


def edit_of(assignment: Assignment, role: AssignmentRole) -> dict[str, object]:
    """The form of the page on which work is arranged, with another role."""
    return {
        "version": assignment.version,
        "agency": assignment.agency_id,
        "officer": assignment.officer_id or 0,
        "deadline": assignment.deadline.isoformat() if assignment.deadline else "",
        "role": role.value,
    }


def test_a_joint_task_has_exactly_one_lead_and_the_others_at_least_one() -> None:
    check_leads(Mode.JOINT, 1)
    check_leads(Mode.EACH, 3)
    for mode, count in ((Mode.JOINT, 0), (Mode.JOINT, 2), (Mode.EACH, 0)):
        with pytest.raises(LeadFault):
            check_leads(mode, count)


def test_a_second_lead_is_refused_when_a_task_is_added(app: Flask) -> None:
    task = joint()
    new = drafts.NewTask(path="", section="", text="Hai đơn vị chủ trì")
    owners = [drafts.NewAssignment(a.agency, AssignmentRole.LEAD) for a in task.assignments[:2]]
    with pytest.raises(LeadFault):
        drafts.add_by_hand(somebody("dieuphoi"), task.plan, new, owners)
    assert db.session.scalar(select(Task.id).where(Task.text == new.text)) is None


def test_the_lead_changes_hands_in_one_step(app: Flask, client_of: ClientOf) -> None:
    task = joint()
    lead = next(a for a in task.assignments if a.role is AssignmentRole.LEAD)
    heir = next(a for a in task.assignments if a.role is AssignmentRole.SUPPORTING)
    before, after = lead.agency.short_name, heir.agency.short_name
    client = client_of("dieuphoi")
    stepped = client.post(f"/assignments/{lead.id}/edit", edit_of(lead, AssignmentRole.SUPPORTING))
    assert stepped.status_code == 422
    assert "đúng một đơn vị chủ trì" in stepped.text
    assert leads(task.id) == [before]
    saved = client.post(f"/assignments/{heir.id}/edit", edit_of(heir, AssignmentRole.LEAD))
    assert saved.status_code == 303
    assert leads(task.id) == [after]
    assert joint().assignments[0].agency.short_name == after
    assert verbs_of(task.id)[:2] == ["task.role", "task.role"]


def test_what_is_done_changes_neither_role_nor_agency(app: Flask, client_of: ClientOf) -> None:
    done = of("III.4.b", "Sở NN&PTNT")
    other = of("III.7.-2", "Sở Y tế").agency_id
    form = edit_of(done, AssignmentRole.LEAD) | {"agency": other}
    answer = client_of("dieuphoi").post(f"/assignments/{done.id}/edit", form)
    assert answer.status_code == 422
    assert "hãy trả lại hoặc mở lại trước" in answer.text
    assert of("III.4.b", "Sở NN&PTNT").work_state is WorkState.DONE


def test_an_agency_is_added_as_a_supporter_but_not_as_a_second_lead(
    app: Flask, client_of: ClientOf
) -> None:
    task, client = joint("III.1.d"), client_of("dieuphoi")
    health = of("III.7.-2", "Sở Y tế").agency_id
    url = f"/tasks/{task.id}/agencies"
    assert client.get(url).status_code == 200
    second = client.post(url, {"agency": health, "role": "lead"})
    assert second.status_code == 422
    assert "đúng một đơn vị chủ trì" in second.text
    assert client.post(url, {"agency": 0, "role": "supporting"}).status_code == 422
    assert client.post(url, {"agency": health, "role": "supporting"}).status_code == 303
    added = of("III.1.d", "Sở Y tế")
    assert (added.role, added.deadline) == (AssignmentRole.SUPPORTING, task.deadline)
    assert told("mau.yte", "assigned")
    spans = db.session.scalars(
        select(AssignmentSpan).where(AssignmentSpan.assignment_id == added.id)
    ).all()
    assert [span.to_at for span in spans] == [None]
    twice = client.post(url, {"agency": health, "role": "supporting"})
    assert "Cơ quan này đã có" in twice.text
    assert client_of("daumoi").get(url).status_code == 403


def test_a_supporter_updates_the_own_part_alone(app: Flask, client_of: ClientOf) -> None:
    client_of("dieuphoi").post(
        f"/tasks/{joint('III.1.d').id}/agencies",
        {"agency": of("III.7.-2", "Sở Y tế").agency_id, "role": "supporting"},
    )
    own, lead = of("III.1.d", "Sở Y tế"), of("III.1.d", "Sở NN&PTNT")
    form = {"state": "in_progress", "percent": "30", "body": "Phần của ngành y tế"}
    client = client_of("mau.yte")
    assert client.post(f"/assignments/{own.id}/progress", form).status_code == 303
    assert client.post(f"/assignments/{lead.id}/progress", form).status_code == 403
    assert of("III.1.d", "Sở Y tế").percent == 30
    assert of("III.1.d", "Sở NN&PTNT").percent == 0


def test_the_lead_sees_which_supporter_is_silent(app: Flask, client_of: ClientOf) -> None:
    task = joint("III.1.d")
    health = of("III.7.-2", "Sở Y tế").agency_id
    client_of("dieuphoi").post(f"/tasks/{task.id}/agencies", {"agency": health})
    address = f"/tasks/{task.id}"
    added, lead = of("III.1.d", "Sở Y tế"), of("III.1.d", "Sở NN&PTNT")
    mark = re.compile(r'id="assignment-(\d+)">(?:(?!</li>).)*im lặng (\d+) ngày', re.DOTALL)

    def seen_by(username: str) -> dict[str, str]:
        return dict(mark.findall(client_of(username).get(address).text))

    assert seen_by("dieuphoi") == {str(lead.id): "171"}, "who was added today is not silent at once"
    with transaction():
        added.heard_at = clock.now() - timedelta(days=30)
    assert seen_by("dieuphoi") == seen_by("daumoi") == {str(lead.id): "171", str(added.id): "30"}
    assert seen_by("mau.yte") == {str(added.id): "30"}, "a supporter knows of the own silence alone"
    form = {"state": "in_progress", "percent": "30", "body": "Đang làm"}
    client_of("mau.yte").post(f"/assignments/{added.id}/progress", form)
    assert seen_by("daumoi") == {str(lead.id): "171"}


def test_a_task_for_each_of_a_group_names_who_is_missing(app: Flask, client_of: ClientOf) -> None:
    task = db.session.scalars(select(Task).where(Task.path == "IV.5.-2")).one()
    members = [a for a in task.assignments if a.role is AssignmentRole.LEAD]
    done = [a for a in members if a.work_state is WorkState.DONE]
    assert task.mode is Mode.EACH
    assert len(done) == 1
    page = client_of("dieuphoi").get(f"/tasks/{task.id}").text
    assert f"{len(done)}/{len(members)} hoàn thành" in page
    missing = ", ".join(a.agency.short_name for a in members if a not in done)
    assert f"Còn thiếu: {missing}" in page
