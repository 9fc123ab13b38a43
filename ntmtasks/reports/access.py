"""The one door to a report."""

from flask import abort

from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission
from ntmtasks.progress.queries.updates import person
from ntmtasks.progress.rules.asks import may_guide
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.queries import asked, requirements
from ntmtasks.reports.queries import one as queries
from ntmtasks.reports.rules.states import TRANSITIONS, Act, may

_DECIDED = (Act.ACCEPT, Act.RETURN, Act.UNLOCK, Act.LET_IN)


def report_to_read(report_id: int) -> Report:
    """The report, for its agency and for readers of everything; 404 for others."""
    report = queries.report(report_id)
    if report is None or not _may_read(report):
        abort(404)
    return report


def _may_read(report: Report) -> bool:
    """Whoever stands in for the city leader reads what they decide."""
    if me().can(Permission.READ_ALL) or report.agency_id == me().agency_id:
        return True
    return me().stands_in and may(Act.ACCEPT, person(me()), queries.sent_work(report))


def report_to_decide(report_id: int, act: Act) -> Report:
    """The report, for whoever may take this step; 403 for others who may read it."""
    report = report_to_read(report_id)
    if not may(act, person(me()), queries.sent_work(report)):
        abort(403)
    return report


def acts_on(report: Report) -> list[Act]:
    """What of accepting, returning and unlocking the signed-in person may do to a report as it stands."""
    who, sent = person(me()), queries.sent_work(report)
    fitting = [act for act in _DECIDED if report.state in TRANSITIONS[act].before]
    if not queries.is_shut_out(report):
        fitting = [act for act in fitting if act is not Act.LET_IN]
    return [act for act in fitting if may(act, who, sent)]


def report_to_submit(report_id: int) -> Report:
    """The report, for whoever may send it; 403 for others who may read it."""
    report = report_to_read(report_id)
    if not may_submit(report):
        abort(403)
    return report


def report_to_write(report_id: int) -> Report:
    """The report, for whoever may write it; 403 for others who may read it."""
    report = report_to_read(report_id)
    if not may_write(report):
        abort(403)
    return report


def report_to_enter(report_id: int) -> Report:
    """The report of another agency, for whoever may enter it; 403 for others who may read it."""
    report = report_to_read(report_id)
    if not may_enter(report):
        abort(403)
    return report


def report_to_question(report_id: int) -> Report:
    """The report of another agency, for whoever may ask why it is late; 403 for others who may read
    it, and where nobody has the work any more that asks for it."""
    report = report_to_read(report_id)
    if not may_question(report):
        abort(403)
    return report


def may_question(report: Report) -> bool:
    """Whether the signed-in person may ask the agency of a report why it is late."""
    guides = may_guide(person(me())) and report.agency_id != me().agency_id
    return guides and queries.work_to_explain(report) is not None


def may_write(report: Report) -> bool:
    """Whether the signed-in person writes reports of this agency together with its others."""
    return report.agency_id == me().agency_id and me().can(Permission.UPDATE_OWN)


def may_enter(report: Report) -> bool:
    """Whether the signed-in person enters reports that another agency sent on paper or by phone."""
    return me().can(Permission.COORDINATE) and report.agency_id != me().agency_id


def may_submit(report: Report) -> bool:
    """Whether the signed-in person sends reports for this agency: its focal point or leader (the
    coordinator for the own office), or its officer where it has neither."""
    user = me()
    if report.agency_id != user.agency_id:
        return False
    if user.can(Permission.SUBMIT_FOR_AGENCY):
        return True
    return user.can(Permission.UPDATE_OWN) and not accounts.has_focal_point(user.agency_id)


def may_keep_templates() -> bool:
    """Whether the signed-in person chooses in which template reports are written."""
    return me().can(Permission.COORDINATE) or me().can(Permission.ADMINISTER)


def requirement_to_read(requirement_id: int) -> ReportRequirement:
    """The duty to report; 404 where there is none."""
    return requirements.requirement(requirement_id) or abort(404)


def question_to_read(requirement_id: int) -> ReportRequirement:
    """What was asked of several agencies; 404 where there is none."""
    return asked.asked(requirement_id) or abort(404)
