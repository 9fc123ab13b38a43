"""Who reports in time, and what falls due next, as people take them away."""

from collections.abc import Iterable, Mapping
from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.core.tables import Cell, Column, Table
from ntmtasks.progress.queries.occurrences import Slot
from ntmtasks.reports.labels import MARKS, STANDINGS
from ntmtasks.reports.queries.coming import AgencyPlan
from ntmtasks.reports.queries.lists import ReportRow
from ntmtasks.reports.queries.timeliness import mark
from ntmtasks.reports.rules.timeliness import Mark, Tally
from ntmtasks.tasks.labels import STATES
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.service.tables import about

_TIMELINESS = (
    Column("Cơ quan", 30),
    Column("Báo cáo", 36),
    Column("Kỳ báo cáo", 30),
    Column("Hạn nộp", 13, "day"),
    Column("Ngày nộp", 13, "day"),
    Column("Kết quả", 16),
    Column("Số ngày muộn", 10, "number"),
    Column("Tỷ lệ đúng hạn của cơ quan (%)", 14, "number"),
    Column("Số kỳ đúng hạn liên tiếp", 14, "number"),
)
_COMING = (
    Column("Cơ quan", 30),
    Column("Loại", 14),
    Column("Hạn", 13, "day"),
    Column("Mục", 10),
    Column("Nội dung", 60),
    Column("Người phụ trách", 22),
    Column("Trạng thái", 20),
)


def timeliness_table(
    user: User, rows: Iterable[ReportRow], sums: Mapping[int, Tally], today: date
) -> Table:
    """Every due day with its mark; `sums` by the number of the agency."""
    shown = [_mark_row(row, sums[row.agency.id], today) for row in rows]
    return Table("Nộp báo cáo đúng hạn", about(user), _TIMELINESS, shown)


def _mark_row(row: ReportRow, sums: Tally, today: date) -> list[Cell]:
    found = mark(row)
    late = (row.submitted_on or today) - row.due_on if found is not Mark.NOT_REQUIRED else None
    return [
        row.agency.name,
        row.requirement.title,
        ", ".join(row.labels),
        row.due_on,
        row.submitted_on,
        MARKS[found] + (f" ({row.reason})" if row.reason else ""),
        late.days if late is not None and late.days > 0 else None,
        sums.percent,
        sums.streak,
    ]


def reports_table(user: User, shows: str, rows: Iterable[ReportRow]) -> Table:
    """A list of due days; `shows` is its filter in words."""
    shown = [
        [
            row.agency.name,
            row.requirement.title,
            ", ".join(row.labels),
            row.due_on,
            row.submitted_on,
            STANDINGS[row.standing] + (f" ({row.reason})" if row.reason else ""),
        ]
        for row in rows
    ]
    return Table("Báo cáo", about(user, shows), (*_TIMELINESS[:5], Column("Tình trạng", 24)), shown)


def coming_table(user: User, month: str, plans: Iterable[AgencyPlan]) -> Table:
    """What falls due in a month and what is carried over into it."""
    rows: list[list[Cell]] = []
    for plan in plans:
        rows += [_report_row(row) for row in plan.reports]
        rows += [_work_row(a, "việc đến hạn") for a in plan.due]
        rows += [_work_row(a, "chuyển sang") for a in plan.carried]
        rows += [_slot_row(slot) for slot in plan.slots]
    return Table(f"Kế hoạch {month.lower().replace('/', '-')}", about(user, month), _COMING, rows)


def _report_row(row: ReportRow) -> list[Cell]:
    what = f"{row.requirement.title}: {', '.join(row.labels)}"
    return [row.agency.name, "báo cáo", row.due_on, "", what, "", MARKS[mark(row)]]


def _slot_row(slot: Slot) -> list[Cell]:
    a = slot.assignment
    return [*_work_row(a, "kỳ thực hiện")[:2], slot.occurrence.on, *_work_row(a, "")[3:]]


def _work_row(a: Assignment, kind: str) -> list[Cell]:
    officer = a.officer.name if a.officer else ""
    path = a.task.path or "bổ sung"
    return [a.agency.name, kind, a.deadline, path, a.task.text, officer, STATES[a.work_state]]
