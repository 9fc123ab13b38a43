"""The numbers of every page at a glance are those of a slow, plain recount, on random data, on any day."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.oversight.labels import COMPARED, OUTSIDE
from ntmtasks.oversight.rules.comparison import FEWEST_RANKED, is_enough
from ntmtasks.plans.queries import current_plan
from ntmtasks.tasks.labels import COUNTERS
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.queries.revisions import issued_at
from ntmtasks.tasks.rules import (
    OPEN_STATES,
    AssignmentRole,
    DeadlineBasis,
    DeadlineClass,
    Mode,
    Phase,
    TaskKind,
    WorkState,
    age_class,
    deadline_class,
    is_counted,
)
from tests.conftest import SAMPLE_DAY
from tests.support.client import Client, new_client

ISSUED_ON = date(2024, 5, 27)
NAMES = [name for name, _, _ in COUNTERS]
days_after_issue = st.integers(0, (SAMPLE_DAY - ISSUED_ON).days)
standings = st.fixed_dictionaries(
    {
        "begun": days_after_issue,
        "agency": st.integers(0, 5),
        "role": st.sampled_from([AssignmentRole.LEAD] * 4 + [AssignmentRole.SUPPORTING]),
        "phase": st.sampled_from([Phase.ISSUED] * 5 + [Phase.PAUSED, Phase.CANCELLED]),
        "kind": st.sampled_from([TaskKind.CONCRETE] * 5 + list(TaskKind)),
        "state": st.sampled_from(WorkState),
        "due": st.none() | st.integers(-300, 240),
        "submitted": st.integers(-200, 170),
        "extended": st.booleans(),
    }
)
works = st.lists(
    st.tuples(
        st.sampled_from(["III", "IV", ""]),
        st.booleans(),
        st.lists(standings, min_size=1, max_size=4, unique_by=lambda each: each["begun"]),
    ),
    min_size=4,
    max_size=12,
)


@settings(
    max_examples=4,
    deadline=None,
    phases=(Stage.generate,),  # what is found is not made smaller: the database keeps growing
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(works=works, past=days_after_issue)
def test_pages_show_what_a_plain_recount_finds(app: Flask, works: list[Any], past: int) -> None:
    for section, quarter_four, pieces in works:
        add_work(section, quarter_four, pieces)
    leader = new_client(app, "lanhdao")
    compare(leader, SAMPLE_DAY)
    compare(leader, ISSUED_ON + timedelta(days=past))


def add_work(section: str, quarter_four: bool, pieces: list[dict[str, Any]]) -> None:
    """A task of one agency that stood as the pieces say, one after the other."""
    plan, now = current_plan(), clock.now()
    agencies = db.session.scalars(select(Agency).order_by(Agency.position).limit(6)).all()
    pieces = sorted(pieces, key=lambda piece: piece["begun"])
    last = pieces[-1]
    assert plan is not None
    with transaction():
        task = Task(
            plan_id=plan.id,
            path="V.1",
            section=section,
            position=9999,
            text="Việc thử",
            kind=last["kind"],
            mode=Mode.EACH,
            phase=last["phase"],
            deadline_basis=DeadlineBasis.BY_HAND,
            quarter_four=quarter_four,
            recurrence=[],
            search_text=" ",
            updated_at=now,
        )
        work = Assignment(
            task=task,
            agency=agencies[last["agency"]],
            role=last["role"],
            position=1,
            work_state=last["state"],
            updated_at=now,
        )
        db.session.add_all([task, work])
        db.session.flush()
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
            handed_in = piece["state"] in (WorkState.SUBMITTED, WorkState.DONE)
            begun = moment(piece["begun"])
            span = AssignmentSpan(
                assignment_id=work.id,
                task_id=task.id,
                agency_id=agencies[piece["agency"]].id,
                role=piece["role"],
                phase=piece["phase"],
                kind=piece["kind"],
                quarter_four=quarter_four,
                section=section,
                work_state=piece["state"],
                deadline=None if piece["due"] is None else ISSUED_ON + timedelta(piece["due"]),
                submitted_on=ISSUED_ON + timedelta(piece["submitted"]) if handed_in else None,
                extended=piece["extended"],
                from_at=begun,
                to_at=moment(following["begun"]) if following else None,
            )
            entry = HistoryEntry(
                at=begun, actor_name="", subject="task", subject_id=task.id,
                verb="task.deadline", before={}, after={},
            )  # fmt: skip
            db.session.add_all([span, entry])


def moment(days: int) -> datetime:
    """Shortly before midnight of an office day: spans of the day before stand until then."""
    return clock.at(ISSUED_ON + timedelta(days), time(23, 50))


@dataclass(frozen=True)
class Recount:
    """The spans that stood at the end of a day, one after the other."""

    on: date
    spans: list[AssignmentSpan]

    @property
    def owed(self) -> list[AssignmentSpan]:
        """The obligations."""
        return [s for s in self.spans if is_counted(s.phase, s.kind, s.role, s.work_state)]

    def klass(self, span: AssignmentSpan) -> DeadlineClass:
        """The class of an obligation by the pure rule."""
        window = counting.windows().of(span.quarter_four)
        return deadline_class(span.work_state, span.deadline, span.submitted_on, self.on, window)

    def boxes(self, spans: Iterable[AssignmentSpan]) -> list[int]:
        """The eight counters of some obligations, in the order of the page."""
        classes = Counter(self.klass(span).value for span in spans)
        return [classes.total() if name == "total" else classes[name] for name in NAMES]


def recounted(on: date) -> Recount:
    """All spans, sifted by hand."""
    end = clock.end_of_day(on)
    spans = db.session.scalars(select(AssignmentSpan))
    return Recount(on, [s for s in spans if s.from_at < end and (not s.to_at or s.to_at >= end)])


def compare(leader: Client, on: date) -> None:
    """Every number of the pages about a day."""
    asked = "" if on == SAMPLE_DAY else f"?on={on}"
    names = {a.id: a.short_name for a in db.session.scalars(select(Agency))}
    found = recounted(on)
    page = leader.get(f"/overview{asked}").text
    compare_overview(page, found, names)
    compare_changes(page, on)
    compare_records(leader.get(f"/overview/comparison{asked}").text, found, names)
    late = [s for s in found.owed if found.klass(s) is DeadlineClass.OVERDUE]
    ages = Counter(age_class((on - s.deadline).days).value for s in late if s.deadline)
    page = leader.get(f"/overdue{asked}").text
    assert numbers(page, "age") == {age: ages[age] for age in ("1-7", "8-30", "31-120", "121-")}
    compare_pictures(leader.get(f"/overview/pictures{asked}").text, found)
    page = leader.get(f"/overview/timeline{asked}").text
    assert f">{len({s.task_id for s in found.owed})} nhiệm vụ," in page
    for box in (DeadlineClass.DONE_LATE, DeadlineClass.IN_TIME):
        page = leader.get(f"/overview/list?on={on}&box={box}&section=").text
        there = [s for s in found.owed if found.klass(s) is box and s.section == ""]
        assert numbers(page, "number") == {"listed": len(there)}


def compare_overview(page: str, found: Recount, names: dict[int, str]) -> None:
    """The overview: counters, ages, agencies, sections, what is next and what is routine."""
    assert list(numbers(page, "counter").values()) == found.boxes(found.owed)
    late = [s for s in found.owed if found.klass(s) is DeadlineClass.OVERDUE]
    ages = Counter(age_class((found.on - s.deadline).days).value for s in late if s.deadline)
    assert numbers(page, "age") == {age: ages[age] for age in ("1-7", "8-30", "31-120", "121-")}
    assert table(page, "Số đầu việc theo cơ quan") == {
        names[agency]: found.boxes(s for s in found.owed if s.agency_id == agency)
        for agency in {s.agency_id for s in found.owed}
    }
    assert table(page, "Số đầu việc theo phần của kế hoạch") == {
        f"Phần {section}" if section else "Bổ sung": found.boxes(
            s for s in found.owed if s.section == section
        )
        for section in {s.section for s in found.owed}
    }
    shown = numbers(page, "number")
    lead = [s for s in found.spans if is_counted(s.phase, TaskKind.CONCRETE, s.role, s.work_state)]
    kinds = Counter(s.kind.value for s in lead)
    assert (shown["recurring"], shown["continuous"]) == (kinds["recurring"], kinds["continuous"])
    until = found.on + timedelta(14)
    to_do = [s for s in found.owed if s.work_state in OPEN_STATES and s.deadline]
    coming = [s for s in to_do if s.deadline and found.on <= s.deadline <= until]
    assert shown.get("next", 0) == len(coming)


def compare_changes(page: str, on: date) -> None:
    """What was revised since the issue: each assignment then and now. None of them is joint and has
    another lead now."""
    issued, changes = issued_at(), Counter[str]()
    spans: dict[int, list[AssignmentSpan]] = {}
    for span in db.session.scalars(select(AssignmentSpan).order_by(AssignmentSpan.id)):
        spans.setdefault(span.assignment_id, []).append(span)
    plans = dict(db.session.execute(select(Task.id, Task.plan_id)).all())
    end = clock.end_of_day(on)
    for mine in spans.values():
        issue = issued[plans[mine[0].task_id]]
        before = [s for s in mine if s.from_at <= issue and (not s.to_at or s.to_at > issue)]
        after = [s for s in mine if s.from_at < end and (not s.to_at or s.to_at >= end)]
        was, now = (
            next(
                ((s.agency_id, s.deadline) for s in stood
                 if is_counted(s.phase, s.kind, s.role, s.work_state)), None,
            )
            for stood in (before, after)
        )  # fmt: skip
        if was and now and was != now:
            changes["issue-moved" if was[0] == now[0] else "issue-reassigned"] += 1
        elif was != now:
            changes["issue-added" if now else "issue-dropped"] += 1
    kinds = ("moved", "reassigned", "added", "dropped")
    shown = {k: n for k, n in numbers(page, "change").items() if k.startswith("issue")}
    assert shown == {f"issue-{kind}": changes[f"issue-{kind}"] for kind in kinds}


def compare_records(page: str, found: Recount, names: dict[int, str]) -> None:
    """The comparison, and that nobody with little to judge has a rank."""
    new_year = date(found.on.year, 1, 1)
    expected: dict[str, Counter[str]] = {}
    for span in found.spans:
        if span.role is not AssignmentRole.LEAD:
            continue
        record = expected.setdefault(names[span.agency_id], Counter())
        if span.phase is Phase.PAUSED and span.kind is TaskKind.CONCRETE:
            record["paused"] += 1
        if span.phase is not Phase.ISSUED:
            continue
        if span.kind is not TaskKind.CONCRETE:
            record[span.kind.value] += span.work_state is not WorkState.REFUSED
        elif span.work_state is WorkState.REFUSED:
            record["refused"] += 1
        else:
            _judge(record, span, found.on, new_year)
    shown = table(page, "So sánh các cơ quan")
    total = shown.pop("Cộng")
    columns = [key for key, _ in COMPARED]
    judgeable: dict[str, bool] = {}
    ranked: dict[str, bool] = {}
    for name, record in expected.items():
        if not (record.total() or name in shown):
            continue
        row = dict(zip([*columns, "rate", "rank"], shown[name], strict=True))
        assert {key: row[key] for key in columns} == {key: record[key] for key in columns}
        judged = record["done_on_time"] + record["done_late"] + record["open_late"]
        judgeable[name] = is_enough(judged)
        ranked[name] = bool(row["rank"])
        if judged:
            assert abs(row["rate"] - 100 * record["done_on_time"] / judged) <= 0.5
    has_ranks = sum(judgeable.values()) >= FEWEST_RANKED
    assert ranked == {name: enough and has_ranks for name, enough in judgeable.items()}
    assert total[0] == sum(record["total"] for record in expected.values())
    for name, row in table(page, "Việc không đưa vào so sánh").items():
        assert row == [expected[name][key] for key, _ in OUTSIDE]


def compare_pictures(page: str, found: Recount) -> None:
    """The year's work: what was asked for until the day, what is done."""
    asked = [s for s in found.owed if s.deadline and s.deadline <= found.on]
    done = [s for s in found.owed if s.work_state is WorkState.DONE]
    assert numbers(page, "number") == {
        "asked": len(asked),
        "done": sum((s.submitted_on or found.on) <= found.on for s in done),
        "total": len(found.owed),
    }
    months = table(page, "Cộng dồn đến cuối mỗi tháng")
    assert len(months) == 12
    for name, (planned, reached) in months.items():
        day = date(*map(int, reversed(name.split("/"))))
        assert planned == sum(
            bool(s.deadline and s.deadline <= max(day, _end(day))) for s in found.owed
        )
        until = min(day, found.on)
        known = [s for s in done if s.submitted_on and s.submitted_on <= until]
        assert reached == (len(known) if day <= found.on else 0)


def _end(day: date) -> date:
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def _judge(record: Counter[str], span: AssignmentSpan, on: date, new_year: date) -> None:
    done, handed_in = span.work_state is WorkState.DONE, span.submitted_on
    settled_on = handed_in or span.deadline
    if done and settled_on and settled_on < new_year:
        return
    is_late = bool(span.deadline and (handed_in or on) > span.deadline)
    key = ("done_late" if is_late else "done_on_time") if done else None
    record[key or ("open_late" if is_late else "open_in_time")] += 1
    record["total"] += 1
    record["carried"] += bool(span.deadline and span.deadline < new_year)
    record["extended"] += span.extended


def numbers(page: str, mark: str) -> dict[str, int]:
    """The marked numbers of a page."""
    found = re.findall(rf'data-{mark}="([^"]+)"[^>]*>(?:<b>)?([\d.]+)<', page)
    return {name: int(number.replace(".", "")) for name, number in found}


def table(page: str, caption: str) -> dict[str, list[int]]:
    """The numbers of each row of a table, by the name in front."""
    body = page.partition(f'<caption class="visually-hidden">{caption}')[2].partition("</table>")[0]
    rows = {}
    for row in body.partition("<tbody>")[2].split("</tr>")[:-1]:
        head, *cells = re.split(r"</th>|</td>", row)[:-1]
        texts = [re.sub(r"<svg.*?</svg>|<[^>]*>", "", cell).strip() for cell in cells]
        name = re.sub(r'<span class="tag">.*?</span>|<[^>]*>', "", head).strip()
        rows[name.replace("&amp;", "&")] = [
            int(re.match(r"\d*", text.replace(".", "").lstrip("–"))[0] or 0) for text in texts
        ]
    return rows
