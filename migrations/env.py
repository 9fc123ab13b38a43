"""Runs migrations on the application's own engine; our own, as `flask db init` copies a template.

SQLite alters tables by copying them. With foreign keys on, dropping the old copy deletes every child
row in silence, so they are off while migrating and checked at the end.
"""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from ntmtasks.core.db import UTCDateTime

db = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our own types as the plain ones they are in the database."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def compare_type(
    _context: Any, _column: Any, _meta: Any, _inspected: Any, kind: Any
) -> bool | None:
    """An enum is a string in the database."""
    return False if isinstance(kind, sa.Enum) else None


def run() -> None:
    """Migrate inside one transaction."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=is_sqlite,
            render_item=render_item,
            compare_type=compare_type,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"migration left rows without parents: {broken[:5]}")


run()
