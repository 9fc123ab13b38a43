"""The floor that pages are measured against: a bare Flask view that reads and writes the same rows
by raw SQL, in the same transactions, and renders the same bytes by one plain template.

The statements are those that the page itself sends, caught beforehand on a copy of the database
(`record`), so that the rows are the same by construction: session, settings and the numbers in the
frame included. The template is the page that came of it, with a place for each value of these rows
that stands in it. Nothing else is left of the product. Served by gunicorn as the product is.
`FLOOR_DATABASE` names the database, `FLOOR_SCRIPTS` the file of what was caught.
"""

import os
import pickle
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from jinja2 import Template
from markupsafe import escape
from sqlalchemy import Engine, event

URL = os.environ.get("FLOOR_DATABASE", "")
IS_SQLITE = URL.startswith("sqlite")


@dataclass
class Script:
    """What one request does: its statements with their values, the rows that they found, each with
    its columns, and the page that it answers with."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    page: str = ""


@contextmanager
def record(engine: Engine, beginning: Callable[[], str]) -> Iterator[Script]:
    """Note all statements that run on `engine` within the block; its caller sets the page. `beginning`
    says by which one a transaction begins, as drivers do that unseen."""
    script = Script()

    def note(_connection: object, cursor: Any, sql: str, values: Any, *_rest: object) -> None:
        script.statements.append((sql, values))
        if sql.startswith("SELECT"):  # asked once more, as rows can be fetched only once
            again = cursor.connection.cursor()
            script.rows += [tuple(row) for row in again.execute(sql, values).fetchall()]

    def begun(_connection: object) -> None:
        script.statements.append((beginning(), ()))

    def committed(_connection: object) -> None:
        script.statements.append(("COMMIT", ()))

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begun)
    event.listen(engine, "commit", committed)
    try:
        yield script
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "begin", begun)
        event.remove(engine, "commit", committed)


app = Flask(__name__)


def plain_template(script: Script) -> Template:
    """The page with a place for each value of its rows; code names alone are too short to tell."""
    places = {"\r\n": r"{{ '\r\n' }}"}  # within a field for long text; Jinja would change it
    for number, row in enumerate(script.rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and len(value) > 2 and not value.isidentifier():
                places.setdefault(str(escape(value)), f"{{{{ rows[{number}][{column}] }}}}")
    # The longest first, or a value would be cut in two by a shorter one within it.
    values = "|".join(re.escape(value) for value in sorted(places, key=len, reverse=True))
    pieces = re.split(f"({values})", script.page)
    return app.jinja_env.from_string(
        "".join(places.get(p) or f"{{% raw %}}{p}{{% endraw %}}" for p in pieces if p)
    )


SCRIPTS: dict[str, Script] = {}
if file := os.environ.get("FLOOR_SCRIPTS"):
    SCRIPTS = pickle.loads(Path(file).read_bytes())
_made = {id(script): plain_template(script) for script in SCRIPTS.values()}
PAGES = {key: _made[id(script)] for key, script in SCRIPTS.items()}

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
    rows: list[tuple[Any, ...]] = []
    line = connection()
    in_transaction = False
    for sql, values in SCRIPTS[key].statements:
        if sql.startswith("BEGIN"):
            if in_transaction:
                line.execute("ROLLBACK")
            in_transaction = True
        elif sql == "COMMIT":
            in_transaction = False
        if isinstance(values, list):  # several rows at once
            line.cursor().executemany(sql, values)
            continue
        cursor = line.execute(sql, _fresh(sql, values))
        if cursor.description:
            found = cursor.fetchall()
            if sql.startswith("SELECT"):
                rows += found
    if in_transaction:
        line.execute("ROLLBACK")
    return PAGES[key].render(rows=rows)


def _fresh(sql: str, values: Any) -> Any:
    """The values, with a token that was not used before."""
    if not sql.startswith("INSERT INTO form_token"):
        return values
    token = secrets.token_urlsafe(16)
    return {**values, "token": token} if isinstance(values, dict) else (token, *values[1:])
