"""Telling other systems what became of work (webhooks)."""

from typing import Any

from ntmtasks.core import clock, instance
from ntmtasks.core.formats import shorten
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.rules import Event
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act

TOLD_OF: dict[Act, Event] = {
    Act.SUBMIT: Event.SUBMITTED,
    Act.CONFIRM: Event.CONFIRMED,
    Act.REASSIGN: Event.ASSIGNED,
    Act.GIVE_BACK: Event.ASSIGNED,
}
"""Steps of an assignment of which other systems are told."""
MOST_TEXT = 500


def announce(event: Event, *assignments: Assignment) -> None:
    """Keep that something happened to assignments, for the webhooks that want it; tasks and agencies are
    loaded."""
    for each in assignments:
        outbox.announce(event, each.agency.id, said(each))


def said(assignment: Assignment) -> dict[str, Any]:
    """An assignment as events describe it, in the words of /api/v1."""
    task, agency, submitted = assignment.task, assignment.agency, assignment.submitted_at
    return {
        "assignment_id": assignment.id,
        "task_id": task.id,
        "plan_id": task.plan_id,
        "path": task.path,
        "text": shorten(task.text, MOST_TEXT),
        "agency": {"id": agency.id, "name": agency.name, "short_name": agency.short_name},
        "role": assignment.role.value,
        "work_state": assignment.work_state.value,
        "deadline": assignment.deadline.isoformat() if assignment.deadline else None,
        "submitted_on": clock.local(submitted).date().isoformat() if submitted else None,
        "url": f"{instance.config().base_url}/tasks/{task.id}",
    }
