"""The figures and the tasks of a report as a workbook."""

from ntmtasks.core.formats import day
from ntmtasks.core.tables import Cell, Column, Table
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules import content as rules
from ntmtasks.reports.rules.content import Content
from ntmtasks.reports.rules.states import OWED
from ntmtasks.reports.service.outline import ANNEX, FIGURES

_TASKS = (
    Column("STT", 6, "number"),
    Column("Mục", 12),
    Column("Nhiệm vụ", 50),
    Column("Cơ quan chủ trì", 24),
    Column("Cơ quan phối hợp", 24),
    Column("Hạn", 12, "day"),
    Column("Hạn theo kế hoạch", 18),
    Column("Kết quả", 40),
    Column("Tỷ lệ", 8, "percent"),
    Column("Ghi chú", 24),
)
_FIGURES = (
    Column("STT", 6, "number"),
    Column("Chỉ tiêu", 50),
    Column("Đơn vị", 14),
    Column("Kỳ trước", 14, "figure"),
    Column("Kỳ này", 14, "figure"),
    Column("Tăng, giảm", 14, "figure"),
)


def workbook(report: Report, content: Content, made_by: str, made_on: str) -> Table:
    """The tasks of a report on the first sheet, then its figures and, of a consolidated one, its tables;
    a sheet with nothing in it is left out, but for the first."""
    about = [
        ("Báo cáo", content.title),
        ("Kỳ báo cáo", ", ".join(content.period_labels)),
        ("Cơ quan", report.agency.name),
        ("Kế hoạch", report.requirement.plan.number),
        ("Số liệu", f"từ ngày {day(content.starts_on)} đến ngày {day(content.cut_off)}"),
        ("Tình trạng", "dự thảo" if report.state in OWED else "bản đã nộp"),
        ("Người lấy, lúc", f"{made_by}, {made_on}"),
    ]
    more = [_table(table) for table in content.tables if table.rows]
    if content.figures:
        more.insert(0, Table(FIGURES, (), _FIGURES, _figures(content)))
    return Table(ANNEX, about, _TASKS, [_task(row) for row in content.annex], more)


def _task(row: rules.AnnexRow) -> list[Cell]:
    return [
        row.number,
        row.path,
        row.task,
        row.lead,
        row.supporting,
        row.due_on,
        row.deadline_text,
        row.result,
        row.percent,
        row.note,
    ]


def _figures(content: Content) -> list[list[Cell]]:
    return [
        [place, figure.label, figure.unit, figure.previous, figure.value, figure.change]
        for place, figure in enumerate(content.figures, 1)
    ]


def _table(table: rules.Table) -> Table:
    first, *numbers = table.columns
    columns = [Column(first, 36), *(Column(words, 16, "number") for words in numbers)]
    return Table(table.title, (), columns, [[row.label, *row.numbers] for row in table.rows])
