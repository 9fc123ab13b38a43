"""Signing in and out, the own password, people."""

from ntmtasks.accounts.views import absences, people, signing, standing_in
from ntmtasks.accounts.views.blueprint import bp
from ntmtasks.accounts.views.signing import THEMES

__all__ = ["THEMES", "absences", "bp", "people", "signing", "standing_in"]
