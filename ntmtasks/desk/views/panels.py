"""What one may ask, answer and decide on the task page: the forms beside the entries of its stream."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.forms import Form
from ntmtasks.desk.forms.asks import (
    EditDirectiveForm,
    ExtensionDecisionForm,
    ExtensionForm,
    UrgingForm,
    WithdrawDirectiveForm,
    WithdrawExtensionForm,
)
from ntmtasks.desk.forms.work import EditCommentForm, WithdrawCommentForm
from ntmtasks.desk.queries.stream import Entry
from ntmtasks.progress.forms import DemandForm, DirectiveForm, explanation_forms
from ntmtasks.progress.labels import (
    DEFAULT_URGING,
    EXTENSION_FAULTS,
    OPEN_REQUEST,
    day_words,
)
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.queries.asks import answer_day, awaiting_more_time
from ntmtasks.progress.queries.occurrences import Slot, missed_of
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.asks import (
    ExtensionFault,
    ExtensionState,
    asking_fault,
    is_editable,
    is_late,
    may_direct,
    may_grant,
    may_guide,
)
from ntmtasks.progress.rules.rights import may_update
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import OPEN_STATES, Phase, TaskKind

EntryForms = dict[str, Form | None]
"""The forms of what the reader may do on an entry, by act; None where the form is fetched first."""
Forms = dict[str, EntryForms]
"""Those of each entry ("extension-5")."""


@dataclass(frozen=True)
class Refusal:
    """A form that was refused, with its place: the entry's key, or "asks", and the act."""

    place: str
    act: str
    form: Form


def forms_of_stream(
    user: User,
    task: Task,
    entries: Collection[Entry],
    refused: Refusal | None = None,
    mended: int | None = None,
) -> Forms:
    """The forms beside the entries of a task's stream; `mended` is the number of the comment whose
    forms are open."""
    if task.phase is not Phase.ISSUED:  # one may still write about it
        entries = [e for e in entries if e.kind == "comment"]
    explained = any(e.kind == "explanation" for e in entries)
    answer_by = answer_day(clock.today()) if explained else clock.today()
    found = {e.key: forms for e in entries if (forms := forms_of(user, e.item, answer_by))}
    if refused is not None and refused.place != "asks":
        found[refused.place] = {**found.get(refused.place, {}), refused.act: refused.form}
    for entry in entries:
        if entry.key == f"comment-{mended}" and entry.key in found:
            found[entry.key] = comment_forms(entry.item)
    return found


def forms_of(user: User, item: object, answer_by: date) -> EntryForms:
    """The forms of the acts that a person may do on one entry; `answer_by` is proposed for a new
    answer."""
    if isinstance(item, DeadlineExtension) and item.state is ExtensionState.ASKED:
        return _extension_forms(user, item)
    if isinstance(item, ExplanationRequest):
        return {**explanation_forms(person(user), work(item.assignment), item, answer_by)}
    if isinstance(item, Directive) and item.author_id == user.id and item.withdrawn_at is None:
        forms: EntryForms = {"withdraw": _fresh(WithdrawDirectiveForm, item)}
        if is_editable(item.made_at, clock.now()):
            forms["edit"] = _fresh(EditDirectiveForm, item, body=item.body)
        return forms
    if isinstance(item, Comment):
        is_over = item.withdrawn_at is not None or not is_editable(item.made_at, clock.now())
        return {} if item.author_id != user.id or is_over else {"mend": None}
    return {}


def comment_forms(comment: Comment) -> EntryForms:
    """The forms of a comment that is being mended."""
    return {
        "edit": _fresh(EditCommentForm, comment, body=comment.body),
        "withdraw": _fresh(WithdrawCommentForm, comment),
    }


def _extension_forms(user: User, asked: DeadlineExtension) -> EntryForms:
    if may_grant(person(user), work(asked.assignment), asked.asked_by_id):
        form = _fresh(ExtensionDecisionForm, asked, deadline=asked.wanted_deadline)
        return {"decide": form}
    if asked.asked_by_id == user.id:
        return {"withdraw": _fresh(WithdrawExtensionForm, asked)}
    return {}


def _fresh(kind: type[Form], item: Any, **data: object) -> Form:
    return kind(formdata=None, data={"version": item.version, **data})


@dataclass(frozen=True)
class Asks:
    """What one may begin on a task; a form that is None is not offered. `late` says why more time can
    no longer be asked for; `elsewhere` that the forms stand on another page than the task's, where
    there is no stream to bring up to date."""

    own: Assignment | None
    extension: ExtensionForm | None
    late: str
    demand: DemandForm | None
    directive: DirectiveForm | None
    urging: UrgingForm | None
    elsewhere: bool = False


def is_elsewhere() -> bool:
    """Whether the form of this request says that it stands on another page than the task's."""
    return "elsewhere" in request.form


def asks_of(user: User, task: Task, refused: Refusal | None = None) -> Asks:
    """The forms above the stream of a task."""
    if task.phase is not Phase.ISSUED:
        return Asks(None, None, "", None, None, None)
    who = person(user)
    own = next((a for a in task.assignments if may_update(who, work(a))), None)
    extension, late = _extension(own)
    given = {refused.act: refused.form} if refused is not None and refused.place == "asks" else {}
    return Asks(
        own=own,
        extension=given.get("extension", extension),
        late=late,
        demand=given.get("demand", demand_form(late_of(user, task))),
        directive=given.get("directive", DirectiveForm(formdata=None) if may_direct(who) else None),
        urging=given.get("urging", urging_form(user, task)),
        elsewhere=is_elsewhere(),
    )


def _extension(own: Assignment | None) -> tuple[ExtensionForm | None, str]:
    if own is None:
        return None, ""
    fault = asking_fault(own.work_state, own.deadline, clock.today())
    if fault is ExtensionFault.TOO_LATE:
        return None, EXTENSION_FAULTS[fault]
    if fault is not None:
        return None, ""
    if awaiting_more_time([own.id]):
        return None, OPEN_REQUEST
    return ExtensionForm(formdata=None), ""


@dataclass(frozen=True)
class Late:
    """Work that missed its deadline, or a `slot` of it that was missed."""

    assignment: Assignment
    slot: Slot | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"slot-{self.slot.occurrence.id}" if self.slot else str(self.assignment.id)

    @property
    def words(self) -> str:
        """How a person reads it."""
        name = self.assignment.agency.short_name
        return f"{name} – kỳ {day_words(self.slot.occurrence.on).lower()}" if self.slot else name


def late_of(user: User, task: Task) -> list[Late]:
    """What of a task is late and this person may ask to explain."""
    who, found = person(user), []
    for each in task.assignments:
        submitted = each.submitted_at
        submitted_on = clock.local(submitted).date() if submitted else None
        if is_late(each.deadline, submitted_on, clock.today()):
            found.append(Late(each))
    if task.kind is TaskKind.RECURRING and may_guide(who):
        found += [Late(slot.assignment, slot) for slot in missed_of(task.id, clock.today())]
    return [late for late in found if may_guide(who, work(late.assignment))]


def demand_form(late: Sequence[Late], sent: bool = False) -> DemandForm | None:
    """The form that demands an explanation, bound to the request when `sent`; None where nothing is
    late."""
    if not late and not sent:
        return None
    data = {"answer_by": answer_day(clock.today())}
    form = DemandForm() if sent else DemandForm(formdata=None, data=data)
    form.assignment.choices = [(each.key, each.words) for each in late]
    return form


def urgeable(user: User, task: Task) -> list[Assignment]:
    """The open assignments that this person may push."""
    who = person(user)
    return [a for a in task.assignments if a.work_state in OPEN_STATES and may_guide(who, work(a))]


def urging_form(user: User, task: Task, sent: bool = False) -> UrgingForm | None:
    """The form that pushes, with everybody chosen; bound to the request when `sent`; None where there
    is nobody to push."""
    open_ones = urgeable(user, task)
    if not open_ones and not sent:
        return None
    data = {"assignments": [a.id for a in open_ones], "body": DEFAULT_URGING}
    form = UrgingForm() if sent else UrgingForm(formdata=None, data=data)
    form.assignments.choices = [(a.id, a.agency.short_name) for a in open_ones]
    return form


def entry_fragment(kind: str, item: Any, forms: EntryForms, back: str) -> str:
    """One entry as it is now; `back` names the page other than the task's on which it stands."""
    return render_template(f"progress/_entry_{kind}.html", item=item, forms=forms, back=back)
