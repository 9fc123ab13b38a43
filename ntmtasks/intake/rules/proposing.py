"""Who could lead what the plan gives to nobody; always a proposal, always with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ntmtasks.agencies.rules import Directory, FieldEntry
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.likeness import acts_of, alike
from ntmtasks.intake.rules.parts import (
    ClauseReading,
    DeadlineReading,
    ItemReading,
    PlanReading,
    Proposal,
)

SAME_WORK = 0.5  # above it two items of plans seen so far were one work told twice


@dataclass(frozen=True, slots=True)
class Twin:
    """An item that some agency leads and that says much the same as another one."""

    path: str
    other: str
    likeness: float
    act: str = ""


def has_lead(item: ItemReading) -> bool:
    """Tell whether the text itself names a lead."""
    return any(a.role == "lead" for a in item.agencies)


def find_twins(items: tuple[ItemReading, ...]) -> tuple[Twin, ...]:
    """Return pairs (item without lead, item with lead) that are one work told twice.

    Either the words are alike, or both are the same kind of act (a conference, a dossier for
    recognition) and the other one is led by a single agency.
    """
    texts = [i.text for i in items]
    free = [n for n, i in enumerate(items) if not has_lead(i)]
    led = [n for n, i in enumerate(items) if has_lead(i)]
    found: dict[tuple[int, int], Twin] = {}
    acts = [acts_of(t) for t in texts]
    for i, j, likeness in alike(texts, free, led):
        act = min(acts[i] & acts[j], default="")
        if likeness >= SAME_WORK:
            found[i, j] = Twin(items[i].path, items[j].path, likeness)
        elif act and _section(items[i]) != _section(items[j]):
            found[i, j] = Twin(items[i].path, items[j].path, likeness, act)
    return tuple(found.values())


def _section(item: ItemReading) -> str:
    return item.path.partition(".")[0]


def with_proposals(reading: PlanReading, directory: Directory) -> PlanReading:
    """Return the reading with a proposed lead for each task whose text names none."""
    twins = {t.path: t for t in reversed(find_twins(reading.tasks))}
    by_path = {i.path: i for i in reading.items}
    context = _headings(reading.clauses)
    items = []
    for item in reading.items:
        if item.kind == "task" and not has_lead(item):
            twin = twins.get(item.path)
            proposed = (twin and _from_twin(twin, by_path, directory)) or propose(
                item.text, context.get(item.path, ""), directory
            )
            item = replace(item, proposed=proposed)
        items.append(_with_annex_deadline(item, reading))
    return replace(reading, items=tuple(items))


def _from_twin(
    twin: Twin, items: Mapping[str, ItemReading], directory: Directory
) -> Proposal | None:
    names = {a.agency for a in items[twin.other].agencies if a.role == "lead" and a.agency}
    if len(names) != 1:
        return None
    name = names.pop()
    if twin.act and directory.is_group(name):
        return None
    about = f"cùng loại việc ({twin.act})" if twin.act else "việc tương tự"
    return Proposal(name, "lead", f"mục {twin.other} giao {about} cho cơ quan này")


def _headings(clauses: tuple[ClauseReading, ...]) -> dict[str, str]:
    """Return, for each path, the headings above it joined, without the section's own."""
    by_path = {c.path: c for c in clauses}
    above: dict[str, str] = {}
    for clause in clauses:
        parent = by_path.get(clause.parent_path or "")
        if parent is not None and parent.kind == "group":
            above[clause.path] = f"{above.get(parent.path, '')} {parent.text}"
    return above


def propose(text: str, heading: str, directory: Directory) -> Proposal | None:
    """Return the agency whose field a text speaks of, else the coordinating office.

    A field scores the words of its keywords that occur in the text, and half of those in the
    headings above. None only where the directory has no coordinating office.
    """
    said, above = f" {fold(text)} ", f" {fold(heading)} "
    best = max(
        (_score(f, said, above) for f in directory.fields),
        key=lambda s: s[0],
        default=(0.0, "", None),
    )
    score, keyword, entry = best
    if entry is not None and score > 0:
        reason = f"lĩnh vực “{entry.name}” (có cụm từ “{keyword}”)"
        return Proposal(entry.agency, "lead", reason)
    if not directory.office:
        return None
    return Proposal(
        directory.office, "lead", "kế hoạch không nêu cơ quan: mặc định cơ quan điều phối"
    )


def _score(entry: FieldEntry, text: str, heading: str) -> tuple[float, str, FieldEntry]:
    hits = [*_hits(entry, text, 1.0), *_hits(entry, heading, 0.5)]
    return sum(h[0] for h in hits), max(hits, default=(0.0, ""))[1], entry


def _hits(entry: FieldEntry, text: str, worth: float) -> Iterator[tuple[float, str]]:
    for keyword in entry.keywords:
        if _folded(keyword) in text:
            yield worth * len(keyword.split()), keyword


@lru_cache(maxsize=1024)
def _folded(keyword: str) -> str:
    """Return a keyword folded; the same few hundred are asked for by every item."""
    return fold(keyword)


def _with_annex_deadline(item: ItemReading, reading: PlanReading) -> ItemReading:
    """Give the annex's date to the item that tells how many of its communes are to be done.

    The item keeps its own words ("năm 2024"); the basis says that the annex gives the date.
    """
    dates = {c.deadline.due_on for c in reading.communes if c.deadline}
    folded = fold(item.text)
    if item.kind != "task" or item.deadline or len(dates) != 1 or None in dates:
        return item
    if not folded.startswith("hoan thanh") or " xa " not in folded:
        return item
    written = next(c.deadline for c in reading.communes if c.deadline)
    own = f"năm {reading.year}" if f"năm {reading.year}" in item.text else written.text
    deadline = DeadlineReading(own, read_phrase(written.text).due_on, None, "annex")
    return replace(item, deadline=deadline, quarter_four="quy iv" in fold(written.text))
