"""Kept queries find what SQLAlchemy would, as objects of the session and as columns."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from flask import Flask
from sqlalchemy import bindparam, inspect, literal, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.attributes import set_committed_value

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.clock import real_now_sql
from ntmtasks.core.db import ChangedMeanwhile, db, transaction
from ntmtasks.core.kept import columns, objects, written_out
from ntmtasks.history.models import HistoryEntry
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.tasks.models import Assignment, Task

Statements = Callable[[], AbstractContextManager[list[str]]]
KINDS = (
    User,
    Agency,
    Plan,
    Clause,
    Task,
    Assignment,
    Comment,
    ProgressUpdate,
    HistoryEntry,
)


def test_reads_what_the_session_reads(app: Flask, statements: Statements) -> None:
    for kind in KINDS:
        names = [each.key for each in inspect(kind).column_attrs if not each.deferred]
        query = select(kind)
        read = sorted([getattr(row, name) for name in names] for row in db.session.scalars(query))
        assert read
        for listening in (nullcontext(), statements()):
            db.session.expunge_all()
            with listening:
                rows = [row for (row,) in objects(query)]
            assert sorted([vars(row)[name] for name in names] for row in rows) == read
            assert all(inspect(row).persistent for row in rows)
    with statements() as heard:
        objects(select(Agency))
    assert len(heard) == 1


def assignments() -> list[Assignment]:
    """Some work, each with its agency."""
    query = (
        select(Assignment, Agency)
        .join_from(Assignment, Agency, Assignment.agency_id == Agency.id)
        .where(Assignment.id < bindparam("below"))
        .order_by(Assignment.id)
    )
    found = objects(query, {"below": 4})
    for work, agency in found:
        set_committed_value(work, "agency", agency)
    return [work for work, _ in found]


def test_what_it_finds_is_the_sessions(app: Flask) -> None:
    work = assignments()[0]
    assert db.session.get(Assignment, work.id) is work
    assert work.agency is db.session.get(Agency, work.agency_id)
    assert work.task.assignments
    with transaction():
        work.state_note = "Cần bổ sung"
    db.session.expunge_all()
    again = assignments()[0]
    assert (again.state_note, again.version) == ("Cần bổ sung", work.version)


def test_what_somebody_else_changed_is_not_overwritten(app: Flask) -> None:
    def lose_the_race() -> None:
        with transaction():
            work = assignments()[0]
            db.session.execute(text("UPDATE assignment SET version = version + 1"))
            work.state_note = "Muộn"

    with pytest.raises(ChangedMeanwhile):
        lose_the_race()


def test_what_is_known_stays_as_it_is_until_it_has_expired(app: Flask) -> None:
    work = assignments()[0]
    before = work.state_note
    work.state_note = "Đang soạn"
    assert assignments()[0] is work
    assert work.state_note == "Đang soạn"
    db.session.rollback()
    assert assignments()[0] is work
    assert "state_note" in vars(work)
    assert work.state_note == before


def test_constants_are_written_into_a_query(app: Flask) -> None:
    words, of = "100 % :x a::b 'y'", bindparam("number", type_=Agency.id.type)
    query = written_out(
        select(Agency.id, literal(words)).where(Agency.id.in_([1, 2]), Agency.id == of)
    )
    assert columns(query, {"number": 2}) == [(2, words)]
    with_values = written_out(select(Agency.id).where(Agency.id == 2)).compile()
    assert with_values.params == {}


def test_a_moment_is_the_one_at_which_the_query_runs(app: Flask) -> None:
    query = select(Agency.id, real_now_sql()).where(Agency.id == 1)
    ((_, first),), ((_, second),) = columns(query), columns(query)
    assert first < second


def test_what_goes_wrong_is_said_by_sqlalchemy(app: Flask) -> None:
    query = select(Agency.name).where(text("no_such_column = 1"))
    with pytest.raises(SQLAlchemyError, match="no_such_column"):
        columns(query)
    db.session.rollback()
    assert columns(select(Agency.id).where(Agency.id == 1)) == [(1,)]
