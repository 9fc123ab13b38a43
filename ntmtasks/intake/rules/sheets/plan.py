"""From the rows of a spreadsheet to the reading of a plan, as a document would give it."""

from dataclasses import dataclass
from datetime import date

from ntmtasks.intake.rules.parts import ClauseKind, ClauseReading, PlanReading
from ntmtasks.intake.rules.sheets.parts import TableReading


@dataclass(frozen=True, slots=True)
class PlanHead:
    """What a spreadsheet does not say about its plan."""

    number: str
    title: str
    issuer: str
    issued_on: date | None
    year: int


def as_plan(table: TableReading, head: PlanHead) -> PlanReading:
    """Return the plan that a spreadsheet holds: its headings and rows are the clauses.

    Offsets count the rows as if each stood in a line of its own.
    """
    return PlanReading(
        number=head.number,
        title=head.title,
        issuer=head.issuer,
        issued_on=head.issued_on,
        year=head.year,
        items=tuple(row.item for row in table.rows),
        clauses=_clauses(table),
    )


def _clauses(table: TableReading) -> tuple[ClauseReading, ...]:
    clauses: list[ClauseReading] = []
    taken = {row.item.path for row in table.rows}
    headings = list(table.headings)
    above: str | None = None
    at = 0

    def add(path: str, parent: str | None, label: str, text: str, kind: ClauseKind) -> None:
        nonlocal at
        end = at + len(label) + 1 + len(text)
        clauses.append(ClauseReading(path, parent, label, text, at, end, kind))
        at = end + 1

    def add_heading() -> str:
        heading = headings.pop(0)
        path = heading.label or f"đề mục {len(clauses) + 1}"
        if path in taken:
            path = f"{path} (đề mục {len(clauses) + 1})"
        taken.add(path)
        add(path, None, heading.label, heading.text, "group")
        return path

    for count, row in enumerate(table.rows):
        while headings and headings[0].before <= count:
            above = add_heading()
        add(row.item.path, above, row.item.label, row.item.text, "task")
    while headings:
        add_heading()
    return tuple(clauses)
