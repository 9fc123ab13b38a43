"""A plan under review: the real one, read once more into a draft beside the issued sample."""

from sqlalchemy import select

from ntmtasks import paths
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import user_by_name
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.service import importing
from ntmtasks.plans.models import Plan
from ntmtasks.tasks.models import Task

SOURCE = paths.DATA / "108-kh-ubnd.txt"


def coordinator() -> User:
    """The sample's `dieuphoi`."""
    found = user_by_name("dieuphoi")
    assert found is not None
    return found


def draft_plan(text: str | None = None, year: int = 2024) -> Plan:
    """Plan 108, or another text, as a draft."""
    text = SOURCE.read_text() if text is None else text
    reading = read_plan(text, agencies.directory(), year)
    return importing.import_plan(coordinator(), reading, text.encode(), "kh.txt", year)


def item(plan: Plan, path: str) -> Task:
    """The task of a clause."""
    return db.session.scalars(select(Task).where(Task.plan_id == plan.id, Task.path == path)).one()


def agency(short_name: str) -> Agency:
    """One agency of the sample."""
    return agencies.by_short_name()[short_name]
