"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("intake", __name__)
