"""What a report says when one opens it: lines made from the period's facts, by section."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ntmtasks.core.formats import day, shorten
from ntmtasks.core.text import fold
from ntmtasks.reports.rules.content import SectionKind, lines_of
from ntmtasks.reports.rules.facts import Difficulty, Facts, Slots, Work
from ntmtasks.tasks.rules import OPEN_STATES, DeadlineClass, WorkState

DONE = frozenset({DeadlineClass.DONE_ON_TIME, DeadlineClass.DONE_LATE})
NAMED_DAYS = 3
"""So many days of a series are named one by one."""


@dataclass(frozen=True)
class Proposal:
    """A line for a section, with its sub-bullets; one that is not `chosen` only stands ready to add."""

    kind: SectionKind
    text: str
    chosen: bool = True


def propose(facts: Facts) -> tuple[Proposal, ...]:
    """The lines for all sections: results by the field of their tasks, then what hinders, what comes
    next and what is asked for."""
    return (
        *results(facts.works, facts),
        *(_overdue(work) for work in facts.works if work.klass is DeadlineClass.OVERDUE),
        *difficulties(facts.difficulties),
        *_next(facts),
    )


def results(works: Iterable[Work], facts: Facts, by_name: bool = False) -> Iterator[Proposal]:
    """What came out of each work in the period; `by_name`: of several agencies, each is named."""
    for work in works:
        who = f"{work.agency}: " if by_name else ""
        yield from _result(work, facts, who)


def named(work: Work | Slots) -> str:
    """A task as a line names it."""
    where = f" (mục {work.path})" if work.path else ""
    return f"{shorten(work.task, 90)}{where}"


def _result(work: Work, facts: Facts, who: str) -> Iterator[Proposal]:
    if work.said:
        done = "Hoàn thành: " if _finished(work, facts) else ""
        text = _with_words(f"- {who}{done}{named(work)}", work)
        yield Proposal(work.section, text, work.is_lead)
    elif _finished(work, facts):
        on = f", ngày {day(work.submitted_on)}" if work.submitted_on else ""
        yield Proposal(work.section, f"- {who}Hoàn thành: {named(work)}{on}.", work.is_lead)
    elif work.is_lead and work.state in (WorkState.IN_PROGRESS, WorkState.RETURNED):
        text = f"- {who}{named(work)}: đang thực hiện{_share(work, ', đạt {} %')}."
        yield Proposal(work.section, text, chosen=False)


def _finished(work: Work, facts: Facts) -> bool:
    is_in = work.submitted_on is not None and facts.starts_on <= work.submitted_on <= facts.cut_off
    return is_in and work.state not in OPEN_STATES


def _with_words(head: str, work: Work) -> str:
    share = _share(work, " (đạt {} %)")
    if len(work.said) > 1:
        lines = [f"  + {day(each.on)}: {_ended(one_line(each.text))}" for each in work.said]
        return "\n".join((f"{head}{share}:", *lines))
    said = one_line(work.said[0].text)
    return f"{head}: {_ended(said if str(work.percent) in said else said + share)}"


def _share(work: Work, form: str) -> str:
    """How far open work is, where anybody said so; what was returned is not what was said."""
    if work.state is WorkState.RETURNED:
        return " (được trả lại, đang thực hiện lại)"
    return form.format(work.percent) if work.percent and work.state in OPEN_STATES else ""


def one_line(text: str) -> str:
    """A text without line breaks and the mark at its end."""
    return " ".join(text.split()).rstrip(" .;")


def _ended(text: str) -> str:
    return text if text.endswith(("!", "?", "…")) else f"{text}."


def _overdue(work: Work) -> Proposal:
    text = (
        f"- Chưa hoàn thành đúng hạn: {named(work)}, hạn {day(work.deadline)}, {late_words(work)}"
    )
    return Proposal(SectionKind.DIFFICULTIES, f"{text}{_share(work, ', đạt {} %')}.", work.is_lead)


def late_words(work: Work) -> str:
    """How late overdue work is."""
    return f"quá hạn {work.days_late} ngày"


def difficulties(found: Iterable[Difficulty]) -> Iterator[Proposal]:
    """What stood in the way, and which decision is asked for."""
    for each in found:
        effect = f" Ảnh hưởng: {_ended(one_line(each.effect))}" if each.effect else ""
        text = f"- {_ended(one_line(each.problem))}{effect}"
        yield Proposal(SectionKind.DIFFICULTIES, text)
        if each.decision:
            yield Proposal(SectionKind.PROPOSALS, f"- {_ended(one_line(each.decision))}")


def _next(facts: Facts) -> Iterator[Proposal]:
    leads = [w for w in facts.works if w.is_lead and w.state in OPEN_STATES]
    dated = sorted((w for w in leads if w.deadline), key=lambda w: w.deadline or facts.cut_off)
    for work in dated:
        if work.deadline and work.deadline <= facts.next_end:
            yield _plan(f"- {until(work.deadline, facts)}: {named(work)}.")
    for each in facts.slots:
        yield _plan(f"- {named(each)}: {len(each.days)} lần{_days(each)}.")
    for work in leads:
        is_later = work.deadline is None or work.deadline > facts.next_end
        if is_later and work.state is not WorkState.UNASSIGNED:
            yield _plan(f"- Tiếp tục: {named(work)}.", chosen=False)


def until(deadline: date, facts: Facts) -> str:
    """How a plan begins for work with this deadline."""
    if deadline <= facts.cut_off:
        return "Hoàn thành nhiệm vụ đã đến hạn"
    return f"Hoàn thành trước ngày {day(deadline)}"


def _plan(text: str, chosen: bool = True) -> Proposal:
    return Proposal(SectionKind.NEXT_PERIOD, text, chosen)


def _days(each: Slots) -> str:
    if len(each.days) > NAMED_DAYS:
        return f", từ {day(each.days[0])} đến {day(each.days[-1])}"
    return f" ({', '.join(map(day, each.days))})"


def written(proposals: Iterable[Proposal], kind: SectionKind) -> str:
    """The text with which a section opens."""
    return "\n".join(p.text for p in proposals if p.kind is kind and p.chosen)


def left_out(proposals: Iterable[Proposal], kind: SectionKind, text: str) -> list[str]:
    """The lines for a section that its text does not have yet."""
    there = {fold(line.text) for line in lines_of(text)}
    mine = dict.fromkeys(p.text for p in proposals if p.kind is kind)
    return [t for t in mine if not {fold(line.text) for line in lines_of(t)} <= there]
