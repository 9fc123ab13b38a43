"""The parts of a document: head, body, foot (Nơi nhận, signature) and annexes."""

import re
from dataclasses import dataclass

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.blocks import Block, Paragraph, Table
from ntmtasks.intake.rules.columns import task_columns
from ntmtasks.intake.rules.labels import parse_label

TITLES = ("KẾ HOẠCH", "CHƯƠNG TRÌNH", "ĐỀ ÁN", "PHƯƠNG ÁN")
_ANNEX = re.compile(
    r"(?:PHỤ LỤC|Phụ lục)(?:\s+(?:số\s+|SỐ\s+)?(?:[IVX]+|\d+)\w?\b)?\s*[.:–-]?(?P<rest>.*)", re.S
)
# What may head an annex that does not call itself one; only below the signature.
_LIST = re.compile(
    r"(?:DANH MỤC|BIỂU|BẢNG|KHUNG|NỘI DUNG|CÁC|TIẾN ĐỘ|LỘ TRÌNH|PHÂN CÔNG|KẾ HOẠCH|NHIỆM VỤ|"
    r"Biểu (?:số|mẫu|\d))\b"
)
_FOOT = re.compile(r"noi nhan\s*:?|(t/?m|k/?t|t/?l|tuq)\.? ?(uy ban|chu tich|ubnd|giam doc)")


@dataclass(frozen=True, slots=True)
class Zones:
    """Blocks by the part of the document that they stand in, in reading order."""

    head: tuple[Block, ...]
    body: tuple[Block, ...]
    foot: tuple[Block, ...]
    annexes: tuple[tuple[Block, ...], ...]


def split_zones(blocks: list[Block]) -> Zones:
    """Split a document into its parts.

    A decision may stand before the plan that it issues: the plan begins at the last title.
    """
    title = _title_at(blocks)
    body = _body_at(blocks, title)
    foot = next((i for i in range(body, len(blocks)) if is_foot(blocks[i])), len(blocks))
    annex = _annex_at(blocks, body, foot)
    end = min(foot, annex)
    starts = [i for i in range(annex, len(blocks)) if i == annex or _is_annex(blocks[i])]
    # "PHỤ LỤC" and "DANH MỤC …" right below it head the same annex.
    starts = [i for i in starts if i == annex or i - 1 not in starts]
    parts = [tuple(blocks[a:b]) for a, b in zip(starts, [*starts[1:], len(blocks)], strict=False)]
    return Zones(
        tuple(blocks[:body]), tuple(blocks[body:end]), tuple(blocks[end:annex]), tuple(parts)
    )


def is_title(block: Block) -> bool:
    """Tell whether a block is the word "KẾ HOẠCH" (or its like), with or without its subject."""
    if not isinstance(block, Paragraph):
        return False
    text = block.text
    return text in TITLES or (text.startswith(TITLES) and text.isupper() and len(text) < 400)


def _title_at(blocks: list[Block]) -> int:
    """Return the index of the title, -1 without one.

    Of several the last one counts, unless sections stand between: a heading of the annex may
    read "KẾ HOẠCH" too.
    """
    at = -1
    for i, block in enumerate(blocks):
        if _is_annex(block):
            break
        if is_title(block):
            at = i
        elif at >= 0 and _is_section(block):
            break
    return at


def _is_section(block: Block) -> bool:
    if not isinstance(block, Paragraph):
        return False
    label = parse_label(block.text)
    return label is not None and label.style in ("roman", "part")


def _body_at(blocks: list[Block], title: int) -> int:
    end = next((i for i in range(title + 1, len(blocks)) if _is_annex(blocks[i])), len(blocks))
    after = range(title + 1, end)
    first = next((i for i in after if _is_section(blocks[i])), None)
    if first is not None:
        return first
    # A plan without Roman sections: its numbers are its sections.
    for i in after:
        block = blocks[i]
        label = parse_label(block.text) if isinstance(block, Paragraph) else None
        if label is not None and label.style == "number" and title >= 0:
            return i
    return end


def is_foot(block: Block) -> bool:
    """Tell whether a block begins the foot: recipients or signature."""
    if isinstance(block, Table):
        return "noi nhan" in fold(block.text[:400]) or "tm. uy ban" in fold(block.text)
    return _FOOT.match(fold(block.text[:60])) is not None


def _annex_at(blocks: list[Block], body: int, foot: int) -> int:
    """Return the index of the first annex, the number of blocks without one.

    Below the signature a heading in capitals or a table of work begins one too.
    """
    named = next((i for i in range(body, len(blocks)) if _is_annex(blocks[i])), len(blocks))
    for i in range(foot + 1, named):
        block = blocks[i]
        if isinstance(block, Table):
            if any(task_columns(block.rows, k) for k in range(min(3, len(block.rows)))):
                return i
        elif block.text.isupper() and len(block.text) > 12 and _LIST.match(block.text):
            return i
    return named


def _is_annex(block: Block) -> bool:
    """Tell whether a block is the heading "PHỤ LỤC", with or without number and subject."""
    if not isinstance(block, Paragraph) or len(block.text) > 400:
        return False
    m = _ANNEX.match(block.text)
    if m is None:
        return False
    rest = m["rest"].strip(" .:()–-")
    return (
        block.text.isupper() or not rest or (rest[:1].isupper() and not rest.endswith((";", ".")))
    )
