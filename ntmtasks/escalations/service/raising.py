"""The verbs of difficulties: report, take a step, set the route."""

from collections.abc import Sequence
from dataclasses import dataclass

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import people_of_role
from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.formats import shorten
from ntmtasks.core.forms import use_once
from ntmtasks.core.sources import Source, check_day, source_words
from ntmtasks.escalations.models import Escalation, EscalationStep
from ntmtasks.escalations.queries import (
    ROUTE_AGENCY,
    ROUTE_TO,
    person,
    route,
    route_version,
)
from ntmtasks.escalations.rules import NEXT, EscalationState, Route, may_step
from ntmtasks.history import service as history
from ntmtasks.outbox import service as outbox
from ntmtasks.plans.queries import current_plan
from ntmtasks.tasks.models import Task

KIND = "escalation"
"""Of notices and mails about difficulties."""
CORRECT = "Nếu chưa đúng, xin báo lại"


class NoRoute(Exception):
    """No agency is there to consolidate difficulties."""


class NotYourStep(Exception):
    """This step is another one's."""


@dataclass(frozen=True)
class NewEscalation:
    """What a difficulty says; `source` is there when the coordinator enters it for an agency."""

    agency: Agency
    problem: str
    effect: str
    decision: str
    tasks: Sequence[Task] = ()
    source: Source | None = None


def report(actor: User, new: NewEscalation, form_token: str | None = None) -> Escalation | None:
    """Report a difficulty; None when the form has been sent before.

    One that is entered for an agency counts from the day of its source, and the agency is told.
    Raises NoRoute, and BadDay for a source's day that cannot be.
    """
    with transaction():
        if not use_once(form_token):
            return None
        way = route()
        if way is None:
            raise NoRoute
        source = new.source
        if source is not None:
            plan = current_plan()
            check_day(source.on, plan.issued_on if plan else None, clock.today())
        it = Escalation(
            agency=new.agency,
            consolidator=db.session.get_one(Agency, way.agency_id),
            submitted_to=way.submitted_to,
            problem=new.problem,
            effect=new.effect,
            decision=new.decision,
            source_kind=source.kind if source else None,
            source_ref=source.ref if source else "",
            source_on=source.on if source else None,
            state=EscalationState.REPORTED,
            raised_by=actor,
            raised_at=clock.moment_on(source.on) if source else clock.now(),
            changed_at=clock.now(),
            tasks=list(new.tasks),
        )
        db.session.add(it)
        db.session.flush()
        said = {"Cơ quan": new.agency.short_name, "Nội dung": shorten(new.problem)}
        said |= {"Nguồn": source_words(source)} if source else {}
        history.record(actor, "escalation", it.id, "escalation.report", after=said)
        for task in new.tasks:
            history.record(actor, "task", task.id, "task.escalate")
        _tell(actor, it, it.consolidator_id, "Khó khăn, vướng mắc mới", _line(it))
        if source is not None:
            line = f"{actor.name} nhập thay theo {source_words(source)}: “{new.problem}”. "
            line += f"Kiến nghị: {new.decision}. {CORRECT} {_reach(actor)}."
            _tell(actor, it, it.agency_id, "Khó khăn, vướng mắc được nhập thay", line)
        return it


def _reach(actor: User) -> str:
    return f"{actor.name}, điện thoại {actor.phone}" if actor.phone else actor.name


def step(
    actor: User,
    it: Escalation,
    after: EscalationState,
    note: str,
    document: str,
    version: int,
) -> None:
    """Bring a difficulty one step further. Raises NotYourStep, ChangedMeanwhile."""
    with transaction():
        before = it.state
        if it.version != version or after not in NEXT[before]:
            raise ChangedMeanwhile
        if not may_step(person(actor), it.agency_id, it.consolidator_id, after):
            raise NotYourStep
        it.state = after
        it.changed_at = clock.now()
        it.closed_at = None if NEXT[after] else clock.now()
        it.steps.append(
            EscalationStep(
                state=after, note=note, document=document, author=actor, made_at=clock.now()
            )
        )
        db.session.flush()
        history.record(
            actor,
            "escalation",
            it.id,
            "escalation.step",
            {"Trạng thái": it.label(before)},
            {"Trạng thái": it.label(after), "Nội dung": note, "Văn bản": document or "–"},
        )
        _tell_about_step(it, actor, note)


def _tell_about_step(it: Escalation, actor: User, note: str) -> None:
    what = f"Khó khăn, vướng mắc: {it.words(it.state)}"
    line = f"{_line(it)} {it.label(it.state)}: “{shorten(note, 500)}”."
    if it.agency_id != actor.agency_id:
        _tell(actor, it, it.agency_id, what, line)
    if it.state is EscalationState.SUBMITTED:
        for leader in people_of_role(Role.CITY_LEADER):
            _notice(it, leader.id, "Khó khăn, vướng mắc chờ kết luận", _line(it))
    elif it.consolidator_id not in (it.agency_id, actor.agency_id):
        _tell(actor, it, it.consolidator_id, what, line)


def _line(it: Escalation) -> str:
    return f"{it.agency.short_name}: {shorten(it.problem)}"


def _tell(actor: User, it: Escalation, agency_id: int, what: str, line: str) -> None:
    """Tell an agency's people but the one who acts; its mailbox where nobody signs in."""
    for recipient in recipient_book().concerned(agency_id, None):
        if recipient.user_id is None:
            outbox.write_to_office(
                recipient.address, recipient.name, KIND, what, line, _address(it)
            )
        elif recipient.user_id != actor.id:
            _notice(it, recipient.user_id, what, line)


def _notice(it: Escalation, user_id: int, what: str, line: str) -> None:
    outbox.notify(user_id, KIND, what, line, _address(it))


def _address(it: Escalation) -> str:
    return f"/escalations/{it.id}"


def set_route(actor: User, way: Route, agency: Agency, version: int | None = None) -> None:
    """Let difficulties reported from now on go this way; earlier ones keep theirs. Raises
    ChangedMeanwhile where the route is another one than the `version` seen."""
    with transaction():
        check_version(route_version(), version)
        settings.store(ROUTE_AGENCY, str(way.agency_id))
        settings.store(ROUTE_TO, way.submitted_to)
        history.record(
            actor,
            "setting",
            0,
            "setting.change",
            after={"Tuyến khó khăn, vướng mắc": f"{agency.short_name} → {way.submitted_to}"},
        )
