"""The pages of intake: reading a plan in, reviewing it, issuing it."""

from ntmtasks.intake.views import table, upload
from ntmtasks.intake.views.blueprint import bp

__all__ = ["bp", "table", "upload"]
