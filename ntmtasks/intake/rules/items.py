"""Which leaves of the tree are items, of which kind, and which label lines describe them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.attributes import Attributes, Field, inline_labels, read_label_line
from ntmtasks.intake.rules.duties import (
    given_agencies,
    subject_agencies,
)
from ntmtasks.intake.rules.headings import SectionKind, section_kind, sub_kind
from ntmtasks.intake.rules.naming import (
    heading_agencies,
)
from ntmtasks.intake.rules.orders import reads_like_order
from ntmtasks.intake.rules.parts import (
    ItemKind,
)
from ntmtasks.intake.rules.topics import has_figure, split_head, topic_of
from ntmtasks.intake.rules.tree import Node, is_heading

_MONEY = re.compile(r"[^:]{2,80}:?\s*[\d.,]+\s*(?:triệu|tỷ|tỉ|nghìn|ngàn)?\s*đồng\s*[;.,]?$")
_MONEY_INTRO = re.compile(r"(?i)(dự kiến|tổng).{0,160}\d[\d.]*\s*(triệu|tỷ|nghìn)?\s*đồng")
# Where money comes from is said in sections of work too.
_SOURCE = re.compile(
    r"(?:tu )?(?:cac )?nguon (?:ngan sach|kinh phi|von|xa hoi hoa|huy dong|tai tro|thu)|tu ngan sach|"
    r"ngan sach (?:nha nuoc|trung uong|tinh|thanh pho|cap)"
)
_NOTE = re.compile(
    r"^\(.*\)\.?$|^\[\d+\]|^\(?(?:Đính kèm|Kèm theo|Chi tiết (?:tại|theo)|Ghi chú|Lưu ý\s*:)|"
    # a page number; a footnote as a page's foot gives it
    r"^\W*\d{0,3}\W*$|^\d{1,2} (?:Theo|Quyết định|Nghị quyết|Công văn|Kế hoạch|Văn bản|Gồm)\b|"
    # a pointer to an annex
    r"^(?:Chi tiết|Nội dung|Danh mục|Phân công (?:nhiệm vụ|cụ thể)|Các nhiệm vụ|Nhiệm vụ|Tiến độ|Cụ thể)\b[^.;]{0,120}"
    r"(?:tại|theo|trong) (?:các )?(?:Phụ lục|phụ lục|Biểu|biểu|Danh mục)[^.;]{0,60}\.?$|"
    r"^(?:(?:Có|Theo|Như|Xem|Tại|Thực hiện theo|Cụ thể (?:như|có|theo)) )?(?:chi tiết )?(?:theo |tại |trong )?"
    r"(?:các |bảng )?(?:[Pp]hụ lục|PHỤ LỤC|[Bb]iểu (?:mẫu|số|chi tiết|đính kèm|kèm theo)|[Dd]anh mục kèm theo)\b"
    r"[^.;:]{0,60}\.?$",
    re.S,
)
_INTRODUCES = re.compile(r"(?:như sau|sau đây|dưới đây|sau|gồm)\s*[.:;]?$")


@dataclass
class Draft:
    """An item under way: its node, what kind it is, and the label lines that describe it."""

    node: Node
    kind: ItemKind
    organising: bool = False
    attributes: Attributes | None = None


@dataclass
class Collector:
    """Walks the tree once and collects items in reading order."""

    directory: Directory
    plan_year: int | None
    drafts: list[Draft] = field(default_factory=list)

    def section(self, section: Node) -> None:
        """Collect the items of one section; marks the kinds of its nodes on the way."""
        section.kind = "section"
        self.within(section, _kind_of_section(section))

    def within(self, node: Node, kind: SectionKind) -> None:
        """Collect the items below a node that stands in a section of ``kind``."""
        pending: list[Draft] = []
        ahead = Attributes()
        described = [self._labels(child, kind) for child in node.children]
        said = [i for i, found in enumerate(described) if not found]
        last = max(said, default=-1)
        bottom = max((i for i in said if node.children[i].label), default=-1)
        node.listed = bottom >= 0
        for i, (child, labels) in enumerate(zip(node.children, described, strict=True)):
            child.leads = child.label is None and i < bottom
            if labels and not pending and i < last:
                ahead.put_all(labels)  # label lines above what they describe
            elif labels:
                self._describe(node, child, labels, pending)
            else:
                before = len(self.drafts)
                self._visit_child(child, kind)
                pending += self.drafts[before:]
        for draft in pending:
            if draft.attributes is None and not ahead.empty:
                draft.attributes = ahead
            elif draft.attributes:
                draft.attributes.fill(ahead)

    @staticmethod
    def _labels(child: Node, kind: SectionKind) -> list[tuple[Field, str]]:
        """Return what a label line says, [] for any other child."""
        if child.table or kind not in ("work", "organising", "funding") or has_content(child):
            return []
        return read_label_line(child.text)

    def _visit_child(self, child: Node, kind: SectionKind) -> None:
        if child.table:
            return  # tables are read on their own
        inner = kind
        head = topic_of(child)
        if child.label and child.label.style == "roman":  # a section inside a part
            inner = kind if kind == "none" else _kind_of_section(child, kind)
        elif child.label and is_heading(head) and (child.rank < 4 or ":" in child.text):
            inner = sub_kind(head, kind)
        if has_content(child):
            child.kind = "group"
            before = len(self.drafts)
            self.within(child, inner)
            # "1. Tuyên truyền (Đơn vị chủ trì: Sở Y tế; thời gian: Quý I)" speaks of all below.
            above = inline_labels(child.text) if child.text.rstrip().endswith(")") else None
            for draft in self.drafts[before:] if above else ():
                draft.attributes = draft.attributes or above
            return
        item_kind = self._kind_of(child, inner)
        if item_kind:
            child.kind = item_kind
            # An order about money is a task because of whom it names, be it everybody.
            assigns = inner in ("organising", "funding")
            self.drafts.append(Draft(child, item_kind, assigns, inline_labels(child.text)))
        if child.children:
            self.within(child, inner)

    def _describe(
        self, node: Node, child: Node, labels: list[tuple[Field, str]], pending: list[Draft]
    ) -> None:
        """Give a label line to the items before it that have none yet, or to its own heading."""
        free = [d for d in pending if d.attributes is None or d.attributes is _open(pending)]
        targets = free or [d for d in self.drafts if d.node is node]
        if not targets:
            if pending or node.kind == "section" or _says_more(node):
                return
            targets = [Draft(node, "task")]
            node.kind = "task"
            self.drafts.append(targets[0])
        block = targets[-1].attributes or Attributes()
        block.put_all(labels)
        block.general = block.general or any(_beside(child, d.node) for d in targets)
        for draft in targets:
            draft.attributes = block

    def _kind_of(self, node: Node, kind: SectionKind) -> ItemKind | None:
        """Return what a leaf is, or None where it is nothing to act on."""
        text = node.text
        if _NOTE.match(text) or not text:
            return None
        if is_closing_clause(node):
            return "closing"
        if _MONEY.fullmatch(text) or (node.label is None and _MONEY_INTRO.match(text)):
            return "funding"
        if kind == "funding" or _SOURCE.match(fold(text[:40])):
            return "task" if self._orders(node) else "funding"
        if kind == "target":
            return "target" if has_figure(text) else None
        if kind == "none" or self._is_bare(node):
            return None
        return "task"

    def _orders(self, node: Node) -> bool:
        """Tell whether a sentence about money orders an agency to do something."""
        if node.label is None or node.rank >= 4:
            return False
        names = subject_agencies(node.text) or given_agencies(node.text)
        head, body = split_head(node)
        return bool(names or (body and heading_agencies(head, self.directory)))

    def _is_bare(self, node: Node) -> bool:
        """Tell whether a leaf says nothing to do: an empty heading, an introduction."""
        if node.text.endswith(":"):
            return True
        if node.label and not split_head(node)[0] and heading_agencies(node.text, self.directory):
            return True
        if any(c.table for c in node.children):
            return True  # the heading of a table
        if node.label is None and node.parent and (node.leads or node.parent.kind == "section"):
            return self._introduces(node, node.parent)
        return False

    def _introduces(self, node: Node, parent: Node) -> bool:
        """Tell whether an unlabelled paragraph only leads to the list below it."""
        if parent.kind == "section":
            # Right below a section's heading, unless it orders somebody or is all there is.
            return parent.listed and not subject_agencies(node.text)
        if _INTRODUCES.search(node.text) or (is_heading(node.text) and len(node.text) < 120):
            return True
        return not reads_like_order(node.text)


def _kind_of_section(section: Node, part: SectionKind = "unknown") -> SectionKind:
    """Return what a section holds: by its heading, its part, or what most of its leaves say."""
    kind = section_kind(section.text)
    if kind != "unknown" or part in ("work", "organising"):
        return part if kind == "unknown" else kind
    leaves = [split_head(n)[1] for n in section.walk() if n is not section and not n.children]
    orders = sum(reads_like_order(t) for t in leaves)
    return "work" if orders * 2 > len(leaves) else "none"


def _beside(labels: Node, item: Node) -> bool:
    """Tell whether a label line counts on from an item: "… / 5. Thời gian thực hiện: Năm 2026"."""
    if labels.label is None or item.label is None or item.parent is not labels.parent:
        return False
    return labels.label.style == item.label.style and labels.rank < 4


def _open(pending: list[Draft]) -> Attributes | None:
    """Return the label block that is still growing: the one of the last item."""
    return pending[-1].attributes if pending else None


def has_content(node: Node) -> bool:
    """Tell whether anything below a node can be an item: more than label lines and notes."""
    return any(
        not c.table and not read_label_line(c.text) and not _NOTE.match(c.text)
        for c in node.children
    )


def _says_more(node: Node) -> bool:
    """Tell whether something below a node is neither a label line nor "c) Thời gian: …"."""
    return any(
        not c.table
        and not read_label_line(c.text)
        and not _NOTE.match(c.text)
        and not (":" in c.text and sub_kind(topic_of(c), "work") == "none")
        for c in node.children
    )


def is_closing_clause(node: Node) -> bool:
    """Tell whether a leaf is the plan's last word, labelled or not."""
    if node.label is None:
        return node.closes
    folded = fold(node.text)
    return node.rank < 4 and (
        re.match(r"(tren day la|trong qua trinh (to chuc |trien khai )*thuc hien)", folded)
        is not None
        and re.search(r"kho khan|vuong mac|phat sinh|van de", folded) is not None
    )
