"""An office's own .docx as a template: what it keeps, what is filled in, what never gets in."""

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Docx

from ntmtasks.core import templates
from ntmtasks.core.papers import PLACES, STYLES, to_docx
from ntmtasks.core.plain import to_plain
from ntmtasks.core.templates import Refused, taken_in, to_start_from
from ntmtasks.core.word import templates as child
from ntmtasks.core.word.writing import write
from tests.core.test_papers import paper, texts
from tests.support.documents import saved

TODAY = date(2024, 2, 5)
OWN = paper(annexes=[], to=["Ủy ban nhân dân thành phố", "Ban Chỉ đạo"])
ORDER = to_plain(OWN)
HEAD = '<w:bookmarkStart w:id="1" w:name="dau_van_ban"/>'
BODY = '<w:bookmarkStart w:id="2" w:name="noi_dung"/><w:bookmarkEnd w:id="2"/>'


def changed(content: bytes, parts: Mapping[str, str | bytes], say: Mapping[str, str]) -> bytes:
    """The file with more parts, and with words of its document and their relations put otherwise."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            blob = source.read(name)
            if name in ("word/document.xml", "word/_rels/document.xml.rels"):
                text = blob.decode()
                for old, new in say.items():
                    text = text.replace(old, new)
                blob = text.encode()
            if name not in parts:
                out.writestr(name, blob)
        for name, part in parts.items():
            out.writestr(name, part)
    return target.getvalue()


def own(*lines: str) -> bytes:
    """A .docx of an office with these lines, written as the XML inside a paragraph."""
    document = Document()
    for number, _ in enumerate(lines):
        document.add_paragraph(f"LINE{number}")
    say = {f"<w:r><w:t>LINE{n}</w:t></w:r>": line for n, line in enumerate(lines)}
    return changed(saved(document), {}, say)


def read(content: bytes) -> dict[str, Any]:
    """What the office child says of a file, without a process of its own."""
    said: dict[str, Any] = json.loads(child.read(ORDER, content))
    return said


def filled(content: bytes) -> Docx:
    """The paper in the template that a file makes."""
    clean = base64.b64decode(read(content)["content"])
    return Document(io.BytesIO(write(ORDER, clean)))


def test_our_own_template_holds_every_name_and_gives_the_same_paper() -> None:
    template = taken_in(to_start_from(TODAY), TODAY)
    assert set(PLACES) - set(template.places) == {"dau_van_ban"}
    assert template.styles == tuple(STYLES)
    assert template.dropped == ()
    ours, theirs = (
        texts(Document(io.BytesIO(to_docx(paper(), content))))
        for content in (b"", template.content)
    )
    assert theirs == ours


def test_an_office_keeps_its_head_and_its_styles_and_gets_the_rest_from_us() -> None:
    document = Document()
    document.sections[0].left_margin = 1_234_440
    style = document.styles.add_style("NTM Noi dung", 1)
    style.font.name = "Arial"
    lines = ["SỞ CỦA TÔI HEAD", "Việc chính: CONTENT", "Cuối trang"]
    for line in lines:
        document.add_paragraph(line)
    marked = {"<w:r><w:t>SỞ": f"{HEAD}<w:r><w:t>SỞ", "<w:r><w:t>Việc": f"{BODY}<w:r><w:t>Việc"}
    found = filled(changed(saved(document), {}, marked))
    words = texts(found)
    assert words[0] == "SỞ CỦA TÔI HEAD"
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" not in words
    assert words[1:7] == [
        "BÁO CÁO",
        "Tình hình thực hiện",
        "Kính gửi:",
        "- Ủy ban nhân dân thành phố;",
        "- Ban Chỉ đạo.",
        "I. Kết quả",
    ]
    assert words[7:9] == ["Đã làm xong.", "Kính báo cáo."]
    assert "Nơi nhận:" in words
    assert words[-1] == "Cuối trang"
    body = next(p for p in found.paragraphs if p.text == "Đã làm xong.")
    assert body.style is not None
    assert (body.style.name, body.style.font.name) == ("NTM Noi dung", "Arial")
    assert round(found.sections[0].left_margin or 0) == 1_234_440


def test_each_place_is_filled_in_the_look_of_its_line() -> None:
    name = (
        '<w:bookmarkStart w:id="4" w:name="{}"/><w:r><w:rPr><w:i/></w:rPr><w:t>x</w:t></w:r>'
        '<w:bookmarkEnd w:id="4"/>'
    )
    content = own(
        "<w:r><w:t>Cơ quan: </w:t></w:r>" + name.format("co_quan_ban_hanh"),
        name.format("NOI_NHAN"),
        BODY + "<w:r><w:t>y</w:t></w:r>",
    )
    found = filled(content)
    lines = [p for p in found.paragraphs if p.text]
    assert lines[0].text == "Cơ quan: SỞ NÔNG NGHIỆP"
    assert [run.italic for run in lines[0].runs] == [None, True]
    told = [p.text for p in lines if p.text.startswith("- ")]
    assert told[:3] == ["- Như trên;", "- Các sở, ngành;", "- Lưu: VT."]
    assert "y" not in [p.text for p in lines]
    assert "Nơi nhận:" not in texts(found)


@pytest.mark.parametrize("name", ["ten_loai", "trich_yeu"])
@pytest.mark.parametrize("own_title", ["BÁO CÁO", "x"])
def test_title_and_subject_stand_once_whichever_has_a_place(name: str, own_title: str) -> None:
    place = f'<w:bookmarkStart w:id="4" w:name="{name}"/><w:r><w:t>x</w:t></w:r><w:bookmarkEnd w:id="4"/>'
    first = f"<w:r><w:t>{own_title}</w:t></w:r>" if name == "trich_yeu" else ""
    words = texts(filled(own(first, place, BODY)))
    assert words.count("BÁO CÁO") == 1
    assert words.count("Tình hình thực hiện") == 1
    assert words.index("BÁO CÁO") < words.index("Tình hình thực hiện") < words.index("Kính gửi:")


def test_expressions_are_words_and_nothing_leads_outside() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDETEXT "http://evil"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    pages = '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    link = (
        '<w:hyperlink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'r:id="rId99"><w:r><w:t>evil link</w:t></w:r></w:hyperlink>'
    )
    gone = '<w:del w:id="8"><w:r><w:delText>secret</w:delText></w:r></w:del>'
    outside = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/hyperlink" Target="http://evil" TargetMode="External"/></Relationships>'
    )
    content = own("<w:r><w:t>{{ 7*7 }} ${x}</w:t></w:r>" + BODY, field + pages, link + gone)
    settings = '<w:settings><w:attachedTemplate r:id="rId1"/></w:settings>'
    hostile = changed(content, {"word/settings.xml": settings}, {"</Relationships>": outside})
    said = read(hostile)
    assert said["dropped"] == {"links": 1, "fields": 1, "changes": 1}
    clean = zipfile.ZipFile(io.BytesIO(base64.b64decode(said["content"])))
    whole = b"".join(map(clean.read, clean.namelist()))
    assert b"evil" not in whole.replace(b"evil link", b"")
    assert b"INCLUDETEXT" not in whole
    assert b"secret" not in whole
    assert b'w:instr="PAGE"' in whole
    assert "word/settings.xml" not in clean.namelist()
    assert {"shown", "evil link"} <= set(texts(filled(hostile)))
    assert "{{ 7*7 }} ${x}" in texts(filled(own("<w:r><w:t>{{ 7*7 }} ${x}</w:t></w:r>", BODY)))


@pytest.mark.parametrize(
    ("why", "content"),
    [
        ("not_word", b"%PDF-1.4"),
        ("not_word", saved(Document()).replace(b"word/document.xml", b"word/dokument.xml")),
        ("broken", saved(Document())[:3000]),
        ("nameless", own("<w:r><w:t>Chỉ có chữ</w:t></w:r>")),
        ("macros", changed(own(BODY), {"word/vbaProject.bin": b"x"}, {})),
        ("embedded", changed(own(BODY), {"word/embeddings/oleObject1.bin": b"x"}, {})),
        ("embedded", own(BODY, "<w:r><w:object/></w:r>")),
        (
            "in_a_table",
            own(f"</w:p><w:tbl><w:tr><w:tc><w:p>{BODY}</w:p></w:tc></w:tr></w:tbl><w:p>"),
        ),
        ("too_big", changed(own(BODY), {"word/styles.xml": b" " * (49 * 2**20)}, {})),
        ("too_big", own(BODY + "<w:r/>" * 100_001)),
        ("broken", changed(own(BODY), {}, {"<w:document": "<!DOCTYPE x []><w:document"})),
    ],
)
def test_what_is_no_template_is_refused_in_words(why: str, content: bytes) -> None:
    assert read(content) == {"refused": why}
    assert templates._WHY[why].endswith((".", "lên."))


def test_the_child_refuses_with_a_sentence() -> None:
    with pytest.raises(Refused, match="macro"):
        taken_in(changed(own(BODY), {"word/vbaProject.bin": b"x"}, {}), TODAY)
