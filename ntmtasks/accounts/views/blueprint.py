"""The blueprint of the room and what its pages share."""

from flask import Blueprint
from flask_wtf import FlaskForm

from ntmtasks.accounts import service

bp = Blueprint("accounts", __name__)


def refuse(form: FlaskForm, error: service.Refused) -> None:
    """Show a service's sentence beside the field it is about."""
    field = form[error.field]
    field.errors = [*field.errors, error.message]
