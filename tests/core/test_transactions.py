"""One door for writing: what happens when somebody else was faster, and rows that skip the session."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, part, transaction
from ntmtasks.core.rows import write_changes, write_row, write_rows
from ntmtasks.outbox.models import Notice
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from tests.support.work import somebody


def first() -> Assignment:
    """Any row with a version."""
    return db.session.scalars(select(Assignment).order_by(Assignment.id).limit(1)).one()


def lose_the_race() -> None:
    """Change a row that somebody else changes after it was read."""
    with transaction():
        row = first()
        db.session.execute(
            text("UPDATE assignment SET version = version + 1 WHERE id = :id"), {"id": row.id}
        )
        row.percent = 99


def test_a_race_lost_in_the_database_is_told_as_such(app: Flask) -> None:
    with pytest.raises(ChangedMeanwhile):
        lose_the_race()
    assert first().percent != 99


def test_a_form_without_a_version_is_carried_out(app: Flask) -> None:
    row = first()
    check_version(row, None)
    check_version(row, row.version)
    with pytest.raises(ChangedMeanwhile):
        check_version(row, row.version - 1)


def test_a_row_that_is_written_at_once_is_as_if_it_had_been_read(app: Flask) -> None:
    work, author = first(), somebody("chuyenvien")
    said = {"task_id": work.task_id, "author_id": author.id, "body": "Lời", "version": 1}
    done = {"assignment_id": work.id, "author_id": author.id, "body": "Đã làm", "percent": 30}
    now = clock.now()
    with transaction():
        comment = write_row(Comment, {**said, "search_text": "loi", "made_at": now}, author=author)
        update = write_row(ProgressUpdate, {**done, "state": WorkState.IN_PROGRESS, "made_at": now})
        assert not db.session.dirty
        assert not db.session.new
        query = select(Comment.body).where(Comment.id == comment.id)
        assert db.session.connection().scalar(query) == "Lời"
    assert (comment.author, comment.mentions, comment.edited_at) == (author, [], None)
    assert (update.figure, update.waits, update.source_on) == ("", False, None)
    with transaction():
        comment.body = "Lời khác"
    db.session.expire_all()
    assert (comment.body, comment.version, comment.mentions) == ("Lời khác", 2, [])
    assert db.session.get_one(ProgressUpdate, update.id).agency_name == work.agency.short_name


def stored(row: Assignment) -> tuple[int, bool, int]:
    """Percent, mark and version as the database has them."""
    query = select(Assignment.percent, Assignment.extended, Assignment.version)
    return tuple(db.session.connection().execute(query.where(Assignment.id == row.id)).one())


def shown(row: Assignment) -> tuple[int, bool, int]:
    """The same as the object has them."""
    return row.percent, row.extended, row.version


def test_changes_of_one_row_are_stored_at_once_with_whatever_else_waits(app: Flask) -> None:
    row, version = first(), first().version
    with transaction():
        write_changes(row, percent=41)
        assert not db.session.dirty
        assert shown(row) == stored(row) == (41, False, version + 1)
        row.extended = True
        write_changes(row, percent=42)
        assert shown(row) == stored(row) == (42, True, version + 2)
    db.session.expire_all()
    assert shown(row) == (42, True, version + 2)


def change_and_fail(row: Assignment, outside: bool = False) -> None:
    """Change a row in a part that fails, because somebody else was faster or for another reason."""
    with part():
        if outside:
            bump = text("UPDATE assignment SET version = version + 1 WHERE id = :id")
            db.session.execute(bump, {"id": row.id})
        write_changes(row, percent=43)
        raise ZeroDivisionError


def test_changes_of_a_part_that_fails_are_neither_stored_nor_shown(app: Flask) -> None:
    row = first()
    before = shown(row)
    with transaction():
        with pytest.raises(ZeroDivisionError):
            change_and_fail(row)
        assert shown(row) == stored(row) == before
        with pytest.raises(ChangedMeanwhile):
            change_and_fail(row, outside=True)
        assert shown(row) == stored(row) == before
        write_changes(row, percent=44)
    assert shown(row) == stored(row) == (44, before[1], before[2] + 1)


def notices() -> int:
    """How many there are."""
    return db.session.connection().execute(select(func.count()).select_from(Notice)).scalar_one()


def fail_after_three() -> None:
    """Write three rows in a transaction that comes to nothing."""
    row = {"kind": "x", "subject": "S", "line": "L", "url": "/", "made_at": clock.real_now()}
    before = notices()
    with transaction():
        write_rows(Notice, *[{**row, "user_id": somebody("chuyenvien").id}] * 3)
        assert notices() == before + 3
        raise ZeroDivisionError


def test_rows_that_are_written_at_once_go_with_their_transaction(app: Flask) -> None:
    before = notices()
    with pytest.raises(ZeroDivisionError):
        fail_after_three()
    assert notices() == before
