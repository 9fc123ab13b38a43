"""The database: one declarative base, one door for writing.

Whatever changes rows runs inside `with transaction():`. Verbs that call verbs join; the outermost
commits, nothing else does.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import PoolProxiedConnection

BUSY_TIMEOUT_MS = 15_000


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment, stored in UTC and always aware (SQLite gives naive ones back otherwise)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    registry = registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UTCDateTime(),
            date: sa.Date(),
            str: sa.Text(),
            dict[str, Any]: sa.JSON(),
            list[str]: sa.JSON(),
        },
    )


def enum_column(kind: type[StrEnum]) -> sa.Enum:
    """The column type of an enum, stored as its code name."""
    return sa.Enum(
        kind, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e]
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_depth: ContextVar[int] = ContextVar("transaction_depth", default=0)
_writing: ContextVar[bool] = ContextVar("transaction_writing", default=False)
_undo: ContextVar[tuple[Callable[[], object], ...]] = ContextVar("transaction_undo", default=())


def insert(table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the database."""
    if db.engine.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def will_write(writing: bool) -> None:
    """Say at the start of a request whether it writes.

    SQLite then takes the write lock at its first statement: a reader that turns writer half way fails
    when somebody else wrote in between.
    """
    _writing.set(writing)


class ChangedMeanwhile(Exception):
    """Somebody else changed the row since the person saw it."""


class Versioned(Protocol):
    """A row that people edit."""

    version: Any


def check_version(row: Versioned, seen: int | None) -> None:
    """Raise ChangedMeanwhile unless the row still is as the person saw it.

    A form without a version (a script) is always carried out.
    """
    if seen is not None and seen != row.version:
        raise ChangedMeanwhile


def let_go() -> None:
    """End the running read transaction, before slow work that needs no database."""
    db.session.rollback()


def if_undone(act: Callable[[], object]) -> None:
    """Call `act` if the running transaction comes to nothing: for what it did outside the database."""
    _undo.set((*_undo.get(), act))


@contextmanager
def transaction() -> Iterator[None]:
    """Run the block in one transaction; joined when already inside one. Commits at the outermost end.

    Raises ChangedMeanwhile when a row had another version in the database than here.
    """
    depth = _depth.get()
    was_writing = _writing.get()
    if depth == 0 and not was_writing:
        if db.session().in_transaction():
            db.session.rollback()
        _writing.set(True)
    _depth.set(depth + 1)
    try:
        yield
        if depth == 0:
            db.session.commit()
            was_writing = False  # what follows in this request only reads, for the answer
    except BaseException as error:
        if depth == 0:
            try:
                db.session.rollback()
            finally:
                for act in _undo.get():
                    act()
            if isinstance(error, StaleDataError):
                raise ChangedMeanwhile from error
        raise
    finally:
        if depth == 0:
            _undo.set(())
        _depth.set(depth)
        _writing.set(was_writing)


@contextmanager
def part() -> Iterator[None]:
    """Run a block of the running transaction that may fail alone: what it did is undone, what came
    before it stays, and its exception goes on to the caller.

    Raises ChangedMeanwhile when a row had another version in the database than here.
    """
    before = _undo.get()
    try:
        with db.session.begin_nested():
            yield
    except BaseException as error:
        for act in _undo.get()[len(before) :]:
            act()
        _undo.set(before)
        if isinstance(error, StaleDataError):
            raise ChangedMeanwhile from error
        raise


def init_app(app: Flask, database_url: str) -> None:
    """Bind the database to `app`, with the pragmas and BEGIN that SQLite needs."""
    options: dict[str, Any] = {}
    if database_url.startswith("postgresql"):
        options = {
            "pool_pre_ping": True,
            "pool_size": 8,
            "connect_args": {"connect_timeout": 5},
        }
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            # An event would do as well, but then every statement asks who listens to it.
            db.engine.dialect.do_begin = _begin_sqlite  # type: ignore[assignment,method-assign]


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    # The timeout comes first: already the next line may have to wait.
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: PoolProxiedConnection) -> None:
    cursor = connection.cursor()
    cursor.execute(sqlite_beginning())
    cursor.close()


def sqlite_beginning() -> str:
    """The statement by which a transaction on SQLite begins now."""
    return "BEGIN IMMEDIATE" if _writing.get() else "BEGIN"
