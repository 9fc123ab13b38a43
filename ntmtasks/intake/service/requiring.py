"""The reports that an issued plan asks for, by the words of its items."""

from collections.abc import Sequence
from dataclasses import dataclass

from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.history.service import Actor
from ntmtasks.plans.models import Plan
from ntmtasks.reports.rules import duties
from ntmtasks.reports.rules.periods import USUAL, PeriodKind
from ntmtasks.reports.service.requiring import create_requirement
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import AssignmentRole, TaskKind

REGULAR = "Báo cáo định kỳ tình hình thực hiện"
SUMMARY = "Báo cáo tổng hợp tình hình thực hiện"
APPRAISAL = "Báo cáo thẩm định tiêu chí, chỉ tiêu"


@dataclass(frozen=True)
class _Duty:
    """The items by which the same agencies owe the same reports."""

    owing: list[Agency]
    items: list[Task]


def require_reports(actor: Actor | None, plan: Plan, found: Sequence[Task]) -> None:
    """Make the reporting duties of a plan: one for all items by which the same agencies report in the
    same rhythm; the office's own summary, as often as what it gathers comes in; appraisals, once a year.
    """
    recurring = [task for task in found if task.kind is TaskKind.RECURRING]
    regular = [task for task in recurring if duties.says_rhythm(task.recurrence)]
    office = agencies.by_short_name().get(agencies.directory().office or "")
    gathers = [office.name] if office else []
    for duty in _grouped(regular):
        _require(actor, plan, duty, REGULAR, [*gathers, plan.issuer])
    if regular:
        summaries = [task for task in recurring if _is_summary(task)]
        for duty in _grouped([task for task in summaries if task not in regular]):
            boards = [duties.board_named(task.text) for task in duty.items]
            _require(actor, plan, duty, SUMMARY, [plan.issuer, *filter(None, boards)])
    appraised = [t for t in found if t not in regular and duties.asks_for_appraisal(t.text)]
    for duty in _grouped(appraised):
        _require(actor, plan, duty, APPRAISAL, gathers or [plan.issuer], duties.APPRAISAL_KINDS)


def _require(
    actor: Actor | None,
    plan: Plan,
    duty: _Duty,
    title: str,
    recipients: Sequence[str],
    kinds: Sequence[PeriodKind] = USUAL,
) -> None:
    clauses = [clause for task in duty.items for clause in task.clauses]
    create_requirement(plan, clauses, title, recipients, duty.owing, actor, kinds)


def _is_summary(task: Task) -> bool:
    """Whether the coordinating office gathers by this item what the others report."""
    by_office = [a.agency.kind is AgencyKind.OFFICE for a in _leads(task)]
    return any(by_office) and duties.asks_for_summary(task.text)


def _leads(task: Task) -> Sequence[Assignment]:
    return [a for a in task.assignments if a.role is AssignmentRole.LEAD]


def _grouped(tasks: Sequence[Task]) -> list[_Duty]:
    """Items with the same leads together, in the order of the plan."""
    found: dict[tuple[int, ...], _Duty] = {}
    for task in tasks:
        owing = [a.agency for a in _leads(task)]
        key = tuple(agency.id for agency in owing)
        found.setdefault(key, _Duty(owing, [])).items.append(task)
    return list(found.values())
