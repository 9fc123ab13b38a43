"""Carrying out an act: right, state, record, and who is told."""

from datetime import datetime

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.formats import moment
from ntmtasks.history import service as history
from ntmtasks.history.labels import by_guest
from ntmtasks.history.service import Guest
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.rights import may, must_wait
from ntmtasks.tasks.labels import ACTS, STATES
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WAITING_ACTS, Act, Phase, WrongState
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.telling import tell


class NotYours(ChangedMeanwhile):
    """One may not decide what the own agency submitted, or do what another one does. Whoever comes from a
    page was let in by its access: somebody has taken the thing over since, so it has changed."""


VERBS: dict[Act, str] = {
    Act.ACCEPT: "task.accept",
    Act.REFUSE: "task.refuse",
    Act.PROGRESS: "task.progress",
    Act.SUBMIT: "task.submit",
    Act.CORRECT: "task.correct",
    Act.WITHDRAW: "task.withdraw",
    Act.CONFIRM: "task.confirm",
    Act.RETURN: "task.return",
    Act.REOPEN: "task.reopen",
    Act.GIVE_BACK: "task.give_back",
}
"""Verbs of the record; another agency (Act.REASSIGN) is recorded where it is changed."""
_DECIDED = {Act.REFUSE: "Từ chối nhiệm vụ", Act.SUBMIT: "Báo cáo hoàn thành"}


def check(actor: User, assignment: Assignment, act: Act) -> None:
    """Raise NotYours unless the person may do this, WrongState unless the task is under way."""
    if not may(act, person(actor), work(assignment)):
        raise NotYours
    if assignment.task.phase is not Phase.ISSUED:
        raise WrongState(assignment.task.phase, act)


def waits(actor: User, assignment: Assignment, act: Act) -> bool:
    """Whether this act of an officer waits for the focal point of the agency."""
    return (
        act in WAITING_ACTS
        and actor.agency_id == assignment.agency_id
        and must_wait(person(actor), accounts.has_focal_point(assignment.agency_id))
    )


def pend(
    actor: User | Guest,
    assignment: Assignment,
    act: Act,
    note: str = "",
    more: dict[str, str] | None = None,
    was: dict[str, str] | None = None,
) -> None:
    """Keep an officer's or a guest's act for the focal point's one press, on record with `more` words
    and what `was` before, and tell who presses."""
    changes.pend(actor, assignment, act, note)
    after = {**_words(act, note), **(more or {})}
    history.record(actor, "task", assignment.task_id, "task.pend", was, after)
    tell(
        accounts.speakers_of(assignment.agency_id),
        assignment.task,
        "pending",
        f"Chờ đầu mối: {ACTS[act]}",
        f"{actor.name} gửi “{ACTS[act]}”, chờ bạn chuyển.",
    )


def carry_out(
    actor: User | Guest,
    assignment: Assignment,
    act: Act,
    note: str = "",
    at: datetime | None = None,
    more: dict[str, str] | None = None,
    verb: str = "",
    was: dict[str, str] | None = None,
    percent: int | None = None,
) -> None:
    """Do an act that counts, on record with `more` words, and tell who decides what follows.

    `at` is the moment of a submission, now by default; `verb` another one for the record; `was` says
    what else stood before; 0–100 `percent` says how far the work is, if known.
    """
    before = {"Trạng thái": STATES[assignment.work_state], **(was or {})}
    earlier = (
        {"Bản báo cáo ngày": moment(assignment.submitted_at)} if assignment.submitted_at else {}
    )
    changes.act(actor, assignment, act, note, at, percent)
    after = {
        "Cơ quan": assignment.agency.short_name,
        "Trạng thái": STATES[assignment.work_state],
        **({"Lý do": note} if note else {}),
        **earlier,
        **(more or {}),
    }
    history.record(actor, "task", assignment.task_id, verb or VERBS[act], before, after)
    if act in _DECIDED:
        _tell_deciders(actor, assignment, act, note)


def _tell_deciders(actor: User | Guest, assignment: Assignment, act: Act, note: str) -> None:
    """Also the city leaders where a coordinator entered it, who then does not decide it."""
    name = assignment.agency.short_name
    line = f"{name} từ chối: {note}." if note else f"{name} báo cáo hoàn thành."
    if assignment.submitted_guest:
        line = f"{name} báo cáo hoàn thành {by_guest(assignment.submitted_guest)}."
    ids = set(accounts.deciders(assignment.agency.kind is AgencyKind.OFFICE))
    if assignment.entered_by is not None:
        line = f"{assignment.entered_by.name} nhập thay {name} báo cáo hoàn thành."
        ids |= set(accounts.deciders(of_office=True))
    tell(ids - {actor.id}, assignment.task, act.value, f"{_DECIDED[act]} – {name}", line)


def _words(act: Act, note: str) -> dict[str, str]:
    return {"Việc": ACTS[act]} | ({"Lý do": note} if note and act is Act.REFUSE else {})
