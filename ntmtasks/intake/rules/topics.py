"""What a clause is about: the heading in front of its words, its figures."""

import re

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.attributes import label_kind
from ntmtasks.intake.rules.naming import is_anybody, names_at, starts_with_agency
from ntmtasks.intake.rules.orders import reads_like_order
from ntmtasks.intake.rules.tree import Node

# A colon behind these opens a list or a name, not the body below a heading.
_ENUMERATES = re.compile(r"(?i)(?:như|gồm|sau|sau đây|là|cụ thể|đó|đề nghị|giao|yêu cầu|đối với)$")

_OPEN_LIST = re.compile(
    r"(?:cac |de nghi )*(?:so|ban|nganh|phong|hoi)(?:,? (?:ban|nganh|so|va)\b)*"
)


# "…: Hoàn thành trước ngày 30/6" only says when.
_ONLY_WHEN = re.compile(
    r"(?:thoi gian |phai )?(?:hoan thanh|xong|thuc hien|trinh|ban hanh)?[ ,]*(?:xong )?(?:trong|truoc|"
    r"cham nhat|vao|tu|den|ngay|thang|quy|nam|dinh ky|hang|hoan thanh)\b[^.;]{0,60}[.;]?"
)
# "Đề nghị Hội Nông dân tỉnh: vận động …"
_ASKS = re.compile(r"^(?:(?:Trân trọng |Kính )?[Đđ]ề nghị|Giao|Yêu cầu|Mời)\s+")
_SUBJECT = 6  # words: what is shorter names a subject ("Kiểm tra, giám sát")
_PAIRS = (("(", ")"), ("“", "”"), ("[", "]"))


def has_figure(text: str) -> bool:
    """Tell whether a text names a figure to be reached; years and periods are none."""
    bare = re.sub(r"(?:năm|giai đoạn)\s*\d{4}(?:\s*[-–]\s*\d{4})?|\d{4}\s*[-–]\s*\d{4}", " ", text)
    bare = re.sub(r"\S*\d\S*/\S*", " ", bare)
    return re.search(r"\d", bare) is not None


def split_head(node: Node) -> tuple[str, str]:
    """Return (heading, words after its colon); ("", text) where no heading stands in front.

    "5. Phát triển các công trình …: Chú trọng đầu tư …" has one. A bullet has one only where an
    agency stands before the colon; elsewhere a colon in a bullet opens an enumeration. So does one
    behind an order ("Xây dựng mô hình tại 03 huyện: Châu Phú, …"), unless a second order follows.
    """
    m = re.match(r"([^:.;]{3,220}?)\s*:\s+(?=\S)", node.text)
    if not m or not node.label:
        return "", node.text
    head, body = m.group(1), node.text[m.end() :]
    somebody = starts_with_agency(_ASKS.sub("", head))
    if node.rank >= 4 and not somebody:
        return "", node.text
    if _ENUMERATES.search(head) or _is_inside(head):
        return "", node.text
    if is_anybody(head) and names_at(body)[1] >= len(body.rstrip(" .;:")):
        return "", node.text  # "Các đơn vị: Bưu điện tỉnh, VNPT": the names are the heading
    if somebody:
        # "Các sở, ban, ngành: Y tế, …" goes on with names, "Sở Y tế: chủ trì …" with the order.
        if _OPEN_LIST.fullmatch(fold(head)) and (
            not reads_like_order(body) or _goes_on_with_names(node.text, m.end())
        ):
            return "", node.text
    elif not body.lstrip('“"(')[:1].isupper() and not (
        body[0].isdigit() and node.rank < 4 and not reads_like_order(head)
    ):
        return "", node.text
    if node.rank >= 3 and len(head) > 120:
        return "", node.text
    if reads_like_order(head) and not somebody and not _orders_anew(head, body):
        return "", node.text
    return head, body


def _goes_on_with_names(text: str, colon: int) -> bool:
    """Tell whether several names reach over a colon: "Các Sở: Xây dựng, Y tế" is no order to build."""
    names, end = names_at(text)
    return end > colon and len(names) > 1


def _is_inside(head: str) -> bool:
    """Tell whether a colon stands in a bracket, or behind a label ("…, đơn vị chủ trì: Sở A")."""
    if any(head.count(opens) > head.count(closes) for opens, closes in _PAIRS):
        return True
    parts = re.split(r"[,;]| [-–] ", head)
    return len(parts) > 1 and label_kind(parts[-1]) is not None


def _orders_anew(head: str, body: str) -> bool:
    """Tell whether the words after an order's colon order work themselves: then the first headed it.

    "…: Sở A chủ trì" says who does what stands before the colon, unless that only names a subject.
    """
    if starts_with_agency(body):
        return len(head.split()) < _SUBJECT
    return reads_like_order(body) and _ONLY_WHEN.fullmatch(fold(body[:200])) is None


def head_of(node: Node) -> str:
    """Return a node's heading: what stands before its colon, else all of its text."""
    return split_head(node)[0] or node.text


def topic_of(node: Node) -> str:
    """Return what a node says it is about: its heading, of a bullet what stands before a colon."""
    before, colon, _ = node.text.partition(":")
    return before if colon and node.rank >= 4 and len(before) < 60 else head_of(node)
