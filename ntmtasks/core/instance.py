"""The settings of the running instance, for whoever is below the front doors."""

from flask import current_app

from ntmtasks.config import Config


def config() -> Config:
    """The settings with which the application was made."""
    found: Config = current_app.extensions["ntmtasks_config"]
    return found
