"""Words of effort without a number or a product are noticed, and nothing else is."""

import unicodedata

import pytest

from ntmtasks.progress.rules.substance import bare_words


@pytest.mark.parametrize(
    ("text", "figure", "has_product", "expected"),
    [
        ("Đã tăng cường tuyên truyền", "", False, "tăng cường"),
        ("Đẩy mạnh và tăng cường", "", False, "đẩy mạnh"),
        (unicodedata.normalize("NFD", "Đã đẩy mạnh"), "", False, "đẩy mạnh"),
        ("Tăng cường tuyên truyền ở 12 xã", "", False, ""),
        ("Tăng cường tuyên truyền", "24/36 nội dung", False, ""),
        ("Tăng cường tuyên truyền, biên bản kèm theo", "", True, ""),
        ("Đã họp với các xã và thống nhất danh mục", "", False, ""),
        ("", "", False, ""),
    ],
)
def test_effort_alone_is_named(text: str, figure: str, has_product: bool, expected: str) -> None:
    assert bare_words(text, figure, has_product) == expected
