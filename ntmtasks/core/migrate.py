"""Bring the database to the schema of this version."""

import flask_migrate
from flask import Flask

from ntmtasks import paths


def upgrade(app: Flask) -> None:
    """Run all migrations that the database has not seen; safe to call again."""
    with app.app_context():
        flask_migrate.upgrade(directory=str(paths.resource("migrations")))
