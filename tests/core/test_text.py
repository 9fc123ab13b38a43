"""The one door for text and the folded search form."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ntmtasks.core.text import fold, like_pattern, nfc, search_text


def test_decomposed_text_becomes_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Kế hoạch số 108, Đông Bình")
    assert nfc(decomposed) == "Kế hoạch số 108, Đông Bình"


def test_control_characters_and_lone_surrogates_go_but_tabs_and_newlines_stay() -> None:
    assert nfc("a\x00b\ud800c\td\r\ne\rf\ufeff") == "abc\td\ne\nf"


def test_fold_drops_marks_and_turns_đ_into_d() -> None:
    assert fold("  Đồng   THÁP,\nỦy ban ") == "dong thap, uy ban"


def test_search_text_is_framed_by_spaces() -> None:
    assert search_text("Xã Đông Bình", "III.2.a") == " xa dong binh iii.2.a "


def test_like_pattern_escapes_its_wildcards() -> None:
    assert like_pattern("50%_\\Đ") == r"% 50\%\_\\d%"


@given(st.text(st.characters()))
def test_any_text_passes_the_door_once_and_for_all(s: str) -> None:
    once = nfc(s)
    assert nfc(once) == once
    once.encode("utf-8")
    assert "\r" not in once
