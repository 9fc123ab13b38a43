"""One door for writing: what happens when somebody else was faster."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.tasks.models import Assignment


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
