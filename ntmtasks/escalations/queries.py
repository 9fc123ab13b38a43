"""Reading difficulties: lists, one, what waits for whom, which tasks are held up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import Asker
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.escalations.models import Escalation, EscalationStep, EscalationTask
from ntmtasks.escalations.rules import (
    OPEN_STATES,
    SPEAKERS,
    TO_CONSOLIDATE,
    EscalationState,
    Person,
    Route,
    age,
    next_agency,
    steps_for,
)
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import AgeClass, Phase, age_class

ROUTE_AGENCY = "escalation_agency"
ROUTE_TO = "escalation_to"
DEFAULT_TO = "Ủy ban nhân dân thành phố"
MOST_ROWS = 500
"""So many are listed, or submitted in one paper."""
LEADERS = "lãnh đạo UBND"
NOBODY_SIGNS_IN = "chưa có người dùng; Văn phòng Điều phối làm thay"


@dataclass(frozen=True)
class EscalationRow:
    """A difficulty in a list; `days` it has been open, `steps` the reader may take now. `holder` says
    with whom it is, where the list tells."""

    it: Escalation
    days: int
    steps: tuple[EscalationState, ...]
    holder: str = ""


def person(user: User) -> Person:
    """A user as the rules see one."""
    return Person(user.role, user.agency_id)


def route() -> Route | None:
    """The route that holds now: as set, else by the coordinating office; None without one."""
    stored = settings.stored()
    chosen = stored.get(ROUTE_AGENCY)
    office = agencies.office()
    agency_id = int(chosen) if chosen else office and office.id
    return Route(agency_id, stored.get(ROUTE_TO, DEFAULT_TO)) if agency_id else None


def route_version() -> settings.SettingsVersion:
    """The version of the route as it is set."""
    return settings.version_of(ROUTE_AGENCY, ROUTE_TO)


def _readable(user: User) -> list[ColumnElement[bool]]:
    """What a person may read: own ones, those to consolidate, those that hold up own tasks."""
    if user.can(Permission.READ_ALL):
        return []
    own_task = (
        select(EscalationTask.task_id)
        .join(Assignment, Assignment.task_id == EscalationTask.task_id)
        .where(
            EscalationTask.escalation_id == Escalation.id, Assignment.agency_id == user.agency_id
        )
    )
    return [
        or_(
            Escalation.agency_id == user.agency_id,
            Escalation.consolidator_id == user.agency_id,
            exists(own_task.correlate(Escalation)),
        )
    ]


@cache
def _with_people() -> Select[Escalation]:
    return select(Escalation).options(
        joinedload(Escalation.agency),
        joinedload(Escalation.consolidator),
        joinedload(Escalation.raised_by),
        selectinload(Escalation.tasks),
    )


@cache
def _with_steps() -> Select[Escalation]:
    steps = selectinload(Escalation.steps).joinedload(EscalationStep.author)
    return _with_people().options(steps)


def row(it: Escalation, user: User) -> EscalationRow:
    """A loaded difficulty as a list shows it to `user`."""
    closed_on = clock.local(it.closed_at).date() if it.closed_at else None
    days = age(clock.local(it.raised_at).date(), closed_on, clock.today())
    return EscalationRow(
        it, days, steps_for(person(user), it.state, it.agency_id, it.consolidator_id)
    )


def listed(
    user: User, states: Collection[EscalationState], agency: Agency | None
) -> list[EscalationRow]:
    """The difficulties in these states that a person may read, the oldest first; at most MOST_ROWS."""
    return _listed(_with_people().limit(MOST_ROWS), user, states, agency)


def to_submit(
    user: User, states: Collection[EscalationState], agency: Agency | None
) -> list[EscalationRow]:
    """The same with their steps and the plans of their tasks; one row more shows that there are too
    many."""
    plans = selectinload(Escalation.tasks).joinedload(Task.plan)
    query = _with_steps().options(plans).limit(MOST_ROWS + 1)
    return _listed(query, user, states, agency)


def _listed(
    query: Select[Escalation],
    user: User,
    states: Collection[EscalationState],
    agency: Agency | None,
) -> list[EscalationRow]:
    query = query.where(*_readable(user), Escalation.state.in_(states))
    if agency is not None:
        query = query.where(Escalation.agency_id == agency.id)
    query = query.order_by(Escalation.raised_at, Escalation.id)
    return [row(it, user) for it in db.session.scalars(query)]


def by_age(rows: Collection[EscalationRow]) -> dict[AgeClass, int]:
    """How many open difficulties there are of each age; today's count with the youngest."""
    found = dict.fromkeys(AgeClass, 0)
    for each in rows:
        if each.it.state in OPEN_STATES:
            found[age_class(max(1, each.days))] += 1
    return found


def escalation(user: User, escalation_id: int) -> Escalation | None:
    """One difficulty with its steps; None when it is not there for this person."""
    return db.session.scalar(_with_steps().where(Escalation.id == escalation_id, *_readable(user)))


def waiting_for(user: User) -> list[EscalationRow]:
    """What waits for the next step of this person, the oldest first; at most 200."""
    return _held(user, _waits_for(user))


def on_their_way(user: User) -> list[EscalationRow]:
    """For a coordinator all open ones that wait for somebody else, the oldest first; at most 200."""
    if user.role is not Role.COORDINATOR:
        return []
    return _held(user, and_(Escalation.state.in_(OPEN_STATES), not_(_waits_for(user))))


def held_row(it: Escalation, user: User) -> EscalationRow:
    """A loaded difficulty as a list shows it that also tells with whom it is."""
    return _with_holders([it], user)[0]


def _held(user: User, where: ColumnElement[bool]) -> list[EscalationRow]:
    query = _with_steps().where(where)
    query = query.order_by(Escalation.raised_at, Escalation.id).limit(200)
    return _with_holders(db.session.scalars(query).all(), user)


def _with_holders(found: Sequence[Escalation], user: User) -> list[EscalationRow]:
    """With the names of those whose turn it is, in one query for any number."""
    turns = {it.id: next_agency(it.state, it.agency_id, it.consolidator_id) for it in found}
    wanted = {agency_id for agency_id in turns.values() if agency_id is not None}
    speaks = and_(User.agency_id.in_(wanted), User.role.in_(SPEAKERS))
    people: dict[int | None, list[str]] = {}
    if found:
        for name, agency_id, role in db.session.execute(
            select(User.name, User.agency_id, User.role)
            .where(User.locked_at.is_(None), or_(speaks, User.role == Role.CITY_LEADER))
            .order_by(User.name)
        ):
            people.setdefault(None if role is Role.CITY_LEADER else agency_id, []).append(name)
    return [
        replace(row(it, user), holder=_holder(it, people.get(turns[it.id], ()))) for it in found
    ]


def _holder(it: Escalation, names: Sequence[str]) -> str:
    """ "Sở NN&PTNT (Trần Văn Hòa)", "" when it is closed."""
    if it.state not in OPEN_STATES:
        return ""
    if it.state is EscalationState.SUBMITTED:
        office = LEADERS
    else:
        office = (it.consolidator if it.state in TO_CONSOLIDATE else it.agency).short_name
        names = names or (NOBODY_SIGNS_IN,)
    return f"{office} ({', '.join(names)})" if names else office


def count_for(user: Asker) -> ScalarSelect[int]:
    """How many wait for this person, as a part of a query."""
    return select(func.count()).select_from(Escalation).where(_waits_for(user)).scalar_subquery()


def _waits_for(user: Asker) -> ColumnElement[bool]:
    """Whether the next step is this person's business: rules.next_agency in SQL. Where nobody speaks
    for that agency, it is the coordinators'."""
    if user.role is Role.CITY_LEADER:
        return Escalation.state == EscalationState.SUBMITTED
    if user.role not in SPEAKERS:
        return false()
    return or_(
        and_(Escalation.state.in_(TO_CONSOLIDATE), _is_for(user, Escalation.consolidator_id)),
        and_(Escalation.state == EscalationState.CONCLUDED, _is_for(user, Escalation.agency_id)),
    )


def _is_for(user: Asker, agency_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    own: ColumnElement[bool] = agency_id == user.agency_id
    if user.role is not Role.COORDINATOR:
        return own
    speaker = select(User.id).where(
        User.agency_id == agency_id, User.role.in_(SPEAKERS), User.locked_at.is_(None)
    )
    return or_(own, ~exists(speaker.correlate(Escalation)))


def held_up() -> set[int]:
    """The tasks that an open difficulty holds up."""
    return set(
        db.session.scalars(
            select(EscalationTask.task_id)
            .join(Escalation, Escalation.id == EscalationTask.escalation_id)
            .where(Escalation.state.in_(OPEN_STATES))
            .distinct()
        )
    )


def of_task(task_id: int) -> Sequence[Escalation]:
    """All difficulties that hold up, or held up, a task."""
    return db.session.scalars(
        select(Escalation)
        .join(EscalationTask, EscalationTask.escalation_id == Escalation.id)
        .where(EscalationTask.task_id == task_id)
        .order_by(Escalation.id.desc())
        .options(joinedload(Escalation.agency), joinedload(Escalation.consolidator))
    ).all()


def linkable_tasks(agency_id: int | None) -> Sequence[Task]:
    """Issued tasks in which an agency has a role (None: all), in the order of the plan."""
    query = select(Task).where(Task.phase == Phase.ISSUED).order_by(Task.plan_id, Task.position)
    if agency_id is not None:
        own = select(Assignment.id).where(
            Assignment.task_id == Task.id, Assignment.agency_id == agency_id
        )
        query = query.where(exists(own.correlate(Task)))
    return db.session.scalars(query.limit(1000)).all()
