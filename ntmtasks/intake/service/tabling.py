"""From an office's spreadsheet to a plan whose work goes on where it stood."""

import json
from collections.abc import Iterator
from datetime import time

import structlog

from ntmtasks.accounts.models import User
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.rules import Directory
from ntmtasks.core import clock, office
from ntmtasks.core.db import let_go, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.files import rules as file_rules
from ntmtasks.files import service as files
from ntmtasks.files.models import StoredFile
from ntmtasks.intake.rules.documents.kinds import Unreadable
from ntmtasks.intake.rules.sheets.parts import NOT_A_TABLE, TOO_MANY, TableReading, TableRow
from ntmtasks.intake.rules.sheets.plan import PlanHead, as_plan
from ntmtasks.intake.service.importing import keep_reading
from ntmtasks.intake.service.issuing import issue_plan
from ntmtasks.intake.service.uploading import AlreadyThere
from ntmtasks.plans import queries as plans
from ntmtasks.plans.models import Plan
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.queries import loading
from ntmtasks.tasks.rules import AssignmentRole, WorkState
from ntmtasks.tasks.service import carrying

log = structlog.get_logger()

END_OF_WORK = time(17, 0)
"""A spreadsheet gives days; its submissions are kept as of this hour."""

_READER = "ntmtasks.intake.rules.documents.workbook.read_table"
_WRITER = "ntmtasks.intake.rules.documents.template.write_template"
_WHY: dict[type[office.OfficeError], str] = {
    office.TooLong: TOO_MANY,
    office.TooBig: TOO_MANY,
    office.Broken: NOT_A_TABLE,
}


def template(year: int) -> bytes:
    """The empty .xlsx with the agencies that are known; made outside any transaction."""
    directory = agencies.directory()
    let_go()
    names = [[a.short_name, a.name] for a in directory.agencies]
    names += [[g.name, f"nhóm {len(g.members)} cơ quan"] for g in directory.groups]
    return office.run(_WRITER, {"agencies": names, "year": year})


def look_at(name: str, content: bytes, year: int) -> TableReading:
    """What a spreadsheet would become in the plan of `year`; keeps nothing. Raises Unreadable.

    It is read in a child process, outside any transaction.
    """
    directory = agencies.directory()
    let_go()
    if file_rules.content_type(content) != file_rules.XLSX:
        raise Unreadable(NOT_A_TABLE)
    return _read(name, content, year, directory)


def _read(name: str, content: bytes, year: int, directory: Directory) -> TableReading:
    arguments = {
        "directory": to_plain(directory),
        "year": year,
        "today": clock.today().isoformat(),
    }
    try:
        said = json.loads(office.run(_READER, arguments, content))
    except office.OfficeError as error:
        log.warning("table_not_read", name=name, size=len(content), error=str(error))
        raise Unreadable(_WHY[type(error)]) from None
    if "refused" in said:
        raise Unreadable(said["refused"])
    return from_plain(TableReading, said["reading"])


def hold(actor: User, name: str, content: bytes) -> StoredFile:
    """Keep a spreadsheet for a day, until somebody decides about what it would become."""
    return files.hold(actor, name, content, file_rules.XLSX)


def look_again(stored: StoredFile, year: int) -> TableReading:
    """What a held spreadsheet would become; raises Unreadable."""
    name = stored.name
    with files.open_stored(stored) as source:
        content = source.read()
    return look_at(name, content, year)


def take_over(
    actor: User,
    stored: StoredFile,
    table: TableReading,
    head: PlanHead,
    is_apart: bool = False,
    form_token: str | None = None,
) -> Plan | None:
    """Make the good rows an issued plan with their states; None where this was done before.

    All or nothing. Raises AlreadyThere as an upload does. States and days of completion are those of
    the leads; supporting agencies begin anew.
    """
    with transaction():
        if not use_once(form_token):
            return None
        twins = plans.same(stored.sha256, head.number, head.year)
        if twins and not is_apart:
            raise AlreadyThere(twins)
        files.claim(stored)
        plan = keep_reading(actor, as_plan(table, head), stored, head.year)
        issue_plan(actor, plan)
        made = zip(table.rows, loading.of_plan(plan.id), strict=True)
        work = [begun for row, task in made for begun in _begun(actor, row, task)]
        carrying.carry_over(actor, work, stored.name)
        return plan


def _begun(actor: User, row: TableRow, task: Task) -> Iterator[carrying.Begun]:
    """What each lead of a row had reached already; nothing where nobody has begun.

    Nobody confirms the own agency's work, by a spreadsheet neither: it waits for its confirmation.
    """
    if row.state == "assigned":
        return
    submitted_at = None
    if row.finished_on is not None:
        submitted_at = min(clock.at(row.finished_on, END_OF_WORK), clock.now())
    for assignment in task.assignments:
        if assignment.role is not AssignmentRole.LEAD:
            continue
        state = WorkState(row.state)
        if state is WorkState.DONE and assignment.agency_id == actor.agency_id:
            state = WorkState.SUBMITTED
        yield carrying.Begun(assignment, state, row.percent, submitted_at)
