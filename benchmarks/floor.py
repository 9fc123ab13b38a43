"""The floor that pages are measured against: a bare Flask view that reads and writes the same rows
by raw SQL and renders as many bytes by one plain template.

The statements are those that the page itself sends, caught beforehand on a copy of the database
(`record`), so that the rows are the same by construction; here nothing is left of the product but
them. Served by gunicorn as the product is. `FLOOR_DATABASE` names the database, `FLOOR_SCRIPTS` the
file of what was caught.
"""

import os
import pickle
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from markupsafe import Markup
from sqlalchemy import Engine, event

URL = os.environ.get("FLOOR_DATABASE", "")
IS_SQLITE = URL.startswith("sqlite")


@dataclass
class Script:
    """What one request does: its statements with their values, and the size of its answer. `cells` is
    how many values of the rows fit into that size, `rest` what is then left; both are found at the
    first run."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    size: int = 0
    cells: int | None = None
    rest: str = ""


@contextmanager
def record(engine: Engine) -> Iterator[Script]:
    """Note all statements that run on `engine` within the block; its caller sets the size."""
    script = Script()

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_rest: object) -> None:
        script.statements.append((sql, values))

    def begun(_connection: object) -> None:
        script.statements.append(("BEGIN", ()))

    def committed(_connection: object) -> None:
        script.statements.append(("COMMIT", ()))

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", committed)
    if engine.dialect.name != "sqlite":  # there BEGIN is a statement of ours
        event.listen(engine, "begin", begun)
    try:
        yield script
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", committed)
        if engine.dialect.name != "sqlite":
            event.remove(engine, "begin", begun)


app = Flask(__name__)
SCRIPTS: dict[str, Script] = {}
if file := os.environ.get("FLOOR_SCRIPTS"):
    SCRIPTS = pickle.loads(Path(file).read_bytes())
PAGE = app.jinja_env.from_string("""<!doctype html><title>Floor</title>
<table>{% for cell in cells %}<td>{{ cell }}</td>
{% endfor %}</table>{{ rest }}""")

_local = threading.local()


def connection() -> Any:
    """The connection of this thread."""
    if not hasattr(_local, "connection"):
        _local.connection = _connect()
    return _local.connection


def _connect() -> Any:
    if not IS_SQLITE:
        return psycopg.connect(URL.replace("+psycopg", ""), autocommit=True)
    made = sqlite3.connect(URL.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("busy_timeout=15000", "synchronous=FULL", "foreign_keys=ON"):
        made.execute(f"PRAGMA {pragma}")
    return made


@app.route("/<key>", methods=["GET", "POST"])
def run(key: str) -> str:
    """Do what the request of this name does."""
    script, rows = SCRIPTS[key], []
    line = connection()
    in_transaction = False
    for sql, values in script.statements:
        if sql.startswith("BEGIN"):
            if in_transaction:
                line.execute("ROLLBACK")
            in_transaction = True
        elif sql == "COMMIT":
            in_transaction = False
        cursor = line.execute(sql, _fresh(sql, values))
        if cursor.description:
            rows += cursor.fetchall()
    if in_transaction:
        line.execute("ROLLBACK")
    return page(script, [cell for row in rows for cell in row])


def _fresh(sql: str, values: Any) -> Any:
    """The values, with a token that was not used before."""
    if not sql.startswith("INSERT INTO form_token"):
        return values
    token = secrets.token_urlsafe(16)
    return {**values, "token": token} if isinstance(values, dict) else (token, *values[1:])


def page(script: Script, cells: list[Any]) -> str:
    """The values in the plain template, filled up to the size of the page that is measured."""
    if script.cells is None:
        script.cells = len(cells)
        while len(PAGE.render(cells=cells[: script.cells], rest="").encode()) > script.size:
            script.cells = script.cells * 9 // 10
        shown = PAGE.render(cells=cells[: script.cells], rest="")
        script.rest = "x" * (script.size - len(shown.encode()))
    return PAGE.render(cells=cells[: script.cells], rest=Markup(script.rest))
