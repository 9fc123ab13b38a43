"""An action that meets an error page must not take away the form that the person filled in."""

from collections.abc import Callable
from typing import Any


def test_to_htmx_an_error_is_a_line_in_the_live_region_and_swaps_nothing(
    client_of: Callable[[str], Any],
) -> None:
    answer = client_of("chuyenvien").post("/no-such-page", {}, htmx=True)
    assert answer.status_code == 404
    assert answer.headers["HX-Reswap"] == "none"
    assert 'id="live"' in answer.text
    assert 'hx-swap-oob="innerHTML"' in answer.text


def test_to_a_browser_an_error_is_a_page_in_the_frame(client_of: Callable[[str], Any]) -> None:
    answer = client_of("chuyenvien").get("/no-such-page")
    assert answer.status_code == 404
    assert '<main id="main"' in answer.text
    assert "Mã 404" in answer.text
