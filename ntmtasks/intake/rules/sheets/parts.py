"""What a spreadsheet of work consists of: plain frozen values."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ntmtasks.intake.rules.parts import ItemReading

Cell = str | int | float | date | None
State = Literal["assigned", "in_progress", "submitted", "returned", "done"]
Column = Literal[
    "path", "content", "lead", "supporting", "deadline", "state", "percent", "finished", "product"
]

HEADINGS: dict[Column, str] = {
    "path": "Mục",
    "content": "Nội dung nhiệm vụ",
    "lead": "Đơn vị chủ trì",
    "supporting": "Đơn vị phối hợp",
    "deadline": "Thời hạn",
    "state": "Trạng thái",
    "percent": "Tiến độ (%)",
    "finished": "Ngày hoàn thành",
    "product": "Sản phẩm",
}
STATE_WORDS: dict[State, str] = {
    "assigned": "Chưa thực hiện",
    "in_progress": "Đang thực hiện",
    "submitted": "Chờ xác nhận",
    "returned": "Trả lại",
    "done": "Đã hoàn thành",
}
"""The words of the template, and how a preview says what was understood."""
MOST_ROWS = 500
"""Taking a row over costs some 20 ms of one transaction, for which others on SQLite wait 15 s."""
EXAMPLE = "Ví dụ"
"""Rows of the template whose number begins so are not read."""

NOT_A_TABLE = (
    "Đây không phải tệp Excel (.xlsx) đọc được. Hãy mở bằng Excel, bỏ mật khẩu nếu có, chọn “Lưu "
    "thành” (Save As) kiểu .xlsx rồi tải lên lại."
)
NO_HEADER = (
    "Không thấy dòng tiêu đề trong 15 dòng đầu. Bảng cần có cột “Nội dung nhiệm vụ” và cột “Đơn vị "
    "chủ trì” hoặc “Thời hạn”; hãy xem bảng mẫu."
)
NO_ROWS = "Không thấy dòng nhiệm vụ nào dưới dòng tiêu đề."
TOO_MANY = "Bảng quá lớn: mỗi tệp tối đa 500 dòng. Hãy chia thành nhiều tệp."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands: its name and its rows from the first on, with empty ones."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that cannot be taken over: the sheet's row, its column's letter, what is wrong."""

    row: int
    column: str
    heading: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that becomes a task.

    ``finished_on`` is the day of submission of what is done or waits; ``assumed`` says in words
    what the row does not say and we took for granted.
    """

    row: int
    item: ItemReading
    state: State
    percent: int
    finished_on: date | None
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that only heads the rows after it; ``before`` counts the tasks that stand above it."""

    label: str
    text: str
    before: int


@dataclass(frozen=True, slots=True)
class TableReading:
    """All that was understood of a spreadsheet; ``columns`` names what was found, as written."""

    sheet: str
    header_row: int
    columns: dict[str, str]
    rows: tuple[TableRow, ...]
    headings: tuple[Heading, ...]
    bad: tuple[BadCell, ...]

    @property
    def bad_rows(self) -> frozenset[int]:
        """The numbers of the rows that have a bad cell."""
        return frozenset(b.row for b in self.bad)
