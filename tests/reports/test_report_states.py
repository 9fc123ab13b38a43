"""The way of a report as one table, and who may go it."""

from datetime import date

import pytest

from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.reports.rules.states import (
    TRANSITIONS,
    Act,
    ReportState,
    is_shut,
    locks_on,
    may,
    report_class,
)
from ntmtasks.tasks.rules import DeadlineClass

MISSING, SENT, BACK, TAKEN = (
    ReportState.MISSING,
    ReportState.SUBMITTED,
    ReportState.RETURNED,
    ReportState.ACCEPTED,
)
DISTRICT = Work(1, AgencyKind.DISTRICT, None, submitted_by_id=10)
OFFICE = Work(2, AgencyKind.OFFICE, None, submitted_by_id=20)
COORDINATOR, OTHER_COORDINATOR = (
    Person(20, Role.COORDINATOR, 2),
    Person(21, Role.COORDINATOR, 2),
)
LEADER, FOCAL_POINT = Person(30, Role.CITY_LEADER, 3), Person(10, Role.FOCAL_POINT, 1)
DUE = date(2024, 11, 18)


def test_each_act_leads_where_the_table_says() -> None:
    led = {(act, before): step.after for act, step in TRANSITIONS.items() for before in step.before}
    assert led == {
        (Act.SUBMIT, MISSING): SENT,
        (Act.SUBMIT, BACK): SENT,
        (Act.ENTER, MISSING): SENT,
        (Act.ENTER, BACK): SENT,
        (Act.CORRECT, SENT): SENT,
        (Act.ACCEPT, SENT): TAKEN,
        (Act.RETURN, SENT): BACK,
        (Act.UNLOCK, TAKEN): BACK,
        (Act.LET_IN, MISSING): None,
        (Act.LET_IN, BACK): None,
    }


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.RETURN])
def test_nobody_judges_what_the_own_agency_sent(act: Act) -> None:
    assert may(act, COORDINATOR, DISTRICT)
    assert not may(act, COORDINATOR, OFFICE)
    assert may(act, LEADER, OFFICE)
    assert not may(act, LEADER, DISTRICT)
    assert not may(act, FOCAL_POINT, DISTRICT)
    stand_in = Person(40, Role.AGENCY_LEADER, 4, stands_in=True)
    assert may(act, stand_in, OFFICE)
    assert not may(act, stand_in, DISTRICT)


def test_what_a_coordinator_entered_is_judged_by_somebody_else() -> None:
    entered = Work(1, AgencyKind.DISTRICT, None, submitted_by_id=20, entered_by_id=20)
    assert not may(Act.ACCEPT, COORDINATOR, entered)
    assert may(Act.ACCEPT, OTHER_COORDINATOR, entered)
    assert may(Act.ACCEPT, LEADER, entered)


def test_what_was_returned_is_late_again_and_what_came_in_by_its_day() -> None:
    late = date(2024, 11, 19)
    assert report_class(BACK, DUE, None, late, 3) is DeadlineClass.OVERDUE
    assert report_class(BACK, DUE, None, DUE, 3) is DeadlineClass.DUE_SOON
    assert report_class(TAKEN, DUE, DUE, late, 3) is DeadlineClass.DONE_ON_TIME
    assert report_class(TAKEN, DUE, late, late, 3) is DeadlineClass.DONE_LATE


def test_a_period_shuts_after_its_last_day_for_what_is_owed_alone() -> None:
    last = locks_on(DUE, 10)
    assert last == date(2024, 11, 28)
    assert locks_on(DUE, 0) is None
    after = date(2024, 11, 29)
    assert is_shut(MISSING, last, False, after)
    assert not is_shut(MISSING, last, False, last)
    assert not is_shut(MISSING, last, True, after)
    assert not is_shut(SENT, last, False, after)
    assert not is_shut(BACK, None, False, after)
