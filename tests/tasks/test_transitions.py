"""One table says which act leads from where to where and who may; docs/states.md shows the same."""

import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

from ntmtasks.accounts.labels import ROLES
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.progress.rules.rights import Person, Work, may, must_wait, posted_act
from ntmtasks.tasks.labels import ACTS, PHASE_ACTS
from ntmtasks.tasks.rules import (
    PHASE_CHANGES,
    TRANSITIONS,
    Act,
    Phase,
    WorkState,
    WrongState,
    check_act,
)

DOC = (Path(__file__).parents[2] / "docs" / "states.md").read_text()
OWN, OTHER, OFFICE = 1, 2, 3


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = DOC.partition(heading)[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def codes(states: Iterable[str], order: Iterable[str]) -> str:
    """State names as the tables write them."""
    return ", ".join(f"`{state}`" for state in order if state in states)


def names(roles: frozenset[Role]) -> str:
    """Roles as the tables write them."""
    return ", ".join(ROLES[role] for role in Role if role in roles) or "–"


def edges(heading: str) -> set[str]:
    """The arrows of the picture below a heading, without the first."""
    picture = re.search(r"```mermaid\n(.*?)```", DOC.partition(heading)[2], re.DOTALL)
    assert picture is not None
    return {line.strip() for line in picture.group(1).splitlines() if ":" in line}


def test_the_documents_table_is_the_codes() -> None:
    assert rows("## The way of one assignment") == [
        [
            f"{ACTS[act]} (`{act}`)",
            codes(step.before, WorkState),
            f"`{step.after}`",
            names(step.own),
            names(step.other),
            names(step.office),
        ]
        for act, step in TRANSITIONS.items()
    ]
    assert rows("## The phase of a whole task") == [
        [PHASE_ACTS[phase], codes(before, Phase), f"`{phase}`"]
        for phase, before in PHASE_CHANGES.items()
    ]


def test_the_documents_pictures_are_the_codes() -> None:
    assert edges("## The way of one assignment") == {
        f"{state} --> {step.after}: {ACTS[act]}"
        for act, step in TRANSITIONS.items()
        for state in step.before
    }
    drawn = edges("## The phase of a whole task")
    assert drawn - {"draft --> issued: Ban hành giao việc"} == {
        f"{before} --> {phase}: {PHASE_ACTS[phase]}"
        for phase, befores in PHASE_CHANGES.items()
        for before in befores
    }


def test_every_state_but_the_first_can_be_reached_and_left() -> None:
    reached = {step.after for step in TRANSITIONS.values()}
    left = {state for step in TRANSITIONS.values() for state in step.before}
    assert reached == set(WorkState) - {WorkState.UNASSIGNED}
    assert left == set(WorkState)


@pytest.mark.parametrize(("state", "act"), list(product(WorkState, Act)))
def test_an_act_fits_the_states_of_the_table_alone(state: WorkState, act: Act) -> None:
    if state in TRANSITIONS[act].before:
        check_act(state, act)
    else:
        with pytest.raises(WrongState):
            check_act(state, act)


def work_of(agency: int, **more: int) -> Work:
    """Work of an agency; the third is the coordinating office."""
    kind = AgencyKind.OFFICE if agency == OFFICE else AgencyKind.DEPARTMENT
    return Work(agency, kind, more.pop("officer_id", None), **more)


@pytest.mark.parametrize(("act", "role"), list(product(Act, Role)))
def test_a_role_may_what_its_column_says(act: Act, role: Role) -> None:
    step = TRANSITIONS[act]
    entered = 99  # somebody else, so that the acts on entered completions are possible
    person = Person(7, role, OWN)
    assert may(act, person, work_of(OWN, entered_by_id=entered)) == (role in step.own)
    assert may(act, person, work_of(OTHER)) == (role in step.other)
    assert may(act, person, work_of(OFFICE)) == (role in step.office)


def test_an_officer_acts_on_nobodys_work_and_the_own_alone() -> None:
    officer = Person(7, Role.OFFICER, OWN)
    assert may(Act.SUBMIT, officer, work_of(OWN))
    assert may(Act.SUBMIT, officer, work_of(OWN, officer_id=7))
    assert not may(Act.SUBMIT, officer, work_of(OWN, officer_id=8))
    assert may(Act.SUBMIT, Person(9, Role.FOCAL_POINT, OWN), work_of(OWN, officer_id=8))


def test_nobody_decides_what_they_or_their_agency_submitted_or_entered() -> None:
    coordinator, other = Person(7, Role.COORDINATOR, OFFICE), Person(8, Role.COORDINATOR, OFFICE)
    leader = Person(9, Role.CITY_LEADER, OTHER)
    entered = work_of(OWN, entered_by_id=7)
    for act in (Act.CONFIRM, Act.RETURN):
        assert not may(act, coordinator, work_of(OFFICE))
        assert not may(act, coordinator, entered)
        assert may(act, other, entered)
        assert may(act, leader, entered)
        assert not may(act, leader, work_of(OWN))
        # whoever submitted it there and has moved to the coordinating office since
        assert not may(act, coordinator, work_of(OWN, submitted_by_id=7))


def test_a_stand_in_decides_for_the_leader_about_the_coordinating_office_alone() -> None:
    stand_in = Person(7, Role.AGENCY_LEADER, OWN, stands_in=True)
    assert may(Act.CONFIRM, stand_in, work_of(OFFICE))
    assert may(Act.REOPEN, stand_in, work_of(OFFICE))
    assert not may(Act.CONFIRM, stand_in, work_of(OTHER))
    assert not may(Act.CONFIRM, stand_in, work_of(OWN))


def test_only_what_was_entered_can_be_corrected() -> None:
    person = Person(7, Role.FOCAL_POINT, OWN)
    for act in (Act.CORRECT, Act.WITHDRAW):
        assert not may(act, person, work_of(OWN))
        assert may(act, person, work_of(OWN, entered_by_id=9))
    done, running = WorkState.SUBMITTED, WorkState.IN_PROGRESS
    assert posted_act(done, done, entered=True) is Act.CORRECT
    assert posted_act(done, running, entered=True) is Act.WITHDRAW
    assert posted_act(done, done, entered=False) is Act.SUBMIT
    assert posted_act(running, running, entered=False) is Act.PROGRESS


def test_an_officers_word_waits_where_somebody_speaks_for_the_agency() -> None:
    assert must_wait(Person(7, Role.OFFICER, OWN), agency_has_speaker=True)
    assert not must_wait(Person(7, Role.OFFICER, OWN), agency_has_speaker=False)
    assert not must_wait(Person(7, Role.AGENCY_LEADER, OWN), agency_has_speaker=True)
