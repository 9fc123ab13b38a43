"""Searching what one may read: the same number of queries however much is found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select

from ntmtasks.accounts.models import User
from ntmtasks.agencies.queries import agencies_with_names, districts
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.core.text import like_pattern, search_text
from ntmtasks.oversight.rules.search import Kind, Term, fits, is_as_typed, left_out, wanted
from ntmtasks.plans.labels import COMMITMENTS, LEVELS
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.plans.queries import targets_of_plans
from ntmtasks.plans.rules import PlanState
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.queries.readers import readable
from ntmtasks.reports.models import ReportSubmission
from ntmtasks.reports.queries.names import named_reports, reports_that_say, sent_texts
from ntmtasks.tasks.models import Task, TaskClause

MOST = 200
"""So many of each kind are looked at; whoever finds more adds a word."""


@dataclass(frozen=True)
class Hit:
    """Something found: `number` is its row, `title` names it, `text` is where the words stand. `parent` is
    the task of a comment, the plan of a clause, or that in which a commune stands as the `number`-th."""

    kind: Kind
    number: int
    title: str
    text: str
    parent: int | None = None


@dataclass(frozen=True)
class Found:
    """The hits of a kind, those with the marks as typed first; `is_cut`: there are more than MOST."""

    hits: Sequence[Hit]
    is_cut: bool


def search(user: User, terms: Sequence[Term]) -> dict[Kind, Found]:
    """What this person may read and has all terms, by kind; kinds of which nothing was found are left
    out. Terms that only exclude find nothing."""
    if not wanted(terms):
        return {}
    found = {kind: _ranked(look(user, terms), terms) for kind, look in _LOOKS.items()}
    return {kind: each for kind, each in found.items() if each.hits}


def _ranked(hits: Iterable[Hit], terms: Sequence[Term]) -> Found:
    """Sorting keeps the order of the query within each half."""
    rows = list(hits)
    shown = rows[:MOST]
    shown.sort(key=lambda hit: not is_as_typed(terms, f"{hit.title} {hit.text}"))
    return Found(shown, len(rows) > MOST)


def _has(column: Any, terms: Sequence[Term]) -> ColumnElement[bool]:
    parts = []
    for term in terms:
        has = column.like(like_pattern(term.folded), escape="\\")
        parts.append(~has if term.is_excluded else has)
    return and_(*parts)


def _rows(query: Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return db.session.execute(query.limit(MOST + 1))


def _tasks(user: User, terms: Sequence[Term]) -> Iterable[Hit]:
    query = (
        select(Task.id, Task.path, Task.text)
        .where(readable(user), _has(Task.search_text, terms))
        .order_by(Task.plan_id.desc(), Task.position, Task.id)
    )
    for number, path, text in _rows(query):
        yield Hit(Kind.TASK, number, f"Mục {path}" if path else "Nhiệm vụ bổ sung", text)


def _clauses(user: User, terms: Sequence[Term]) -> Iterable[Hit]:
    """Every clause of an issued plan, but for those that stand among the tasks already."""
    shown = exists().where(
        TaskClause.clause_id == Clause.id, TaskClause.task_id == Task.id, readable(user)
    )
    query = (
        select(Clause.id, Clause.plan_id, Clause.path, Clause.text, Plan.number)
        .join(Clause.plan)
        .where(Plan.state != PlanState.DRAFT, _has(Clause.search_text, terms), ~shown)
        .order_by(Clause.plan_id.desc(), Clause.position)
    )
    for number, plan_id, path, text, plan in _rows(query):
        yield Hit(Kind.CLAUSE, number, f"Kế hoạch {plan}, mục {path}", text, plan_id)


def _comments(user: User, terms: Sequence[Term]) -> Iterable[Hit]:
    query = (
        select(Comment.id, Comment.task_id, Comment.body, User.name, Task.path)
        .join(Comment.author)
        .join(Comment.task)
        .where(Comment.withdrawn_at.is_(None), readable(user), _has(Comment.search_text, terms))
        .where(Comment.author_id.not_in(_called(left_out(terms))))
        .order_by(Comment.id.desc())
    )
    for number, task_id, body, author, path in _rows(query):
        where = f"mục {path}" if path else "nhiệm vụ bổ sung"
        yield Hit(Kind.COMMENT, number, f"{author}, {where}", body, task_id)


def _called(excluded: Sequence[Term]) -> list[int]:
    """The people in whose name stands what is left out."""
    if not excluded:
        return []
    people = db.session.execute(select(User.id, User.name))
    return [number for number, name in people if not fits(excluded, search_text(name))]


def _reports(user: User, terms: Sequence[Term]) -> Iterable[Hit]:
    """By what they are about, for which periods and by whom, and by what was sent; the latest first. What
    is left out may stand in neither."""
    scope = None if user.can(Permission.READ_ALL) else user.agency_id
    texts = sent_texts(scope, _has(ReportSubmission.search_text, terms), MOST + 1)
    excluded = left_out(terms)
    barred: set[int] = set()
    if excluded:
        barred = reports_that_say(scope, ~_has(ReportSubmission.search_text, excluded))
    for each in named_reports(scope):
        name = ": ".join(filter(None, (each.agency_names[0], ", ".join(each.labels))))
        searchable = search_text(each.title, name, *each.agency_names)
        if each.report_id in barred or not fits(excluded, searchable):
            continue
        if each.report_id in texts:
            yield Hit(Kind.REPORT, each.report_id, f"{each.title}, {name}", texts[each.report_id])
        elif fits(terms, searchable):
            yield Hit(Kind.REPORT, each.report_id, each.title, name)


def _agencies(_user: User, terms: Sequence[Term]) -> Iterable[Hit]:
    """Few enough to be looked at one by one."""
    for each in agencies_with_names():
        names = [each.name, each.short_name, *(alias.name for alias in each.aliases)]
        if fits(terms, search_text(*names)):
            yield Hit(Kind.AGENCY, each.id, each.name, "; ".join(dict.fromkeys(names[1:])))


def _areas(_user: User, terms: Sequence[Term]) -> Iterable[Hit]:
    """Districts and communes, each with what the newest plan that names it wants of it; what is left out
    may stand in none of what is shown of them."""
    targets, excluded = _targets(), left_out(terms)
    for district in districts():
        if fits(terms, search_text(district.name)):
            yield Hit(Kind.AREA, 0, district.name, f"{len(district.communes)} xã")
        for each in district.communes:
            if fits(terms, search_text(each.name)):
                number, plan_id, words = targets.get((each.name, district.name), (0, None, ""))
                text = "; ".join(filter(None, (f"huyện {district.name}", words)))
                if fits(excluded, search_text(text)):
                    yield Hit(Kind.AREA, number, each.name, text, plan_id)


def _targets() -> dict[tuple[str, str], tuple[int, int, str]]:
    """By commune and district its place in the newest plan that names it, the plan, and the target."""
    found: dict[tuple[str, str], tuple[int, int, str]] = {}
    for plan_id, plan, communes in targets_of_plans():
        for number, target in enumerate(communes, 1):
            level, wish = LEVELS[target["level"]], COMMITMENTS[target["commitment"]]
            words = f"{wish.lower()} {level.lower()}, Kế hoạch {plan}"
            found.setdefault((target["commune"], target["district"]), (number, plan_id, words))
    return found


_LOOKS: dict[Kind, Callable[[User, Sequence[Term]], Iterable[Hit]]] = {
    Kind.TASK: _tasks,
    Kind.CLAUSE: _clauses,
    Kind.COMMENT: _comments,
    Kind.REPORT: _reports,
    Kind.AGENCY: _agencies,
    Kind.AREA: _areas,
}
