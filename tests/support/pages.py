"""What every page must be, whatever it shows."""

from collections import Counter
from html.parser import HTMLParser


class _Page(HTMLParser):
    """Counts what `faults` asks about."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.faults: list[str] = []
        self._form: dict[str, str | None] | None = None
        self._has_token = False
        self._inline: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        if given.get("id"):
            self.ids[str(given["id"])] += 1
        for name in given:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"<{tag} {name}=…>")
        if tag == "style" or (tag == "script" and "src" not in given):
            self.faults.append(f"inline <{tag}>")
        if tag == "form":
            self._form, self._has_token = given, False
        if tag == "input" and given.get("name") == "csrf_token" and given.get("value"):
            self._has_token = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            method = (self._form.get("method") or "get").lower()
            if method == "post" and not self._has_token:
                self.faults.append(f"POST form without csrf_token: {self._form}")
            self._form = None


def faults(html: str) -> list[str]:
    """What is wrong with a whole page: one title, one h1, unique ids, CSRF tokens, nothing inline."""
    page = _Page()
    page.feed(html)
    found = list(page.faults)
    title = html.partition("<title>")[2].partition("</title>")[0]
    if html.count("<title>") != 1 or not title.split("–")[0].strip():
        found.append(f"title: {title!r}")
    if page.tags["h1"] != 1:
        found.append(f"{page.tags['h1']} h1")
    found.extend(f"id {name!r} stands {n} times" for name, n in page.ids.items() if n > 1)
    return found
