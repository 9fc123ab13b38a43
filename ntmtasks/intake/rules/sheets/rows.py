"""From the sheets of a workbook to rows that become tasks, and cells that cannot."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.finishing import is_quarter_four, task_kind
from ntmtasks.intake.rules.parts import AgencyMention, DeadlineReading, ItemReading
from ntmtasks.intake.rules.sheets import cells
from ntmtasks.intake.rules.sheets.cells import Bad, text_of
from ntmtasks.intake.rules.sheets.columns import Header, find_header, letter
from ntmtasks.intake.rules.sheets.parts import (
    EXAMPLE,
    BadCell,
    Cell,
    Column,
    Heading,
    Sheet,
    State,
    TableReading,
    TableRow,
)

T = TypeVar("T")
_ROMAN = re.compile(r"[IVXLC]+|[A-ZĐ]")
_NUMBERING = re.compile(r"\(?[\dA-Z]{1,2}\)?")
_SUM = re.compile(r"(tong (cong|so)\b.{0,20}|tong|cong)\W*")
_NOT_SAID: tuple[State, bool] = ("assigned", False)
_MERGED = "Thiếu đơn vị chủ trì; nếu là ô gộp, hãy bỏ gộp rồi ghi vào từng dòng."


@dataclass
class _Reader:
    """Goes down one sheet."""

    header: Header
    directory: Directory
    year: int
    today: date
    are_fractions: bool
    rows: list[TableRow] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def read(self, number: int, row: Sequence[Cell]) -> None:
        """Take in one row; `number` is the one that the sheet shows."""
        given = {
            kind: row[place] if place < len(row) else None
            for kind, place in self.header.places.items()
        }
        if self._is_nothing(given):
            return
        if self._is_heading(given):
            label, text = text_of(given.get("path")), text_of(given.get("content"))
            self.headings.append(Heading(label, text or label, len(self.rows)))
            return
        found = len(self.bad)
        made = self._row(number, given)
        if len(self.bad) == found:
            self.rows.append(made)

    def _is_nothing(self, given: dict[Column, Cell]) -> bool:
        texts = [t for cell in given.values() if (t := text_of(cell))]
        is_numbering = len(texts) > 1 and all(_NUMBERING.fullmatch(t) for t in texts)
        is_sum = _SUM.fullmatch(fold(text_of(given.get("content")) or text_of(given.get("path"))))
        is_example = fold(text_of(given.get("path"))).startswith(fold(EXAMPLE))
        return (
            not texts
            or is_example
            or is_numbering
            or (is_sum is not None and not given.get("lead"))
        )

    def _is_heading(self, given: dict[Column, Cell]) -> bool:
        """A row of words alone that is lettered, in capitals, or has no number at all."""
        label, text = text_of(given.get("path")).rstrip(" ."), text_of(given.get("content"))
        others = (k for k in given if k not in ("path", "content"))
        if any(text_of(given[k]) for k in others):
            return False
        return not text or not label or bool(_ROMAN.fullmatch(label)) or text.isupper()

    def _row(self, number: int, given: dict[Column, Cell]) -> TableRow:
        def take(kind: Column, read: Callable[[Cell], T], otherwise: T) -> T:
            try:
                return read(given.get(kind))
            except Bad as problem:
                self._refuse(number, kind, given.get(kind), str(problem))
                return otherwise

        text = text_of(given.get("content"))
        if not text:
            self._refuse(number, "content", None, "Thiếu nội dung nhiệm vụ.")
        due = take("deadline", lambda cell: cells.deadline(cell, self.year), None)
        item = self._item(
            number,
            given,
            text,
            take("lead", self._leads, ()),
            take("supporting", lambda c: cells.agencies(c, "supporting", self.directory), ()),
            due,
        )
        done = take("percent", lambda cell: self._percent(cell), None)
        says: Column = "state"
        if not text_of(given.get("state")) and not cells.is_number(given.get("percent")):
            says = "percent"  # a column "Tiến độ" that holds words
        state, is_late = take(says, lambda c: cells.state(c, done), _NOT_SAID)
        finished = take("finished", cells.day, None)
        if finished and state == "assigned" and not done and not text_of(given.get(says)):
            state = "done"
        try:
            ended, assumed = self._ended(state, is_late, finished, due)
        except Bad as problem:
            self._refuse(number, "finished", given.get("finished"), str(problem))
            ended, assumed = None, ()
        shown = 100 if state in ("done", "submitted") else done or 0
        if state == "done" and done == 100 and not text_of(given.get(says)):
            assumed = ("chỉ ghi 100 %: coi là Đã hoàn thành", *assumed)
        return TableRow(number, item, state, shown, ended, assumed + self._default(due))

    def _leads(self, cell: Cell) -> tuple[AgencyMention, ...]:
        found = cells.agencies(cell, "lead", self.directory)
        if not found:
            raise Bad(_MERGED)
        return found

    def _percent(self, cell: Cell) -> int | None:
        if isinstance(cell, str) and not cells.is_number(cell):
            return None  # words: read as the state
        return cells.percent(cell, self.are_fractions)

    def _item(
        self,
        number: int,
        given: dict[Column, Cell],
        text: str,
        leads: Iterable[AgencyMention],
        supports: Iterable[AgencyMention],
        due: DeadlineReading | None,
    ) -> ItemReading:
        return ItemReading(
            path=self._path(number, text_of(given.get("path"))),
            label=text_of(given.get("path")),
            text=text,
            kind="task",
            agencies=(*leads, *supports),
            deadline=due,
            task_kind=task_kind(text, due),
            quarter_four=is_quarter_four(due),
            product=text_of(given.get("product")),
        )

    def _path(self, number: int, label: str) -> str:
        """The number of the row under its heading's ("II.3"); every path once."""
        label = "".join(label.rstrip(". )").split()) or f"dòng {number}"
        above = self.headings[-1].label.rstrip(" .") if self.headings else ""
        is_whole = not above or label.startswith(f"{above}.") or re.match(r"[IVX]+\.", label)
        path = label if is_whole else f"{above}.{label}"
        if path in self.taken:
            path = f"{path}({number})"
        self.taken.add(path)
        return path

    def _ended(
        self, state: State, is_late: bool, finished: date | None, due: DeadlineReading | None
    ) -> tuple[date | None, tuple[str, ...]]:
        """The day of submission of what is done or waits, and what was taken for granted."""
        if finished and finished > self.today:
            raise Bad("Ngày hoàn thành ở tương lai.")
        if state not in ("done", "submitted"):
            if finished:
                raise Bad("Có ngày hoàn thành nhưng trạng thái chưa hoàn thành.")
            return None, ()
        if finished:
            return finished, ()
        if is_late:
            raise Bad("Hoàn thành quá hạn thì phải ghi ngày hoàn thành.")
        if state == "submitted":
            return self.today, ("không ghi ngày báo cáo: lấy hôm nay",)
        by = due.due_on if due and due.due_on else date(self.year, 12, 31)
        taken = "hôm nay" if by > self.today else "ngày hạn"
        return min(by, self.today), (f"không ghi ngày hoàn thành: lấy {taken}, coi là đúng hạn",)

    def _default(self, due: DeadlineReading | None) -> tuple[str, ...]:
        if due and (due.due_on or due.recurrence != ("event",)):
            return ()
        return (f"không có ngày: hạn mặc định 31/12/{self.year}",)

    def _refuse(self, number: int, kind: Column, cell: Cell, message: str) -> None:
        place = self.header.places.get(kind)
        self.bad.append(
            BadCell(
                number,
                letter(place) if place is not None else "",
                self.header.words.get(kind, ""),
                text_of(cell)[:120],
                message,
            )
        )


def read_sheets(
    sheets: Iterable[Sheet], directory: Directory, year: int, today: date
) -> TableReading | None:
    """Read the first sheet that has a header of work; None where none has.

    `year` is the plan's, for days without a year and rows without a day; `today` bounds the days
    of completion. A row with a bad cell is not among the rows.
    """
    for sheet in sheets:
        header = find_header(sheet)
        if header is None:
            continue
        reader = _Reader(header, directory, year, today, _are_fractions(sheet, header))
        for at, row in enumerate(sheet.rows[header.first :], header.first + 1):
            reader.read(at, row)
        return TableReading(
            sheet.name,
            header.first,
            header.words,
            tuple(reader.rows),
            tuple(reader.headings),
            tuple(sorted(reader.bad, key=lambda b: (b.row, len(b.column), b.column))),
        )
    return None


def _are_fractions(sheet: Sheet, header: Header) -> bool:
    place = header.places.get("percent")
    if place is None:
        return False
    below = (row[place] for row in sheet.rows[header.first :] if place < len(row))
    return not any(cells.exceeds_one(cell) for cell in below)
