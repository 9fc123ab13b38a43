"""The letter by which a plan's work reaches an agency."""

from ntmtasks.agencies.models import Agency
from ntmtasks.outbox.mails import Letter, render
from ntmtasks.plans.models import Plan
from ntmtasks.tasks.models import Assignment


def issued(plan: Plan, agency: Agency, name: str, work: list[Assignment]) -> Letter:
    """What an agency got of a plan: each task with its clause, role and deadline."""
    return render("issued", plan=plan, agency=agency, name=name, work=work)
