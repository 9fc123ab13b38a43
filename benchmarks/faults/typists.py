"""A process in which one person edits, again and again, beside all the others."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from benchmarks.faults.plants import PLANTS
from benchmarks.pages import csrf_token_of
from ntmtasks.accounts import service
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.sessions import TOKEN
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db
from ntmtasks.tasks.models import Assignment, Task

SHARED = (("III.1.c", "Sở NN&PTNT"), ("III.4.a.-1", "Sở NN&PTNT"), ("III.4.c", "Sở NN&PTNT"))
"""What several of them work on: path of the task, agency."""
EXPECTED = frozenset({200, 303, 409})
HANDED = "handed to an officer or taken back"
FIRST_DAY = date(2024, 12, 1)


def words(editor: int, number: int) -> str:
    """What an edit says; no two say the same."""
    return f"Lần {number} của người {editor}"


@dataclass
class Desk:
    """One browser and what its person works on."""

    client: FlaskClient
    headers: dict[str, str]
    works: list[tuple[int, int]]
    """Ids of assignment and task."""
    statuses: Counter[str] = field(default_factory=Counter)

    def seen(self, url: str) -> str:
        """A form as it is now."""
        return self.client.get(url).text

    def send(self, url: str, form: dict[str, str]) -> TestResponse:
        """Send a plain form; its status is noted."""
        token = self.headers["X-CSRFToken"]
        answer = self.client.post(url, data={"csrf_token": token, **form})
        self.statuses[str(answer.status_code)] += 1
        return answer


Act = Callable[[Desk, int, int], int]
"""One try of an edit (editor, number); the status of the answer."""


def report(desk: Desk, editor: int, number: int) -> int:
    """Report progress on one of the assignments."""
    work, _ = desk.works[number % len(desk.works)]
    page = desk.seen(f"/my-work/?edit={work}")
    form = {
        "state": "in_progress",
        "percent": str(number % 100),
        "body": words(editor, number),
        "version": _value(page, f"{work}-version"),
    }
    url = f"/assignments/{work}/progress"
    return desk.send(url, form).status_code


def comment(desk: Desk, editor: int, number: int) -> int:
    """Comment on one of the tasks."""
    _, task = desk.works[number % len(desk.works)]
    return desk.send(f"/tasks/{task}/comments", {"body": words(editor, number)}).status_code


def move_deadline(desk: Desk, editor: int, number: int) -> int:
    """Move a deadline to a day on which it was not before; all else stays as it is."""
    work, _ = desk.works[number % len(desk.works)]
    page = desk.seen(f"/assignments/{work}/edit")
    form = {
        "version": _value(page, "version"),
        **{name: _chosen(page, name) for name in ("agency", "role", "officer")},
        "deadline": str(FIRST_DAY + timedelta(days=number)),
        "note": words(editor, number),
    }
    return desk.send(f"/assignments/{work}/edit", form).status_code


def hand_over(desk: Desk, _editor: int, number: int) -> int:
    """Put an officer in charge where nobody is, else nobody."""
    work, _ = desk.works[number % len(desk.works)]
    page = desk.seen(f"/assignments/{work}/edit")
    officers = re.findall(r'<option[^>]*value="([1-9]\d*)"', page)
    officer = "0" if _chosen(page, "officer") != "0" else officers[0]
    form = {"version": _value(page, "version"), "officer": officer}
    return desk.send(f"/assignments/{work}/edit", form).status_code


@dataclass(frozen=True)
class Person:
    """An account of the sample, what it does, and on what."""

    username: str
    act: Act
    works: tuple[tuple[str, str], ...] = SHARED


EDITORS = (
    Person("daumoi", report),
    Person("daumoi", report),
    Person("daumoi", hand_over),
    Person("dieuphoi", move_deadline),
    Person("dieuphoi", comment),
    Person("lanhdao", comment),
    Person(
        "thoilai", report, (("IV.5.-1", "UBND huyện Thới Lai"), ("IV.5.-4", "UBND huyện Thới Lai"))
    ),
    Person("vhttdl", report, (("III.7.-1", "Sở VHTTDL"),)),
)


def edit(editor: int, edits: int, env: dict[str, str], plant: str, note: Path) -> None:
    """Make so many edits, each again until it is through; `note` keeps how far it came and how often
    which status was the answer."""
    os.environ.update(env)
    if plant:
        PLANTS[plant]()
    app = create_app(load_config())
    person = EDITORS[editor]
    done = json.loads(note.read_text()) if note.exists() else {}
    desk = _desk(app, person)
    desk.statuses.update(done.get("statuses", {}))
    for number in range(done.get("through", 0), edits):
        while person.act(desk, editor, number) == 409:
            pass
        note.write_text(json.dumps({"through": number + 1, "statuses": desk.statuses}))


def _desk(app: Flask, person: Person) -> Desk:
    with app.app_context():
        user = queries.user_by_name(person.username)
        if user is None:
            raise LookupError(person.username)
        token = service.sign_in(user)
        works = [_work(*work) for work in person.works]
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = token
    return Desk(client, {"X-CSRFToken": csrf_token_of(client.get("/plans/").text)}, works)


def _work(path: str, agency: str) -> tuple[int, int]:
    found = db.session.scalars(
        select(Assignment)
        .join(Assignment.task)
        .where(Task.path == path, Assignment.agency.has(short_name=agency))
    ).one()
    return found.id, found.task_id


def _value(page: str, name: str) -> str:
    tag = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
    return str(re.findall(r'value="([^"]*)"', tag)[0])


def _chosen(page: str, name: str) -> str:
    box = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    return str(re.findall(r'<option selected value="([^"]*)"', box)[0])
