"""Letting rooms above close what they keep open about work that ends."""

from collections.abc import Callable, Sequence

from ntmtasks.accounts.models import User
from ntmtasks.history.service import Guest
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Ending

WhenEnded = Callable[[User | Guest, Sequence[Assignment], Ending], None]
_when_ended: list[WhenEnded] = []


def when_ended(act: WhenEnded) -> None:
    """Let a room above do its part when work ends, in the same transaction:
    `act(actor, assignments, how)`, while the agency that had the work still stands in them."""
    _when_ended.append(act)


def end(actor: User | Guest, assignments: Sequence[Assignment], how: Ending) -> None:
    """Tell the rooms above that these pieces of work end; inside the transaction that ends them."""
    for act in _when_ended:
        act(actor, assignments, how)
