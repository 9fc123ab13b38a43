"""The migrations lead to exactly the tables of the models, on both databases."""

from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Enum, inspect, text

from ntmtasks import paths
from ntmtasks.app import create_app
from ntmtasks.core.db import db
from ntmtasks.core.migrate import upgrade
from tests.support import databases


def test_an_empty_database_becomes_the_models(engine: str, tmp_path: Path) -> None:
    with databases.empty_database(engine, tmp_path) as url:
        app = create_app(databases.config(tmp_path, url))
        with app.app_context():
            upgrade(app)
            upgrade(app)  # a second call has nothing to do
            with db.engine.connect() as connection:
                options = {"compare_type": _compare_type}
                context = MigrationContext.configure(connection, opts=options)
                assert compare_metadata(context, db.metadata) == []
                assert set(inspect(connection).get_table_names()) == {
                    *db.metadata.tables,
                    "alembic_version",
                }
            db.engine.dispose()


def test_no_key_stays_in_a_mail_that_went_out_before_that_was_so(
    engine: str, tmp_path: Path
) -> None:
    with databases.empty_database(engine, tmp_path) as url:
        app = create_app(databases.config(tmp_path, url))
        with app.app_context():
            flask_migrate.upgrade(str(paths.resource("migrations")), "0036")
            moment = datetime(2024, 11, 14, tzinfo=UTC)
            rest = "to_address, to_name, subject, attempts, doubts, error, office_day"
            new = text(
                "INSERT INTO outbox_mail (key, message_id, kind, state, text, html, made_at,"
                f" next_attempt_at, {rest}) VALUES (:key, :key, 'guest_link', :state, :said, :said,"
                " :at, :at, 'a@b.invalid', '', '', 1, 0, '', '2024-11-14')"
            )
            with db.engine.begin() as connection:
                for state in ("sent", "queued"):
                    said = 'Mở "http://x/guest/abc.DEF-9_z" để báo'
                    connection.execute(
                        new, {"key": state, "state": state, "said": said, "at": moment}
                    )
            upgrade(app)
            with db.engine.connect() as connection:
                found = connection.execute(text("SELECT state, text, html FROM outbox_mail")).all()
            kept = {row.state: {row.text, row.html} for row in found}
            assert kept == {"sent": {'Mở "http://x/guest/…" để báo'}, "queued": {said}}
            db.engine.dispose()


def _compare_type(
    _context: object, _column: Column[object], _meta: object, _inspected: object, kind: object
) -> bool | None:
    """An enum is a string in the database, as in migrations/env.py."""
    return False if isinstance(kind, Enum) else None
