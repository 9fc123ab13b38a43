"""What a person may do now to an assignment or a task, with the forms that are wanted."""

from dataclasses import dataclass
from functools import cached_property

from ntmtasks.accounts.models import User
from ntmtasks.agencies.queries import all_agencies
from ntmtasks.core.access import Permission
from ntmtasks.core.addresses import url_for
from ntmtasks.desk.forms.work import ActForm, ReasonForm, ReassignForm
from ntmtasks.desk.queries.lists import agency_choices
from ntmtasks.desk.views.case import Case
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.rights import Work, may, may_pass_on
from ntmtasks.tasks.labels import ACTS, PHASE_ACTS
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import PHASE_CHANGES, TRANSITIONS, Act, Phase, WorkState

ENDPOINTS: dict[Act, tuple[str, type[ActForm]]] = {
    Act.ACCEPT: ("desk.accept", ActForm),
    Act.REFUSE: ("desk.refuse", ReasonForm),
    Act.CONFIRM: ("desk.confirm", ActForm),
    Act.RETURN: ("desk.return_for_rework", ReasonForm),
    Act.REASSIGN: ("desk.reassign", ReassignForm),
    Act.GIVE_BACK: ("desk.give_back", ReasonForm),
    Act.REOPEN: ("desk.reopen", ReasonForm),
}
"""Acts with a form of their own, in the order in which they are offered."""
STATES = {act: TRANSITIONS[act].before for act in ENDPOINTS} | {
    Act.REASSIGN: {WorkState.REFUSED}  # other work changes its agency on the page for it
}
"""The states in which each of them is offered."""
PHASE_ENDPOINTS = {
    Phase.PAUSED: "desk.pause",
    Phase.CANCELLED: "desk.cancel",
    Phase.ISSUED: "desk.resume",
}


@dataclass(frozen=True)
class Offer:
    """One act: `name` ("return-17") names its draft, its place and its address, `spoken` says it where
    several stand on a page. `form` is None where it is fetched when it is opened, for the `version` that
    the page shows; `is_wanted` marks the one that was opened just now."""

    name: str
    label: str
    spoken: str
    address: str
    version: int
    form: ActForm | None
    is_wanted: bool

    @property
    def is_open(self) -> bool:
        """Whether it was opened, or its form came back with a message."""
        form = self.form
        return self.is_wanted or (form is not None and bool(form.errors or form.form_errors))


@dataclass(frozen=True)
class Refused:
    """A form that was not carried out and is shown again, with what was typed."""

    address: str
    form: ActForm


class Offers:
    """The offers of one person; a form that was refused stands in its place. Acts that want a reason
    have their form where `wanted` names them, or where it is None."""

    def __init__(
        self, user: User, refused: Refused | None = None, wanted: str | None = None
    ) -> None:
        self.user = user
        self.person = person(user)
        self.refused = refused
        self.wanted = wanted
        self._is_shown = False

    @property
    def lost(self) -> ActForm | None:
        """The refused form when nothing that is offered now takes its place; asked last."""
        return self.refused.form if self.refused and not self._is_shown else None

    @cached_property
    def agency_choices(self) -> list[tuple[int, str]]:
        """The agencies that refused work may go to; asked only where some was refused."""
        return [(0, "– chọn –"), *agency_choices(all_agencies())]

    def of(self, assignment: Assignment) -> list[Offer]:
        """What the person may do to an assignment of a task under way."""
        is_issued = assignment.task.phase is Phase.ISSUED
        return self._of(assignment, work(assignment)) if is_issued else []

    def of_case(self, case: Case) -> list[tuple[Assignment, list[Offer]]]:
        """The same for those assignments of one task to which something may be done."""
        if not case.is_issued:
            return []
        return [(a, given) for a, about in case.works if (given := self._of(a, about))]

    def _of(self, assignment: Assignment, about: Work) -> list[Offer]:
        pending, state = assignment.pending_act, assignment.work_state
        if pending is not None and may_pass_on(self.person, about):
            label = f"Chuyển: {ACTS[pending]}"
            return [
                self._offer("pass_on", label, "desk.pass_on", ActForm, assignment),
                self._offer("hold_back", "Không chuyển", "desk.hold_back", ReasonForm, assignment),
            ]
        waits = pending is not None and about.agency_id == self.person.agency_id
        return [
            self._offer(act.value, ACTS[act], endpoint, form, assignment)
            for act, (endpoint, form) in ENDPOINTS.items()
            if state in STATES[act] and not (waits and act is not Act.REASSIGN)
            if may(act, self.person, about)
        ]

    def _offer(
        self, act: str, label: str, endpoint: str, kind: type[ActForm], assignment: Assignment
    ) -> Offer:
        spoken = f"{label} mục {assignment.task.path or 'bổ sung'} – {assignment.agency.short_name}"
        address = url_for(endpoint, assignment_id=assignment.id)
        name = f"{act}-{assignment.id}"
        return self._made(name, (label, spoken), address, kind, assignment.version)

    def of_task(self, task: Task) -> list[Offer]:
        """Pausing, cancelling and reopening the whole task."""
        if not self.user.can(Permission.COORDINATE):
            return []
        return [
            self._offer_phase(task, phase)
            for phase, before in PHASE_CHANGES.items()
            if task.phase in before
        ]

    def _offer_phase(self, task: Task, phase: Phase) -> Offer:
        label = f"{PHASE_ACTS[phase]} nhiệm vụ"
        address = url_for(PHASE_ENDPOINTS[phase], task_id=task.id)
        name = f"{phase.value}-task-{task.id}"
        return self._made(name, (label, ""), address, ReasonForm, task.version)

    def _made(
        self, name: str, words: tuple[str, str], address: str, kind: type[ActForm], version: int
    ) -> Offer:
        form, is_wanted = None, name == self.wanted
        if self.refused is not None and self.refused.address == address:
            self._is_shown = True
            form, is_wanted = self.refused.form, False
            form.see_version(version)
        elif is_wanted or self.wanted is None or kind is ActForm:
            form = kind(formdata=None, data={"version": version})
        if isinstance(form, ReassignForm):
            form.agency.choices = self.agency_choices
        return Offer(name, *words, address, version, form, is_wanted)
