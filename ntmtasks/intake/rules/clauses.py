"""The whole document as clauses, part by part, and the items that its tables hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.blocks import Block, Cell, Paragraph, Row, Table
from ntmtasks.intake.rules.columns import task_columns
from ntmtasks.intake.rules.finishing import finish
from ntmtasks.intake.rules.headings import SectionKind, section_kind
from ntmtasks.intake.rules.items import Collector
from ntmtasks.intake.rules.labels import parse_label
from ntmtasks.intake.rules.parts import ClauseReading, ItemReading
from ntmtasks.intake.rules.tables import table_items
from ntmtasks.intake.rules.tree import Node, build_tree


@dataclass
class Document:
    """Clauses and items under way; ``taken`` are the paths given so far."""

    directory: Directory
    year: int | None
    clauses: list[ClauseReading] = field(default_factory=list)
    items: list[ItemReading] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def flat(self, prefix: str, blocks: Iterable[Block]) -> None:
        """Add head or foot: clauses without items, a table row by row."""
        rows = (r for b in blocks for r in (b.rows if isinstance(b, Table) else (_as_row(b),)))
        for n, row in enumerate(rows, start=1):
            self._other(f"{prefix}{n}", None, row)

    def tree(
        self, blocks: Sequence[Block], prefix: str = "", kind: SectionKind | None = None
    ) -> Node:
        """Add a part and return its tree; tables stand under their section.

        Its upper level are sections, unless the part itself is one of ``kind``.
        """
        root = build_tree(list(blocks), prefix)
        collector = Collector(self.directory, self.year)
        if kind:
            collector.within(root, kind)
        else:
            for section in root.children:
                collector.section(section)
        self.items += finish(collector.drafts, self.directory, self.year)
        self.taken |= root.taken
        for node in root.walk():
            if node is not root:
                self._node(node, node.parent.path if node.parent else "")
        return root

    def annex(self, prefix: str, blocks: Sequence[Block]) -> None:
        """Add an annex: tables of work, or numbered paragraphs where its title promises work.

        Paragraphs between tables ("II. …") head groups of rows, so all rows are read as one table.
        """
        if isinstance(blocks[0], Paragraph) and _is_listed_work(blocks):
            self._other(prefix, None, _as_row(blocks[0]))
            self.tree(blocks[1:], prefix, "work")
            return
        rows: list[tuple[str, Row]] = []
        for n, block in enumerate(blocks):
            if isinstance(block, Table):
                rows += ((f"{prefix}.b{n}.r{k}", r) for k, r in enumerate(block.rows, start=1))
            else:
                rows.append((f"{prefix}.p{n}" if n else prefix, _as_row(block)))
        self._rows(rows, prefix)

    def _node(self, node: Node, above: str) -> None:
        if node.table:
            rows = [(f"{node.path}.r{n}", r) for n, r in enumerate(node.table.rows, start=1)]
            self._rows(rows, above)
            return
        self.clauses.append(
            ClauseReading(
                node.path,
                above or None,
                node.printed,
                node.text,
                node.start,
                node.end,
                node.kind,
            )
        )

    def _rows(self, named: Sequence[tuple[str, Row]], prefix: str) -> None:
        """Add rows, each with the path that it gets where it is no item and no item has it."""
        rows = [r for _, r in named]
        read = list(table_items(rows, prefix, self.directory, self.year, self.taken))
        for (wanted, _), (row, item) in zip(named, read, strict=True):
            if item is None:
                path = wanted if wanted not in self.taken else wanted.replace(".p", ".n")
                self.taken.add(path)
                self._other(path, None if path == prefix else prefix or None, row)
                continue
            self.items.append(item)
            text = row.text.removeprefix(item.label).lstrip(".) ") if item.label else row.text
            self.clauses.append(
                ClauseReading(
                    item.path, prefix or None, item.label, text, row.start, row.end, "task"
                )
            )

    def _other(self, path: str, above: str | None, row: Row) -> None:
        self.clauses.append(ClauseReading(path, above, "", row.text, row.start, row.end, "other"))


def _as_row(paragraph: Paragraph) -> Row:
    """Return a paragraph as a row of one cell."""
    return Row((Cell(paragraph.lines),), paragraph.start, paragraph.end)


def _is_listed_work(blocks: Sequence[Block]) -> bool:
    """Tell whether an annex is a numbered list of work: its title says so, no table does."""
    if any(
        task_columns(b.rows, i)
        for b in blocks
        if isinstance(b, Table)
        for i in range(min(len(b.rows), 5))
    ):
        return False
    texts = [b.text for b in blocks if isinstance(b, Paragraph)]
    labelled = [t for t in texts[1:] if parse_label(t)]
    title = " ".join(t for t in texts[:4] if not parse_label(t))
    return len(labelled) > 1 and section_kind(title) in ("work", "organising")
