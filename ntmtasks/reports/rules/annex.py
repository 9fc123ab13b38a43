"""The annex of a report: what agencies lead, task by task (domain.md, section 3)."""

from collections.abc import Iterable, Sequence

from ntmtasks.reports.rules.consolidating import FEW, together, who
from ntmtasks.reports.rules.content import AnnexRow
from ntmtasks.reports.rules.facts import Work
from ntmtasks.reports.rules.proposing import DONE, late_words, one_line
from ntmtasks.tasks import labels
from ntmtasks.tasks.rules import DeadlineClass, TaskKind, WorkState


def annex(works: Iterable[Work]) -> tuple[AnnexRow, ...]:
    """A row for each task and deadline; what several agencies do for themselves is one row that counts
    them, or the office's annex would say everything twenty times."""
    groups = together(work for work in works if work.is_lead)
    return tuple(
        _of_one(number, group[0]) if len(group) == 1 else _of_many(number, group)
        for number, group in enumerate(groups, 1)
    )


def _of_one(number: int, work: Work) -> AnnexRow:
    return AnnexRow(
        number=number,
        task=work.task,
        path=work.path,
        lead=work.lead,
        supporting=work.supporting,
        deadline_text=work.deadline_text,
        due_on=work.deadline,
        result=one_line(work.last),
        percent=_percent(work),
        note=_note(work),
    )


def _of_many(number: int, group: Sequence[Work]) -> AnnexRow:
    done = sum(work.state is WorkState.DONE for work in group)
    return AnnexRow(
        number=number,
        task=group[0].task,
        path=group[0].path,
        lead=who(group),
        supporting=group[0].supporting,
        deadline_text=group[0].deadline_text,
        due_on=group[0].deadline,
        result=f"{done}/{len(group)} cơ quan hoàn thành",
        percent=round(sum(map(_percent, group)) / len(group)),
        note="; ".join(_notes(group)),
    )


def _notes(group: Sequence[Work]) -> Iterable[str]:
    """How many agencies stand how, and who is late."""
    found: dict[str, list[str]] = {}
    for work in group:
        found.setdefault(_note(work), []).append(work.agency)
    for note, agencies in sorted(found.items(), key=lambda pair: -len(pair[1])):
        is_late = note.startswith("Quá hạn")
        names = f" ({', '.join(agencies)})" if is_late or len(agencies) <= FEW else ""
        yield f"{note}: {len(agencies)}{names}"


def _percent(work: Work) -> int:
    return 100 if work.klass in DONE else work.percent


def _note(work: Work) -> str:
    if work.klass is DeadlineClass.OVERDUE:
        return late_words(work).capitalize()
    if work.klass is not None:
        return labels.CLASSES[work.klass]
    is_concrete = work.kind is TaskKind.CONCRETE
    return labels.STATES[work.state] if is_concrete else labels.KINDS[work.kind]
