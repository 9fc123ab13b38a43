"""Who gets what in the mornings to come, and who has nobody to remind."""

from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.queries import people as accounts
from ntmtasks.core import clock, slots
from ntmtasks.core.access import require
from ntmtasks.core.formats import WEEKDAYS
from ntmtasks.outbox.queries import PAGE_SIZE
from ntmtasks.reminders import labels
from ntmtasks.reminders.forms import TOO_FAR, is_near
from ntmtasks.reminders.queries import ladders, mornings
from ntmtasks.reminders.queries.gaps import agencies_without_anyone
from ntmtasks.reminders.queries.gathering import lasting_items
from ntmtasks.reminders.views.blueprint import KEEPERS, bp

WEEK = 5
BRIEF = 8
"""So many people of a morning are named on the page of the week."""

MOST_FOUND = 30


@bp.get("/")
@require(*KEEPERS)
def index() -> ResponseReturnValue:
    """The coming five mornings, or all of the day in the address."""
    typed = request.args.get("day", "")
    day, error = _asked(typed)
    if day is not None:
        return _day(day)
    today, lasting = clock.today(), lasting_items()
    page = render_template(
        "reminders/index.html",
        days=mornings.dry_runs(mornings.coming_mornings(WEEK), lasting),
        made=slots.is_claimed(slots.REMINDERS, today.isoformat()),
        gaps=agencies_without_anyone(today, lasting),
        paused=[labels.LADDERS[rule.ladder] for rule in ladders.rules() if rule.paused_at],
        weekdays=WEEKDAYS,
        brief=BRIEF,
        typed=typed,
        error=error,
    )
    return page, 422 if error else 200


@bp.get("/absences")
@require(*KEEPERS)
def absences() -> ResponseReturnValue:
    """Who is away or will be, who gets their mail, and people to find."""
    found = accounts.absences(clock.today())
    words = request.args.get("q", "").strip()[:200]
    return render_template(
        "reminders/absences.html",
        found=found,
        deputies=accounts.names_by_id([p.deputy_id for p in found if p.deputy_id]),
        people=[p for p in accounts.people(words) if p.locked_at is None] if words else [],
        words_asked=words,
        most=MOST_FOUND,
    )


def _asked(typed: str) -> tuple[date | None, str]:
    """The day of the address, or why it is none."""
    if not typed:
        return None, ""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None, "Hãy nhập một ngày có thật."
    return (day, "") if is_near(day) else (None, TOO_FAR)


def _day(day: date) -> str:
    digests = mornings.dry_run(day)
    pages = max(1, -(-len(digests) // PAGE_SIZE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "reminders/day.html",
        day=day,
        total=len(digests),
        digests=digests[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=page,
        pages=pages,
        weekdays=WEEKDAYS,
        address=lambda number: url_for(".index", day=day.isoformat(), page=number),
    )
