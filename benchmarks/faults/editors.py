"""Eight people with accounts of their own edit the same work at once; what became of each edit.

Every editor is a process. Two report on the same assignments, one hands them to an officer and takes
them back, one moves their deadlines, two comment on the tasks, two report on work of other agencies.
Whoever is told that somebody was faster looks at what is stored and sends again. What must be zero:
edits lost, edits stored twice, work that does not stand as its last edit says, gaps in its past,
answers that no editor expects.
"""

import json
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from benchmarks.faults import typists
from benchmarks.faults.lives import processes
from benchmarks.faults.stores import prepare
from ntmtasks import sample
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db, let_go
from ntmtasks.history.models import HistoryEntry
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.tasks.models import Assignment, AssignmentSpan


@dataclass(frozen=True)
class Plan:
    """How many edits each of the eight makes."""

    edits: int = 200


@dataclass(frozen=True)
class Verdict:
    """What was found; `faults` must all be zero, `conflicts` are edits that had to be sent again."""

    edits: int
    conflicts: int
    faults: dict[str, int]


def run(plan: Plan, folder: Path, database_url: str, plant: str = "") -> Verdict:
    """Let all of them edit, judge; goes on where an earlier run in the same folder was cut off."""
    env = prepare(folder, database_url)
    app = create_app(load_config(env))
    with app.app_context():
        if sample.is_empty():
            sample.build(app, progress=lambda _line: None)
        let_go()
        _let_all_edit(plan, folder, env, plant)
        return _judge(plan, _told(folder))


def _let_all_edit(plan: Plan, folder: Path, env: dict[str, str], plant: str) -> None:
    db.engine.dispose()
    running = [
        processes.Process(
            target=typists.edit,
            args=(editor, plan.edits, env, plant, folder / f"editor-{editor}.json"),
        )
        for editor in range(len(typists.EDITORS))
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()


def _told(folder: Path) -> Counter[str]:
    """What the editors noted: answers by their status, and how many edits got through."""
    notes = [json.loads(file.read_text())["statuses"] for file in folder.glob("editor-*.json")]
    return sum((Counter(note) for note in notes), Counter())


def _judge(plan: Plan, told: Counter[str]) -> Verdict:
    let_go()
    stored, faults = _stored(), Counter[str]()
    for editor, person in enumerate(typists.EDITORS):
        if person.act is typists.hand_over:  # an officer is no text: each edit is one entry
            times = [stored[typists.HANDED] - plan.edits]
            faults["lost"] += max(0, -times[0])
            faults["doubles"] += max(0, times[0])
            continue
        times = [stored[typists.words(editor, number)] for number in range(plan.edits)]
        faults["lost"] += times.count(0)
        faults["doubles"] += sum(max(0, n - 1) for n in times)
    for work in db.session.scalars(select(Assignment)).all():
        faults["other state"] += not _stands_as_edited(work)
        faults["gaps"] += _gaps(work)
    faults["answers"] = sum(n for status, n in told.items() if int(status) not in typists.EXPECTED)
    names = ("lost", "doubles", "other state", "gaps", "answers")
    return Verdict(
        plan.edits * len(typists.EDITORS), told["409"], {name: faults[name] for name in names}
    )


def _stored() -> Counter[str]:
    """How often each text is kept."""
    found = Counter[str](db.session.scalars(select(ProgressUpdate.body)).all())
    found.update(db.session.scalars(select(Comment.body)).all())
    entries = select(HistoryEntry.verb, HistoryEntry.after).where(
        HistoryEntry.verb.in_(["task.deadline", "task.officer"])
    )
    for verb, after in db.session.execute(entries):
        found[after["Lý do"] if verb == "task.deadline" else typists.HANDED] += 1
    return found


def _stands_as_edited(work: Assignment) -> bool:
    """Whether percent and deadline are those of the last edit, and the open span says the same."""
    newest = select(ProgressUpdate.percent).where(ProgressUpdate.assignment_id == work.id)
    percent = db.session.scalar(newest.order_by(ProgressUpdate.id.desc()).limit(1))
    span = db.session.scalars(
        select(AssignmentSpan).where(
            AssignmentSpan.assignment_id == work.id, AssignmentSpan.to_at.is_(None)
        )
    ).one_or_none()
    return (
        percent in (None, work.percent)
        and span is not None
        and (span.deadline, span.officer_id) == (work.deadline, work.officer_id)
        and span.work_state is work.work_state
    )


def _gaps(work: Assignment) -> int:
    """How often one span of an assignment does not begin where the one before ends."""
    spans = db.session.scalars(
        select(AssignmentSpan)
        .where(AssignmentSpan.assignment_id == work.id)
        .order_by(AssignmentSpan.from_at, AssignmentSpan.id)
    ).all()
    return sum(before.to_at != after.from_at for before, after in pairwise(spans))
