"""The task page."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import drawn
from ntmtasks.desk import access
from ntmtasks.desk.forms.guests import GuestLinkForm
from ntmtasks.desk.forms.work import CommentForm, EvidenceForm, ProgressForm
from ntmtasks.desk.queries.lists import scope_of
from ntmtasks.desk.queries.silence import silent_of
from ntmtasks.desk.queries.stream import SHOWN, Entry, Story, story
from ntmtasks.desk.views.blueprint import READERS, bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.limits import limited
from ntmtasks.desk.views.offers import Offers, Refused
from ntmtasks.desk.views.panels import Refusal, asks_of, forms_of, forms_of_stream
from ntmtasks.desk.views.slots import Opened, series_context, series_shown
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.queries.guests import ShownLink
from ntmtasks.progress.queries.readers import may_comment
from ntmtasks.progress.rules.evidence import may_withdraw, needs_reason
from ntmtasks.progress.rules.guests import may_link, takes_reports
from ntmtasks.progress.rules.rights import may_enter
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import TRANSITIONS, Act, WorkState

GONE = "Việc vừa chọn không còn làm được ở đây; trang đang hiện tình trạng mới nhất."
WORK = ("desk/_task_work.html", "desk/_task_facts.html")
"""The work of a task, and beside it the facts."""
GUEST_LINKS = "guest-links-{}"
"""How the guest links of the task of a number are named where they are opened."""


@bp.get("/tasks/<id:task_id>/print")
@require(*READERS)
def print_task(task_id: int) -> ResponseReturnValue:
    """The whole of a task to read and to print, with nothing left out and nothing to press."""
    user = me()
    task = access.task_to_read(user, task_id)
    told = story(task.id, most=None)
    today, window = clock.today(), counting.windows()
    return render_template(
        "desk/task_print.html",
        task=task,
        classes={a.id: counting.class_of(a, today, window) for a in task.assignments},
        told=told,
        series=series_shown(user, task, told.series),
        reads_withdrawn=user.can(Permission.COORDINATE),
    )


def task_page(
    task: Task,
    form: ProgressForm | None = None,
    comment_form: CommentForm | None = None,
    evidence_form: EvidenceForm | None = None,
    refused: Refused | None = None,
    refusal: Refusal | None = None,
    guest_form: GuestLinkForm | None = None,
    opened: Opened | None = None,
    wanted: str = "",
) -> str:
    """The page of a task; a refused form keeps what was typed, what is `wanted` is open."""
    told, case = story(task.id), Case(me(), task)
    context: dict[str, Any] = {
        **work_context(case, form, refused, wanted),
        **evidence_context(case, told.evidence, evidence_form),
        **stream_context(case, told, refusal, wanted),
        "asks": asks_of(case, refusal, wanted),
        **guest_context(case, told.guest_links, guest_form, wanted=wanted),
    }
    if wanted and not _is_there(context):
        flash(GONE)
    return render_template(
        "desk/task.html",
        **context,
        oob=False,
        **series_context(case.user, task, told.series, opened),
        comment_form=comment_form or CommentForm(formdata=None),
        can_comment=may_comment(case.user),
        difficulties=told.difficulties,
        can_escalate=case.user.can(Permission.UPDATE_OWN) and case.is_issued,
        entries=told.record,
        newest=SHOWN,
    )


def _is_there(context: Mapping[str, Any]) -> bool:
    """Whether the page has what was to be opened."""
    acts = (given for _, given in context["offered"])
    offered = chain(context["asks"].offered, context["task_offers"], *acts)
    forms = (each for key, each in context["stream_forms"].items() if key.startswith("comment-"))
    is_open = any(each.is_wanted for each in offered) or any("edit" in each for each in forms)
    return is_open or context["guest_is_open"]


def task_fragments(
    task: Task,
    form: ProgressForm | None = None,
    refused: Refused | None = None,
    told: Story | None = None,
) -> str:
    """What an act on the task page answers with: the work, and beside it the facts and the stream;
    `told` where the caller has the task's story already."""
    case = Case(me(), task)
    work = work_context(case, form, refused)
    stream = stream_context(case, told or story(task.id))
    return drawn(*WORK, "desk/_stream.html", **work, **stream, oob=True)


def stream_context(
    case: Case, told: Story, refusal: Refusal | None = None, wanted: str = ""
) -> dict[str, object]:
    """What the stream and the directives pinned above it need."""
    return {
        "stream": told.stream,
        "stream_is_cut": told.is_cut,
        "stream_forms": forms_of_stream(case, told.stream, refusal, wanted),
        "directives": told.directives,
    }


def new_stream(task: Task, told: Story | None = None, *, with_directives: bool = False) -> str:
    """The stream as it is now, and the directives pinned above it if wanted, beside the fragment that
    an act answers with."""
    context = stream_context(Case(me(), task), told or story(task.id))
    parts = ["desk/_stream.html"] + ["desk/_directives.html"] * with_directives
    return drawn(*parts, task=task, **context, oob=True)


def entry_context(user: User, entry: Entry) -> dict[str, object]:
    """What one more entry on top of the stream needs, beside the fragment that an act answers with which
    only adds to it; with what its author may do about it."""
    return {"entry": entry, "forms": forms_of(user, entry.item, clock.today())}


def guest_context(
    case: Case,
    links: Sequence[ShownLink],
    form: GuestLinkForm | None = None,
    address: str = "",
    wanted: str = "",
    is_open: bool = False,
) -> dict[str, object]:
    """What the guest links of a task need: those the reader may keep and, where they are open, the form
    that makes one where something can be reported; `address` is that of a new link, shown this once."""
    kept = [a for a, about in case.works if may_link(case.person, about)]
    open_ones = [a for a in kept if takes_reports(case.task.phase, a.work_state)]
    agencies = {a.agency_id for a in kept}
    shown = [each for each in links if each.link.agency_id in agencies]
    is_offered = bool(kept) and bool(open_ones or shown or form)
    is_wanted = is_offered and wanted == GUEST_LINKS.format(case.task.id)
    is_open = is_offered and (is_open or is_wanted or form is not None or address != "")
    return {
        "keeps_links": is_offered,
        "guest_links": shown,
        "guest_form": form or (guest_link_form(open_ones) if is_open and open_ones else None),
        "guest_address": address,
        "guest_is_open": is_open,
        "guest_is_wanted": is_wanted,
    }


def guest_link_form(assignments: Sequence[Assignment], sent: bool = False) -> GuestLinkForm:
    """The form that makes a link for one of these, bound to the request when `sent`."""
    form = GuestLinkForm() if sent else GuestLinkForm(formdata=None)
    form.assignment.choices = [(a.id, a.agency.short_name) for a in assignments]
    form.without_mailbox = {a.id for a in assignments if not a.agency.mailbox}
    return form


def evidence_context(
    case: Case, evidence: Sequence[Evidence], form: EvidenceForm | None = None
) -> dict[str, object]:
    """What the list of evidence needs; who has open work on the task may add to it."""
    person, own = case.person, case.reportable
    if form is None and own is not None:
        form = limited(EvidenceForm(formdata=None))
    return {
        "task": case.task,
        "evidence": evidence,
        "own": own,
        "evidence_form": form,
        "withdrawable": {
            e.number: needs_reason(person, e.author_id, e.made_at, clock.now())
            for e in evidence
            if may_withdraw(person, e.author_id, e.agency_id)
        },
        "reads_withdrawn": case.user.can(Permission.COORDINATE),
    }


def work_context(
    case: Case,
    form: ProgressForm | None = None,
    refused: Refused | None = None,
    wanted: str = "",
) -> dict[str, object]:
    """What the facts and the work of a task need; an own form is filled with the present state."""
    user, task, own = case.user, case.task, case.reportable
    window, today = counting.windows(), clock.today()
    if form is None and own is not None:
        form = progress_form(own)
    offers = Offers(user, refused, wanted)
    offered = offers.of_case(case)
    task_offers = offers.of_task(task)
    done = (o for a, given in offered if a.work_state is WorkState.DONE for o in given)
    context = {
        "task": task,
        "classes": {a.id: counting.class_of(a, today, window) for a in task.assignments},
        "own": own,
        "form": form,
        "offered": offered,
        "task_offers": task_offers,
        "managing": any(o.is_open for o in (*task_offers, *done)),
        "enterable": _enterable(case),
        "confirmers": _confirmers(case),
        "silent": silent_of(task, scope_of(user), today),
        "may_arrange": _arrangeable(case),
    }
    return {**context, "lost": offers.lost or (form if own is None else None)}


def _enterable(case: Case) -> set[int]:
    """The assignments for whose agencies the person may now enter something."""
    before = TRANSITIONS[Act.PROGRESS].before
    takes = [(a, about) for a, about in case.works if case.is_issued and a.work_state in before]
    return {a.id for a, about in takes if may_enter(case.person, about)}


def _arrangeable(case: Case) -> set[int]:
    """The assignments that the person may change: the coordinator all, a focal point the own ones."""
    everything, own = map(case.user.can, (Permission.COORDINATE, Permission.HAND_OUT))
    mine = case.person.agency_id
    return {a.id for a, about in case.works if everything or (own and about.agency_id == mine)}


def _confirmers(case: Case) -> Sequence[str]:
    """Who may decide what the person entered and so does not decide; none otherwise."""
    mine = [a for a, about in case.works if about.entered_by_id == case.person.id]
    if not any(a.work_state is WorkState.SUBMITTED for a in mine):
        return ()
    ids = {*accounts.deciders(of_office=False), *accounts.deciders(of_office=True)}
    return accounts.names(ids - {case.person.id})


def progress_form(assignment: Assignment, prefix: str = "") -> ProgressForm:
    """A form that shows the present state of an assignment; `prefix` keeps the names of several apart."""
    return limited(ProgressForm(formdata=None, prefix=prefix, data=present_state(assignment)))


def present_state(assignment: Assignment) -> dict[str, object]:
    """What such a form shows, one's own completion that waits for the focal point included."""
    mine = assignment.pending_act is Act.SUBMIT and assignment.pending_by_id == me().id
    done = mine or assignment.work_state is WorkState.SUBMITTED
    state = WorkState.SUBMITTED if done else WorkState.IN_PROGRESS
    return {"state": state.value, "percent": assignment.percent, "version": assignment.version}
