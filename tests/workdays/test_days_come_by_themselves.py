"""A new instance and a new year know their days off without anybody's button."""

from datetime import date, time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from ntmtasks import cli, worker
from ntmtasks.app import create_app
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.history.service import SYSTEM_NAME
from ntmtasks.workdays import jobs
from ntmtasks.workdays.models import SpecialDay
from ntmtasks.workdays.queries import calendar, special_days
from ntmtasks.workdays.rules import is_working_day
from tests.support import databases

TET_2031 = date(2031, 1, 23)


def days_of(year: int) -> set[date]:
    """The special days of a year."""
    return {row.day for row in special_days(year)}


def run(day: date) -> int:
    return jobs.run(clock.at(day, time(0, 5)))


def test_a_year_of_which_nothing_is_known_is_filled_once(app: Flask) -> None:
    assert is_working_day(TET_2031, calendar())
    assert run(date(2031, 1, 1)) == len(days_of(2031)) > 5
    assert not is_working_day(TET_2031, calendar())
    newest = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert newest is not None
    assert (newest.verb, newest.actor_name) == ("workday.set", SYSTEM_NAME)
    with transaction():
        db.session.execute(delete(SpecialDay).where(SpecialDay.day >= date(2031, 1, 1)))
    assert run(date(2031, 1, 2)) == 0, "what somebody took out stays out"


def test_in_december_the_next_year_is_filled(app: Flask) -> None:
    run(date(2031, 11, 30))
    assert not days_of(2032)
    run(date(2031, 12, 1))
    assert days_of(2032)


def test_a_year_that_somebody_has_begun_is_left_alone(app: Flask) -> None:
    entered = SpecialDay(day=date(2031, 5, 5), is_working=False, name="Nghỉ", source="admin")
    with transaction():
        db.session.add(entered)
    assert run(date(2031, 1, 1)) == 0
    assert days_of(2031) == {entered.day}


def test_the_worker_does_it_before_it_reminds(app: Flask) -> None:
    with transaction():
        settings.store(settings.SAMPLE_DATE, "2031-01-23")
    let_go()
    worker.tick(app)
    let_go()
    assert TET_2031 in days_of(2031)


def test_a_migrated_instance_knows_this_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTMTASKS_INSTANCE", str(tmp_path))
    monkeypatch.setenv("NTMTASKS_SECRET_KEY", databases.SECRET)
    monkeypatch.setenv("NTMTASKS_TODAY", "2031-03-03")
    cli.migrate.callback()
    clock.freeze(None)  # what the command set
    with create_app(databases.config(tmp_path)).app_context():
        assert TET_2031 in days_of(2031)
        db.engine.dispose()
