"""The record is append-only: the database itself refuses to change or to delete what stands in it."""

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from ntmtasks.core.db import db
from ntmtasks.history.models import HistoryEntry

ACTS = {
    "update": update(HistoryEntry).values(actor_name="Không ai"),
    "update of one": update(HistoryEntry).where(HistoryEntry.id == 1).values(verb="task.add"),
    "delete": delete(HistoryEntry),
    "plain delete": text("DELETE FROM history_entry WHERE id = 1"),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_database_refuses_to_change_the_record(app: Flask, act: str) -> None:
    every = select(HistoryEntry.id, HistoryEntry.actor_name, HistoryEntry.verb)
    before = db.session.execute(every.order_by(HistoryEntry.id)).all()
    assert before
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(ACTS[act])
    db.session.rollback()
    assert db.session.execute(every.order_by(HistoryEntry.id)).all() == before
