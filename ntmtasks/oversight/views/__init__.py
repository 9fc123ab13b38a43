"""The pages that show everything at a glance."""

from ntmtasks.oversight.views import (
    api,
    api_keys,
    calendar,
    comparison,
    overdue,
    overview,
    pictures,
    search,
    status,
    status_pages,
    webhooks,
)
from ntmtasks.oversight.views.api import failure as api_failure
from ntmtasks.oversight.views.blueprint import bp

__all__ = [
    "api",
    "api_failure",
    "api_keys",
    "bp",
    "calendar",
    "comparison",
    "overdue",
    "overview",
    "pictures",
    "search",
    "status",
    "status_pages",
    "webhooks",
]
