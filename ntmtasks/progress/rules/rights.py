"""Who may do what: the rights table of design.md section 3 for one assignment."""

from dataclasses import dataclass
from typing import Protocol

from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.tasks.rules import (
    DECISIONS,
    ENTERED_ACTS,
    SPEAKERS,
    TRANSITIONS,
    Act,
    WorkState,
)


@dataclass(frozen=True)
class Person:
    """Whoever acts, as far as these rules look. `stands_in`: named by the city leader."""

    id: int
    role: Role
    agency_id: int
    stands_in: bool = False


@dataclass(frozen=True)
class Work:
    """An assignment, as far as these rules look. `by_guest`: its completion came through a link."""

    agency_id: int
    agency_kind: AgencyKind
    officer_id: int | None
    submitted_by_id: int | None = None
    entered_by_id: int | None = None
    by_guest: bool = False


class Takers(Protocol):
    """Who may take a step: roles of the agency itself, of others, and on the office's work."""

    @property
    def own(self) -> frozenset[Role]: ...
    @property
    def other(self) -> frozenset[Role]: ...
    @property
    def office(self) -> frozenset[Role]: ...


def may(act: Act, person: Person, work: Work) -> bool:
    """Whether the person may do this to work in a fitting state (tasks.rules.TRANSITIONS)."""
    if act in ENTERED_ACTS and work.entered_by_id is None and not work.by_guest:
        return False
    return is_let(TRANSITIONS[act], act in DECISIONS, person, work)


def is_let(step: Takers, decides: bool, person: Person, work: Work) -> bool:
    """Whether a step's roles let the person take it; `decides`: it judges what was submitted.

    Nobody decides what they or their own agency submitted; what a coordinator entered for an agency
    is decided by another coordinator or the city leader. A guest is nobody's colleague.
    """
    if person.agency_id == work.agency_id:
        handed_over = work.officer_id not in (None, person.id)
        return person.role in step.own and not (person.role is Role.OFFICER and handed_over)
    if decides and person.id in (work.submitted_by_id, work.entered_by_id):
        return False
    if work.agency_kind is AgencyKind.OFFICE:
        stands_in = person.stands_in and Role.CITY_LEADER in step.office
        return stands_in or person.role in step.office
    if decides and work.entered_by_id is not None and person.role is Role.CITY_LEADER:
        return True
    return person.role in step.other


def may_decide(person: Person, work: Work) -> bool:
    """Whether the person confirms and returns what is reported about this work."""
    return may(Act.CONFIRM, person, work)


def may_update(person: Person, work: Work) -> bool:
    """Officers act on what was handed to them or to nobody; who speaks for the agency, on all of it."""
    return person.agency_id == work.agency_id and may(Act.PROGRESS, person, work)


def may_enter(person: Person, work: Work) -> bool:
    """Whether the person may enter for another agency what came by paper or phone."""
    return person.agency_id != work.agency_id and may(Act.PROGRESS, person, work)


def may_pass_on(person: Person, work: Work) -> bool:
    """Whether the person passes on what an officer of the own agency did."""
    return person.agency_id == work.agency_id and person.role in SPEAKERS


def must_wait(person: Person, agency_has_speaker: bool) -> bool:
    """Whether an officer's word waits for the focal point instead of being the agency's at once."""
    return agency_has_speaker and person.role not in SPEAKERS


def posted_act(before: WorkState, state: WorkState, entered: bool) -> Act:
    """What somebody of the agency does who posts progress with `state` (in_progress or submitted);
    `entered`: what waits was entered for the agency, or came through a guest link."""
    done = state is WorkState.SUBMITTED
    if before is WorkState.SUBMITTED and entered:
        return Act.CORRECT if done else Act.WITHDRAW
    return Act.SUBMIT if done else Act.PROGRESS
