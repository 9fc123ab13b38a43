"""The board as people take it away."""

from collections.abc import Iterable
from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.tables import Cell, Column, Table
from ntmtasks.desk.queries.lists import BoardRow
from ntmtasks.tasks.labels import BASES, PHASES, STATES
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, TaskKind
from ntmtasks.tasks.service.tables import HELD_UP, SILENT, about, class_words, days_late

_COLUMNS = (
    Column("Mục", 10),
    Column("Nội dung nhiệm vụ", 60),
    Column("Sản phẩm", 24),
    Column("Kế hoạch", 16),
    Column("Đơn vị chủ trì", 30),
    Column("Đơn vị phối hợp", 30),
    Column("Người phụ trách", 20),
    Column("Thời hạn", 13, "day"),
    Column("Thời hạn gốc", 13, "day"),
    Column("Kế hoạch ghi", 20),
    Column("Căn cứ thời hạn", 24),
    Column("Tình trạng hạn", 16),
    Column("Số ngày quá hạn", 10, "number"),
    Column("Giai đoạn", 11),
    Column("Trạng thái", 18),
    Column("Tiến độ (%)", 10, "number"),
    Column("Số cơ quan đã hoàn thành", 13, "number"),
    Column("Số cơ quan thực hiện", 12, "number"),
    Column("Ngày báo cáo hoàn thành", 14, "day"),
    Column("Vướng mắc", 14),
    Column(SILENT, 10, "number"),
)


def board_table(user: User, shows: str, rows: Iterable[BoardRow]) -> Table:
    """The rows of the board with what its page has no room for."""
    today = clock.today()
    return Table("Nhiệm vụ", about(user, shows), _COLUMNS, [_row(row, today) for row in rows])


def _row(row: BoardRow, today: date) -> list[Cell]:
    """One task; state, percent and days are those of the assignment that the board shows,
    silence that of the agency of which nothing was heard for longest."""
    task, shown = row.task, row.shown
    is_concrete = task.kind is TaskKind.CONCRETE
    submitted = shown.submitted_at
    return [
        task.path or "bổ sung",
        task.text,
        task.product,
        task.plan.number,
        "; ".join(a.agency.name for a in row.leads),
        _supporting(task),
        shown.officer.name if shown.officer else "",
        row.deadline if is_concrete else None,
        shown.original_deadline if is_concrete else None,
        task.deadline_text,
        " – ".join(filter(None, (BASES[task.deadline_basis], task.deadline_note))),
        class_words(task.kind, row.klass),
        days_late(row.deadline, row.klass, today) if is_concrete else None,
        PHASES[task.phase],
        STATES[shown.work_state],
        shown.percent if task.mode is Mode.JOINT else None,
        row.done,
        len(row.leads),
        clock.local(submitted).date() if submitted else None,
        HELD_UP if row.held_up else "",
        max(row.silent.values(), default=None),
    ]


def _supporting(task: Task) -> str:
    others = (a for a in task.assignments if a.role is not AssignmentRole.LEAD)
    return "; ".join(a.agency.name for a in others)
