"""What one may ask, answer and decide on the task page: the forms beside the entries of its stream."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from flask import render_template, request

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.addresses import url_for
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
from ntmtasks.desk.views.case import Case
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
from ntmtasks.progress.queries.asks import answer_day, awaits_more_time
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
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import OPEN_STATES, TaskKind

EntryForms = dict[str, Form | None]
"""The forms of what the reader may do on an entry, by act; None where the form is fetched first."""
Forms = dict[str, EntryForms]
"""Those of each entry ("extension-5")."""
MENDING = "comment-edit-{}"
"""How mending the comment of a number is named where it is opened."""


@dataclass(frozen=True)
class Refusal:
    """A form that was refused, with its place: the entry's key, or "asks", and the act."""

    place: str
    act: str
    form: Form


def forms_of_stream(
    case: Case,
    entries: Collection[Entry],
    refused: Refusal | None = None,
    wanted: str = "",
) -> Forms:
    """The forms beside the entries of a task's stream; `wanted` names what was opened."""
    if not case.is_issued:  # one may still write about it
        entries = [e for e in entries if e.kind == "comment"]
    explained = any(e.kind == "explanation" for e in entries)
    answer_by = answer_day(clock.today()) if explained else clock.today()
    found = {e.key: forms for e in entries if (forms := forms_of(case.user, e.item, answer_by))}
    if refused is not None and refused.place != "asks":
        found[refused.place] = {**found.get(refused.place, {}), refused.act: refused.form}
    for entry in entries if wanted else ():
        if entry.kind == "comment" and wanted == MENDING.format(entry.item.id):
            found[entry.key] = comment_forms(entry.item) if entry.key in found else {}
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


ASKS = {
    "extension": ("Đề nghị gia hạn", "desk.ask_extension"),
    "directive": ("Ghi ý kiến chỉ đạo", "desk.direct"),
    "urging": ("Đôn đốc", "desk.urge"),
    "demand": ("Yêu cầu giải trình", "desk.demand"),
}
"""What may be begun on a task, in the order in which it is offered: its words and its endpoint."""


@dataclass(frozen=True)
class Ask:
    """One thing that one may begin on a task, or on the `own` work of it. `form` is None where it is
    fetched when it is opened; `is_wanted` marks the one that was opened just now."""

    kind: str
    task: Task
    own: Assignment | None
    form: Any
    is_wanted: bool

    @property
    def name(self) -> str:
        """How its draft, its place on the page and its address are named."""
        return f"{self.kind}-{self.own.id if self.own else self.task.id}"

    @property
    def label(self) -> str:
        """How a person reads it."""
        return ASKS[self.kind][0]

    @property
    def address(self) -> str:
        """Where its form goes."""
        endpoint = ASKS[self.kind][1]
        if self.own is not None:
            return url_for(endpoint, assignment_id=self.own.id)
        return url_for(endpoint, task_id=self.task.id)

    @property
    def is_open(self) -> bool:
        """Whether it was opened, or its form came back with a message."""
        form = self.form
        return self.is_wanted or (form is not None and bool(form.errors or form.form_errors))


@dataclass(frozen=True)
class Asks:
    """What one may begin on a task. `late` says why more time can no longer be asked for; `elsewhere`
    that the forms stand on another page than the task's, where there is no stream to bring up to date."""

    offered: Sequence[Ask]
    late: str
    elsewhere: bool


def is_elsewhere() -> bool:
    """Whether the form of this request says that it stands on another page than the task's."""
    return request.method == "POST" and "elsewhere" in request.form


def asks_of(case: Case, refused: Refusal | None = None, wanted: str = "") -> Asks:
    """What may be begun on a task: with its form what is `wanted` or was refused, and everything where
    it stands elsewhere than on the page of the task."""
    elsewhere = is_elsewhere()
    if not case.is_issued:
        return Asks((), "", elsewhere)
    own = next(iter(case.own), None)
    may_extend, late = _extension(own)
    missed, open_ones = late_of(case), urgeable(case)
    fresh: dict[str, Callable[[], Form] | None] = {
        "extension": partial(ExtensionForm, formdata=None) if may_extend else None,
        "directive": partial(DirectiveForm, formdata=None) if may_direct(case.person) else None,
        "urging": partial(urging_form, open_ones) if open_ones else None,
        "demand": partial(demand_form, missed) if missed else None,
    }
    given = {refused.act: refused.form} if refused is not None and refused.place == "asks" else {}
    offered = []
    for kind, make in fresh.items():
        if make is None and kind not in given:
            continue
        ask = Ask(kind, case.task, own if kind == "extension" else None, given.get(kind), False)
        is_wanted = ask.name == wanted
        if make is not None and ask.form is None and (is_wanted or elsewhere):
            ask = replace(ask, form=make(), is_wanted=is_wanted)
        offered.append(ask)
    return Asks(offered, "" if "extension" in given else late, elsewhere)


def _extension(own: Assignment | None) -> tuple[bool, str]:
    """Whether more time may be asked for now, and why not where that needs saying."""
    if own is None:
        return False, ""
    fault = asking_fault(own.work_state, own.deadline, clock.today())
    if fault is not None:
        return False, EXTENSION_FAULTS[fault] if fault is ExtensionFault.TOO_LATE else ""
    return (False, OPEN_REQUEST) if awaits_more_time(own.id) else (True, "")


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


def late_of(case: Case) -> list[Late]:
    """What of a task is late and this person may ask to explain."""
    who, today = case.person, clock.today()
    if not may_guide(who):
        return []
    found = []
    for each in case.task.assignments:
        submitted = each.submitted_at
        submitted_on = clock.local(submitted).date() if submitted else None
        if is_late(each.deadline, submitted_on, today):
            found.append(Late(each))
    if case.task.kind is TaskKind.RECURRING:
        found += [Late(slot.assignment, slot) for slot in missed_of(case.task.id, today)]
    return [late for late in found if may_guide(who, work(late.assignment))]


def demand_form(late: Sequence[Late], sent: bool = False) -> DemandForm:
    """The form that demands an explanation of what is late, bound to the request when `sent`."""
    data = {"answer_by": answer_day(clock.today())}
    form = DemandForm() if sent else DemandForm(formdata=None, data=data)
    form.assignment.choices = [(each.key, each.words) for each in late]
    return form


def urgeable(case: Case) -> list[Assignment]:
    """The open assignments that this person may push."""
    open_ones = [(a, about) for a, about in case.works if a.work_state in OPEN_STATES]
    return [a for a, about in open_ones if may_guide(case.person, about)]


def urging_form(open_ones: Sequence[Assignment], sent: bool = False) -> UrgingForm:
    """The form that pushes, with everybody chosen; bound to the request when `sent`."""
    data = {"assignments": [a.id for a in open_ones], "body": DEFAULT_URGING}
    form = UrgingForm() if sent else UrgingForm(formdata=None, data=data)
    form.assignments.choices = [(a.id, a.agency.short_name) for a in open_ones]
    return form


def entry_fragment(kind: str, item: Any, forms: EntryForms, back: str) -> str:
    """One entry as it is now; `back` names the page other than the task's on which it stands."""
    return render_template(f"progress/_entry_{kind}.html", item=item, forms=forms, back=back)
