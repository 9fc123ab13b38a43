"""The parts of a report being written: what came from the screen, and what goes onto it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, render_template, request

from ntmtasks.core.forms import Difference, clean
from ntmtasks.core.text import fold
from ntmtasks.reports.forms.writing import FigureForm, SectionForm, digest
from ntmtasks.reports.labels import PARTS, SECTIONS
from ntmtasks.reports.models import Report, ReportSection
from ntmtasks.reports.queries import contents
from ntmtasks.reports.queries.contents import Draft
from ntmtasks.reports.rules import content
from ntmtasks.reports.rules.content import Part, SectionKind, Table
from ntmtasks.reports.rules.figures import Kept, change_words, write_number
from ntmtasks.reports.rules.proposing import left_out
from ntmtasks.reports.rules.writing import added, bare_lines
from ntmtasks.reports.service.composing import Collisions, Typed, TypedFigure, TypedText

ANSWER = "Nội dung trả lời"
NEW = "new"
MOST_SUGGESTIONS = 100
"""So many lines stand ready to add in a section; the next ones come up as these are taken."""
_FIGURE = re.compile(r"figure-(\d{1,4}|new)-label")


@dataclass(frozen=True)
class Posted:
    """What came from the screen. `taken` are sections into which a ready line was put, `again` the names
    of parts that had been refused: stored, they are shown anew, without what was said about them."""

    sections: Mapping[SectionKind, SectionForm] = field(default_factory=dict)
    figures: Mapping[str, FigureForm] = field(default_factory=dict)
    taken: frozenset[SectionKind] = frozenset()
    again: frozenset[str] = frozenset()

    @property
    def is_valid(self) -> bool:
        """Whether all of it may be stored; each part says beside its field what is wrong."""
        found = [form.validate() for form in (*self.sections.values(), *self.figures.values())]
        return all(found)

    @property
    def is_single(self) -> bool:
        """Whether one part came alone, as it does when it is stored by itself."""
        return len(self.sections) + len(self.figures) == 1

    def typed(self) -> Typed:
        """The valid parts as the service takes them."""
        return Typed(
            {
                kind: TypedText(form.text.data or "", form.version.data or 0, form.is_touched)
                for kind, form in self.sections.items()
            },
            [
                TypedFigure(
                    form.label.data or "",
                    form.unit.data or "",
                    form.number,
                    form.version.data or 0,
                    form.is_touched,
                )
                for form in self.figures.values()
            ],
        )


def posted() -> Posted:
    """The parts of a report in this request, with the lines that were taken put in."""
    sections, taken = {}, set()
    for kind in SectionKind:
        if f"{kind.value}-text" not in request.form:
            continue
        form = SectionForm(kind)
        more = clean(request.form.get(f"{kind.value}-add", ""))
        if more:
            form.text.data = added(form.text.data or "", more)
            taken.add(kind)
        sections[kind] = form
    numbers = [match[1] for name in request.form if (match := _FIGURE.fullmatch(name))]
    figures = {number: FigureForm(prefix=f"figure-{number}") for number in numbers}
    if NEW in figures and figures[NEW].is_blank:
        del figures[NEW]
    again = {name.removesuffix("-again") for name in request.form if name.endswith("-again")}
    return Posted(sections, figures, frozenset(taken), frozenset(again))


@dataclass(frozen=True)
class SectionPart:
    """A section on the screen: `ready` are lines to add, `last` the text of the last report, `hints` its
    words of effort without a figure, `conflict` what somebody else has stored meanwhile."""

    kind: SectionKind
    form: SectionForm
    row: ReportSection | None = None
    ready: Sequence[str] = ()
    last: str = ""
    conflict: Sequence[Difference] = ()
    is_open: bool = False

    @property
    def label(self) -> str:
        """Its heading."""
        return SECTIONS[self.kind]

    @property
    def is_alone(self) -> bool:
        """Whether it is all of its part."""
        own = content.PARTS[self.kind]
        return list(content.PARTS.values()).count(own) == 1

    @property
    def hints(self) -> list[tuple[str, str]]:
        """Words of effort without any figure, with their lines."""
        return bare_lines(self.form.text.data or "")

    @property
    def rows(self) -> int:
        """How tall the text is at first, in lines."""
        lines = (self.form.text.data or "").splitlines()
        return min(max(sum(len(line) // 90 + 1 for line in lines) + 1, 3), 16)


@dataclass(frozen=True)
class FigurePart:
    """A figure on the screen; `number` is its place there."""

    number: str
    form: FigureForm
    previous: str = ""
    change: str = ""
    conflict: Sequence[Difference] = ()


@dataclass(frozen=True)
class Composer:
    """A report being written, as its page shows it; `annex` counts the tasks of its annex."""

    parts: Sequence[tuple[Part, str, Sequence[SectionPart]]]
    figures: Sequence[FigurePart]
    new: FigurePart
    missing: Sequence[str]
    tables: Sequence[Table]
    annex: int


def composer(
    report: Report, typed: Posted | None = None, collisions: Collisions | None = None
) -> Composer:
    """The composer of a report; `typed` stays on the screen where it is not stored: all of it, or with
    `collisions` only what is named there."""
    draft, posted = contents.draft(report), typed or Posted()
    is_answer = report.requirement.is_ad_hoc
    kinds = [content.WHOLE_TEXT] if is_answer else list(SectionKind)
    sections = [section_part(draft, kind, posted.sections.get(kind), collisions) for kind in kinds]
    if is_answer:
        sections[0].form.text.label.text = ANSWER
    parts = [
        (part, PARTS[part], found)
        for part in Part
        if (found := [s for s in sections if content.PARTS[s.kind] is part])
    ]
    figures, new = _figures(draft, posted, collisions)
    leads = sum(work.is_lead for work in draft.facts.works)
    return Composer(parts, figures, new, draft.missing, draft.tables, leads)


def section_part(
    draft: Draft,
    kind: SectionKind,
    typed: SectionForm | None = None,
    collisions: Collisions | None = None,
    is_open: bool = False,
) -> SectionPart:
    """One section; `typed` stays in it unless it was stored, beside the other text where two collide."""
    row, text = draft.rows.get(kind), clean(draft.texts[kind])
    form, conflict = section_form(kind, text, row), []
    if typed is not None and collisions is not None and kind in collisions.kinds:
        mine = typed.text.data or ""
        conflict = [Difference(SECTIONS[kind], text, mine)]
        form.text.data = mine
    elif typed is not None and collisions is None:
        form = typed
    last = next((s.text for s in draft.last.sections if s.kind is kind), "") if draft.last else ""
    ready = left_out(draft.proposals, kind, form.text.data or "")[:MOST_SUGGESTIONS]
    return SectionPart(kind, form, row, ready, last, conflict, is_open)


def section_form(kind: SectionKind, text: str, row: ReportSection | None) -> SectionForm:
    """A section as it stands."""
    version = row.version if row else 0
    values: dict[str, Any] = {"text": text, "version": version, "base": digest(text)}
    return SectionForm(kind, formdata=None, **values)


def figure_form(place: str, kept: Kept) -> FigureForm:
    """A figure as it stands."""
    value = "" if kept.value is None else write_number(kept.value)
    values: dict[str, Any] = {"label": kept.label, "unit": kept.unit, "value": value}
    values |= {"version": kept.version, "base": digest(value, kept.unit)}
    return FigureForm(formdata=None, prefix=f"figure-{place}", **values)


def _figures(
    draft: Draft, typed: Posted, collisions: Collisions | None
) -> tuple[list[FigurePart], FigurePart]:
    mine = {fold(form.label.data or ""): form for form in typed.figures.values()}
    lost = {fold(label) for label in collisions.labels} if collisions is not None else set(mine)
    found = []
    for place, kept in enumerate(draft.figures):
        key = fold(kept.label)
        own = mine.pop(key, None)
        found.append(_figure_part(str(place), kept, own if key in lost else None, collisions))
    new = typed.figures.get(NEW)
    is_kept = new is not None and collisions is None and fold(new.label.data or "") in mine
    blank = FigureForm(formdata=None, prefix=f"figure-{NEW}")
    return found, FigurePart(NEW, new if new is not None and is_kept else blank)


def _figure_part(
    place: str, kept: Kept, own: FigureForm | None = None, collisions: Collisions | None = None
) -> FigurePart:
    """One figure; `own` is what was typed for it and is not stored."""
    form, conflict = figure_form(place, kept), []
    if own is not None and collisions is None:
        form = own
    elif own is not None:
        conflict = [Difference(kept.label, form.words, own.words)]
        form.value.data, form.unit.data = own.value.data, own.unit.data
    previous = "" if kept.previous is None else write_number(kept.previous)
    change = ""
    if kept.value is not None and kept.previous is not None:
        change = change_words(kept.value - kept.previous, kept.unit)
    return FigurePart(place, form, previous, change, conflict)


@dataclass(frozen=True)
class Piece:
    """A part of the composer as the answer to HTMX; `place` is the id of what it takes the place of, ""
    where HTMX knows it."""

    html: str
    place: str = ""


def saved_piece(report: Report, posted: Posted) -> Piece | None:
    """What changed by storing one part that came alone; None where several came."""
    if not posted.is_single:
        return None
    for kind, form in posted.sections.items():
        if kind in posted.taken or kind.value in posted.again:
            return _whole_section(report, kind, is_open=kind in posted.taken)
        row = contents.section_row(report.id, kind)
        stored = section_form(kind, row.text, row) if row else form
        section = SectionPart(kind, stored, row)
        return Piece(render_template("reports/_section_state.html", section=section))
    place, form = next(iter(posted.figures.items()))
    if place == NEW or f"figure-{place}" in posted.again:
        return _all_figures(report)
    key = fold(form.label.data or "")
    kept = next((k for k in contents.draft(report).figures if fold(k.label) == key), None)
    if kept is None:  # proposed when the page was shown, and by now no longer
        return _all_figures(report)
    figure = _figure_part(place, kept)
    return Piece(render_template("reports/_figure_state.html", figure=figure))


def refused_piece(report: Report, posted: Posted, collisions: Collisions | None) -> Piece | None:
    """The same for one that was not stored."""
    if not posted.is_single:
        return None
    for kind, form in posted.sections.items():
        return _whole_section(report, kind, form, collisions)
    return _all_figures(report, posted, collisions)


def _whole_section(
    report: Report,
    kind: SectionKind,
    typed: SectionForm | None = None,
    collisions: Collisions | None = None,
    is_open: bool = False,
) -> Piece:
    section = section_part(contents.draft(report), kind, typed, collisions, is_open)
    html = render_template("reports/_section.html", report=report, section=section)
    return Piece(html, f"section-{kind.value}")


def _all_figures(
    report: Report, posted: Posted | None = None, collisions: Collisions | None = None
) -> Piece:
    figures, new = _figures(contents.draft(report), posted or Posted(), collisions)
    html = render_template("reports/_figures.html", report=report, figures=figures, new=new)
    return Piece(html, "figures")


def aimed(answer: Response, piece: Piece | None) -> Response:
    """The answer, told to take the place of its piece."""
    if piece is not None and piece.place:
        answer.headers["HX-Retarget"] = f"#{piece.place}"
        answer.headers["HX-Reswap"] = "outerHTML"
    return answer
