"""Pages of the reports: the overview, one report, sending it."""

from ntmtasks.reports.views import lists, report
from ntmtasks.reports.views.blueprint import bp

__all__ = ["bp", "lists", "report"]
