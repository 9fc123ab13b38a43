"""Pages of the reports: the overview, one report, sending it."""

from ntmtasks.reports.views import deciding, lists, report
from ntmtasks.reports.views.blueprint import bp

__all__ = ["bp", "deciding", "lists", "report"]
