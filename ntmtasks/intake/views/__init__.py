"""The pages of intake: reading a plan in, reviewing it, issuing it."""

from ntmtasks.intake.views import issue, review, review_lists, table, upload
from ntmtasks.intake.views.blueprint import bp

__all__ = ["bp", "issue", "review", "review_lists", "table", "upload"]
