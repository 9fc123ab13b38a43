"""From a draft plan to work: tasks, reporting duties, and everybody told."""

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.core.db import transaction
from ntmtasks.history import service as history
from ntmtasks.intake import mails
from ntmtasks.intake.queries import Consignment, Dispatch, dispatch_of
from ntmtasks.intake.service.requiring import require_reports
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.rules import ISSUED
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.progress.service import scheduling
from ntmtasks.reports.queries.owed import clauses_of_duties
from ntmtasks.tasks.service import drafts


class WithoutLead(Exception):
    """Nobody leads these tasks, so that the plan cannot be issued."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


def issue_plan(actor: User | None, plan: Plan) -> Dispatch:
    """Make all drafts of a plan into work, its reporting duties into periods, other recurring work into
    slots, and tell the agencies.

    All or nothing; what was dropped stays out. Raises WithoutLead.
    """
    with transaction():
        dispatch = dispatch_of(plan.id)
        if dispatch.without_lead:
            raise WithoutLead([t.path for t in dispatch.without_lead])
        drafts.issue(dispatch.tasks)
        plan.state = PlanState.ISSUED
        require_reports(actor, plan, dispatch.tasks)
        reported = clauses_of_duties(plan.id)
        others = [t for t in dispatch.tasks if not reported & {c.id for c in t.clauses}]
        scheduling.lay_out_plan(actor, plan, others)
        for consignment in dispatch.consignments:
            _tell(plan, consignment)
        _tell_of_the_untold(plan, dispatch)
        after = {
            "Số nhiệm vụ": str(len(dispatch.tasks)),
            "Số cơ quan": str(len(dispatch.consignments)),
        }
        history.record(actor, "plan", plan.id, "plan.issue", after=after)
        return dispatch


def _tell(plan: Plan, consignment: Consignment) -> None:
    """Send an agency its list; whoever signs in there sees it in the bell as well."""
    agency, count = consignment.agency, len(consignment.work)
    for recipient in consignment.recipients if consignment.is_told else ():
        letter = mails.issued(plan, agency, recipient.name, consignment.work)
        mail = outbox.post(
            key=f"{ISSUED}:{plan.id}:{agency.id}:{recipient.address}",
            kind=ISSUED,
            to_address=recipient.address,
            to_name=recipient.name,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            user_id=recipient.user_id,
        )
        if recipient.user_id is not None:
            line = f"Cơ quan của bạn được giao {count} nhiệm vụ theo Kế hoạch {plan.number}."
            subject = f"Giao nhiệm vụ theo Kế hoạch {plan.number}"
            outbox.notify(recipient.user_id, ISSUED, subject, line, "/my-work/", mail)


def _tell_of_the_untold(plan: Plan, dispatch: Dispatch) -> None:
    """Tell the coordinators which agencies have nobody who gets the letter."""
    names = ", ".join(agency.short_name for agency in dispatch.untold)
    if not names:
        return
    for recipient in recipient_book().coordinators:
        if recipient.user_id is not None:
            line = f"Chưa có người nhận ở: {names}. Hãy báo quản trị thêm hộp thư hoặc đầu mối."
            subject = f"Kế hoạch {plan.number}: cơ quan chưa có người nhận"
            outbox.notify(recipient.user_id, ISSUED, subject, line, f"/plans/{plan.id}")
