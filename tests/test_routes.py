"""Every route × every role: who gets in stands in tests/routes.txt, and nowhere else is it guessed.

GET asks for the sample's row, POST sends an empty form with its CSRF token; each POST finds the sample
untouched. So a cell is 200 or 422 where one may act, 403 where one may read only, 404 where one
may not even read, 303 where one is led to the login (or where an empty form is enough to act).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts import queries
from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.app import create_app
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report
from ntmtasks.tasks.models import Assignment
from tests.support import databases
from tests.support.client import new_client

FILE = Path(__file__).with_name("routes.txt")
LINES = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
COLUMNS = LINES[0].split("|")[1].split()
TABLE = {key.strip(): cells.split() for key, cells in (line.split("|") for line in LINES[1:])}


def routes(app: Flask) -> set[str]:
    """ "GET /tasks/<id:task_id>" and so on, without what Flask adds by itself."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The application on a fresh sample, with a person of each role that the sample lacks."""
    with databases.sample_instance("sqlite", folder) as config:
        app = create_app(config)
        app.testing = True
        with app.app_context():
            officer = queries.user_by_name("chuyenvien")
            assert officer is not None
            with transaction():
                for role in (Role.AGENCY_LEADER, Role.VIEWER):
                    db.session.add(
                        User(
                            username=role.value,
                            name=role.value,
                            role=role,
                            agency_id=officer.agency_id,
                            password_hash="",
                            created_at=real_now(),
                        )
                    )
            yield app
            db.session.remove()
            db.engine.dispose()


def numbers() -> dict[str, object]:
    """What stands in addresses: work of Sở NN&PTNT, to whom most columns belong."""
    officer = queries.user_by_name("chuyenvien")
    other = queries.user_by_name("thoilai")
    assert officer is not None
    assert other is not None
    assignment = db.session.scalars(
        select(Assignment).where(Assignment.agency_id == officer.agency_id).order_by(Assignment.id)
    ).first()
    assert assignment is not None
    return {
        "agency_id": officer.agency_id,
        "assignment_id": assignment.id,
        "mail_id": db.session.scalar(select(OutboxMail.id).limit(1)) or 1,
        "name": "app.css",
        "person_id": other.id,
        "plan_id": db.session.scalar(select(Plan.id).limit(1)),
        "report_id": db.session.scalar(
            select(Report.id).where(Report.agency_id == officer.agency_id).limit(1)
        ),
        "task_id": assignment.task_id,
        "token": "unknown",
        "version": "000000000000",
    }


def status(app: Flask, key: str, column: str) -> str:
    """What the person of a column gets from a route."""
    method, rule = key.split(" ", 1)
    given = numbers()
    address = "".join(
        str(given[part.split(">")[0].rpartition(":")[2]]) + part.split(">")[1] if at else part
        for at, part in enumerate(rule.split("<"))
    )
    client = new_client(app, None if column == "nobody" else column)
    return str((client.get if method == "GET" else client.post)(address).status_code)


def row(key: str, folder: Path) -> list[str]:
    """The statuses of a route for all columns."""
    if key.startswith("GET"):
        with opened(folder) as app:
            return [status(app, key, column) for column in COLUMNS]
    found = []
    for column in COLUMNS:
        with opened(folder / column) as app:
            found.append(status(app, key, column))
    return found


def test_every_route_has_a_row(tmp_path: Path) -> None:
    assert routes(create_app(databases.config(tmp_path))) == set(TABLE)


@pytest.mark.parametrize("key", TABLE)
def test_everybody_gets_what_the_table_says(key: str, tmp_path: Path) -> None:
    assert dict(zip(COLUMNS, row(key, tmp_path), strict=True)) == dict(
        zip(COLUMNS, TABLE[key], strict=True)
    )
