"""The pages that show everything at a glance."""

from ntmtasks.oversight.views import (
    calendar,
    comparison,
    overdue,
    overview,
    pictures,
    search,
    status,
    status_pages,
)
from ntmtasks.oversight.views.blueprint import bp

__all__ = [
    "bp",
    "calendar",
    "comparison",
    "overdue",
    "overview",
    "pictures",
    "search",
    "status",
    "status_pages",
]
