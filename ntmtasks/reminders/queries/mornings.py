"""What would go out on mornings to come, as the work stands now."""

from collections.abc import Iterable, Sequence
from datetime import date

from ntmtasks.core import clock
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.queries.gathering import lasting_items
from ntmtasks.reminders.queries.planning import UsedRung, plan_day
from ntmtasks.reminders.rules import Item, Ladders
from ntmtasks.workdays.queries import calendar as stored_calendar
from ntmtasks.workdays.rules import add_working_days, next_working_day


def coming_mornings(count: int) -> Sequence[date]:
    """The next working days, today among them."""
    calendar = stored_calendar()
    first = next_working_day(clock.today(), calendar)
    return [add_working_days(first, number, calendar) for number in range(count)]


def dry_run(day: date, ladders: Ladders | None = None) -> list[Digest]:
    """The digests of one morning, as if those before it had gone out.

    Rungs only climb, so whatever an earlier morning would tell and `day` has not yet passed, the
    working day before it tells too: one look back is enough, however far off the day is.
    """
    before = add_working_days(day, -1, stored_calendar())
    lasting = lasting_items()
    told = _told(plan_day(before, ladders, lasting=lasting)) if before >= clock.today() else set()
    return plan_day(day, ladders, told, lasting)


def dry_runs(
    days: Iterable[date], lasting: Sequence[Item] | None = None
) -> dict[date, list[Digest]]:
    """The digests of mornings one after the other; what one tells the next ones do not repeat. `lasting`
    are the `lasting_items`, where they have been asked already."""
    lasting = lasting_items() if lasting is None else lasting
    told: set[UsedRung] = set()
    found = {}
    for day in days:
        found[day] = plan_day(day, None, told, lasting)
        told |= _told(found[day])
    return found


def _told(digests: Iterable[Digest]) -> set[UsedRung]:
    return {
        (item.ladder, rung, item.subject, item.deadline, digest.recipient.address)
        for digest in digests
        for item, rung in digest.rungs
    }
