"""What a reading consists of: plain frozen values, and the JSON object of design.md section 5.

Offsets count characters of the text after :func:`ntmtasks.core.text.nfc`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

ClauseKind = Literal["section", "group", "task", "target", "funding", "closing", "other"]
ItemKind = Literal["task", "target", "funding", "closing"]
TaskKind = Literal["concrete", "continuous", "recurring"]
Role = Literal["lead", "supporting"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency that the text names, as written; ``agency`` is its short name, if known."""

    name: str
    role: Role
    agency: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """An agency that we propose where the text names none, with the reason in Vietnamese."""

    agency: str
    role: Role
    reason: str


@dataclass(frozen=True, slots=True)
class DeadlineReading:
    """A deadline as the plan writes it.

    ``due_on`` is None for recurring, continuous and event-based ones. ``basis`` tells how the
    date was computed: ``explicit`` (a day is written), ``period_end`` (last day of a written
    month, quarter, year), ``annex`` (written in the annex, not in the item), ``none``.
    """

    text: str
    due_on: date | None
    recurrence: tuple[str, ...] | None
    basis: str

    def to_json(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "text": self.text,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "recurrence": list(self.recurrence) if self.recurrence else None,
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One item of the plan: a task, a target, a line of money or the closing clause."""

    path: str
    label: str
    text: str
    kind: ItemKind
    agencies: tuple[AgencyMention, ...] = ()
    proposed: Proposal | None = None
    assigned_by: str | None = None
    deadline: DeadlineReading | None = None
    task_kind: TaskKind = "concrete"
    quarter_four: bool = False
    product: str = ""
    start: int = 0
    end: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "path": self.path,
            "label": self.label,
            "text": self.text,
            "kind": self.kind,
            "agencies": [
                {"name": a.name, "role": a.role, "agency": a.agency} for a in self.agencies
            ],
            "proposed": self.proposed
            and {
                "agency": self.proposed.agency,
                "role": self.proposed.role,
                "reason": self.proposed.reason,
            },
            "assigned_by": self.assigned_by,
            "deadline": self.deadline and self.deadline.to_json(),
        }


@dataclass(frozen=True, slots=True)
class CommuneReading:
    """A commune of the annex; names come without "xã" and "huyện"."""

    commune: str
    district: str
    level: Literal["advanced", "model"]
    commitment: Literal["registered", "striving"]
    deadline: DeadlineReading | None

    def to_json(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "commune": self.commune,
            "district": self.district,
            "level": self.level,
            "commitment": self.commitment,
            "deadline": self.deadline and self.deadline.to_json(),
        }


@dataclass(frozen=True, slots=True)
class FundingLine:
    """One source of money; ``amount`` in the unit of its :class:`FundingReading`."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class FundingReading:
    """The money that a plan names; ``total`` is the written total, not a computed sum."""

    total: int
    unit: str
    sources: tuple[FundingLine, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "total": self.total,
            "unit": self.unit,
            "sources": [{"name": s.name, "amount": s.amount} for s in self.sources],
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a careful reader would question; ``quote`` is verbatim, never empty.

    ``message`` says what is wrong, ``remedy`` what the coordinator can do about it.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    quote: str
    path: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "remedy": self.remedy,
            "quote": self.quote,
            "path": self.path,
        }


@dataclass(frozen=True, slots=True)
class SectionReading:
    """A section as printed: its label ("III") and heading."""

    label: str
    heading: str


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """One paragraph or heading of the document, in reading order; together the whole document.

    ``text`` is without the label; ``start`` and ``end`` delimit the verbatim original, label
    included. ``parent_path`` is None at the top.
    """

    path: str
    parent_path: str | None
    label: str
    text: str
    start: int
    end: int
    kind: ClauseKind


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Text that stands in no clause, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanReading:
    """All that was understood of a plan."""

    number: str | None = None
    issued_on: date | None = None
    year: int | None = None
    issuer: str | None = None
    place: str | None = None
    signer: str | None = None
    title: str | None = None
    sections: tuple[SectionReading, ...] = ()
    items: tuple[ItemReading, ...] = ()
    communes: tuple[CommuneReading, ...] = ()
    funding: FundingReading | None = None
    recipients: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    clauses: tuple[ClauseReading, ...] = field(default=(), repr=False)
    left_out: tuple[LeftOut, ...] = field(default=(), repr=False)

    @property
    def tasks(self) -> tuple[ItemReading, ...]:
        """Return the items that become tasks."""
        return tuple(i for i in self.items if i.kind == "task")

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``ntmtasks read --json`` prints (design.md, section 5)."""
        return {
            "number": self.number,
            "issued_on": self.issued_on.isoformat() if self.issued_on else None,
            "year": self.year,
            "issuer": self.issuer,
            "place": self.place,
            "signer": self.signer,
            "title": self.title,
            "sections": [{"label": s.label, "heading": s.heading} for s in self.sections],
            "items": [i.to_json() for i in self.items],
            "communes": [c.to_json() for c in self.communes],
            "funding": self.funding and self.funding.to_json(),
            "recipients": list(self.recipients),
            "findings": [f.to_json() for f in self.findings],
        }


_CUT = 160


def short(text: str) -> str:
    """Return the beginning of a text, cut between words: still verbatim."""
    if len(text) <= _CUT:
        return text
    return text[:_CUT].rsplit(" ", 1)[0]
