"""Entering for an agency what came by document, call or mail (cập nhật thay)."""

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.core.sources import Source, check_day, source_words
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.evidence import NO_EVIDENCE, NewEvidence
from ntmtasks.progress.rules.rights import may_enter
from ntmtasks.progress.service import acting
from ntmtasks.progress.service.evidence import attach
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act, WorkState
from ntmtasks.tasks.service.telling import tell_agency

CORRECT = "Nếu chưa đúng, cơ quan sửa ngay trên trang nhiệm vụ hoặc báo lại Văn phòng Điều phối."


def enter_progress(
    actor: User,
    assignment: Assignment,
    state: WorkState,
    percent: int,
    body: str,
    source: Source,
    form_token: str | None = None,
    version: int | None = None,
    proof: NewEvidence = NO_EVIDENCE,
    figure: str = "",
    product: str = "",
) -> None:
    """Enter progress (0–100 percent, `figure` with its unit) or completion with its `product` for
    another agency, which is told.

    A completion counts from the day of its source, and whoever entered it does not confirm it.
    Raises WrongState, ChangedMeanwhile, NotYours, and BadDay for a day that cannot be.
    """
    with transaction():
        if not use_once(form_token):
            return
        check_version(assignment, version)
        check_day(source.on, assignment.task.plan.issued_on, clock.today())
        if not may_enter(person(actor), work(assignment)):
            raise acting.NotYours
        done = state is WorkState.SUBMITTED
        act = Act.SUBMIT if done else Act.PROGRESS
        acting.check(actor, assignment, act)
        was = {"Tiến độ": f"{assignment.percent} %"}
        assignment.percent = 100 if done else percent
        words = {"Tiến độ": f"{assignment.percent} %", "Nguồn": source_words(source)}
        words |= {"Số liệu": figure} if figure else {}
        words |= {"Sản phẩm": product} if product else {}
        at = clock.moment_on(source.on)
        acting.carry_out(actor, assignment, act, at=at, more=words, verb="task.enter", was=was)
        update = _update(actor, assignment, state, body, source)
        update.figure, update.product = figure, product
        attach(actor, assignment, proof, update)
        what = "Báo cáo hoàn thành" if done else "Tiến độ"
        line = f"{actor.name} nhập thay theo {source_words(source)}: “{body}”. {CORRECT}"
        tell_agency(assignment, "entered", f"{what} được nhập thay", line)


def _update(
    actor: User,
    assignment: Assignment,
    state: WorkState,
    body: str,
    source: Source,
) -> ProgressUpdate:
    update = ProgressUpdate(
        assignment_id=assignment.id,
        author_id=actor.id,
        state=state,
        percent=assignment.percent,
        body=body,
        source_kind=source.kind,
        source_ref=source.ref,
        source_on=source.on,
        made_at=clock.now(),
    )
    db.session.add(update)
    return update
