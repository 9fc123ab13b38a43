"""Names behind an @ and addresses in plain text."""

import pytest

from ntmtasks.progress.rules.mentions import Named, Piece, find, pieces, suggest

NN = Named("Sở NN&PTNT", ("Sở NN&PTNT", "Sở Nông nghiệp và Phát triển nông thôn", "Sở NN"))
AN = Named("Nguyễn Văn An", ("Nguyễn Văn An", "an.nv"), user_ids=(1,))
AN2 = Named("Nguyễn Vân Ân", ("Nguyễn Vân Ân", "an2"), user_ids=(2,))
KNOWN = (NN, AN, AN2)


@pytest.mark.parametrize(
    ("text", "words", "named"),
    [
        ("@Sở NN&PTNT, đề nghị xem", ("Sở NN&PTNT",), (NN,)),
        ("nhờ @so nn&ptnt xem", ("so nn&ptnt",), (NN,)),
        ("@Sở NN xem", ("Sở NN",), (NN,)),
        ("(@an.nv)", ("an.nv",), (AN,)),
        ("@Nguyễn Văn An.", ("Nguyễn Văn An",), (AN,)),
        ("@nguyen van an xem", ("nguyen van an",), (AN, AN2)),
        ("@Nguyễn Văn Anh xem", (), ()),
        ("gửi an.nv@an.nv hoặc a@Sở NN", (), ()),
        ("https://example.vn/@an.nv", (), ()),
        ("@Sở NN và @an2 và @Sở NN", ("Sở NN", "an2"), (NN, AN2)),
        ("@", (), ()),
    ],
)
def test_a_name_is_found_with_or_without_its_marks(
    text: str, words: tuple[str, ...], named: tuple[Named, ...]
) -> None:
    found = find(text, KNOWN)
    assert (found.words, found.named) == (words, named)


def test_words_that_mean_nobody_are_given_back() -> None:
    found = find("@Lan và @an.nv và @phong-ban.", KNOWN)
    assert found.unknown == ("Lan", "phong-ban")
    assert found.named == (AN,)


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("xem https://a.vn/b?c=1&d=2.", "https://a.vn/b?c=1&d=2", "."),
        ("(http://a.vn)", "http://a.vn", ")"),
        ("HTTP://a.vn/x_(y) rồi", "HTTP://a.vn/x_(y)", " rồi"),
        ("https://a.vn/<script>", "https://a.vn/", "<script>"),
    ],
)
def test_addresses_end_before_the_sign_that_ends_the_sentence(
    text: str, address: str, rest: str
) -> None:
    found = pieces(text, ())
    assert (Piece.LINK, address) in found
    assert found[-1] == (Piece.TEXT, rest)
    assert "".join(words for _, words in found) == text


@pytest.mark.parametrize("text", ["javascript:alert(1)", "ftp://a.vn", "http://", "https://..."])
def test_nothing_else_becomes_a_link(text: str) -> None:
    assert pieces(text, ()) == [(Piece.TEXT, text)]


def test_only_what_was_found_is_marked_and_nothing_is_lost() -> None:
    text = "@Sở NN và @Sở NN&PTNT, thư a@Sở NN, @Lan"
    found = pieces(text, ["Sở NN", "Sở NN&PTNT"])
    marked = [words for kind, words in found if kind is Piece.MENTION]
    assert marked == ["@Sở NN", "@Sở NN&PTNT"]
    assert "".join(words for _, words in found) == text


def test_suggestions_begin_a_word_and_are_few() -> None:
    assert suggest(KNOWN, "nông") == [NN]
    assert suggest(KNOWN, "van a") == [AN, AN2]
    assert suggest(KNOWN, "guyen") == []
    assert len(suggest(KNOWN, "", most=2)) == 2
