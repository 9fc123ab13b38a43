"""From paragraphs to the tree of clauses: what stands under what, and its path as printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.attributes import read_label_line
from ntmtasks.intake.rules.blocks import Block, Paragraph, Table
from ntmtasks.intake.rules.labels import Label, parse_label, place_in_list, roman_value
from ntmtasks.intake.rules.naming import starts_with_agency
from ntmtasks.intake.rules.parts import ClauseKind

_NUMERAL = re.compile(r"(?i:phần|chương)\s+(?=(?:[IVX]+|\d+|[A-E])$)")
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
    rank: float = 9  # how deep it stands; unlabelled text lies below every label
    leads: bool = False  # unlabelled, above a list in its section; set by the item reader
    listed: bool = False  # holds a list; set by the item reader
    closes: bool = False  # the plan's last words

    def __post_init__(self) -> None:
        """Share the tree's set of paths."""
        if self.parent is not None:
            self.taken = self.parent.taken

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
    root = Node(None, "", 0, 0, prefix, rank=-1)
    stack = [root]
    end = _last_label(blocks)
    for i, block in enumerate(blocks):
        if isinstance(block, Table):
            _add_table(stack[-1], block)
            continue
        label = parse_label(block.text)
        if label is None or (label.style == "roman" and not _may_head(label, stack)):
            _add_plain(stack, block, last=i > end)
            continue
        rank = _settle(label, stack)
        node = Node(label, label.rest, block.start, block.end, "", stack[-1], rank=rank)
        node.path = _path(node)
        stack[-1].children.append(node)
        stack.append(node)
    return root


def _last_label(blocks: list[Block]) -> int:
    """Return the index of the last labelled paragraph, -1 without one."""
    labelled = (
        i
        for i in range(len(blocks) - 1, -1, -1)
        if isinstance(block := blocks[i], Paragraph) and parse_label(block.text)
    )
    return next(labelled, -1)


def _settle(label: Label, stack: list[Node]) -> float:
    """Close the nodes that a label ends, so that its parent is the last; return its rank.

    The next of a list stands beside its predecessor, wherever that list hangs. The first of a
    list right below a colon belongs to the line with the colon, even where its style usually
    stands higher: "- … như sau: / (1) …". All else goes by the rank of its style.
    """
    place = place_in_list(label)
    before = _predecessor(label, place, stack)
    if before is not None:
        del stack[stack.index(before) :]
        return before.rank
    top = stack[-1]
    if place == 1 and label.style == "number" and _restarts(top, label):
        return top.rank + 0.01
    if place == 1 or (place is None and not any(_alike(n, label) for n in stack)):
        opens = top.rank >= label.rank and top.text.endswith(":")
        if opens and not _alike(top, label):
            return top.rank + 0.01
    rank = label.rank
    if label.style == "part" and place == 1 and any(n.rank == 1 for n in stack):
        rank = 1.5  # "II. NỘI DUNG / A. …": letters that begin below a numeral divide its section
    if label.style == "named" and (open_ranks := [n.rank for n in stack if 2 <= n.rank < 4]):
        rank = max(open_ranks) + 0.01  # "1. Các dự án / Dự án 1: …"; elsewhere numbers divide it
    if label.style == "paren_number" and not any(1 < n.rank < rank for n in stack):
        rank = 2  # "1)" and "(1)" stand for numbers where the section has none
    while len(stack) > 1 and stack[-1].rank >= rank:
        stack.pop()
    return rank


def _restarts(top: Node, label: Label) -> bool:
    """Tell whether a list starts again below its own kind: "1. Nhiệm vụ chung / 1. Ban hành …"."""
    return _alike(top, label) and not top.children and is_heading(top.text) and bool(top.text)


def _alike(node: Node, label: Label) -> bool:
    return (
        node.label is not None
        and node.label.style == label.style
        and node.label.printed.count(".") == label.printed.count(".")
    )


def _predecessor(label: Label, place: int | None, stack: list[Node]) -> Node | None:
    """Return the open node that a label follows in its list; of bullets, the nearest alike.

    Where a list started again inside its own kind, headings follow headings.
    """
    found: list[Node] = []
    for node in reversed(stack):
        if node.label is None or not _alike(node, label):
            continue
        if place is None:
            return node if label.style in ("dash", "plus") else None
        if place > 1 and place_in_list(node.label) == place - 1 and _same_list(node.label, label):
            found.append(node)
    alike = (n for n in found if is_heading(n.text) == is_heading(label.rest))
    return next(alike, found[0]) if found else None


def _same_list(before: Label, label: Label) -> bool:
    """Tell whether two labels of a style count on: "1.2" follows "1.1", not "2.1"."""
    return before.printed.rpartition(".")[0] == label.printed.rpartition(".")[0]


def _may_head(label: Label, stack: list[Node]) -> bool:
    """Tell whether a Roman numeral may head a section here: it must not count backwards.

    Gaps are kept (a plan without II), and each part ("PHẦN THỨ HAI", "B.") counts anew. A heading
    in capitals always counts, for a plan that numbers its sections wrongly still has them.
    """
    value = roman_value(label.printed)
    if value is None:
        return False
    if label.rest[:40].isupper():
        return True
    part = next((n for n in reversed(stack) if n.rank < label.rank), stack[0])
    last = next(
        (n.label for n in reversed(part.children) if n.label and n.label.style == "roman"), None
    )
    return len(label.rest) < 200 and value > (roman_value(last.printed) or 0 if last else 0)


def _path(node: Node) -> str:
    """Return the labels as printed, joined by dots; bullets are counted under their parent."""
    parent = node.parent
    above = parent.path if parent else ""
    if node.label is None:
        # The number of a page and "Chủ trì: …" are no paragraphs of the text.
        aside = node.text.isdigit() or read_label_line(node.text)
        kind = "n" if aside else "p"
        step = f"{kind}{_count(node, kind)}"
    elif node.label.style in ("dash", "plus"):
        step = f"{node.printed}{_count(node, node.label.style)}"
    else:
        step = node.printed
        if node.label.style == "part":
            step = _NUMERAL.sub("", step)  # "Phần II" is II
        # A decimal label repeats the number above it: "1.2" under "1" is III.1.2.
        if (
            parent
            and parent.label
            and parent.label.style in ("number", "paren_number", "roman")
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


def _add_plain(stack: list[Node], block: Paragraph, *, last: bool) -> None:
    """Hang a paragraph without a label where it belongs.

    Below a heading it is content. Below a bullet it belongs to whatever the bullet hangs on. The
    plan's last words belong to the section; ``last`` says that no label follows any more.
    """
    text = block.text
    while len(stack) > 1 and stack[-1].rank >= 4:
        stack.pop()
    awaited = not stack[-1].children and is_heading(stack[-1].text)
    closes = is_farewell(text) or (
        not awaited
        and (is_closing(text) or (last and addresses_all(text)))
        and not _is_duty(text, stack[-1])
    )
    if closes:
        while len(stack) > 1 and stack[-1].rank > 1:
            stack.pop()
    node = Node(None, text, block.start, block.end, "", stack[-1], closes=closes)
    node.path = _path(node)
    stack[-1].children.append(node)


def _is_duty(text: str, above: Node) -> bool:
    """Tell whether a last word is a duty: where a section gives all of its work without labels."""
    if above.rank != 1 or any(c.label for c in above.children):
        return False
    return starts_with_agency(text) and not _CLOSING.match(fold(text))


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


def is_farewell(text: str) -> bool:
    """Tell whether a paragraph begins as plans end: "Trên đây là Kế hoạch …"."""
    return fold(text[:40]).startswith("tren day la")


def is_closing(text: str) -> bool:
    """Tell whether a paragraph is the plan's last word rather than a duty of its own."""
    if text.rstrip().endswith("./.") or is_farewell(text):
        return True
    folded = fold(text)
    trouble = re.search(r"kho khan|vuong mac|phat sinh|van de moi", folded) is not None
    return trouble and _CLOSING.match(folded) is not None


_ALL = re.compile(
    r"(?:(?:uy ban nhan dan|ubnd|chu tich)[^,;.:]{0,40} )?(?:yeu cau|de nghi|giao) (?:thu truong|"
    r"giam doc|cac|nguoi dung dau|chu tich)|can cu (?:noi dung |vao |cac )*(?:ke hoach|noi dung)|"
    r"tren co so (?:noi dung )?ke hoach|ke hoach nay|(?:thu truong |giam doc |lanh dao )?cac (?:so|"
    r"co quan|don vi|ban)|nhan duoc|(?:trong )?qua trinh"
)


def addresses_all(text: str) -> bool:
    """Tell whether a paragraph below the last list speaks to everybody, as plans end."""
    return _ALL.match(fold(text[:200])) is not None


def is_heading(text: str) -> bool:
    """Tell whether a labelled text is a heading: short and without the end of a sentence."""
    stripped = text.rstrip()
    if stripped.endswith(":"):
        return True
    return len(stripped) <= 260 and not stripped.endswith(_SENTENCE_END)
