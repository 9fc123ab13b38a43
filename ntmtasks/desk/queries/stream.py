"""The one stream of a task: progress, comments and decisions, the newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ntmtasks.history.models import HistoryEntry
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.queries import updates

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


@dataclass(frozen=True)
class Entry:
    """One entry of a stream; `kind` names the fragment that shows `item`: progress/_entry_<kind>."""

    kind: str
    at: datetime
    item: object


def stream(
    task_id: int, record: Sequence[HistoryEntry], evidence: Sequence[Evidence]
) -> list[Entry]:
    """All entries of a task, the newest first; `record` is the loaded history of the task,
    `evidence` its loaded evidence: what came with progress is shown there."""
    entries = [
        *_entries("progress", ((u.made_at, u) for u in updates.progress_of(task_id))),
        *_entries("comment", ((c.made_at, c) for c in updates.comments_of(task_id))),
        *_entries("evidence", ((e.made_at, e) for e in evidence if e.update_id is None)),
        *_entries("decision", ((e.at, e) for e in record if e.verb in DECISIONS)),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _entries(kind: str, found: Iterable[tuple[datetime, object]]) -> Iterable[Entry]:
    return (Entry(kind, at, item) for at, item in found)
