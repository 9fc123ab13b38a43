"""Pages of the reports: the overview, one report, sending it, deciding on it, the templates."""

from ntmtasks.reports.views import deciding, lists, report, templates
from ntmtasks.reports.views.blueprint import bp

__all__ = ["bp", "deciding", "lists", "report", "templates"]
