"""Extensions, explanations, directives and urgings: who may do what, and until when."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from ntmtasks.accounts.rules import Role
from ntmtasks.progress.rules.rights import Person, Work, may_decide
from ntmtasks.tasks.rules import OPEN_STATES, Ending, Phase, WorkState

EDIT_WINDOW = timedelta(minutes=15)
"""How long a directive or comment can be edited by its author; then it is on record as it stands."""

ANSWER_WORKING_DAYS = 3
"""Until when an explanation is asked for, unless the asker says otherwise."""

FLAGGED_FROM = 3
"""From which request on for one assignment the decider is told how many there were."""


class ExtensionState(StrEnum):
    """Of a request for more time; `lapsed`: the work ended before anybody decided."""

    ASKED = "asked"
    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ExplanationState(StrEnum):
    """Of a demand to explain a delay; `repeated`: the answer was not enough, a new one was asked;
    `lapsed`: the work ended in a way that leaves nobody to answer or to be asked again."""

    ASKED = "asked"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REPEATED = "repeated"
    LAPSED = "lapsed"


class ExtensionFault(StrEnum):
    """Why more time cannot be asked for or given."""

    NOT_UNDER_WAY = "not_under_way"
    NOT_OPEN = "not_open"
    NO_DEADLINE = "no_deadline"
    TOO_LATE = "too_late"
    NOT_LATER = "not_later"
    BEYOND_YEAR = "beyond_year"


def asking_fault(state: WorkState, deadline: date | None, today: date) -> ExtensionFault | None:
    """What forbids asking for more time at all; on the due day itself one still may."""
    if state not in OPEN_STATES:
        return ExtensionFault.NOT_OPEN
    if deadline is None:
        return ExtensionFault.NO_DEADLINE
    return ExtensionFault.TOO_LATE if today > deadline else None


def granting_fault(phase: Phase, deadline: date | None) -> ExtensionFault | None:
    """What forbids giving more time by now. What was done meanwhile may still get it: the request came
    before, and its day of submission is judged by the deadline."""
    if phase is not Phase.ISSUED:
        return ExtensionFault.NOT_UNDER_WAY
    return ExtensionFault.NO_DEADLINE if deadline is None else None


def ends_explaining(how: Ending, about: str) -> bool:
    """Whether a demand to explain lapses with the work; what it is `about`, a late report or missed slot,
    is still explained when the work itself has no deadline any more."""
    return how is not Ending.ROUTINE or not about


def date_fault(
    deadline: date, wanted: date, plan_year: int, knows_beyond: bool
) -> ExtensionFault | None:
    """What is wrong with the day asked for; after the plan's year only by who says so."""
    if wanted <= deadline:
        return ExtensionFault.NOT_LATER
    if wanted.year > plan_year and not knows_beyond:
        return ExtensionFault.BEYOND_YEAR
    return None


def is_late(deadline: date | None, submitted_on: date | None, today: date) -> bool:
    """Whether work missed its deadline: by its submission day, or by today while not submitted."""
    return deadline is not None and (submitted_on or today) > deadline


@dataclass(frozen=True)
class About:
    """What is late where it is not the work itself: a report, a missed slot; `words` name it with its
    day, `url` is the page on which it stands."""

    words: str
    url: str


WORK_ITSELF = About("", "")


def may_grant(person: Person, work: Work, asked_by_id: int) -> bool:
    """Who confirms the work decides on more time for it; nobody on what they asked themselves."""
    return may_decide(person, replace(work, submitted_by_id=asked_by_id, entered_by_id=None))


def may_guide(person: Person, work: Work | None = None) -> bool:
    """Coordinator and city leader push others and ask them to explain, not their own agency; without
    `work`, whether they may do so at all."""
    is_own = work is not None and person.agency_id == work.agency_id
    return person.role in {Role.COORDINATOR, Role.CITY_LEADER} and not is_own


def may_judge(person: Person, work: Work, asker: Role, answered_by_id: int | None) -> bool:
    """An answer is judged by who asked, or by somebody of the same office; nobody judges what the own
    agency, or they themselves for another one, answered."""
    is_own = person.agency_id == work.agency_id or person.id == answered_by_id
    return person.role is asker and not is_own


def may_direct(person: Person) -> bool:
    """Directives (ý kiến chỉ đạo) are the city leader's."""
    return person.role is Role.CITY_LEADER


def is_editable(made_at: datetime, now: datetime) -> bool:
    """Whether a directive or comment can still be edited."""
    return now - made_at <= EDIT_WINDOW
