"""The floor that pages are measured against: a bare Flask view that looks up the session, reads or
writes the same rows by raw SQL and renders as many bytes by one plain template.

Served by gunicorn as the product is; `FLOOR_DATABASE` names the database, `?bytes=` the size wanted.
"""

import hashlib
import os
import sqlite3
import threading
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
URL = os.environ.get("FLOOR_DATABASE", "")
IS_SQLITE = URL.startswith("sqlite")
TODAY = date(2024, 11, 14)
PAGE = app.jinja_env.from_string("""<!doctype html><title>Floor</title><h1>{{ user[0] }}, {{ user[1] }}</h1>
<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table><p>{{ filler }}</p>""")
OPEN = "('unassigned', 'assigned', 'in_progress', 'returned')"

_local = threading.local()


def run(sql: str, *values: object) -> Any:
    """Execute one statement on the connection of this thread."""
    if not hasattr(_local, "connection"):
        _local.connection = _connect()
    return _local.connection.execute(sql if IS_SQLITE else sql.replace("?", "%s"), values)


def _connect() -> Any:
    if not IS_SQLITE:
        return psycopg.connect(URL.replace("+psycopg", ""), autocommit=True)
    connection = sqlite3.connect(URL.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("busy_timeout=15000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def now() -> str:
    """The moment as both databases take it."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def begin() -> None:
    """Begin to write."""
    run("BEGIN IMMEDIATE" if IS_SQLITE else "BEGIN")


def user() -> Any:
    """Name, agency and id of whoever is signed in, or 401."""
    token = hashlib.sha256(request.cookies.get("floor", "").encode()).hexdigest()
    row = run(
        "SELECT u.name, g.short_name, u.id, u.agency_id FROM user_session s"
        " JOIN app_user u ON u.id = s.user_id JOIN agency g ON g.id = u.agency_id"
        " WHERE s.token_hash = ? AND s.expires_at > ? AND u.locked_at IS NULL",
        token,
        now(),
    ).fetchone()
    return row or abort(401)


def page(who: Any, rows: list[Any]) -> str:
    """Rows in the plain template, filled up to the size of the page that is measured."""
    html = PAGE.render(user=who, rows=rows, filler="")
    missing = request.args.get("bytes", 0, type=int) - len(html.encode())
    return html.replace("<p></p>", f"<p>{'x' * missing}</p>")


@app.get("/overdue")
def overdue() -> ResponseReturnValue:
    """The 50 worst overdue, and how many there are."""
    who = user()
    late = (
        " FROM assignment_span WHERE to_at IS NULL AND role = 'lead' AND kind = 'concrete'"
        f" AND phase = 'issued' AND work_state IN {OPEN} AND deadline < ?"
    )
    rows = run(
        "SELECT t.id, t.path, t.text, t.mode, a.deadline, a.percent, a.work_state, g.short_name,"
        f" g.name FROM (SELECT assignment_id {late} ORDER BY deadline LIMIT 50) w"
        " JOIN assignment a ON a.id = w.assignment_id JOIN task t ON t.id = a.task_id"
        " JOIN agency g ON g.id = a.agency_id ORDER BY a.deadline",
        TODAY.isoformat(),
    ).fetchall()
    total = run(f"SELECT count(*) {late}", TODAY.isoformat()).fetchall()
    return page(who, rows + total)


@app.get("/tasks/<int:task_id>")
def task(task_id: int) -> ResponseReturnValue:
    """One task with its agencies, progress, comments and record."""
    who = user()
    rows = run("SELECT * FROM task WHERE id = ?", task_id).fetchall()
    rows += run(
        "SELECT a.*, g.name FROM assignment a JOIN agency g ON g.id = a.agency_id"
        " WHERE a.task_id = ? ORDER BY a.position",
        task_id,
    ).fetchall()
    return page(who, rows + _updates(task_id) + _comments(task_id) + _history(task_id))


def _updates(task_id: int) -> list[Any]:
    return run(
        "SELECT p.made_at, p.body, p.percent, u.name, g.short_name FROM progress_update p"
        " JOIN assignment a ON a.id = p.assignment_id JOIN agency g ON g.id = a.agency_id"
        " JOIN app_user u ON u.id = p.author_id WHERE a.task_id = ? ORDER BY p.id DESC LIMIT 200",
        task_id,
    ).fetchall()


def _comments(task_id: int) -> list[Any]:
    return run(
        "SELECT c.made_at, c.body, u.name, g.short_name FROM comment c"
        " JOIN app_user u ON u.id = c.author_id JOIN agency g ON g.id = u.agency_id"
        " WHERE c.task_id = ? ORDER BY c.id DESC LIMIT 200",
        task_id,
    ).fetchall()


def _history(task_id: int) -> list[Any]:
    return run(
        "SELECT at, actor_name, verb, before, after FROM history_entry"
        " WHERE subject = 'task' AND subject_id = ? ORDER BY id DESC LIMIT 200",
        task_id,
    ).fetchall()


@app.get("/overview")
def overview() -> ResponseReturnValue:
    """Every agency with how many are done, waiting, late and open, and the late by age."""
    who = user()
    rows = run(
        "SELECT g.short_name, s.work_state, s.deadline < ?, s.submitted_on > s.deadline, count(*)"
        " FROM assignment_span s JOIN agency g ON g.id = s.agency_id WHERE s.to_at IS NULL"
        " AND s.role = 'lead' AND s.kind = 'concrete' AND s.phase = 'issued'"
        " GROUP BY 1, 2, 3, 4",
        TODAY.isoformat(),
    ).fetchall()
    return page(who, rows)


def _once(who: Any, task_id: int, verb: str) -> None:
    """The token of the form and the line in the record."""
    run("INSERT INTO form_token (token, used_at) VALUES (?, ?)", request.form["form_token"], now())
    run(
        "INSERT INTO history_entry"
        " (at, actor_id, actor_name, subject, subject_id, verb, before, after)"
        " VALUES (?, ?, ?, 'task', ?, ?, '{}', '{}')",
        now(),
        who[2],
        who[0],
        task_id,
        verb,
    )
    run("UPDATE task SET updated_at = ?, version = version + 1 WHERE id = ?", now(), task_id)


@app.post("/tasks/<int:task_id>/comments")
def post_comment(task_id: int) -> ResponseReturnValue:
    """Write a comment and show all."""
    begin()
    who = user()
    run(
        "INSERT INTO comment (task_id, author_id, body, made_at) VALUES (?, ?, ?, ?)",
        task_id,
        who[2],
        request.form["body"],
        now(),
    )
    _once(who, task_id, "task.comment")
    rows = _comments(task_id)
    run("COMMIT")
    return page(who, rows)


@app.post("/assignments/<int:assignment_id>/progress")
def post_progress(assignment_id: int) -> ResponseReturnValue:
    """Bring an assignment into progress and show the progress of its task."""
    begin()
    who = user()
    found = run(
        "SELECT a.task_id, a.agency_id, a.role, t.kind, t.quarter_four, a.deadline, a.officer_id"
        " FROM assignment a JOIN task t ON t.id = a.task_id WHERE a.id = ?",
        assignment_id,
    ).fetchone()
    run(
        "UPDATE assignment SET work_state = 'in_progress', percent = ?, updated_at = ?,"
        " version = version + 1 WHERE id = ?",
        int(request.form["percent"]),
        now(),
        assignment_id,
    )
    run(
        "UPDATE assignment_span SET to_at = ? WHERE assignment_id = ? AND to_at IS NULL",
        now(),
        assignment_id,
    )
    run(
        "INSERT INTO assignment_span (task_id, agency_id, role, kind, quarter_four, deadline,"
        " officer_id, assignment_id, phase, work_state, from_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'issued', 'in_progress', ?)",
        *found,
        assignment_id,
        now(),
    )
    run(
        "INSERT INTO progress_update (assignment_id, author_id, state, percent, body, waits, made_at)"
        " VALUES (?, ?, 'in_progress', ?, ?, ?, ?)",
        assignment_id,
        who[2],
        int(request.form["percent"]),
        request.form["body"],
        False,
        now(),
    )
    _once(who, found[0], "task.progress")
    rows = _updates(found[0])
    run("COMMIT")
    return page(who, rows)
