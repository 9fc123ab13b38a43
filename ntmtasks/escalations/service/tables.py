"""The list of difficulties as people take it away."""

from collections.abc import Iterable

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.tables import Cell, Column, Table
from ntmtasks.escalations.queries import EscalationRow
from ntmtasks.tasks.service.tables import about

_COLUMNS = (
    Column("Phản ánh", 13, "day"),
    Column("Số ngày", 10, "number"),
    Column("Cơ quan", 30),
    Column("Khó khăn, vướng mắc", 60),
    Column("Ảnh hưởng", 40),
    Column("Đề nghị", 40),
    Column("Nhiệm vụ", 20),
    Column("Trạng thái", 30),
)


def escalations_table(user: User, shows: str, rows: Iterable[EscalationRow]) -> Table:
    """Difficulties with their agencies, consolidators and tasks loaded; `shows` is the filter in words."""
    return Table("Khó khăn, vướng mắc", about(user, shows), _COLUMNS, [_cells(r) for r in rows])


def _cells(row: EscalationRow) -> list[Cell]:
    it = row.it
    return [
        clock.local(it.raised_at).date(),
        row.days,
        it.agency.name,
        it.problem,
        it.effect,
        it.decision,
        ", ".join(task.path or "bổ sung" for task in it.tasks),
        it.label(it.state),
    ]
