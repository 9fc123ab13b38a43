"""From an uploaded document to a draft plan, wholly or not at all."""

import hashlib
from collections.abc import Sequence

from ntmtasks.accounts.models import User
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.db import let_go, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.intake.service.importing import import_plan
from ntmtasks.intake.service.reading import read_document
from ntmtasks.plans import queries as plans
from ntmtasks.plans.models import Plan


class NoYear(Exception):
    """Neither the document nor the person says for which year the plan is."""


class AlreadyThere(Exception):
    """The same file, or a plan of the same number and year, was brought in before."""

    def __init__(self, twins: Sequence[Plan]) -> None:
        super().__init__()
        self.twins = twins


def bring_in(
    actor: User,
    name: str,
    content: bytes,
    year: int | None,
    is_apart: bool = False,
    form_token: str | None = None,
) -> Plan | None:
    """Read a document and keep it as a draft plan; None where this very form was carried out before.

    `is_apart` says that the plan is wanted besides one that is there already. Raises Unreadable,
    NoYear or AlreadyThere; nothing is kept then. The document is read outside any transaction.
    """
    directory = agencies.directory()
    let_go()
    reading = read_document(name, content, year, directory)
    of_year = year or reading.year
    if of_year is None:
        raise NoYear
    with transaction():
        if not use_once(form_token):
            return None
        twins = plans.same(hashlib.sha256(content).hexdigest(), reading.number or "", of_year)
        if twins and not is_apart:
            raise AlreadyThere(twins)
        return import_plan(actor, reading, content, name, of_year)
