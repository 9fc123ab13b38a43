"""From what an item says to who does it, in which role, until when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.parts import AgencyMention, ItemReading, Role

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
    """Return the mode of an item and its assignments, leads first, every agency once.

    ``joint``: one lead, any number supporting. ``each``: a group or several leads, every one
    does its own part. Groups fan out to their members. Names that the directory does not know
    give no assignment; where then nobody leads, what was proposed does, else the coordinating
    office, marked as a proposal.
    """
    leads = list(_fan_out(_named(item, "lead"), directory, "lead", item))
    if not leads:
        leads = list(_proposed(item, directory))
    taken = {a.agency for a in leads}
    supports = [
        a
        for a in _fan_out(_named(item, "supporting"), directory, "supporting", item)
        if a.agency not in taken
    ]
    mode: Mode = "each" if len(leads) > 1 else "joint"
    return mode, tuple(_once([*leads, *supports]))


def _named(item: ItemReading, role: Role) -> Iterator[AgencyMention]:
    return (a for a in item.agencies if a.role == role and a.agency)


def _fan_out(
    mentions: Iterable[AgencyMention], directory: Directory, role: Role, item: ItemReading
) -> Iterator[ProposedAssignment]:
    by_heading = role == "lead" and item.assigned_by
    where = f"đề mục {item.assigned_by}" if by_heading else f"mục {item.path}"
    for mention in mentions:
        name = mention.agency or ""
        members = directory.members_of(name)
        for agency in members or (name,):
            reason = f"{where} nêu “{mention.name}”"
            if members:
                reason += ", là thành viên của nhóm này"
            yield ProposedAssignment(agency, role, reason, True)


def _proposed(item: ItemReading, directory: Directory) -> Iterator[ProposedAssignment]:
    if item.proposed:
        agency, reason = item.proposed.agency, item.proposed.reason
    else:
        unknown = next((a.name for a in item.agencies if a.role == "lead"), None)
        agency = directory.office
        reason = (
            f"chưa có cơ quan “{unknown}” trong danh mục: tạm giao cơ quan điều phối"
            if unknown
            else "kế hoạch không nêu cơ quan: mặc định cơ quan điều phối"
        )
    for name in directory.members_of(agency) or ((agency,) if agency else ()):
        yield ProposedAssignment(name, "lead", reason, False)


def _once(assignments: Iterable[ProposedAssignment]) -> Iterator[ProposedAssignment]:
    """Drop repetitions: an agency named alone and as a member of a group is one assignment."""
    seen: set[str] = set()
    for assignment in assignments:
        if assignment.agency not in seen:
            seen.add(assignment.agency)
            yield assignment


def task_deadline(item: ItemReading, year: int) -> tuple[date, str, str]:
    """Return (due_on, written text, basis) of an item in the plan of ``year``.

    ``basis`` is ``explicit`` (a day is written), ``period_end`` (a month, quarter or year is
    written, in the item or in the annex) or ``plan_year``: the plan gives no day, the year's
    end is used and shown as "mặc định theo năm kế hoạch". The written text is "" where there is
    none. Raises ValueError for a year outside 1 to 9999.
    """
    written = item.deadline.text if item.deadline else ""
    if item.deadline and item.deadline.due_on:
        basis = "explicit" if item.deadline.basis == "explicit" else "period_end"
        return item.deadline.due_on, written, basis
    return date(year, 12, 31), written, "plan_year"
