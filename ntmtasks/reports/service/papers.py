"""A report as an official paper (Nghị định 30/2020/NĐ-CP): for Word and for the printer."""

from ntmtasks.core import clock
from ntmtasks.core.formats import day
from ntmtasks.core.papers import Paper, Text, enclosed, long_day
from ntmtasks.plans.models import Plan
from ntmtasks.plans.service import in_full, letterhead, signature
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.content import Content
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
    to = report.requirement.recipients
    periods = ", ".join(map(_period, content.period_labels))
    data = f"số liệu từ ngày {day(content.starts_on)} đến ngày {day(content.cut_off)}"
    opening = (
        f"{_basis(plan)}{agency.name} báo cáo {_about(content, plan)} {periods} ({data}) như sau:"
    )
    closing = f"Trên đây là báo cáo {periods} của {agency.name}"
    see = "; chi tiết tại Phụ lục kèm theo" if enclosures else ""
    return Paper(
        letterhead=head,
        title=TITLE,
        subject=f"{_capital(_about(content, plan))} {_unbroken(content)}",
        to=to,
        body=[Text(opening), *body(content), Text(f"{closing}{see}.")],
        signature=signature(agency),
        recipients=["Như trên"],
        annexes=enclosures,
        draft=DRAFT if report.state in OWED else "",
    )


def _basis(plan: Plan) -> str:
    issued = f" {long_day(plan.issued_on)}" if plan.issued_on else ""
    by = f" của {in_full(plan.issuer)}" if plan.issuer else ""
    return f"Thực hiện Kế hoạch số {plan.number}{issued}{by}, "


def _about(content: Content, plan: Plan) -> str:
    """What it reports on, as it goes on behind "báo cáo"."""
    words = content.title.strip()
    for first in ("báo cáo ", "định kỳ "):
        if words.lower().startswith(first):
            words = words[len(first) :]
    words = words[:1].lower() + words[1:]
    return f"{words} Kế hoạch số {plan.number}" if words.endswith("thực hiện") else words


def _period(label: str) -> str:
    """ "Quý IV/2024" within a sentence: "quý IV năm 2024"."""
    return (label[:1].lower() + label[1:]).replace("/", " năm ")


def _unbroken(content: Content) -> str:
    """The periods for a title, each on one line."""
    blank = "\N{NO-BREAK SPACE}"
    return ", ".join(_period(label).replace(" ", blank) for label in content.period_labels)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
