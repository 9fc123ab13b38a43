"""What a person may do now to an assignment or a task, as forms."""

from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from ntmtasks.accounts.models import User
from ntmtasks.agencies.queries import all_agencies
from ntmtasks.core.access import Permission
from ntmtasks.desk.forms.work import ActForm, ReasonForm, ReassignForm
from ntmtasks.desk.queries.lists import agency_choices
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.rights import may, may_pass_on
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
PHASE_ENDPOINTS = {
    Phase.PAUSED: "desk.pause",
    Phase.CANCELLED: "desk.cancel",
    Phase.ISSUED: "desk.resume",
}


@dataclass(frozen=True)
class Offer:
    """One form: `name` makes its ids, `is_main` marks what the eye should find first."""

    name: str
    label: str
    address: str
    form: ActForm
    is_main: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the form came back with a message."""
        return bool(self.form.errors or self.form.form_errors)


@dataclass(frozen=True)
class Refused:
    """A form that was not carried out and is shown again, with what was typed."""

    address: str
    form: ActForm


class Offers:
    """The offers of one person; a form that was refused stands in its place."""

    def __init__(self, user: User, refused: Refused | None = None) -> None:
        self.user = user
        self.person = person(user)
        self.refused = refused
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
        if assignment.task.phase is not Phase.ISSUED:
            return []
        about = work(assignment)
        if assignment.pending_act is not None and may_pass_on(self.person, about):
            label = f"Chuyển: {ACTS[assignment.pending_act]}"
            return [
                self._offer("pass_on", label, "desk.pass_on", ActForm, assignment),
                self._offer("hold_back", "Không chuyển", "desk.hold_back", ReasonForm, assignment),
            ]
        return [
            self._offer(act.value, ACTS[act], endpoint, form, assignment)
            for act, (endpoint, form) in ENDPOINTS.items()
            if self._fits(act, assignment) and may(act, self.person, about)
        ]

    def _fits(self, act: Act, assignment: Assignment) -> bool:
        if act is Act.REASSIGN:  # other work changes its agency on the page for it
            return assignment.work_state is WorkState.REFUSED
        own = assignment.agency_id == self.user.agency_id
        if own and assignment.pending_act is not None:
            return False
        return assignment.work_state in TRANSITIONS[act].before

    def _offer(
        self, name: str, label: str, endpoint: str, kind: type[ActForm], assignment: Assignment
    ) -> Offer:
        address = url_for(endpoint, assignment_id=assignment.id)
        form = self._form(address, kind, assignment.version)
        if isinstance(form, ReassignForm):
            form.agency.choices = self.agency_choices
        return Offer(name, label, address, form, kind is ActForm)

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
        address = url_for(PHASE_ENDPOINTS[phase], task_id=task.id)
        form = self._form(address, ReasonForm, task.version)
        return Offer(phase.value, PHASE_ACTS[phase], address, form)

    def _form(self, address: str, kind: type[ActForm], version: int) -> ActForm:
        if self.refused is not None and self.refused.address == address:
            self._is_shown = True
            self.refused.form.see_version(version)
            return self.refused.form
        return kind(formdata=None, data={"version": version})
