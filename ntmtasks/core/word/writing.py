"""Writes a paper as .docx, into the office's own template where there is one."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn

from ntmtasks.core.papers import annex_label
from ntmtasks.core.text import printable
from ntmtasks.core.word import blocks, styles
from ntmtasks.core.word.places import Places

_HEAD = ("dau_van_ban", "co_quan_cap_tren", "co_quan_ban_hanh", "so_ky_hieu", "dia_danh_ngay_thang")


def write(order: dict[str, Any], template: bytes) -> bytes:
    """Return the .docx of core.papers.Paper. `template` is one that core/word/templates.py has let in,
    b"" for none; for what it keeps no place our own block is written."""
    paper = Document(io.BytesIO(template)) if template else _blank()
    _about(paper, order)
    places = Places(paper)
    ids = styles.add_missing(paper)
    for section in list(paper.sections)[:1]:
        if not _counts_pages(paper):
            blocks.page_number(section)
    _Filling(paper, places, blocks.Writer(paper, ids)).fill(order)
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def _blank() -> Docx:
    paper = Document()
    styles.normal(paper)
    blocks.page(paper.sections[0], is_landscape=False)
    return paper


def _about(paper: Docx, order: dict[str, Any]) -> None:
    head, properties = order["letterhead"], paper.core_properties
    properties.title = printable(f"{order['title']} {order['subject']}")[:250]
    properties.author = properties.last_modified_by = printable(head["issuer"])[:250]
    properties.comments, properties.language = "", "vi-VN"
    on = datetime.combine(date.fromisoformat(head["on"]), datetime.min.time())
    properties.created = properties.modified = on


def _counts_pages(paper: Docx) -> bool:
    section = paper.sections[0]
    parts = [p for p in (section.header, section.footer) if not p.is_linked_to_previous]
    codes = (e.text or "" for p in parts for e in p._element.iter(qn("w:instrText")))
    simple = (e.get(qn("w:instr")) or "" for p in parts for e in p._element.iter(qn("w:fldSimple")))
    return any("PAGE" in code.split() for code in (*codes, *simple))


class _Filling:
    """Fills the places of a document and puts what has none where it belongs."""

    def __init__(self, paper: Docx, places: Places, writer: blocks.Writer) -> None:
        self._places, self._writer = places, writer
        self._body = paper.element.body
        self._said = {line.text.strip().upper() for line in paper.paragraphs}
        """What the template's own lines say: many have "BÁO CÁO" as a word of their own."""

    def fill(self, order: dict[str, Any]) -> None:
        """All of a paper, from its head to its annexes."""
        places, writer = self._places, self._writer
        after = self._content(order["body"])
        self._title(order, after[0])
        self._head(order)
        missing = {name for name in ("nguoi_ky", "noi_nhan") if name not in places}
        if missing:
            signature = order["signature"] if "nguoi_ky" in missing else None
            told = order["recipients"] if "noi_nhan" in missing else None
            self._put(lambda: writer.closing(signature, told), after[1])
        places.fill("nguoi_ky", blocks.signed(order["signature"]))
        places.fill("noi_nhan", blocks.told(order["recipients"]))
        for mark in after:
            mark.getparent().remove(mark)
        annexes = order["annexes"]
        for number, annex in enumerate(annexes, 1):
            writer.annex(annex, annex_label(number, len(annexes)))

    def _content(self, body: list[dict[str, Any]]) -> tuple[Any, Any]:
        """Write the body; the marks before and behind it."""
        before, behind = self._mark(), self._mark()
        if "noi_dung" in self._places:
            anchor = self._places.take_out("noi_dung")
            anchor.addprevious(before)
            anchor.addprevious(behind)
            anchor.getparent().remove(anchor)
        else:
            self._before_closing(before)
            before.addnext(behind)
        self._put(lambda: self._writer.body(body), behind)
        return before, behind

    def _mark(self) -> Any:
        return self._body.makeelement(qn("w:p"))

    def _before_closing(self, mark: Any) -> None:
        """Where a body without a place of its own stands: above who signs and who is told, else last."""
        closing = [n for n in ("noi_nhan", "nguoi_ky") if n in self._places]
        blocks_there = [self._places.block(name) for name in closing]
        if blocks_there:
            min(blocks_there, key=self._body.index).addprevious(mark)
        else:
            self._add(mark)

    def _add(self, block: Any) -> None:
        last = self._body.find(qn("w:sectPr"))
        if last is None:
            self._body.append(block)
        else:
            last.addprevious(block)

    def _put(self, write: Callable[[], object], anchor: Any) -> None:
        """Write blocks, which come at the end, and move them before `anchor`."""
        count = len(self._body)
        is_last = self._body[-1].tag == qn("w:sectPr")
        write()
        first = count - 1 if is_last else count
        last = len(self._body) - 1 if is_last else len(self._body)
        for block in self._body[first:last]:
            anchor.addprevious(block)

    def _title(self, order: dict[str, Any], content: Any) -> None:
        places, writer = self._places, self._writer
        if "kinh_gui" in places:
            places.fill("kinh_gui", blocks.addressed(order["to"]))
        else:
            self._put(lambda: writer.addressees(order["to"]), content)
        title, subject = order["title"].upper(), order["subject"]
        if "trich_yeu" not in places:
            at = self._first_of("kinh_gui", content)
            own = "" if "ten_loai" in places else title
            self._put(lambda: writer.title(own, subject), at)
        elif "ten_loai" not in places and title not in self._said:
            block = places.block("trich_yeu")
            self._put(lambda: writer.kind(title), block)
        places.fill("ten_loai", [title])
        places.fill("trich_yeu", [subject])

    def _first_of(self, name: str, otherwise: Any) -> Any:
        """Above a place, or above the addressees that were written for the body."""
        if name in self._places:
            return self._places.block(name)
        written = [
            start
            for start in self._body.iter(qn("w:bookmarkStart"))
            if start.get(qn("w:name")) == name
        ]
        return written[0].getparent() if written else otherwise

    def _head(self, order: dict[str, Any]) -> None:
        places, head = self._places, order["letterhead"]
        if not any(name in places for name in _HEAD):
            self._put(lambda: self._writer.letterhead(head, order["draft"]), self._body[0])
            return
        if "dau_van_ban" in places and not places.holds_words("dau_van_ban"):
            block = places.block("dau_van_ban")
            self._put(lambda: self._writer.letterhead(head, order["draft"]), block)
            block.getparent().remove(block)
            return
        if order["draft"] and "so_ky_hieu" not in places:
            self._put(lambda: self._writer.draft(order["draft"]), self._body[0])
        places.fill("co_quan_cap_tren", [head["parent"].upper()])
        places.fill("co_quan_ban_hanh", head["issuer"].upper().split("\n"))
        draft = [order["draft"]] if order["draft"] else []
        places.fill("so_ky_hieu", [blocks.number(head), *draft])
        places.fill("dia_danh_ngay_thang", [blocks.place_and_day(head)])
