"""One mail of one morning, before it is a letter."""

from dataclasses import dataclass
from datetime import date

from ntmtasks.accounts.queries.recipients import Recipient
from ntmtasks.reminders import labels
from ntmtasks.reminders.rules import Item, Ladders, Line, Section
from ntmtasks.workdays.rules import Calendar


@dataclass(frozen=True)
class Digest:
    """Everything open of a recipient, worst first; `far` counts the own obligations that are neither
    due soon nor on a rung and therefore stand in the closing line alone."""

    day: date
    recipient: Recipient
    lines: tuple[Line, ...]
    far: int
    calendar: Calendar
    ladders: Ladders

    @property
    def key(self) -> str:
        """The outbox key: one digest an address and morning."""
        return f"{key_prefix(self.day)}{self.recipient.address}"

    @property
    def subject(self) -> str:
        """The mail's subject."""
        return labels.subject_line(self.lines, self.day, self.calendar)

    @property
    def opening(self) -> str:
        """The mail's first line."""
        return labels.opening(self.lines, self.day, self.calendar)

    @property
    def rungs(self) -> list[tuple[Item, int]]:
        """The rungs that this mail uses up."""
        return [(line.item, line.rung) for line in self.lines if line.rung is not None]

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """The lines under their headings."""
        parts = [(s, [line for line in self.lines if line.section is s]) for s in Section]
        return [(labels.SECTIONS[section], lines) for section, lines in parts if lines]

    @property
    def listing(self) -> list[str]:
        """The lines as a terminal shows them."""
        names_agencies = self.names_agencies
        return [
            labels.in_one_line(line, self.when(line.item), self.ladders, names_agencies)
            for line in self.lines
        ]

    @property
    def told(self) -> list[str]:
        """The lines whose rungs this mail uses up, as in `listing`."""
        pairs = zip(self.lines, self.listing, strict=True)
        return [shown for line, shown in pairs if line.rung is not None]

    @property
    def names_agencies(self) -> bool:
        """Whether the lines have to say whose work they are."""
        return len({line.item.agency for line in self.lines}) > 1 or any(
            line.note or line.section is Section.WAITING for line in self.lines
        )

    def when(self, item: Item) -> str:
        """Day and distance of an item."""
        return labels.when(item, self.day, self.calendar)

    def to_json(self) -> dict[str, object]:
        """The digest as `ntmtasks remind --json` prints it."""
        return {
            "recipient": self.recipient.name,
            "address": self.recipient.address,
            "subject": self.subject,
            "rungs": [
                {
                    "ladder": item.ladder.value,
                    "rung": rung,
                    "subject": item.subject,
                    "title": item.title,
                    "deadline": item.deadline.isoformat(),
                }
                for item, rung in self.rungs
            ],
            "lines": [
                {
                    "section": line.section.value,
                    "path": line.item.path,
                    "title": line.item.title,
                    "agency": line.item.agency,
                    "supporting": line.item.supporting,
                    "deadline": line.item.deadline.isoformat(),
                    "when": self.when(line.item),
                    "url": line.item.url,
                    "note": line.note,
                }
                for line in self.lines
            ],
            "far": self.far,
        }


def key_prefix(day: date) -> str:
    """How the outbox keys of a morning's digests begin."""
    return f"reminder:{day.isoformat()}:"
