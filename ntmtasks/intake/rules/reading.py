"""Reading a whole plan: text in, :class:`PlanReading` out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.findings import find_all
from ntmtasks.intake.rules.heads import read_head
from ntmtasks.intake.rules.items import Collector, finish
from ntmtasks.intake.rules.layout import Block, Paragraph, Table, read_blocks
from ntmtasks.intake.rules.parts import (
    ClauseReading,
    FundingLine,
    FundingReading,
    ItemReading,
    LeftOut,
    PlanReading,
    SectionReading,
)
from ntmtasks.intake.rules.proposing import with_proposals
from ntmtasks.intake.rules.tables import amount, commune_rows, table_items
from ntmtasks.intake.rules.tree import Node, build_tree
from ntmtasks.intake.rules.zones import split_zones

_SOURCE_NOTE = re.compile(r"#\s*source\s*:", re.I)


def read_plan(
    text: str, directory: Directory, year: int | None = None, tables: Sequence[Table] = ()
) -> PlanReading:
    """Read a plan's text; ``year`` wins over the year that the title tells.

    ``tables`` are those that the file itself marks; their rows know their places in ``text``.

    Never raises: a text that is no plan gives a reading without items. Every word of the text
    stands in ``clauses`` or, with a reason, in ``left_out``.
    """
    source, left_out = _without_notes(nfc(text))
    zones = split_zones(read_blocks(source, tables))
    head = read_head(zones)
    plan_year = year if year is not None else head.year
    root = build_tree(list(zones.body))
    collector = Collector(directory, plan_year)
    for section in root.children:
        collector.section(section)
    items = list(finish(collector.drafts, directory, plan_year))
    taken = set(root.taken)
    clauses = [*_flat("MĐ.", zones.head), *_tree_clauses(root, directory, plan_year, items, taken)]
    clauses += _flat("NN.", zones.foot)
    for n, annex in enumerate(zones.annexes, start=1):
        clauses += _annex("PL" if n == 1 else f"PL{n}", annex, directory, plan_year, items, taken)
    communes = commune_rows(b for z in zones.annexes for b in z if isinstance(b, Table))
    reading = PlanReading(
        number=head.number,
        issued_on=head.issued_on,
        year=plan_year,
        issuer=head.issuer,
        place=head.place,
        signer=head.signer,
        title=head.title,
        sections=tuple(
            SectionReading(n.printed, n.text) for n in root.children if n.label is not None
        ),
        items=tuple(sorted(items, key=lambda i: i.start)),
        communes=communes,
        funding=_funding(root),
        recipients=head.recipients,
        clauses=tuple(clauses),
        left_out=tuple(left_out),
    )
    reading = with_proposals(reading, directory)
    return replace(reading, findings=find_all(reading, directory, source))


def _without_notes(source: str) -> tuple[str, list[LeftOut]]:
    """Blank out lines that were added when the file was saved; offsets stay the same."""
    left: list[LeftOut] = []
    lines = source.split("\n")
    for i, line in enumerate(lines[:3]):
        if _SOURCE_NOTE.match(line.strip()):
            left.append(LeftOut(line.strip(), "dòng ghi nguồn của tệp, không thuộc văn bản"))
            lines[i] = " " * len(line)
    return "\n".join(lines), left


def _flat(prefix: str, blocks: Iterable[Block]) -> list[ClauseReading]:
    """Return head or foot as clauses without items, a table row by row."""
    found: list[ClauseReading] = []
    for block in blocks:
        rows = block.rows if isinstance(block, Table) else (block,)
        for row in rows:
            path = f"{prefix}{len(found) + 1}"
            found.append(ClauseReading(path, None, "", row.text, row.start, row.end, "other"))
    return found


def _tree_clauses(
    root: Node,
    directory: Directory,
    year: int | None,
    items: list[ItemReading],
    taken: set[str],
) -> list[ClauseReading]:
    """Return the body as clauses; rows of tables in it become items under their section."""
    found: list[ClauseReading] = []
    for node in root.walk():
        if node is root:
            continue
        above = node.parent.path if node.parent and node.parent is not root else None
        if node.table is None:
            found.append(
                ClauseReading(
                    node.path, above, node.printed, node.text, node.start, node.end, node.kind
                )
            )
            continue
        found += _table_clauses(node.table, above or "", node.path, directory, year, items, taken)
    return found


def _table_clauses(
    table: Table,
    prefix: str,
    path: str,
    directory: Directory,
    year: int | None,
    items: list[ItemReading],
    taken: set[str],
) -> list[ClauseReading]:
    found: list[ClauseReading] = []
    for n, (row, item) in enumerate(table_items(table, prefix, directory, year, taken), start=1):
        if item is None:
            found.append(
                ClauseReading(
                    f"{path}.r{n}", prefix or None, "", row.text, row.start, row.end, "other"
                )
            )
            continue
        items.append(item)
        text = row.text.removeprefix(item.label).lstrip(".) ")
        found.append(
            ClauseReading(item.path, prefix or None, item.label, text, row.start, row.end, "task")
        )
    return found


def _annex(
    prefix: str,
    blocks: Iterable[Block],
    directory: Directory,
    year: int | None,
    items: list[ItemReading],
    taken: set[str],
) -> list[ClauseReading]:
    """Return an annex as clauses; only tables that say who does what hold tasks."""
    found: list[ClauseReading] = []
    for n, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            path, above = (prefix, None) if n == 0 else (f"{prefix}.p{n}", prefix)
            found.append(
                ClauseReading(path, above, "", block.text, block.start, block.end, "other")
            )
        else:
            path = f"{prefix}.b{n}"
            found += _table_clauses(block, prefix, path, directory, year, items, taken)
    return found


def _funding(root: Node) -> FundingReading | None:
    """Return the written total and its sources: lines of money below a line with a total."""
    nodes = [n for n in root.walk() if n.kind == "funding"]
    for i, node in enumerate(nodes):
        total = amount(node.text)
        if node.label is not None or total is None:
            continue
        sources = []
        for line in nodes[i + 1 :]:
            part = amount(line.text)
            if line.label is None or part is None or part[1] != total[1]:
                break
            sources.append(FundingLine(line.text.partition(":")[0].strip(), part[0]))
        return FundingReading(total[0], total[1], tuple(sources))
    return None
