"""The letter of this room."""

from collections.abc import Iterator
from dataclasses import dataclass

from ntmtasks.core import instance
from ntmtasks.core.formats import shorten
from ntmtasks.outbox.mails import Letter, render
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.rules import Line

MOST_LINES = 40
"""So many lines of a section are written out; the rest is counted, with the link to the list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as both bodies of the letter show it."""

    title: str
    facts: str
    agency: str
    url: str


def digest_letter(digest: Digest) -> Letter:
    """The morning's mail to one recipient."""
    names_agencies = digest.names_agencies
    return render(
        "reminder",
        subject=digest.subject,
        opening=digest.opening,
        day=digest.day,
        far=digest.far,
        sections=[
            (
                title,
                len(lines),
                list(_entries(digest, lines[:MOST_LINES], names_agencies)),
                max(0, len(lines) - MOST_LINES),
            )
            for title, lines in digest.sections
        ],
    )


def _entries(digest: Digest, lines: list[Line], names_agencies: bool) -> Iterator[Entry]:
    base_url = instance.config().base_url
    for line in lines:
        item, distance = line.item, digest.when(line.item)
        facts = [distance, "" if item.written == distance else item.written]
        facts += ["phối hợp"] if item.supporting else []
        whose = [item.agency, line.note] if names_agencies else []
        yield Entry(
            title=" ".join(filter(None, (item.path, shorten(item.title)))),
            facts=" · ".join(filter(None, facts)),
            agency=" · ".join(filter(None, whose)),
            url=base_url + item.url,
        )
