"""From a file to a reading: the one door for documents of strangers."""

import json

import structlog

from ntmtasks.agencies.rules import Directory
from ntmtasks.core import office
from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.intake.rules.documents import kinds
from ntmtasks.intake.rules.documents.kinds import Unreadable as Unreadable
from ntmtasks.intake.rules.parts import PlanReading

log = structlog.get_logger()

# Named only: what they import stays in the child.
_READERS = {
    kinds.Kind.TEXT: "ntmtasks.intake.rules.documents.plain_text.run",
    kinds.Kind.WORD: "ntmtasks.intake.rules.documents.word.run",
    kinds.Kind.PDF: "ntmtasks.intake.rules.documents.portable.run",
}
_WHY: dict[type[office.OfficeError], str] = {
    office.TooLong: kinds.TOO_LONG,
    office.TooBig: kinds.TOO_BIG,
    office.Broken: kinds.BROKEN,
}


def read_document(name: str, content: bytes, year: int | None, directory: Directory) -> PlanReading:
    """Return what a file says, read in a child process; call it outside any transaction.

    The kind of the file is judged by its bytes, ``name`` is only for the log; ``year`` wins over
    the year of the title. Raises Unreadable with a Vietnamese sentence for whatever is no plan.
    """
    arguments = {"directory": to_plain(directory), "year": year}
    try:
        said = json.loads(office.run(_READERS[kinds.kind_of(content)], arguments, content))
    except office.OfficeError as error:
        log.warning("document_not_read", name=name, size=len(content), error=str(error))
        raise Unreadable(_WHY[type(error)]) from None
    if "refused" in said:
        raise Unreadable(said["refused"])
    reading = from_plain(PlanReading, said["reading"])
    if not reading.tasks:
        told = next((f.message for f in reading.findings if f.code == "not_a_plan"), None)
        raise Unreadable(f"{told} {kinds.CHECK}" if told else kinds.NO_PLAN)
    return reading
