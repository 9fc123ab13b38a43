"""Who may report and who may decide: the rights table of design.md section 3 for one assignment."""

from dataclasses import dataclass

from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.rules import AgencyKind


@dataclass(frozen=True)
class Person:
    """Whoever acts, as far as these rules look."""

    id: int
    role: Role
    agency_id: int


@dataclass(frozen=True)
class Work:
    """An assignment, as far as these rules look."""

    agency_id: int
    agency_kind: AgencyKind
    officer_id: int | None
    submitted_by_id: int | None = None


SPEAKERS = frozenset({Role.FOCAL_POINT, Role.AGENCY_LEADER, Role.COORDINATOR})


def may_update(person: Person, work: Work) -> bool:
    """Officers act on what was handed to them or to nobody; who speaks for the agency, on all of it."""
    if person.agency_id != work.agency_id:
        return False
    if person.role in SPEAKERS:
        return True
    return person.role is Role.OFFICER and work.officer_id in (None, person.id)


def completion_counts(person: Person, agency_has_speaker: bool) -> bool:
    """Whether a reported completion is the agency's word at once, or waits for its focal point."""
    return person.role in SPEAKERS or not agency_has_speaker


def may_decide(person: Person, work: Work) -> bool:
    """The coordinator confirms and returns; the city leader does for the coordinating office.
    Nobody decides what they or their own agency submitted."""
    if person.agency_id == work.agency_id or person.id == work.submitted_by_id:
        return False
    if work.agency_kind is AgencyKind.OFFICE:
        return person.role is Role.CITY_LEADER
    return person.role is Role.COORDINATOR
