"""The words of a search, and where they stand in a text."""

import pytest

from ntmtasks.core.text import search_text
from ntmtasks.oversight.rules.search import Term, fits, is_as_typed, read_query, snippet


def shown(text: str, q: str) -> str:
    """A snippet with what was found in brackets."""
    return "".join(f"[{piece}]" if hit else piece for piece, hit in snippet(text, read_query(q)))


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("  nước   sạch ", (Term("nước"), Term("sạch"))),
        ('"nước sạch" -trường', (Term("nước sạch"), Term("trường", is_excluded=True))),
        ("“nước sạch” III.2.c", (Term("nước sạch"), Term("III.2.c"))),
        ('-"văn hóa" xã', (Term("văn hóa", is_excluded=True), Term("xã"))),
        ('"" - -- "', ()),
        ("IV.2.-4", (Term("IV.2.-4"),)),
    ],
)
def test_words_phrases_and_what_is_left_out(typed: str, terms: tuple[Term, ...]) -> None:
    assert read_query(typed) == terms


@pytest.mark.parametrize(
    ("typed", "text", "is_found"),
    [
        ("nuoc sach", "Cấp NƯỚC cho xã, sạch", True),
        ("ước", "nước", False),  # words are found from their beginning
        ('"nuoc sach"', "nước rất sạch", False),
        ('"nuoc sa"', "(nước sạch)", True),
        ("dong -binh", "Đông Bình", False),
        ("dong -binh", "Đông Thuận", True),
        ("100%", "đạt 100 phần", False),
    ],
)
def test_which_texts_fit(typed: str, text: str, is_found: bool) -> None:
    assert fits(read_query(typed), search_text(text)) is is_found


def test_marks_that_were_typed_are_told_from_those_that_were_not() -> None:
    assert is_as_typed(read_query("Đông"), "xã đông Bình")
    assert not is_as_typed(read_query("Đông"), "xã Dong Binh")
    assert not is_as_typed(read_query("dong"), "xã Đông Bình")


@pytest.mark.parametrize(
    ("typed", "text", "pieces"),
    [
        ("dong", "Xã Đông Bình, đồng ruộng", "Xã [Đông] Bình, [đồng] ruộng"),
        ('"xa dong"', "(Xã  Đông) Bình", "([Xã Đông]) Bình"),
        ("nong nongthon", "Nông\nthôn", "[Nông] thôn"),
        ("a ab", "abc", "[ab]c"),
        ("-xa binh", "xã Bình", "xã [Bình]"),
    ],
)
def test_what_was_found_is_marked_in_the_text_as_it_is(typed: str, text: str, pieces: str) -> None:
    assert shown(text, typed) == pieces


def test_a_long_text_is_cut_around_what_was_found() -> None:
    long = "mở đầu " * 100 + "nước sạch " + "kết thúc " * 100
    cut = shown(long, "nuoc")
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert "[nước] sạch" in cut
    assert len(cut) < 260
    assert shown("mở đầu " * 100, "khong-co").startswith("mở đầu")
