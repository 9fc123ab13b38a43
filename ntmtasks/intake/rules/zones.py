"""The parts of a document: head, body, foot (Nơi nhận, signature) and annexes."""

import re
from dataclasses import dataclass

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.labels import parse_label
from ntmtasks.intake.rules.layout import Block, Paragraph, Table

_TITLES = ("KẾ HOẠCH", "CHƯƠNG TRÌNH", "ĐỀ ÁN", "PHƯƠNG ÁN")
_ANNEX = re.compile(r"(PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC)(\s+(số\s+)?[IVX\d]+\w?)?\s*[.:]?(\s|$)")
_FOOT = re.compile(r"noi nhan\s*:?|(tm|kt|tl|tuq)\. ?(uy ban|chu tich|ubnd|giam doc)")


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
    end = next((i for i in range(body, len(blocks)) if _is_foot(blocks[i])), None)
    annex = next((i for i in range(body, len(blocks)) if _is_annex(blocks[i])), len(blocks))
    end = annex if end is None else min(end, annex)
    starts = [i for i in range(annex, len(blocks)) if _is_annex(blocks[i])]
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
    return text in _TITLES or (text.startswith(_TITLES) and text.isupper() and len(text) < 400)


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
    after = range(title + 1, len(blocks))
    first = next((i for i in after if _is_section(blocks[i])), None)
    if first is not None:
        return first
    # A plan without Roman sections: its numbers are its sections.
    for i in after:
        block = blocks[i]
        label = parse_label(block.text) if isinstance(block, Paragraph) else None
        if label is not None and label.style == "number" and title >= 0:
            return i
    return len(blocks)


def _is_foot(block: Block) -> bool:
    if isinstance(block, Table):
        return "noi nhan" in fold(block.text[:400]) or "tm. uy ban" in fold(block.text)
    return _FOOT.match(fold(block.text[:60])) is not None


def _is_annex(block: Block) -> bool:
    if not isinstance(block, Paragraph) or not _ANNEX.match(block.text):
        return False
    return block.text.isupper() or len(block.text) <= 20
