"""Reading a whole plan: text in, :class:`PlanReading` out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.blocks import Table
from ntmtasks.intake.rules.clauses import Document
from ntmtasks.intake.rules.communes import amount, commune_rows
from ntmtasks.intake.rules.findings import find_all
from ntmtasks.intake.rules.heads import read_head
from ntmtasks.intake.rules.layout import read_blocks
from ntmtasks.intake.rules.parts import (
    FundingLine,
    FundingReading,
    LeftOut,
    PlanReading,
    SectionReading,
)
from ntmtasks.intake.rules.proposing import with_proposals
from ntmtasks.intake.rules.tree import Node
from ntmtasks.intake.rules.zones import split_zones

# Some three hundred pages. No plan is longer; what stands beyond is kept unread, so that reading
# ends in time whatever is uploaded.
_MOST_CHARACTERS = 1_000_000
_MOST_LINES = 10_000

_TOO_LONG = (
    "phần vượt quá độ dài của một kế hoạch (1 triệu ký tự hoặc 10 nghìn dòng), chưa được đọc"
)
_SOURCE_NOTE = re.compile(r"#\s*source\s*:", re.I)


def read_plan(
    text: str, directory: Directory, year: int | None = None, tables: Sequence[Table] = ()
) -> PlanReading:
    """Read a plan's text; ``year`` wins over the year that the title tells.

    ``tables`` are those that the file itself marks; their rows know their places in ``text``.

    Never raises: a text that is no plan gives a reading without items. Every word of the text
    stands in ``clauses`` or, with a reason, in ``left_out``.
    """
    source, left_out = _within_bounds(nfc(text))
    source = _without_notes(source, left_out)
    zones = split_zones(read_blocks(source, tables))
    head = read_head(zones)
    plan_year = year if year is not None else head.year
    document = Document(directory, plan_year)
    document.flat("MĐ.", zones.head)
    root = document.tree(zones.body)
    document.flat("NN.", zones.foot)
    for n, annex in enumerate(zones.annexes, start=1):
        document.annex("PL" if n == 1 else f"PL{n}", annex)
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
        items=tuple(sorted(document.items, key=lambda i: i.start)),
        communes=communes,
        funding=_funding(root),
        recipients=head.recipients,
        clauses=tuple(document.clauses),
        left_out=tuple(left_out),
    )
    reading = with_proposals(reading, directory)
    return replace(reading, findings=find_all(reading, directory, source))


def _within_bounds(source: str) -> tuple[str, list[LeftOut]]:
    """Return what is read of a text, and the rest beyond the bounds as left out."""
    end = min(len(source), _MOST_CHARACTERS)
    lines = re.finditer(r"\n(?=[^\n]*\S)", source[:end])
    beyond = next(islice(lines, _MOST_LINES, None), None)
    if beyond:
        end = beyond.start()
    elif end < len(source):
        end = max(source.rfind(" ", 0, end), source.rfind("\n", 0, end), 0) or end
    rest = source[end:].strip()
    return source[:end], [LeftOut(rest, _TOO_LONG)] if rest else []


def _without_notes(source: str, left: list[LeftOut]) -> str:
    """Blank out lines that were added when the file was saved; offsets stay the same."""
    lines = source.split("\n")
    for i, line in enumerate(lines[:3]):
        if _SOURCE_NOTE.match(line.strip()):
            left.append(LeftOut(line.strip(), "dòng ghi nguồn của tệp, không thuộc văn bản"))
            lines[i] = " " * len(line)
    return "\n".join(lines)


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
