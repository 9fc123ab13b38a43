"""A report as an official paper (Nghị định 30/2020/NĐ-CP): for Word and for the printer."""

from ntmtasks.core import clock
from ntmtasks.core.formats import day
from ntmtasks.core.papers import Paper, Text, enclosed, long_day
from ntmtasks.plans.models import Plan
from ntmtasks.plans.service import in_full, letterhead, signature
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.content import Content
from ntmtasks.reports.rules.periods import AD_HOC_LABEL
from ntmtasks.reports.rules.states import OWED
from ntmtasks.reports.service.outline import annexes, body

TITLE = "Báo cáo"
DRAFT = "DỰ THẢO"


def paper(report: Report, content: Content) -> Paper:
    """The paper of a report that says `content`; a draft as long as the report is owed. Number and, where
    nobody is known to lead the agency, name are left to be filled in."""
    agency, plan = report.agency, report.requirement.plan
    sent = report.submitted_at
    head = letterhead(agency, plan, clock.local(sent).date() if sent else clock.today())
    enclosures = annexes(content, enclosed(TITLE, head))
    periods = [_period(each) for each in content.period_labels if each != AD_HOC_LABEL]
    about, when = _about(content, plan), _behind(", ".join(periods))
    data = f"số liệu từ ngày {day(content.starts_on)} đến ngày {day(content.cut_off)}"
    on_data = f" ({data})" if periods else ""
    opening = f"{_basis(report)}, {agency.name} báo cáo {about}{when}{on_data} như sau:"
    see = "; chi tiết tại Phụ lục kèm theo" if enclosures else ""
    closing = f"Trên đây là báo cáo{when} của {agency.name}{see}."
    return Paper(
        letterhead=head,
        title=TITLE,
        subject=f"{_capital(about)}{_behind(', '.join(map(_unbroken, periods)))}",
        to=report.requirement.recipients,
        body=[Text(opening), *body(content), Text(closing)],
        signature=signature(agency),
        recipients=["Như trên"],
        annexes=enclosures,
        draft=DRAFT if report.state in OWED else "",
    )


def _basis(report: Report) -> str:
    """What asks for the report: the plan, or the question of whoever wanted it once."""
    duty, plan = report.requirement, report.requirement.plan
    if duty.asked_at is not None:
        asked_on = long_day(clock.local(duty.asked_at).date())
        return f"Thực hiện yêu cầu báo cáo đột xuất {asked_on} của {', '.join(duty.recipients)}"
    issued = f" {long_day(plan.issued_on)}" if plan.issued_on else ""
    by = f" của {in_full(plan.issuer)}" if plan.issuer else ""
    return f"Thực hiện Kế hoạch số {plan.number}{issued}{by}"


def _about(content: Content, plan: Plan) -> str:
    """What it reports on, as it goes on behind "báo cáo"."""
    words = content.title.strip()
    for first in ("báo cáo ", "định kỳ "):
        if words.lower().startswith(first):
            words = words[len(first) :]
    if words[1:2].islower():  # else an abbreviation
        words = words[:1].lower() + words[1:]
    return f"{words} Kế hoạch số {plan.number}" if words.endswith("thực hiện") else words


def _period(label: str) -> str:
    """ "Quý IV/2024" within a sentence: "quý IV năm 2024"."""
    return (label[:1].lower() + label[1:]).replace("/", " năm ")


def _unbroken(period: str) -> str:
    """A period that stays on one line of a title."""
    return period.replace(" ", "\N{NO-BREAK SPACE}")


def _behind(words: str) -> str:
    return f" {words}" if words else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
