"""Rows of tasks that an open difficulty holds up carry a mark, until it is cleared."""

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.tasks.models import Task
from tests.support.client import Client

MARK = "có vướng mắc"


def test_every_list_marks_what_a_difficulty_holds_up(
    app: Flask, client_of: Callable[[str], Client]
) -> None:
    leader, mine = client_of("dieuphoi"), client_of("chuyenvien")
    late = first_task_on(leader.get("/overdue").text)
    own = first_task_on(mine.get("/my-work/").text)
    difficulty = db.session.scalars(select(Escalation).order_by(Escalation.id)).first()
    assert difficulty is not None

    def hold_up(task_id: int, state: EscalationState) -> None:
        with transaction():
            difficulty.tasks = [db.session.get_one(Task, task_id)]
            for each in db.session.scalars(select(Escalation)):
                each.state = EscalationState.RESOLVED
            difficulty.state = state

    hold_up(late, EscalationState.REPORTED)
    assert leader.get("/overdue").text.count(MARK) == 1
    assert leader.get("/tasks/").text.count(MARK) == 1
    assert MARK in leader.get("/tasks/export.csv").data.decode()
    hold_up(own, EscalationState.SUBMITTED)
    assert mine.get("/my-work/").text.count(MARK) == 1
    hold_up(own, EscalationState.RESOLVED)
    assert MARK not in mine.get("/my-work/").text + leader.get("/tasks/").text


def first_task_on(page: str) -> int:
    """The number of the first task to which a page links."""
    return int(re.findall(r'href="/tasks/(\d+)"', page)[0])
