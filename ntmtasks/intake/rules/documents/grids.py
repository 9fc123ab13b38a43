"""Ruled tables of a page: the lines that cross make a grid, missing lines merge its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ntmtasks.intake.rules.documents.glyphs import Glyph, Page, Rule
from ntmtasks.intake.rules.documents.lines import glued, printed, rows_of

_NEAR = 3.0  # points within which two rules are one, or meet
Cells = list[list[list[str] | None]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on a page: its extent, its cells (None where a cell goes on from above), its glyphs.

    ``open_below`` tells that no rule closes its last row: the page ended in the middle of it.
    """

    top: float
    bottom: float
    columns: tuple[float, ...]
    cells: Cells
    inside: frozenset[Glyph]
    open_below: bool


def grids_of(page: Page, glyphs: Sequence[Glyph]) -> list[Grid]:
    """Return the tables of a page from the top; a frame around text is none."""
    across, down = _joined(page.across), _joined(page.down)
    grids = []
    for rules_across, rules_down in _crossing(across, down):
        grid = _grid(rules_across, rules_down, glyphs)
        if grid is not None:
            grids.append(grid)
    return sorted(grids, key=lambda g: g.top)


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules with those on one line that touch made one: borders come in pieces."""
    joined: list[Rule] = []
    for group in _lined_up(rules):
        group.sort(key=lambda r: r.begin)
        run = group[0]
        for rule in group[1:]:
            if rule.begin <= run.end + _NEAR:
                run = Rule(run.at, run.begin, max(run.end, rule.end))
            else:
                joined.append(run)
                run = rule
        joined.append(run)
    return [r for r in joined if r.end - r.begin > 2 * _NEAR]


def _lined_up(rules: Iterable[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if groups and rule.at - groups[-1][-1].at <= _NEAR / 2:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _crossing(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the groups of rules that hang together by crossings."""
    groups: list[tuple[list[Rule], list[Rule]]] = []
    left = list(down)
    while left:
        members_across: list[Rule] = []
        members_down = [left.pop()]
        grown = True
        while grown:
            new_across = [
                a for a in across
                if a not in members_across and any(_meet(a, d) for d in members_down)
            ]  # fmt: skip
            members_across += new_across
            new_down = [d for d in left if any(_meet(a, d) for a in new_across)]
            members_down += new_down
            left = [d for d in left if d not in new_down]
            grown = bool(new_down)
        groups.append((members_across, members_down))
    return groups


def _meet(across: Rule, down: Rule) -> bool:
    return (
        across.begin - _NEAR <= down.at <= across.end + _NEAR
        and down.begin - _NEAR <= across.at <= down.end + _NEAR
    )


def _grid(across: list[Rule], down: list[Rule], glyphs: Sequence[Glyph]) -> Grid | None:
    if not across:
        return None
    # Where the outer rules are missing (a page break, an open side) the inner ones show how far.
    xs = _stops([d.at for d in down] + [min(a.begin for a in across), max(a.end for a in across)])
    ys = _stops([a.at for a in across] + [min(d.begin for d in down), max(d.end for d in down)])
    if len(xs) < 3 or len(ys) < 2:
        return None
    slots = _slots(xs, ys, glyphs)
    owners = _owners(xs, ys, across, down)
    texts: dict[tuple[int, int], list[Glyph]] = {}
    for place, found in slots.items():
        texts.setdefault(owners[place], []).extend(found)
    inside = frozenset(g for found in slots.values() for g in found)
    rows = range(len(ys) - 1)
    cells = [[_cell(r, c, owners, texts) for c in range(len(xs) - 1)] for r in rows]
    closed = any(abs(a.at - ys[-1]) <= _NEAR for a in across)
    return Grid(ys[0], ys[-1], tuple(xs), cells, inside, not closed)


def _stops(values: list[float]) -> list[float]:
    stops: list[float] = []
    for value in sorted(values):
        if not stops or value - stops[-1] > 2 * _NEAR:
            stops.append(value)
    return stops


def _slots(
    xs: list[float], ys: list[float], glyphs: Sequence[Glyph]
) -> dict[tuple[int, int], list[Glyph]]:
    """Return the glyphs by the row and column in which their middle lies."""
    found: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - glyph.size * 0.3
        if xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]:
            column = sum(x > stop for stop in xs[1:-1])
            row = sum(y > stop for stop in ys[1:-1])
            found.setdefault((row, column), []).append(glyph)
    return found


def _owners(
    xs: list[float], ys: list[float], across: list[Rule], down: list[Rule]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each slot the first slot of the cell that it belongs to."""
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            middle_x, middle_y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
            if c and not _ruled(down, xs[c], middle_y):
                owners[r, c] = owners[r, c - 1]
            elif r and not _ruled(across, ys[r], middle_x):
                owners[r, c] = owners[r - 1, c]
            else:
                owners[r, c] = (r, c)
    return owners


def _ruled(rules: list[Rule], at: float, through: float) -> bool:
    return any(
        abs(rule.at - at) <= 2 * _NEAR and rule.begin - 1 <= through <= rule.end + 1
        for rule in rules
    )


def _cell(
    row: int,
    column: int,
    owners: dict[tuple[int, int], tuple[int, int]],
    texts: dict[tuple[int, int], list[Glyph]],
) -> list[str] | None:
    owner = owners[row, column]
    if owner == (row, column):
        return _paragraphs([printed(line).text for line in rows_of(texts.get(owner, ()))])
    return None if owner[0] < row and owner[1] == column else []


def _paragraphs(lines: list[str]) -> list[str]:
    """Return the lines of a cell joined, but for what begins with a dash."""
    groups: list[list[str]] = []
    for line in lines:
        if not groups or re.match(r"[-+•]\s", line):
            groups.append([])
        groups[-1].append(line)
    return [glued(group) for group in groups]
