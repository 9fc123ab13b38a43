"""Several people at one moment: one request for more time, one push a day, one decision."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from ntmtasks.core.db import db, transaction
from ntmtasks.progress.models.asks import DeadlineExtension
from ntmtasks.progress.models.guidance import Urging
from tests.support.client import Client
from tests.support.work import ClientOf, of

PEOPLE = 6


def at_once(clients: list[Client], act: Callable[[Client], int]) -> list[int]:
    """The statuses of an act done by all of them together."""
    with ThreadPoolExecutor(len(clients)) as pool:
        return sorted(pool.map(act, clients))


def test_of_requests_at_one_moment_one_is_kept(app: Flask, client_of: ClientOf) -> None:
    mine = of("III.1.d", "Sở NN&PTNT")
    with transaction():
        mine.deadline = date(2024, 12, 10)
    url, form = f"/assignments/{mine.id}/extensions", {"deadline": "2024-12-20", "reason": "Mưa"}
    clients = [client_of(("chuyenvien", "daumoi")[n % 2]) for n in range(PEOPLE)]
    db.session.rollback()
    found = at_once(clients, lambda client: client.post(url, form).status_code)
    assert found == [303] + [409] * (PEOPLE - 1)
    query = select(func.count()).where(DeadlineExtension.assignment_id == mine.id)
    assert db.session.scalar(query) == 1


def test_of_pushes_at_one_moment_one_is_made(app: Flask, client_of: ClientOf) -> None:
    mine = of("III.1.d", "Sở NN&PTNT")
    url, form = f"/tasks/{mine.task_id}/urgings", {"assignments": str(mine.id), "body": "Lời"}
    clients = [client_of(("dieuphoi", "lanhdao")[n % 2]) for n in range(PEOPLE)]
    db.session.rollback()
    found = at_once(clients, lambda client: client.post(url, form).status_code)
    assert found == [303] + [422] * (PEOPLE - 1)
    query = select(func.count()).where(Urging.assignment_id == mine.id)
    assert db.session.scalar(query) == 1


def test_of_decisions_at_one_moment_one_counts(app: Flask, client_of: ClientOf) -> None:
    asked = db.session.scalars(select(DeadlineExtension)).one()
    url = f"/extensions/{asked.id}/decide"
    days = [f"2024-12-{day:02}" for day in range(1, PEOPLE + 1)]
    clients = {day: client_of("dieuphoi") for day in days}
    version = asked.version
    db.session.rollback()

    def decide(day: str) -> int:
        form = {"version": version, "decision": "grant", "deadline": day}
        return clients[day].post(url, form).status_code

    with ThreadPoolExecutor(PEOPLE) as pool:
        found = sorted(pool.map(decide, days))
    assert found == [303] + [409] * (PEOPLE - 1)
    db.session.expire_all()
    kept = db.session.get_one(DeadlineExtension, asked.id)
    assert kept.assignment.deadline == kept.granted_deadline
