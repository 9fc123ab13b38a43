"""What the pages share: their blueprint, and the day that an address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ntmtasks.core import clock
from ntmtasks.core.formats import distance
from ntmtasks.oversight.labels import FORMULAS, day_fault, section_words
from ntmtasks.oversight.rules.days import ShownDay, shown_day
from ntmtasks.tasks.queries import revisions
from ntmtasks.tasks.rules import MAX_PAGE, PAGE_ROWS

bp = Blueprint("oversight", __name__)


@dataclass(frozen=True)
class Asked:
    """The day that the address asks for, and when each plan was issued."""

    day: ShownDay
    issued: Mapping[int, datetime]


def asked_day() -> Asked:
    """The day of this request."""
    issued = revisions.issued_at()
    first = clock.local(min(issued.values())).date() if issued else None
    return Asked(shown_day(request.args.get("on", ""), clock.today(), first), issued)


def page(name: str, day: ShownDay, **context: object) -> str:
    """A page of the room about a day, with the words that its templates share."""
    words = {
        "formulas": FORMULAS,
        "section_words": section_words,
        "distance_on": lambda deadline: distance(deadline, day.on),
    }
    return render_template(f"oversight/{name}.html", day=day, **words, **context)


def no_such_day(day: ShownDay, title: str) -> ResponseReturnValue:
    """The page without its numbers: why the day cannot be shown, beside what was typed."""
    return page("no_day", day, title=title, fault=day_fault(day)), 422


def page_of(total: int) -> tuple[int, int]:
    """The page that the address asks for, past the end the last one, and how many there are."""
    pages = max(1, -(-total // PAGE_ROWS))
    return min(max(request.args.get("page", 1, type=int), 1), MAX_PAGE, pages), pages
