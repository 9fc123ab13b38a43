"""Nhắc việc: what goes to whom, what went, and by which rules."""

from ntmtasks.reminders.views import coming, rules, sent
from ntmtasks.reminders.views.blueprint import bp

__all__ = ["bp", "coming", "rules", "sent"]
