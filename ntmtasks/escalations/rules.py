"""The way of a difficulty: reported, consolidated, submitted upward, concluded, cleared.

Plan 108 knows two routes: its closing clause (to Sở NN&PTNT, which consolidates and advises UBND
thành phố) and IV.2 (to Văn phòng Điều phối, for Ban Chỉ đạo). Which one holds is a setting; a
difficulty keeps the route by which it was reported.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ntmtasks.accounts.rules import Role


class EscalationState(StrEnum):
    """How far a difficulty has come."""

    REPORTED = "reported"
    CONSOLIDATED = "consolidated"
    SUBMITTED = "submitted"
    CONCLUDED = "concluded"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


NEXT: dict[EscalationState, tuple[EscalationState, ...]] = {
    EscalationState.REPORTED: (EscalationState.CONSOLIDATED, EscalationState.WITHDRAWN),
    EscalationState.CONSOLIDATED: (EscalationState.SUBMITTED,),
    EscalationState.SUBMITTED: (EscalationState.CONCLUDED,),
    EscalationState.CONCLUDED: (EscalationState.RESOLVED, EscalationState.SUBMITTED),
    EscalationState.RESOLVED: (),
    EscalationState.WITHDRAWN: (),
}
"""From which state to which. A conclusion that did not help is submitted once more."""

OPEN_STATES = frozenset({s for s, steps in NEXT.items() if steps})
TO_CONSOLIDATE = frozenset({EscalationState.REPORTED, EscalationState.CONSOLIDATED})
"""Where the consolidating agency takes the next step."""
SPEAKERS = frozenset({Role.FOCAL_POINT, Role.AGENCY_LEADER, Role.COORDINATOR})


@dataclass(frozen=True)
class Person:
    """Whoever acts, as far as these rules look."""

    role: Role
    agency_id: int


@dataclass(frozen=True)
class Route:
    """Who consolidates (an agency's id) and to whom it is submitted (as written)."""

    agency_id: int
    submitted_to: str


def may_step(person: Person, raised_by: int, consolidator: int, after: EscalationState) -> bool:
    """Whether a person may bring a difficulty of agency `raised_by` into the state `after`.

    The consolidating agency takes it up and submits it; a city leader concludes, or the coordinator
    writes down a conclusion that came on paper; whoever raised it says that it is cleared, or takes
    it back.
    """
    speaks = person.role in SPEAKERS
    coordinates = person.role is Role.COORDINATOR
    if after in (EscalationState.CONSOLIDATED, EscalationState.SUBMITTED):
        return coordinates or (speaks and person.agency_id == consolidator)
    if after is EscalationState.CONCLUDED:
        return coordinates or person.role is Role.CITY_LEADER
    return coordinates or (speaks and person.agency_id == raised_by)


def steps_for(
    person: Person, state: EscalationState, raised_by: int, consolidator: int
) -> tuple[EscalationState, ...]:
    """The states into which a person may bring a difficulty now."""
    return tuple(s for s in NEXT[state] if may_step(person, raised_by, consolidator, s))


def next_agency(state: EscalationState, raised_by: int, consolidator: int) -> int | None:
    """The agency whose people take the next step; None where a city leader does, or nobody."""
    if state in TO_CONSOLIDATE:
        return consolidator
    return raised_by if state is EscalationState.CONCLUDED else None


def needs_document(person: Person, after: EscalationState) -> bool:
    """Whether a step must name its document: submitting always, a conclusion unless the leader
    writes it in person."""
    if after is EscalationState.SUBMITTED:
        return True
    return after is EscalationState.CONCLUDED and person.role is not Role.CITY_LEADER


def age(raised_on: date, closed_on: date | None, today: date) -> int:
    """Calendar days that a difficulty has been open."""
    return ((closed_on or today) - raised_on).days
