"""What a report says, whole: the same for the screen, the print page, .docx and .xlsx.

`core.plain` makes a content into plain values and back: so every submission is kept as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ntmtasks.reports.rules.figures import change_words, write_number
from ntmtasks.reports.rules.periods import AD_HOC_LABEL


class SectionKind(StrEnum):
    """The sections of a report, in their order on paper (domain.md, section 3)."""

    GUIDANCE = "guidance"
    COMMUNICATION = "communication"
    CRITERIA = "criteria"
    RESOURCES = "resources"
    DIFFICULTIES = "difficulties"
    NEXT_PERIOD = "next_period"
    PROPOSALS = "proposals"


class Part(StrEnum):
    """The four parts of a report: I, II, III, IV."""

    RESULTS = "results"
    DIFFICULTIES = "difficulties"
    NEXT_PERIOD = "next_period"
    PROPOSALS = "proposals"


PARTS: dict[SectionKind, Part] = {
    SectionKind.GUIDANCE: Part.RESULTS,
    SectionKind.COMMUNICATION: Part.RESULTS,
    SectionKind.CRITERIA: Part.RESULTS,
    SectionKind.RESOURCES: Part.RESULTS,
    SectionKind.DIFFICULTIES: Part.DIFFICULTIES,
    SectionKind.NEXT_PERIOD: Part.NEXT_PERIOD,
    SectionKind.PROPOSALS: Part.PROPOSALS,
}
WHOLE_TEXT = SectionKind.CRITERIA
"""Where a report stands that came as one text: on paper, or before there were sections."""


class LineKind(StrEnum):
    """How a line of a section stands on paper: a paragraph, "- " or "+ "."""

    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    SUB_BULLET = "sub_bullet"


@dataclass(frozen=True)
class Line:
    """One line of a section without its mark."""

    kind: LineKind
    text: str


@dataclass(frozen=True)
class Section:
    """The text of a section: plain lines, "- " bullets, "+ " sub-bullets, else paragraphs."""

    kind: SectionKind
    text: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines, the empty ones left out."""
        return lines_of(self.text)


@dataclass(frozen=True)
class Figure:
    """A labelled figure ("Số xã đạt chuẩn", 24, "xã") and what it was in the last report, None where
    that had none."""

    label: str
    value: Decimal
    unit: str
    previous: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """How much it grew (below 0: fell) since the last report."""
        return None if self.previous is None else self.value - self.previous

    @property
    def words(self) -> tuple[str, str, str]:
        """As texts: the value with its unit, what it was, and how it changed ("tăng 2 xã")."""
        value = f"{write_number(self.value)} {self.unit}".strip()
        previous = "" if self.previous is None else write_number(self.previous)
        return value, previous, change_words(self.change, self.unit)


@dataclass(frozen=True)
class AnnexRow:
    """A task in the annex table. `due_on` is None where there is no date: then `deadline_text`, the
    plan's own words, says when; `percent` is 0–100 or None, `path` the clause as printed."""

    number: int
    task: str
    path: str
    lead: str
    supporting: str
    deadline_text: str
    due_on: date | None
    result: str
    percent: int | None
    note: str


@dataclass(frozen=True)
class TableRow:
    """A line of a table: what it is about, and a number for each column behind that."""

    label: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """A table of numbers of a consolidated report; `columns[0]` stands above the labels of its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Content:
    """A whole report. Data runs from `starts_on` to `cut_off`, both inclusive. `sections` are in their
    order, `tables` follow them; neither holds anything empty."""

    title: str
    period_labels: tuple[str, ...]
    starts_on: date
    cut_off: date
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...] = ()
    annex: tuple[AnnexRow, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether it answers a question asked once, in one text: that has no headings."""
        return AD_HOC_LABEL in self.period_labels and len(self.sections) <= 1

    def parts(self) -> list[tuple[Part, list[Section]]]:
        """The sections by part; a part without any is left out."""
        found: dict[Part, list[Section]] = {}
        for section in self.sections:
            found.setdefault(PARTS[section.kind], []).append(section)
        return list(found.items())


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a text with the kind that their first mark says."""
    return tuple(_line(line) for line in map(str.strip, text.splitlines()) if _line(line).text)


def _line(line: str) -> Line:
    for marks, kind in (("-–•*", LineKind.BULLET), ("+", LineKind.SUB_BULLET)):
        if line and line[0] in marks and not line[1:2].isdigit():
            return Line(kind, line[1:].strip())
    return Line(LineKind.PARAGRAPH, line)


def sections_of(texts: Mapping[SectionKind, str]) -> tuple[Section, ...]:
    """The sections that say something, in their order."""
    return tuple(
        Section(kind, texts[kind].strip()) for kind in SectionKind if lines_of(texts.get(kind, ""))
    )
