"""The one stream of a task, the newest first: what was done, said, asked and decided."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, literal, select, union_all
from sqlalchemy.sql.selectable import TypedReturnsRows

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.core.kept import columns, written_out
from ntmtasks.escalations import queries as escalations
from ntmtasks.escalations.models import Escalation, EscalationTask
from ntmtasks.history import queries as history
from ntmtasks.history.models import HistoryEntry
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.guidance import Directive, Urging
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.progress.queries import asks, guests, guidance, occurrences, updates
from ntmtasks.progress.queries.evidence import evidence_of
from ntmtasks.progress.queries.guests import ShownLink
from ntmtasks.progress.queries.occurrences import Series
from ntmtasks.tasks.models import Assignment

DECISIONS = frozenset(
    {
        "task.accept",
        "task.refuse",
        "task.pass",
        "task.hold",
        "task.confirm",
        "task.return",
        "task.reopen",
        "task.give_back",
        "task.agency",
        "task.pause",
        "task.cancel",
        "task.resume",
    }
)
"""The verbs of the record that the stream shows as decisions."""


SHOWN = 20
"""So many entries of each kind the page of a task shows, and an act on it sends again."""


@dataclass(frozen=True)
class Entry:
    """One entry of a stream; `kind` names the fragment that shows `item`: progress/_entry_<kind>."""

    kind: str
    at: datetime
    item: Any

    @property
    def key(self) -> str:
        """Kind and number, as in the id of its element."""
        return f"{self.kind}-{self.item.id}"


@dataclass(frozen=True)
class Story:
    """All that happened on a task, each list the newest first: the stream, and beside it the whole
    record, the evidence, the difficulties, the guest links and the slots of recurring work. `is_cut`: of
    some kind there may be more than what stands here."""

    is_cut: bool
    stream: Sequence[Entry]
    record: Sequence[HistoryEntry]
    evidence: Sequence[Evidence]
    difficulties: Sequence[Escalation]
    guest_links: Sequence[ShownLink]
    series: Sequence[Series]

    @property
    def directives(self) -> list[Directive]:
        """The directives that hold."""
        found = [e.item for e in self.stream if isinstance(e.item, Directive)]
        return [each for each in found if each.withdrawn_at is None]


def story(task_id: int, most: int | None = SHOWN) -> Story:
    """What happened on a task, at most `most` of each kind (None = all). Most tasks have but few kinds
    of things; it asks first which."""
    found = columns(_kinds(db.engine.dialect.name), {"task_id": task_id})
    kinds = {kind for (kind,) in found}
    record = history.of("task", task_id, most)
    evidence = evidence_of(task_id, most) if "evidence" in kinds else ()
    entries: list[Entry] = []
    if "progress" in kinds:
        told = updates.progress_of(task_id, most, has_files="evidence" in kinds)
        entries += [Entry("progress", each.made_at, each) for each in told]
    for kind, load in _LOADERS.items():
        if kind in kinds:
            entries += [Entry(kind, each.made_at, each) for each in load(task_id, most)]
    for kind, ask in _ASKED.items():
        if kind in kinds:
            entries += [Entry(kind, each.asked_at, each) for each in ask(task_id, most)]
    # What came with progress is shown there.
    entries += [Entry("evidence", e.made_at, e) for e in evidence if e.update_id is None]
    entries += [Entry("decision", e.at, e) for e in record if e.verb in DECISIONS]
    numbers = Counter(entry.kind for entry in entries).values()
    return Story(
        is_cut=most is not None and max(numbers, default=0) >= most,
        stream=sorted(entries, key=lambda entry: entry.at, reverse=True),
        record=record,
        evidence=evidence,
        difficulties=escalations.of_task(task_id) if "difficulty" in kinds else (),
        guest_links=guests.links_of(task_id) if "guest_link" in kinds else (),
        series=occurrences.series_of(task_id, clock.today()) if "occurrence" in kinds else (),
    )


Loader = Callable[[int, int | None], Sequence[Any]]
_LOADERS: dict[str, Loader] = {
    "comment": updates.comments_of,
    "directive": guidance.directives_of,
    "urging": guidance.urgings_of,
}
_ASKED: dict[str, Loader] = {
    "extension": asks.extensions_of,
    "explanation": asks.explanations_of,
}


@cache
def _kinds(_database: str) -> TypedReturnsRows[str]:
    """A query of the kinds of things that there are of a task."""
    of: BindParameter[int] = bindparam("task_id")
    own = select(Assignment.id).where(Assignment.task_id == of)
    there = {
        "progress": ProgressUpdate.assignment_id.in_(own),
        "comment": Comment.task_id == of,
        "evidence": Evidence.task_id == of,
        "extension": DeadlineExtension.assignment_id.in_(own),
        "explanation": ExplanationRequest.assignment_id.in_(own),
        "directive": Directive.task_id == of,
        "urging": Urging.assignment_id.in_(own),
        "difficulty": EscalationTask.task_id == of,
        "guest_link": GuestLink.assignment_id.in_(own),
        "occurrence": Occurrence.task_id == of,
    }
    return written_out(
        union_all(
            *(select(literal(kind)).where(exists().where(where)) for kind, where in there.items())
        )
    )
