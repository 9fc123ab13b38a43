"""Lists of assignments as people take them away."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.formats import day, moment
from ntmtasks.core.tables import Cell, Column, Table
from ntmtasks.tasks.labels import CLASSES, KINDS, ROLES, STATES
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries.counting import class_of, windows
from ntmtasks.tasks.queries.standing import Stood
from ntmtasks.tasks.rules import DeadlineClass, TaskKind

HELD_UP = "có vướng mắc"
SILENT = "Số ngày im lặng"
_COLUMNS = (
    Column("Thời hạn", 13, "day"),
    Column("Số ngày quá hạn", 10, "number"),
    Column("Tình trạng hạn", 16),
    Column("Mục", 10),
    Column("Nội dung nhiệm vụ", 60),
    Column("Cơ quan", 26),
    Column("Vai trò", 12),
    Column("Người phụ trách", 20),
    Column("Trạng thái", 18),
    Column("Tiến độ (%)", 10, "number"),
    Column("Thời hạn gốc", 13, "day"),
    Column("Vướng mắc", 14),
    Column(SILENT, 10, "number"),
)

_OF_TODAY = {"Vai trò", "Tiến độ (%)", "Thời hạn gốc", "Vướng mắc", SILENT}
"""What nobody knows of a past day, or what says nothing of obligations."""


def about(user: User, shows: str = "") -> list[tuple[str, str]]:
    """What a file says of itself: the filter in words, who made it (the agency loaded) and when."""
    return [
        ("Nội dung", shows or "tất cả"),
        ("Người lập", f"{user.name}, {user.agency.name}"),
        ("Lập lúc", moment(clock.now())),
    ]


def assignments_table(
    user: User,
    title: str,
    shows: str,
    assignments: Iterable[Assignment],
    held_up: Collection[int],
    silent: Mapping[int, int],
) -> Table:
    """Assignments (task, agency and officer loaded) as a list; `held_up` are tasks in trouble, `silent`
    the days of silence by assignment."""
    today, window = clock.today(), windows()
    rows = [
        [*_row(a, class_of(a, today, window), today, a.task_id in held_up), silent.get(a.id)]
        for a in assignments
    ]
    return Table(title, about(user, shows), _COLUMNS, rows)


def stood_table(user: User, title: str, shows: str, stood: Iterable[Stood], on: date) -> Table:
    """Obligations as they stood at the end of a day, with what is known of that day."""
    rows = [
        [
            each.deadline,
            days_late(each.deadline, each.klass, on),
            CLASSES[each.klass],
            each.path or "bổ sung",
            each.text,
            each.agency.name,
            each.officer or "",
            STATES[each.work_state],
        ]
        for each in stood
    ]
    said = [*about(user, shows), ("Số liệu", f"cuối ngày {day(on)}")]
    return Table(title, said, [c for c in _COLUMNS if c.label not in _OF_TODAY], rows)


def days_late(deadline: date | None, klass: DeadlineClass, today: date) -> int | None:
    """Calendar days by which open work is late; None where it is not."""
    late = klass is DeadlineClass.OVERDUE and deadline is not None
    return (today - deadline).days if late and deadline else None


def class_words(kind: TaskKind, klass: DeadlineClass) -> str:
    """The class of concrete work; routine work has none."""
    return CLASSES[klass] if kind is TaskKind.CONCRETE else KINDS[kind]


def _row(a: Assignment, klass: DeadlineClass, today: date, is_held_up: bool) -> list[Cell]:
    is_concrete = a.task.kind is TaskKind.CONCRETE
    return [
        a.deadline if is_concrete else None,
        days_late(a.deadline, klass, today) if is_concrete else None,
        class_words(a.task.kind, klass),
        a.task.path or "bổ sung",
        a.task.text,
        a.agency.name,
        ROLES[a.role],
        a.officer.name if a.officer else "",
        STATES[a.work_state],
        a.percent,
        a.original_deadline if is_concrete else None,
        HELD_UP if is_held_up else "",
    ]
