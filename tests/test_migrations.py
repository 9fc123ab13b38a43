"""The migrations lead to exactly the tables of the models, on both databases."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Enum, inspect

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


def _compare_type(
    _context: object, _column: Column[object], _meta: object, _inspected: object, kind: object
) -> bool | None:
    """An enum is a string in the database, as in migrations/env.py."""
    return False if isinstance(kind, Enum) else None
