"""Deciding what agencies reported or refused, and opening again what was done."""

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import check_version, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.progress.service import acting
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act, check_act
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.telling import tell_agency


def confirm(
    actor: User,
    assignment: Assignment,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Accept a reported completion. On time is judged by its submission day, not by today.

    Raises, like all verbs of this file, WrongState, ChangedMeanwhile and NotYours.
    """
    with transaction():
        if _decide(actor, assignment, Act.CONFIRM, "", version, form_token):
            tell_agency(
                assignment, "confirmed", "Đã xác nhận hoàn thành", "Đã xác nhận hoàn thành."
            )


def return_for_rework(
    actor: User,
    assignment: Assignment,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Send a reported completion back with a reason; it counts as not done. What was submitted and
    when stays in the record and in the list of updates."""
    with transaction():
        if _decide(actor, assignment, Act.RETURN, reason, version, form_token):
            tell_agency(assignment, "returned", "Trả lại", f"Trả lại: {reason}.")


def reopen(
    actor: User,
    assignment: Assignment,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Open work again that was confirmed, with a reason; it counts as returned."""
    with transaction():
        if _decide(actor, assignment, Act.REOPEN, reason, version, form_token):
            tell_agency(assignment, "reopened", "Mở lại", f"Mở lại để thực hiện tiếp: {reason}.")


def give_back(
    actor: User,
    assignment: Assignment,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Answer a refusal: the agency does it after all, for a reason."""
    with transaction():
        if _decide(actor, assignment, Act.GIVE_BACK, reason, version, form_token):
            tell_agency(assignment, "given_back", "Giao lại", f"Giao lại: {reason}.")


def reassign(
    actor: User,
    assignment: Assignment,
    agency: Agency,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Answer a refusal: another agency does it, for a reason."""
    with transaction():
        if use_once(form_token):
            check_version(assignment, version)
            acting.check(actor, assignment, Act.REASSIGN)
            changes.change_agency(actor, assignment, agency, reason)


def _decide(
    actor: User,
    assignment: Assignment,
    act: Act,
    reason: str,
    version: int | None,
    form_token: str | None,
) -> bool:
    """False when the same form has been carried out before."""
    if not use_once(form_token):
        return False
    check_version(assignment, version)
    acting.check(actor, assignment, act)
    check_act(assignment.work_state, act)
    acting.carry_out(actor, assignment, act, reason)
    return True
