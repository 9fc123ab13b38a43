"""Work tables: which rows are items, and under which path."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import CAPITALS
from ntmtasks.intake.rules.blocks import Cell, Row
from ntmtasks.intake.rules.columns import Columns, heads_numbers, task_columns
from ntmtasks.intake.rules.deadlines import find_deadline
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.duties import roles_of
from ntmtasks.intake.rules.finishing import is_quarter_four, task_kind
from ntmtasks.intake.rules.labels import parse_label
from ntmtasks.intake.rules.naming import split_names
from ntmtasks.intake.rules.parts import AgencyMention, ItemReading, Role

_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*")
_GROUP = re.compile(r"[IVX]{1,6}|[A-EĐ]")
_BARE_GROUP = re.compile(rf"([IVX]{{1,6}}|[A-EĐ])\s+[{CAPITALS}]")
_BELOW = re.compile(r"[a-zđ]|\d{1,3}|[-–+•]")


@dataclass(slots=True)
class _Entry:
    """A row of a work table: its label, its words, what it says, and the group above it.

    ``bullet`` tells that the label stands in front of the words, not in a column of its own;
    ``above`` is the row that this one divides.
    """

    row: Row
    columns: Columns
    label: str
    group: str
    bullet: bool = False
    above: _Entry | None = None

    def cell(self, i: int) -> str:
        return self.row.cells[i].text if 0 <= i < len(self.row.cells) else ""

    @property
    def text(self) -> str:
        text = self.cell(self.columns.content)
        return text[1:].lstrip() if self.bullet else text

    def told(self, column: int) -> str:
        """Return what a cell says; an empty one says what the row says that this one divides."""
        return self.cell(column) or (self.above.cell(column) if self.above else "")

    @property
    def said(self) -> bool:
        c = self.columns
        return any(self.cell(i) for i in (c.lead, c.support, c.time))


def table_items(
    rows: Sequence[Row], prefix: str, directory: Directory, year: int | None, taken: set[str]
) -> Iterator[tuple[Row, ItemReading | None]]:
    """Yield each row with the item it holds, or None for headers, group rows and other tables.

    Paths are the printed numbers ("PL.4"), those of the group in front where each group counts
    anew ("PL.II.1").
    """
    entries = _entries(rows)
    anew = _counts_anew(entries)
    paths = _paths(entries, prefix, anew)
    for i, row in enumerate(rows):
        entry = entries.get(i)
        if entry is None or i not in paths:
            yield row, None
            continue
        item = _item(entry, paths[i], directory, year)
        if item.path in taken:
            item = _renamed(item, taken)
        taken.add(item.path)
        yield row, item


def _entries(rows: Sequence[Row]) -> dict[int, _Entry]:
    """Return the rows below headers, by index, each with its label and group."""
    found: dict[int, _Entry] = {}
    columns, skip, group = None, 0, ""
    for i, row in enumerate(rows):
        header = task_columns(rows, i) if skip == 0 else None
        if header:
            columns, skip = header
        elif row.cells and heads_numbers(row.cells[0].text):
            columns = None  # the header of another table
        if skip:
            skip -= 1
            continue
        if columns is None or _numbers_columns(row):
            continue
        row = _unmerged(row, columns)
        entry = _Entry(row, columns, "", group)
        first = entry.cell(columns.number).strip(" .)/") if columns.number >= 0 else ""
        if group_label := _group_label(row, first):
            group = group_label
            continue
        label = parse_label(entry.text) if not first else None
        entry.bullet = label is not None and label.style in ("dash", "plus")
        entry.label = label.printed if label and entry.bullet else first
        found[i] = entry
    return found


def _numbers_columns(row: Row) -> bool:
    """Tell whether a row numbers the columns: (1) (2) (3)."""
    texts = [c.text.strip("() .") for c in row.cells if c.text]
    return len(texts) > 2 and all(t == str(n) for n, t in enumerate(texts, start=1))


def _unmerged(row: Row, columns: Columns) -> Row:
    """Return a row whose number cell spans the row above with an empty cell in its place."""
    short = columns.number == 0 and 1 < len(row.cells) == columns.width - 1
    first = row.cells[0].text.strip(" .)/")
    if not short or _NUMBER.fullmatch(first) or _GROUP.fullmatch(first) or _BELOW.fullmatch(first):
        return row
    return replace(row, cells=(Cell(), *row.cells))


def _group_label(row: Row, first: str) -> str:
    """Return the label of a row that heads a group: "II | …" or "II. …" over all columns."""
    if _GROUP.fullmatch(first):
        return first
    filled = [c.text for c in row.cells if c.text]
    if len(filled) == 1 and (bare := _BARE_GROUP.match(filled[0])):
        return bare[1]  # "A Công tác quy hoạch": number and words in one cell
    label = parse_label(filled[0]) if len(filled) == 1 else None
    return label.printed if label and label.style in ("roman", "part") else ""


def _counts_anew(entries: dict[int, _Entry]) -> bool:
    """Tell whether the numbers start again below each group."""
    numbers = [(e.group, e.label) for e in entries.values() if _NUMBER.fullmatch(e.label)]
    labels = {label for _, label in numbers}
    return len(labels) < len(set(numbers)) and all(group for group, _ in numbers)


def _paths(entries: dict[int, _Entry], prefix: str, anew: bool) -> dict[int, str]:
    """Return the paths of the rows that are items: work that no further row divides."""
    found: dict[int, str] = {}
    above, counts = "", Counter[str]()
    divided_entry: _Entry | None = None
    for i, entry in entries.items():
        base = ".".join(x for x in (prefix, entry.group if anew else "") if x)
        following = entries.get(i + 1)
        if not entry.text or (entry.label and not _is_label(entry.label)):
            continue
        if _NUMBER.fullmatch(entry.label):
            above = path = f"{base}.{entry.label}" if base else entry.label
            divided = following is not None and _divides(following, entry)
            divided_entry = entry if divided else None
            if divided or not (entry.said or _stands_alone(entry, following)):
                continue
        elif not entry.said and not (entry.bullet and divided_entry and divided_entry.said):
            continue
        elif entry.columns.number < 0:
            counts[base] += 1
            path = f"{base}.{counts[base]}" if base else str(counts[base])
        else:
            step = entry.label.replace("–", "-").replace("•", "-") or "p"
            if step in "-+p":
                counts[above + step] += 1
                step = f"{step}{counts[above + step]}"
            path = f"{above or base}.{step}"
            entry.above = divided_entry
        found[i] = path
    return found


def _is_label(label: str) -> bool:
    return bool(_NUMBER.fullmatch(label) or _BELOW.fullmatch(label))


def _divides(row: _Entry, above: _Entry) -> bool:
    """Tell whether a row is a part of the one above: "1.1" of "1", or "a" and "-" of any."""
    if row.label.startswith(above.label + "."):
        return True
    return bool(row.label) and not _NUMBER.fullmatch(row.label) and _is_label(row.label)


def _stands_alone(entry: _Entry, following: _Entry | None) -> bool:
    """Tell whether a numbered row that says neither who nor when is work all the same.

    Its cells may be merged with those of the row above; a heading comes in capitals, or is the
    only filled cell.
    """
    filled = [c for c in entry.row.cells if c.text]
    return len(filled) > 2 and not entry.text.isupper() and following is not None


def _renamed(item: ItemReading, taken: set[str]) -> ItemReading:
    """Return the item under a path of its own: a second table counts from 1 again."""
    path = next(p for k in range(2, 100_000) if (p := f"{item.path}({k})") not in taken)
    return replace(item, path=path)


def _item(entry: _Entry, path: str, directory: Directory, year: int | None) -> ItemReading:
    columns, text = entry.columns, entry.text
    when = entry.told(columns.time)
    leads, partners = roles_of(entry.told(columns.lead), directory)
    partners = [*partners, *split_names(entry.told(columns.support), directory)]
    deadline = read_phrase(when, year) if when else find_deadline(text, year)
    return ItemReading(
        path=path,
        label=entry.label,
        text=text,
        kind="task",
        agencies=(
            *_mentions(leads, "lead", directory),
            *_mentions(partners, "supporting", directory),
        ),
        deadline=deadline,
        task_kind=task_kind(text, deadline),
        quarter_four=is_quarter_four(deadline),
        product=entry.cell(columns.product),
        start=entry.row.start,
        end=entry.row.end,
    )


def _mentions(names: list[str], role: Role, directory: Directory) -> Iterator[AgencyMention]:
    for name in dict.fromkeys(names):
        yield AgencyMention(name, role, directory.match(name))
