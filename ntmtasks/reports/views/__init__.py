"""Pages of the reports: who owes what and when, one report, sending and deciding it, the templates."""

from ntmtasks.reports.views import (
    asking,
    coming,
    deciding,
    lists,
    papers,
    report,
    requirements,
    templates,
    timeliness,
)
from ntmtasks.reports.views.blueprint import bp

__all__ = [
    "asking",
    "bp",
    "coming",
    "deciding",
    "lists",
    "papers",
    "report",
    "requirements",
    "templates",
    "timeliness",
]
