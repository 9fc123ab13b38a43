"""The coordinating office's report: what the agencies reported, and how the whole plan stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ntmtasks.core.formats import day
from ntmtasks.core.text import fold
from ntmtasks.reports.rules.content import Content, SectionKind, Table, TableRow
from ntmtasks.reports.rules.facts import Facts, Work
from ntmtasks.reports.rules.figures import Kept
from ntmtasks.reports.rules.proposing import Proposal, difficulties, named, results, until
from ntmtasks.tasks.labels import AGES
from ntmtasks.tasks.rules import OPEN_STATES, AgeClass, DeadlineClass, age_class

FEW = 3
"""So many agencies of a line are named, more are counted."""
OLDEST = 10
"""So many overdue tasks stand in the text; the annex has them all."""
WHOLE = "Toàn kế hoạch"


@dataclass(frozen=True)
class Gathered:
    """A report that came in for the same period, with its agency's short name."""

    agency: str
    is_accepted: bool
    content: Content


@dataclass(frozen=True)
class Gathering:
    """What came in, and the short names of those whose report is missing, both in protocol order."""

    reports: tuple[Gathered, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Boxes:
    """Văn phòng Chính phủ's four boxes, which sum to `total`; `waiting` (chờ xác nhận) and `no_deadline`
    are parts of what is not done."""

    total: int
    done_on_time: int
    done_late: int
    open_in_time: int
    open_late: int
    waiting: int
    no_deadline: int


def boxes(works: Iterable[Work]) -> Boxes:
    """The boxes of what is counted. What waits to be confirmed is not done yet, and judged by the day on
    which it was submitted (wording.md)."""
    counted = [work for work in works if work.klass is not None]
    classes = [work.klass for work in counted]
    late = sum(_is_open_late(work) for work in counted)
    done = classes.count(DeadlineClass.DONE_ON_TIME), classes.count(DeadlineClass.DONE_LATE)
    return Boxes(
        total=len(counted),
        done_on_time=done[0],
        done_late=done[1],
        open_in_time=len(counted) - sum(done) - late,
        open_late=late,
        waiting=classes.count(DeadlineClass.SUBMITTED),
        no_deadline=classes.count(DeadlineClass.NO_DEADLINE),
    )


def _is_open_late(work: Work) -> bool:
    if work.klass is DeadlineClass.SUBMITTED and work.deadline and work.submitted_on:
        return work.submitted_on > work.deadline
    return work.klass is DeadlineClass.OVERDUE


def consolidate(gathering: Gathering, facts: Facts) -> tuple[Proposal, ...]:
    """The lines of the office's report; `facts` are those of the whole plan. What agencies reported
    stands in their words; of all others, the office too, what they did."""
    reported = {each.agency for each in gathering.reports}
    silent = [work for work in facts.works if work.agency not in reported]
    return (
        Proposal(SectionKind.GUIDANCE, _who_reported(gathering, facts)),
        Proposal(SectionKind.CRITERIA, _how_it_stands(boxes(facts.works), facts)),
        *(p for each in gathering.reports for p in _told(each)),
        *results(silent, facts, by_name=True),
        *_overdue(facts.works),
        *(replace(p, chosen=not gathering.reports) for p in difficulties(facts.difficulties)),
        *_next(facts),
    )


def _who_reported(gathering: Gathering, facts: Facts) -> str:
    came, missing = len(gathering.reports), gathering.missing
    if not came and not missing:
        return "- Không cơ quan nào phải báo cáo kỳ này."
    accepted = sum(each.is_accepted for each in gathering.reports)
    counted = f"{came}/{came + len(missing)} cơ quan đã gửi báo cáo, {accepted} đã được tiếp nhận"
    lacking = f"; chưa gửi: {', '.join(missing)}" if missing else ""
    return f"- Số liệu đến ngày {day(facts.on)}: {counted}{lacking}."


def _how_it_stands(found: Boxes, facts: Facts) -> str:
    done, not_done = (
        found.done_on_time + found.done_late,
        found.open_in_time + found.open_late,
    )
    return (
        f"- Đến ngày {day(facts.on)}, tổng số {found.total} nhiệm vụ được giao: hoàn thành {done} "
        f"(đúng hạn {found.done_on_time}, quá hạn {found.done_late}); chưa hoàn thành {not_done} "
        f"(trong hạn {found.open_in_time}, quá hạn {found.open_late}), trong đó chờ xác nhận "
        f"{found.waiting}, không hạn {found.no_deadline}."
    )


def _told(each: Gathered) -> Iterator[Proposal]:
    mark = "" if each.is_accepted else " (chưa tiếp nhận)"
    for section in each.content.sections:
        lines = "\n".join(f"  + {line.text}" for line in section.lines)
        yield Proposal(section.kind, f"- {each.agency}{mark}:\n{lines}")


def _overdue(works: Iterable[Work]) -> Iterator[Proposal]:
    late = [w for w in works if w.klass is DeadlineClass.OVERDUE]
    if late:
        ages = ", ".join(
            f"{label} {n}" for label, n in zip(AGES.values(), _ages(late), strict=True)
        )
        text = f"- {len(late)} nhiệm vụ quá hạn, theo thời gian quá hạn: {ages}."
        yield Proposal(SectionKind.DIFFICULTIES, text)
    groups = sorted(together(late), key=lambda group: -group[0].days_late)
    for place, group in enumerate(groups):
        text = f"- {who(group)}: {named(group[0])}, hạn {day(group[0].deadline)}"
        text += f", quá hạn {group[0].days_late} ngày."
        yield Proposal(SectionKind.DIFFICULTIES, text, chosen=place < OLDEST)


def _next(facts: Facts) -> Iterator[Proposal]:
    leads = [w for w in facts.works if w.is_lead and w.state in OPEN_STATES and w.deadline]
    groups = [(g[0].deadline, g) for g in together(leads)]
    dated = [(on, group) for on, group in groups if on and on <= facts.next_end]
    for on, group in sorted(dated, key=lambda pair: pair[0]):
        text = f"- {who(group)}: {until(on, facts)}: {named(group[0])}."
        yield Proposal(SectionKind.NEXT_PERIOD, text, chosen=on > facts.cut_off)


def together(works: Iterable[Work]) -> list[list[Work]]:
    """Works of several agencies on one task until one day, as one line tells them."""
    found: dict[tuple[str, str, date | None], list[Work]] = {}
    for work in works:
        found.setdefault((work.path, work.task, work.deadline), []).append(work)
    return list(found.values())


def who(group: Sequence[Work]) -> str:
    """The agencies of a group: a few by name, more by number."""
    if len(group) > FEW:
        return f"{len(group)} cơ quan"
    return ", ".join(work.agency for work in group)


def _ages(late: Iterable[Work]) -> list[int]:
    ages = [age_class(work.days_late) for work in late]
    return [ages.count(age) for age in AgeClass]


def sums(gathering: Gathering) -> list[Kept]:
    """The figures of the agencies, those of one label and unit added up."""
    found: dict[tuple[str, str], Kept] = {}
    for each in gathering.reports:
        for figure in each.content.figures:
            key = fold(figure.label), fold(figure.unit)
            before = found.get(key)
            total = figure.value + (before.value if before and before.value else 0)
            found[key] = Kept(figure.label, figure.unit, total)
    return list(found.values())


def tables(works: Sequence[Work], order: Iterable[str]) -> tuple[Table, ...]:
    """The counters of the plan and of each agency, and how old their delays are; `order` is that of the
    agencies' short names."""
    counted = [work for work in works if work.klass is not None]
    if not counted:
        return ()
    own: dict[str, list[Work]] = {name: [] for name in order}
    for work in counted:
        own.setdefault(work.agency, []).append(work)
    groups = {WHOLE: counted, **{name: found for name, found in own.items() if found}}
    late = {
        name: [w for w in found if w.klass is DeadlineClass.OVERDUE]
        for name, found in groups.items()
    }
    found = [
        Table(
            "Kết quả thực hiện nhiệm vụ theo cơ quan",
            (
                "Cơ quan",
                "Tổng số",
                "Hoàn thành đúng hạn",
                "Hoàn thành quá hạn",
                "Chưa hoàn thành, trong hạn",
                "Chưa hoàn thành, quá hạn",
                "Trong đó chờ xác nhận",
                "Trong đó không hạn",
            ),
            tuple(TableRow(name, _numbers(boxes(works))) for name, works in groups.items()),
        )
    ]
    if late[WHOLE]:
        ages = tuple(
            TableRow(name, (len(works), *_ages(works))) for name, works in late.items() if works
        )
        found.append(
            Table("Nhiệm vụ quá hạn theo thời gian", ("Cơ quan", "Tổng số", *AGES.values()), ages)
        )
    return tuple(found)


def _numbers(found: Boxes) -> tuple[int, ...]:
    return (
        found.total,
        found.done_on_time,
        found.done_late,
        found.open_in_time,
        found.open_late,
        found.waiting,
        found.no_deadline,
    )
