"""The verbs of difficulties: report, take a step, set the route."""

from collections.abc import Sequence
from dataclasses import dataclass

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people_of_role, recipient_book
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, transaction
from ntmtasks.core.formats import shorten
from ntmtasks.core.forms import use_once
from ntmtasks.escalations.labels import STATES
from ntmtasks.escalations.models import Escalation, EscalationStep
from ntmtasks.escalations.queries import ROUTE_AGENCY, ROUTE_TO, person, route
from ntmtasks.escalations.rules import NEXT, EscalationState, Route, may_step
from ntmtasks.history import service as history
from ntmtasks.outbox import service as outbox
from ntmtasks.tasks.models import Task


class NoRoute(Exception):
    """No agency is there to consolidate difficulties."""


class ChangedMeanwhile(Exception):
    """Somebody else took a step after the person opened the page."""


class NotYours(Exception):
    """This step is another one's."""


@dataclass(frozen=True)
class NewEscalation:
    """What a difficulty says; `source` is filled when the coordinator writes for an agency."""

    agency: Agency
    problem: str
    effect: str
    decision: str
    tasks: Sequence[Task] = ()
    source: str = ""


def report(actor: User, new: NewEscalation, form_token: str | None = None) -> Escalation | None:
    """Report a difficulty; None when the form has been sent before. Raises NoRoute."""
    with transaction():
        if not use_once(form_token):
            return None
        way = route()
        if way is None:
            raise NoRoute
        it = Escalation(
            agency=new.agency,
            consolidator=db.session.get_one(Agency, way.agency_id),
            submitted_to=way.submitted_to,
            problem=new.problem,
            effect=new.effect,
            decision=new.decision,
            source=new.source,
            state=EscalationState.REPORTED,
            raised_by=actor,
            raised_at=clock.now(),
            changed_at=clock.now(),
            tasks=list(new.tasks),
        )
        db.session.add(it)
        db.session.flush()
        history.record(
            actor,
            "escalation",
            it.id,
            "escalation.report",
            after={"Cơ quan": new.agency.short_name, "Nội dung": shorten(new.problem)},
        )
        for task in new.tasks:
            history.record(actor, "task", task.id, "task.escalate")
        _tell(it, it.consolidator_id, "Khó khăn, vướng mắc mới")
        if new.source:
            _tell(it, it.agency_id, "Khó khăn, vướng mắc được nhập thay cơ quan bạn")
        return it


def step(
    actor: User,
    it: Escalation,
    after: EscalationState,
    note: str,
    document: str,
    version: int,
) -> None:
    """Bring a difficulty one step further. Raises NotYours, ChangedMeanwhile."""
    with transaction():
        before = it.state
        if it.version != version or after not in NEXT[before]:
            raise ChangedMeanwhile
        if not may_step(person(actor), it.agency_id, it.consolidator_id, after):
            raise NotYours
        it.state = after
        it.changed_at = clock.now()
        it.closed_at = None if NEXT[after] else clock.now()
        db.session.add(
            EscalationStep(
                escalation_id=it.id,
                state=after,
                note=note,
                document=document,
                author_id=actor.id,
                made_at=clock.now(),
            )
        )
        db.session.flush()
        history.record(
            actor,
            "escalation",
            it.id,
            "escalation.step",
            {"Trạng thái": STATES[before]},
            {"Trạng thái": STATES[after], "Nội dung": note, "Văn bản": document or "–"},
        )
        _tell_about_step(it, actor)


def _tell_about_step(it: Escalation, actor: User) -> None:
    what = f"Khó khăn, vướng mắc: {STATES[it.state].lower()}"
    if it.agency_id != actor.agency_id:
        _tell(it, it.agency_id, what)
    if it.state is EscalationState.SUBMITTED:
        for leader in people_of_role(Role.CITY_LEADER):
            _notice(it, leader.id, "Khó khăn, vướng mắc chờ kết luận")
    elif it.consolidator_id not in (it.agency_id, actor.agency_id):
        _tell(it, it.consolidator_id, what)


def _tell(it: Escalation, agency_id: int, what: str) -> None:
    for recipient in recipient_book().of(agency_id, None):
        if recipient.user_id is not None and not recipient.note:
            _notice(it, recipient.user_id, what)


def _notice(it: Escalation, user_id: int, what: str) -> None:
    outbox.notify(
        user_id,
        "escalation",
        what,
        f"{it.agency.short_name}: {shorten(it.problem)}",
        f"/escalations/{it.id}",
    )


def set_route(actor: User, way: Route, agency: Agency) -> None:
    """Let difficulties reported from now on go this way; earlier ones keep theirs."""
    with transaction():
        settings.store(ROUTE_AGENCY, str(way.agency_id))
        settings.store(ROUTE_TO, way.submitted_to)
        history.record(
            actor,
            "setting",
            0,
            "setting.change",
            after={"Tuyến khó khăn, vướng mắc": f"{agency.short_name} → {way.submitted_to}"},
        )
