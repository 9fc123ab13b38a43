"""Plans as .docx and .pdf, made from their text: what a person would get from Word."""

import io
import re
import subprocess
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

Rows = list[list[str]]
Piece = str | Rows
CHROMIUM = "/usr/bin/chromium"


def pieces(text: str) -> list[Piece]:
    """Return the paragraphs of a plan in the form "one paragraph a line", its tables as rows."""
    found: list[Piece] = []
    for line in text.split("\n"):
        last = found[-1] if found else None
        if line.startswith("# source"):
            continue
        if line.startswith("| ") and line.endswith(" |"):
            found.append([row.split(" | ") for row in line.strip("| ").split(" | | ")])
        elif "\t" in line:
            row = line.split("\t")
            if isinstance(last, list):
                last.append(row)
            else:
                found.append([row])
        elif line.strip():
            found.append(line.strip())
    return _with_group_rows(found)


def _with_group_rows(found: list[Piece]) -> list[Piece]:
    """Put a line between two tables into them: a row merged over all columns."""
    out: list[Piece] = []
    for i, piece in enumerate(found):
        before = out[-1] if out else None
        after = found[i + 1] if i + 1 < len(found) else None
        if isinstance(piece, str) and isinstance(before, list) and isinstance(after, list):
            before.append([piece])
        elif isinstance(piece, list) and isinstance(before, list) and len(before[-1]) == 1:
            before.extend(piece)
        else:
            out.append(piece)
    return out


def word(content: Iterable[Piece]) -> bytes:
    """Return a .docx with the labels typed by hand and real tables."""
    document = Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(14)
    for piece in content:
        if isinstance(piece, str):
            paragraph = document.add_paragraph(piece)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        else:
            _add_table(document, piece)
    return saved(document)


def word_lines(text: str) -> bytes:
    """Return a .docx with a paragraph for each line, blank ones and tabs included: a pasted text."""
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    return saved(document)


def _add_table(document: Any, rows: Rows) -> None:
    width = max(len(row) for row in rows)
    table = document.add_table(len(rows), width)
    for i, row in enumerate(rows):
        if len(row) == 1 and width > 1:
            table.cell(i, 0).merge(table.cell(i, width - 1)).text = row[0]
            continue
        for k, text in enumerate(row):
            table.cell(i, k).text = text


def saved(document: Any) -> bytes:
    """Return the bytes of a document of python-docx."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# One list as Word makes it from the gallery: I. → 1. → a) → - → +, each level counting anew.
_LEVELS = (
    ("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"),
    ("bullet", "+"),
)  # fmt: skip
_LABELS = (r"[IVX]+\.\s*", r"\d+\.\s+", r"[a-zđ]\)\s*", r"-\s+", r"\+\s+")


def word_numbered(content: Iterable[Piece]) -> bytes:
    """Return a .docx in which Word counts all labels that an automatic list would print alike.

    A label out of order ("đ)", a gap) gets a list of its own that starts there, as people do it.
    """
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (style, text) in enumerate(_LEVELS)
    )
    numbering.insert(0, parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'
    ))  # fmt: skip
    counts = [0] * len(_LEVELS)
    list_id = _list(numbering, 900, {})
    for piece in content:
        if not isinstance(piece, str):
            _add_table(document, piece)
            continue
        at = next((i for i, label in enumerate(_LABELS) if re.match(label, piece)), None)
        label = re.match(_LABELS[at], piece) if at is not None else None
        wanted = _count(label.group().strip(), at) if label and at is not None else None
        if at is None or label is None or wanted is None:
            document.add_paragraph(piece)
            continue
        if wanted not in (0, counts[at] + 1):
            list_id = _list(numbering, list_id + 1, {at: wanted})
        counts[at] = wanted or counts[at] + 1
        counts[at + 1 :] = [0] * (len(counts) - at - 1)
        paragraph = document.add_paragraph(piece[label.end() :])
        paragraph._p.get_or_add_pPr().append(parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{at}"/><w:numId w:val="{list_id}"/></w:numPr>'
        ))  # fmt: skip
    return saved(document)


def _count(label: str, at: int) -> int | None:
    """Return which number a label is; 0 for a bullet, None for what Word does not print."""
    if at >= 3:
        return 0
    bare = label.rstrip(".)")
    if at == 1:
        return int(bare)
    if at == 2:
        return None if bare == "đ" else ord(bare) - ord("a") + 1
    known = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    return known.index(bare) + 1 if bare in known else None


def _list(numbering: Any, num_id: int, starts: dict[int, int]) -> int:
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for at, start in starts.items()
    )
    numbering.append(parse_xml(
        f'<w:num {nsdecls("w")} w:numId="{num_id}"><w:abstractNumId w:val="90"/>{overrides}</w:num>'
    ))  # fmt: skip
    return num_id


_STYLE = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm; @top-center { content: counter(page); } }
body { font-family: 'Times New Roman', 'Liberation Serif', serif; font-size: 14pt; }
p { text-align: justify; text-indent: 1.27cm; margin: 6pt 0; line-height: 1.15; }
p.centre { text-align: center; text-indent: 0; font-weight: bold; }
table { border-collapse: collapse; width: 100%; }
td { border: 1px solid black; padding: 2pt 4pt; vertical-align: top; font-size: 13pt; }
table.plain td { border: none; text-align: center; }
"""


def html(content: Iterable[Piece], style: str = "") -> str:
    """Return a page as the office prints it (Nghị định 30/2020): A4, Times 14, justified."""
    parts = []
    for piece in content:
        if isinstance(piece, str):
            kind = ' class="centre"' if piece.isupper() and len(piece) < 300 else ""
            parts.append(f"<p{kind}>{escape(piece)}</p>")
            continue
        width = max(len(row) for row in piece)
        plain = ' class="plain"' if width == 2 else ""
        rows = [_html_row(row, width) for row in piece]
        parts.append(f"<table{plain}><thead>{rows[0]}</thead>{''.join(rows[1:])}</table>")
    head = f'<meta charset="utf-8"><title>Kế hoạch</title><style>{_STYLE}{style}</style>'
    return f"<!doctype html><html lang=vi>{head}<body>{''.join(parts)}</body></html>"


def _html_row(row: list[str], width: int) -> str:
    if len(row) == 1:
        return f'<tr><td colspan="{width}">{escape(row[0])}</td></tr>'
    return f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>"


def pdf(page: str) -> bytes:
    """Return a page printed by Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "plan.html"), Path(folder, "plan.pdf")
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", f"--user-data-dir={folder}/profile", "--no-pdf-header-footer",
             f"--print-to-pdf={target}", source.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return target.read_bytes()
