"""The overview, what is behind its numbers, and what changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.oversight.forms import acts_on
from ntmtasks.oversight.labels import (
    AGENCIES,
    DESKS,
    DISTRICTS,
    REVISIONS,
    matter_words,
    reason_dropped,
    section_words,
)
from ntmtasks.oversight.queries.contacts import contacts
from ntmtasks.oversight.queries.overview import Overview, overview
from ntmtasks.oversight.queries.reporting import last_due_day
from ntmtasks.oversight.rules.charts import Part, stacked
from ntmtasks.oversight.views.blueprint import asked_day, bp, no_such_day, page, page_of
from ntmtasks.progress.queries.asks import answer_day
from ntmtasks.progress.queries.updates import person
from ntmtasks.tasks.labels import AGES, CLASSES
from ntmtasks.tasks.queries import loading, revisions, standing
from ntmtasks.tasks.queries.counting import Tally
from ntmtasks.tasks.queries.revisions import RevisionKind
from ntmtasks.tasks.queries.standing import NEXT_DAYS, Choice
from ntmtasks.tasks.rules import PAGE_ROWS, AgeClass, Counters, DeadlineClass, sum_of

NAMES = ("on", "box", "age", "agency", "section")
"""What the address of a list may name."""
NEXT = "next"
"""Value of `box` in an address for what is due within the next days."""


@bp.get("/overview", endpoint="overview")
@require(Permission.OVERVIEW)
def show() -> ResponseReturnValue:
    """What is late, where and since when; what waits, what is next, what changed."""
    asked = asked_day()
    day = asked.day
    if day.fault:
        return no_such_day(day, "Tổng quan")
    shown = overview(day.on, day.today, asked.issued)
    decides = current_user.can(Permission.DECIDE) and not day.is_past
    acts = acts_on(person(me()), shown.oldest, answer_day(day.today)) if decides else {}
    worst_first = request.args.get("sort") == "worst"
    late = shown.late if current_user.can(Permission.COORDINATE) else []
    return page(
        "overview",
        day,
        shown=shown,
        lines=_lines(shown.tally, worst_first),
        worst_first=worst_first,
        silent=_silent(shown),
        desk_words=DESKS,
        matter_words=matter_words,
        revision_words=REVISIONS,
        contacts=contacts(late) if late else {},
        acts=acts,
        decides=decides,
    )


@dataclass(frozen=True)
class Group:
    """Agencies of a sort with their bars, under a title where there are several groups."""

    title: str
    lines: list[tuple[Agency, Counters, list[Part]]]
    whole: Counters


def _lines(tally: Tally, worst_first: bool) -> list[Group]:
    """The agencies with the bars of their counters: districts apart in protocol order, or all by how
    many of their obligations are late."""
    most = max((counters.total for _, counters in tally.by_agency), default=1)
    found = [(a, c, stacked(c, most)) for a, c in tally.by_agency]
    if worst_first:
        found.sort(key=lambda line: -line[1].overdue)
        return [Group("", found, tally.whole)] if found else []
    groups = []
    for title, is_district in ((AGENCIES, False), (DISTRICTS, True)):
        lines = [line for line in found if (line[0].kind is AgencyKind.DISTRICT) is is_district]
        if lines:
            groups.append(Group(title, lines, sum_of(c for _, c, _ in lines)))
    return groups


def _silent(shown: Overview) -> list[tuple[Agency, int, date]]:
    """Agencies that are silent, in protocol order: how much, since when at the longest."""
    silent = shown.living.silent if shown.living else {}
    found = [(a, *silent[a.id]) for a in shown.tally.known if a.id in silent]
    return [(agency, number, clock.local(since).date()) for agency, number, since in found]


@bp.get("/overview/list", endpoint="obligations")
@require(Permission.OVERVIEW)
def listing() -> ResponseReturnValue:
    """The obligations behind a number of the overview, as they stood on its day."""
    day = asked_day().day
    if day.fault:
        return no_such_day(day, "Danh sách đầu việc")
    choice, known = _choice(), agencies.all_agencies()
    total = standing.count(day.on, choice)
    number, pages = page_of(total)
    rows = standing.listed(day.on, choice, PAGE_ROWS, (number - 1) * PAGE_ROWS)
    chosen = {name: value for name, value in request.args.items() if name in NAMES and value}
    return page(
        "list",
        day,
        rows=rows,
        total=total,
        words_of_choice=_said(choice, {a.id: a.name for a in known}),
        page=number,
        pages=pages,
        kept={name: value for name, value in chosen.items() if name != "on"},
        at_page=lambda n: url_for("oversight.obligations", **{**chosen, "page": n}),
    )


def _choice() -> Choice:
    box = request.args.get("box", "")
    return Choice(
        klass=next((k for k in DeadlineClass if k.value == box), None),
        age=next((a for a in AgeClass if a.value == request.args.get("age")), None),
        is_next=box == NEXT,
        agency_id=request.args.get("agency", type=int),
        section=request.args.get("section"),
    )


def _said(choice: Choice, names: Mapping[int, str]) -> str:
    """What is listed, in a line."""
    parts = [CLASSES[choice.klass] if choice.klass else ""]
    parts.append(f"Quá hạn {AGES[choice.age]}" if choice.age else "")
    parts.append(f"Đến hạn trong {NEXT_DAYS} ngày" if choice.is_next else "")
    parts.append(names.get(choice.agency_id or 0, ""))
    parts.append(section_words(choice.section) if choice.section is not None else "")
    return "; ".join(filter(None, parts)) or "Tất cả đầu việc"


@bp.get("/overview/changes")
@require(Permission.OVERVIEW)
def changes() -> ResponseReturnValue:
    """What was revised since the last report, or since the plans were issued."""
    asked = asked_day()
    day = asked.day
    if day.fault:
        return no_such_day(day, "Thay đổi")
    reports = last_due_day(day.on)
    last_report = reports.due_on if reports else None
    since = last_report if request.args.get("since") == "report" else None
    baseline = clock.end_of_day(since) if since else None
    (found,) = revisions.revisions([baseline], day.on, asked.issued)
    kind = next((k for k in RevisionKind if k.value == request.args.get("kind")), None)
    rows = [each for each in found if kind is None or each.kind is kind]
    number, pages = page_of(len(rows))
    rows = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    chosen = {"on": day.asked, "since": "report" if since else "issue", "kind": kind and kind.value}
    return page(
        "changes",
        day,
        rows=rows,
        numbers=Counter(each.kind for each in found),
        kind=kind,
        since=since,
        last_report=last_report,
        tasks=loading.words_of({each.task_id for each in rows}),
        agencies={a.id: a for a in agencies.all_agencies()},
        names=REVISIONS,
        reason=reason_dropped,
        chosen=chosen,
        page=number,
        pages=pages,
        at_page=lambda n: url_for("oversight.changes", **{**chosen, "page": n}),
    )
