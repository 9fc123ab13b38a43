"""From paragraphs to the tree of clauses: what stands under what, and its path as printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.labels import Label, parse_label, roman_value
from ntmtasks.intake.rules.layout import Block, Paragraph, Table
from ntmtasks.intake.rules.parts import ClauseKind

_SENTENCE_END = (".", ";", "./.", "…")


@dataclass(eq=False)
class Node:
    """A paragraph with its place in the tree; ``label`` is None for one without a label."""

    label: Label | None
    text: str
    start: int
    end: int
    path: str
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    table: Table | None = None
    kind: ClauseKind = "other"  # set by the item reader
    # How often each style was printed below: with thousands of bullets, counting the siblings
    # for each one would be quadratic. ``taken`` holds the paths of the whole tree.
    counts: Counter[str] = field(default_factory=Counter)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Share the tree's set of paths."""
        if self.parent is not None:
            self.taken = self.parent.taken

    @property
    def rank(self) -> float:
        """Return the depth of the label; unlabelled text lies below every label."""
        return self.label.rank if self.label else 9

    @property
    def printed(self) -> str:
        """Return the label as printed, "" without one."""
        return self.label.printed if self.label else ""

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Node]:
        """Yield the nodes above this one, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


def build_tree(blocks: list[Block], prefix: str = "") -> Node:
    """Return a root whose children are the sections; ``prefix`` leads all paths ("PL")."""
    root = Node(None, "", 0, 0, prefix)
    stack = [root]
    for block in blocks:
        if isinstance(block, Table):
            _add_table(stack[-1], block)
            continue
        label = _label_of(block, stack)
        if label is None:
            _add_plain(stack, block)
            continue
        rank = label.rank
        while len(stack) > 1 and stack[-1].rank >= rank:
            stack.pop()
        node = Node(label, label.rest, block.start, block.end, "", stack[-1])
        node.path = _path(node)
        stack[-1].children.append(node)
        stack.append(node)
    return root


def _label_of(block: Paragraph, stack: list[Node]) -> Label | None:
    label = parse_label(block.text)
    if label is None:
        return None
    if label.style == "roman" and not _is_next_section(label, stack):
        return None
    if label.style == "paren_number" and not any(n.rank in (2, 3) for n in stack):
        return Label(label.printed, "number", label.rest, label.mark)
    return label


def _is_next_section(label: Label, stack: list[Node]) -> bool:
    """Tell whether a Roman numeral may head a section here: it must not count backwards.

    Gaps are kept (a plan without II). A heading in capitals always counts, for a plan that
    numbers its sections wrongly still has them.
    """
    value = roman_value(label.printed)
    if value is None:
        return False
    if label.rest[:40].isupper():
        return True
    before = [n for n in stack[0].walk() if n.label and n.label.style == "roman"]
    last = roman_value(before[-1].printed) if before else 0
    return len(label.rest) < 200 and value > (last or 0)


def _path(node: Node) -> str:
    """Return the labels as printed, joined by dots; bullets are counted under their parent."""
    parent = node.parent
    above = parent.path if parent else ""
    if node.label is None:
        step = f"p{_count(node, 'p')}"
    elif node.label.style in ("dash", "plus"):
        step = f"{node.printed}{_count(node, node.label.style)}"
    else:
        step = node.printed
        # A decimal label repeats the number above it: "1.2" under "1" is III.1.2.
        if (
            parent
            and parent.label
            and parent.label.style == "number"
            and step.startswith(parent.printed + ".")
        ):
            above = above.removesuffix(parent.printed).removesuffix(".")
    path = f"{above}.{step}" if above else step
    return _unique(node, path)


def _unique(node: Node, path: str) -> str:
    """Return ``path``, marked where the same label was printed twice: "III.2.a(2)"."""
    own = path
    while path in node.taken:
        path = f"{own}({_count(node, own) + 1})"
    node.taken.add(path)
    return path


def _count(node: Node, what: str) -> int:
    """Count one more of a kind below the parent and return the number so far."""
    if node.parent is None:
        return 1
    node.parent.counts[what] += 1
    return node.parent.counts[what]


def _add_plain(stack: list[Node], block: Paragraph) -> None:
    """Hang a paragraph without a label where it belongs.

    Below a heading it is content. Below a bullet it belongs to whatever the bullet hangs on.
    """
    text = block.text
    while len(stack) > 1 and stack[-1].rank >= 4:
        stack.pop()
    if is_closing(text) and (stack[-1].children or not is_heading(stack[-1].text)):
        while len(stack) > 1 and stack[-1].rank > 1:
            stack.pop()
    node = Node(None, text, block.start, block.end, "", stack[-1])
    node.path = _path(node)
    stack[-1].children.append(node)


def _add_table(parent: Node, table: Table) -> None:
    if not table.rows:
        return
    node = Node(None, table.text, table.rows[0].start, table.rows[-1].end, "", parent)
    node.table = table
    node.path = _path(node)
    parent.children.append(node)


_CLOSING = re.compile(
    r"(tren day la|trong qua trinh|trong thoi gian to chuc|qua trinh (to chuc |trien khai )?thuc "
    r"hien|ke hoach nay (duoc|co hieu luc|thay the)|yeu cau (thu truong )?cac|"
    r"de nghi (thu truong )?cac|nhan duoc ke hoach|can cu (noi dung )?ke hoach nay)"
)


def is_closing(text: str) -> bool:
    """Tell whether a paragraph is the plan's last word rather than a duty of its own."""
    folded = fold(text)
    if text.rstrip().endswith("./.") or folded.startswith("tren day la"):
        return True
    trouble = re.search(r"kho khan|vuong mac|phat sinh|van de moi", folded) is not None
    return trouble and _CLOSING.match(folded) is not None


def is_heading(text: str) -> bool:
    """Tell whether a labelled text is a heading: short and without the end of a sentence."""
    stripped = text.rstrip()
    if stripped.endswith(":"):
        return True
    return len(stripped) <= 260 and not stripped.endswith(_SENTENCE_END)
