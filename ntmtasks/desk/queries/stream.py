"""The one stream of a task, the newest first: what was done, said, asked and decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ntmtasks.history.models import HistoryEntry
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.queries import asks, guidance, updates

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
    item: Any

    @property
    def key(self) -> str:
        """Kind and number, as in the id of its element."""
        return f"{self.kind}-{self.item.id}"


def stream(
    task_id: int, record: Sequence[HistoryEntry], evidence: Sequence[Evidence]
) -> list[Entry]:
    """All entries of a task, the newest first; `record` is the loaded history of the task,
    `evidence` its loaded evidence: what came with progress is shown there."""
    entries = [
        *_entries("progress", ((u.made_at, u) for u in updates.progress_of(task_id))),
        *_entries("comment", ((c.made_at, c) for c in updates.comments_of(task_id))),
        *_entries("evidence", ((e.made_at, e) for e in evidence if e.update_id is None)),
        *_entries("extension", ((e.asked_at, e) for e in asks.extensions_of(task_id))),
        *_entries("explanation", ((e.asked_at, e) for e in asks.explanations_of(task_id))),
        *_entries("directive", ((d.made_at, d) for d in guidance.directives_of(task_id))),
        *_entries("urging", ((u.made_at, u) for u in guidance.urgings_of(task_id))),
        *_entries("decision", ((e.at, e) for e in record if e.verb in DECISIONS)),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _entries(kind: str, found: Iterable[tuple[datetime, Any]]) -> Iterable[Entry]:
    return (Entry(kind, at, item) for at, item in found)
