"""Statements that the driver runs say, find and refuse what SQLAlchemy would."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, prepared
from ntmtasks.core.db import Base, db, if_undone, transaction
from ntmtasks.core.rows import write_rows
from ntmtasks.progress.models.updates import Comment
from ntmtasks.tasks.models import Task
from tests.support.work import somebody

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(params=["by the driver", "heard"])
def heard(request: pytest.FixtureRequest, statements: Statements) -> AbstractContextManager[object]:
    """A block in which statements run, with somebody who listens to them or without."""
    return statements() if request.param == "heard" else nullcontext()


def remark(task_id: int, **more: object) -> dict[str, object]:
    """A row of comments without what has a default."""
    author, now = somebody("chuyenvien").id, clock.now()
    said = {"task_id": task_id, "author_id": author, "body": "Lời", "search_text": "loi"}
    return {**said, "made_at": now, "version": 1, **more}


def test_rows_get_the_defaults_of_their_columns(
    app: Flask, heard: AbstractContextManager[object]
) -> None:
    with heard, transaction():
        write_rows(Comment, remark(1), remark(2, body="“Lời” của 'ai'?"))
    found = db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(2)).all()
    assert [each.mentions for each in found] == [[], []]
    assert [(each.task_id, each.body) for each in found] == [(2, "“Lời” của 'ai'?"), (1, "Lời")]


def test_a_refused_row_is_refused_as_by_sqlalchemy(
    app: Flask, heard: AbstractContextManager[object]
) -> None:
    def write() -> None:
        with heard, transaction():
            write_rows(Comment, remark(task_id=-1))

    with pytest.raises(IntegrityError):
        write()
    assert db.session.get(Task, 1) is not None


def test_says_how_many_rows_it_met(app: Flask, heard: AbstractContextManager[object]) -> None:
    table = Base.metadata.tables[Agency.__tablename__]
    renaming = update(table).where(table.c.id == bindparam("its")).values(phone=bindparam("given"))
    with heard, transaction():
        assert prepared.change(renaming, {"its": -1, "given": "1"}) == 0
        two = [{"its": number, "given": "0292"} for number in (1, 2)]
        assert prepared.change(renaming, *two) == 2
    assert db.session.get_one(Agency, 2).phone == "0292"


def test_a_list_has_no_place_in_it(app: Flask) -> None:
    with pytest.raises(ValueError, match="no list"):
        prepared.rows(select(Agency.id).where(Agency.id.in_([1, 2])), {})


def break_off() -> None:
    """Ask the database in a transaction whose connection breaks."""
    with transaction():
        if_undone(lambda: undone.append("undone"))
        driver = db.session.connection().connection.dbapi_connection
        assert driver is not None
        driver.close()
        prepared.rows(select(Agency.id), {})


undone: list[str] = []


def test_a_broken_connection_is_given_up_and_what_was_done_undone(app: Flask) -> None:
    undone.clear()
    with pytest.raises(DBAPIError) as told:
        break_off()
    assert told.value.connection_invalidated
    assert undone == ["undone"]
    assert prepared.rows(select(Agency.id).where(Agency.id == bindparam("its")), {"its": 1}) == [
        (1,)
    ]
