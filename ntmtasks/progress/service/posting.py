"""Posting progress."""

from collections.abc import Iterable
from dataclasses import dataclass

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, part, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.core.rows import write_row
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.rules.evidence import NO_EVIDENCE, NewEvidence
from ntmtasks.progress.rules.rights import posted_act
from ntmtasks.progress.service import acting
from ntmtasks.progress.service.evidence import attach
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act, WorkState, WrongState, check_act
from ntmtasks.tasks.service import changes


def post_progress(
    actor: User,
    assignment: Assignment,
    state: WorkState,
    percent: int,
    body: str,
    form_token: str | None = None,
    proof: NewEvidence = NO_EVIDENCE,
    version: int | None = None,
    figure: str = "",
    product: str = "",
) -> ProgressUpdate | None:
    """Report progress (0–100 percent, `figure` with its unit) or completion, with its `product` and
    evidence; None where the same form had been sent before. Raises WrongState, ChangedMeanwhile,
    NotYours.

    The completion of an officer waits for the focal point where the agency has one: the work stays
    in progress and carries the mark *chờ đầu mối* with the officer's day. On a completion that was
    entered for the agency the same form corrects it or says that it is none.
    """
    with transaction():
        if not use_once(form_token):
            return None
        check_version(assignment, version)
        act = posted_act(assignment.work_state, state, assignment.is_reported_for)
        check_act(assignment.work_state, act)
        acting.check(actor, assignment, act)
        if assignment.pending_by_id == actor.id:
            changes.forget_pending(assignment)
        waiting = acting.waits(actor, assignment, act)
        was = {"Tiến độ": f"{assignment.percent} %"}
        percent = 100 if state is WorkState.SUBMITTED else percent
        words = {"Tiến độ": f"{percent} %", "Số liệu": figure, "Sản phẩm": product}
        words = {name: said for name, said in words.items() if said}
        if not waiting:
            acting.carry_out(actor, assignment, act, more=words, was=was, percent=percent)
        else:
            assignment.percent = percent
            if act is Act.SUBMIT and assignment.work_state is not WorkState.IN_PROGRESS:
                changes.act(actor, assignment, Act.PROGRESS)
            acting.pend(actor, assignment, act, body, words, was)
        values = {
            "assignment_id": assignment.id,
            "author_id": actor.id,
            "state": state,
            "percent": percent,
            "body": body,
            "figure": figure,
            "product": product,
            "waits": waiting,
            "made_at": clock.now(),
        }
        update = write_row(
            ProgressUpdate,
            values,
            assignment=assignment,
            author=actor,
            evidence=[],
            agency_name=assignment.agency.short_name,  # who has the work now has it then
        )
        attach(actor, assignment, proof, update)
        return update


@dataclass(frozen=True)
class Post:
    """One row of a round: what post_progress takes about one assignment."""

    assignment: Assignment
    state: WorkState
    percent: int
    body: str
    figure: str
    product: str
    form_token: str | None
    proof: NewEvidence
    version: int | None


def post_round(actor: User, posts: Iterable[Post]) -> set[int]:
    """Report on several assignments at once; returns the ids of those that could not be posted because
    they changed meanwhile, of which nothing is kept. The others are posted.
    """
    refused: set[int] = set()
    with transaction():
        # Always in the same order, so that two people who share work never wait for each other.
        for post in sorted(posts, key=lambda p: (p.assignment.task_id, p.assignment.id)):
            try:
                with part():
                    post_progress(
                        actor,
                        post.assignment,
                        post.state,
                        post.percent,
                        post.body,
                        post.form_token,
                        post.proof,
                        post.version,
                        post.figure,
                        post.product,
                    )
            except (WrongState, ChangedMeanwhile):
                refused.add(post.assignment.id)
    return refused
