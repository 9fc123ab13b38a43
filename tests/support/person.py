"""Somebody at a browser without scripts, over a real socket: reads pages, fills in forms, presses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from io import BytesIO
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

Values = dict[str, list[str]]


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and what it would send untouched."""

    action: str
    method: str
    values: Values = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page with the values that their fields have, and the links that lead to
    more of them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = ""
        self._is_multiple = False
        self._options: list[tuple[str, bool]] = []
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "a" and "data-open" in told:
            self.links.append(told["href"])
        elif tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get"))
            self.found.append(self._form)
        elif tag == "input" and name:
            kind = told.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in told:
                    self._add(name, value or "on")
            elif kind not in ("submit", "button", "file", "image"):
                self._add(name, value)
        elif tag == "select":
            self._select, self._options = name, []
            self._is_multiple = "multiple" in told
        elif tag == "option" and self._select:
            self._options.append((value, "selected" in told))
        elif tag == "textarea" and name:
            self._area = (name, [])

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            name, words = self._area
            self._add(name, "".join(words).strip())
            self._area = None
        elif tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            first = [] if self._is_multiple else [value for value, _ in self._options[:1]]
            for value in chosen or first:
                self._add(self._select, value)
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.values.setdefault(name, []).append(value)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    text: str
    location: str


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_values: Any) -> None:
        return None


class Person:
    """A person who is signed in at `site` ("http://127.0.0.1:4711")."""

    def __init__(self, site: str, username: str = "", password: str = "") -> None:
        self.site = site
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()), _Stay())
        if username:
            self.press("/login", "/login", username=username, password=password)

    def get(self, path: str) -> str:
        """A page that has to be there."""
        answer = self._ask(Request(self.site + path))
        assert answer.status == 200, (path, answer.status)
        return answer.text

    def status_of(self, path: str) -> int:
        """The status with which a page answers."""
        return self._ask(Request(self.site + path)).status

    def press(
        self,
        page: str,
        action: str,
        /,
        *,
        having: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        expected: int = 303,
        **typed: str | int | list[str],
    ) -> Answer:
        """Open `page`, fill the form that goes to `action`, on it or behind a link of it that opens a
        form, and send it; `having` tells forms with the same address apart by a value of theirs. Fields
        keep what they hold but for those `typed`."""
        form = self._form(page, action, having or {})
        values = dict(form.values)
        for name, value in typed.items():
            values[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
        answer = self._send(action, values, files or {}, page)
        assert answer.status == expected, (page, action, answer.status, _errors(answer.text))
        return answer

    def _form(self, page: str, action: str, having: Mapping[str, str]) -> Form:
        path, asked = urlsplit(page).path, [page]
        for address in asked:
            parser = _Forms()
            parser.feed(self.get(address))
            for form in parser.found:
                there = (form.action or path) == action and form.method == "post"
                if there and all(form.values.get(n) == [v] for n, v in having.items()):
                    return form
            asked += parser.links if address == page else []
        raise AssertionError(f"{page} has no form to {action} with {dict(having)}")

    def _send(
        self, path: str, values: Values, files: Mapping[str, tuple[str, bytes]], page: str
    ) -> Answer:
        headers = {"Referer": self.site + page}
        if files:
            parts: dict[str, Any] = dict(values)
            for name, (filename, content) in files.items():
                parts[name] = FileStorage(BytesIO(content), filename)
            boundary, body = encode_multipart(parts)
            headers["Content-Type"] = f'multipart/form-data; boundary="{boundary}"'
        else:
            body = urlencode(values, doseq=True).encode()
        return self._ask(Request(self.site + path, body, headers))

    def _ask(self, request: Request) -> Answer:
        try:
            answer: HTTPResponse = self._browser.open(request, timeout=60)
        except HTTPError as error:
            return Answer(error.code, error.read().decode(), error.headers.get("Location", ""))
        with answer:
            return Answer(answer.status, answer.read().decode(), "")


def _errors(text: str) -> list[str]:
    """The sentences that a refused form shows, for the message of a failed test."""
    return [part.split("<")[0] for part in text.split('class="error"')[1:]]
