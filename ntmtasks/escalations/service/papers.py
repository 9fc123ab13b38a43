"""The difficulties of a list as a report for submission (Nghị định 30/2020/NĐ-CP)."""

from collections import Counter
from collections.abc import Sequence

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.formats import day, shorten
from ntmtasks.core.papers import (
    Annex,
    Column,
    Grid,
    Paper,
    Text,
    enclosed,
    long_day,
)
from ntmtasks.escalations.queries import EscalationRow
from ntmtasks.plans.models import Plan
from ntmtasks.plans.queries import current_plan
from ntmtasks.plans.service import letterhead, signature
from ntmtasks.tasks.models import Task

_COLUMNS = (
    Column("STT", 5, is_centred=True),
    Column("Nhiệm vụ (căn cứ)", 18),
    Column("Cơ quan", 11),
    Column("Khó khăn, vướng mắc", 20),
    Column("Ảnh hưởng", 14),
    Column("Kiến nghị, đề xuất", 16),
    Column("Từ ngày, số ngày", 10, is_centred=True),
    Column("Tình trạng", 11),
)


def summary(user: User, rows: Sequence[EscalationRow]) -> Paper:
    """The report of this person's agency on these difficulties, at least one, with their table as its
    annex; number and signature are left to the agency."""
    agency, plan = user.agency, current_plan()
    head = letterhead(agency, plan, clock.today())
    of_plan = f" trong thực hiện Kế hoạch số {plan.number}" if plan else ""
    subject = f"Tổng hợp khó khăn, vướng mắc{of_plan}"
    to = list(dict.fromkeys(row.it.submitted_to for row in rows))
    annex = Annex(
        title=subject,
        note=enclosed("Báo cáo", head),
        body=[Grid(_COLUMNS, [_cells(n, row) for n, row in enumerate(rows, 1)])],
        is_landscape=True,
    )
    return Paper(
        letterhead=head,
        title="Báo cáo",
        subject=subject,
        to=to,
        body=_body(agency, plan, rows, to),
        signature=signature(agency),
        recipients=["Như trên", "Các cơ quan phản ánh"],
        annexes=[annex],
    )


def _body(
    agency: Agency, plan: Plan | None, rows: Sequence[EscalationRow], to: Sequence[str]
) -> list[Text]:
    by_state = Counter(row.it.words(row.it.state) for row in rows)
    counted = "; ".join(f"{number} {words}" for words, number in by_state.most_common())
    oldest = max(rows, key=lambda row: row.days)
    why = ""
    if plan is not None:
        issued = f" {long_day(plan.issued_on)}" if plan.issued_on else ""
        why = f"Thực hiện Kế hoạch số {plan.number}{issued}, "
    opening = f"{why}{agency.name} tổng hợp khó khăn, vướng mắc tính đến ngày {day(clock.today())}"
    return [
        Text(f"{opening} như sau:"),
        Text(
            f"Có {len(rows)} khó khăn, vướng mắc của {len({r.it.agency_id for r in rows})} cơ quan: "
            f"{counted}. Lâu nhất là {oldest.days} ngày ({oldest.it.agency.name}). "
            "Nội dung từng khó khăn, vướng mắc tại Phụ lục kèm theo."
        ),
        Text(f"{agency.name} kính trình {', '.join(to)} xem xét, cho ý kiến chỉ đạo."),
    ]


def _cells(number: int, row: EscalationRow) -> list[str]:
    it = row.it
    steps = [step for step in it.steps if step.state is it.state and step.document]
    state = it.label(it.state)
    return [
        str(number),
        "\n".join(_task(task) for task in it.tasks) or "Không nêu nhiệm vụ cụ thể",
        it.agency.name,
        it.problem,
        it.effect,
        it.decision,
        f"{day(clock.local(it.raised_at).date())}\n({row.days} ngày)",
        f"{state}\n({steps[-1].document})" if steps else state,
    ]


def _task(task: Task) -> str:
    """What has to be done, and the clause or the document that asks for it."""
    basis = f"mục {task.path}, Kế hoạch {task.plan.number}" if task.path else task.source_note
    return f"{shorten(task.text, 200)} ({basis})"
