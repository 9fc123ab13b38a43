"""A report of 500 tasks as LibreOffice lays it out: what no reader of the file alone can see."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from ntmtasks.core.papers import Paper, Text, enclosed, to_docx
from ntmtasks.reports.service.outline import annexes, body
from tests.core.test_papers import paper
from tests.reports.test_report_outline import content
from tests.support import databases

pytestmark = pytest.mark.slow
MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[pypdfium2.PdfPage]]:
    """Its pages."""
    soffice = shutil.which("soffice")
    if soffice is None:
        databases.unavailable("LibreOffice (soffice) is not installed")
    folder: Path = tmp_path_factory.mktemp("office")
    (folder / "report.docx").write_bytes(to_docx(_report()))
    command = [str(soffice), f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(folder / "report.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    document = pypdfium2.PdfDocument(folder / "report.pdf")
    found = list(document)
    yield found
    for page in found:
        page.close()
    document.close()


def _report() -> Paper:
    first = content().annex[0]
    rows = tuple(replace(first, number=n, result="Đã làm 12/36 xã. " * 8) for n in range(1, 501))
    said = content(annex=rows)
    whole = [
        Text("Báo cáo như sau:"),
        *body(said),
        *[Text("Đã làm. " * 60)] * 6,
        Text("Kính báo cáo."),
    ]
    plain = paper()
    return replace(plain, body=whole, annexes=annexes(said, enclosed("Báo cáo", plain.letterhead)))


def lines(page: pypdfium2.PdfPage) -> list[str]:
    """The lines of a page from its top; letters of two marks ("ụ", "ế") stand at their ends."""
    return [line.strip() for line in words(page).splitlines()]


def words(page: pypdfium2.PdfPage, **box: float) -> str:
    """What a page says, or a box of it, in points from its lower left corner."""
    with closing(page.get_textpage()) as text:
        said: str = text.get_text_bounded(**box)
        return said.strip()


def test_pages_are_numbered_from_the_second_in_the_middle_of_the_top(
    pages: list[pypdfium2.PdfPage],
) -> None:
    for number, page in enumerate(pages, 1):
        width, height = page.get_size()
        top = words(page, bottom=height - 19 * MILLIMETRE)
        assert top == ("" if number == 1 else str(number))
        centre = width / 2 + 7.5 * MILLIMETRE  # the left margin is 15 mm wider than the right one
        box = {"left": centre - 5 * MILLIMETRE, "right": centre + 5 * MILLIMETRE}
        assert words(page, bottom=height - 19 * MILLIMETRE, **box) == top


def test_the_head_of_the_annex_comes_again_on_each_of_its_pages(
    pages: list[pypdfium2.PdfPage],
) -> None:
    lying = [page for page in pages if page.get_size()[0] > page.get_size()[1]]
    assert len(lying) > 40
    assert pages[-len(lying) :] == lying
    assert any(line.startswith("(Kèm theo Báo cáo") for line in lines(lying[0]))
    for page in lying:
        assert any(line.startswith("STT") for line in lines(page))


def test_who_signs_stands_below_words_and_letters_are_those_of_times(
    pages: list[pypdfium2.PdfPage],
) -> None:
    signed = next(page for page in pages if any("KT. GIÁM" in line for line in lines(page)))
    assert any(line.endswith("Kính báo cáo./.") for line in lines(signed))
    fonts = {
        found.get_font().get_base_name()
        for found in pages[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    }
    # Letters of two marks that a machine's own Times lacks come from another font.
    assert {font.rpartition("+")[2].partition("-")[0] for font in fonts} & {
        "TimesNewRomanPSMT",
        "LiberationSerif",
    }
