"""A fragment is one element whose id is its file's name, and says what it needs."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from ntmtasks import paths
from ntmtasks.app import create_app
from tests.support import databases

TEMPLATES = paths.resource("templates")
FRAGMENTS = sorted(TEMPLATES.rglob("_*.html"))
VOID = {"input", "br", "hr", "img", "meta", "link", "use", "path"}


class _Roots(HTMLParser):
    """Collects the ids of the elements that stand at the top."""

    def __init__(self) -> None:
        super().__init__()
        self.roots: list[str | None] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.open:
            self.roots.append(dict(attrs).get("id"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.open:
            self.roots.append(dict(attrs).get("id"))


def without_jinja(source: str) -> str:
    """The markup alone: expressions become 1; of a condition's branches the first remains."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", "1", source, flags=re.DOTALL)
    inner = re.compile(
        r"\{%-?\s*if\b[^%]*(?:%(?!\})[^%]*)*%\}"
        r"((?:(?!\{%-?\s*(?:if|endif)\b).)*?)\{%-?\s*endif\s*-?%\}",
        re.DOTALL,
    )

    def first(match: re.Match[str]) -> str:
        return re.split(r"\{%-?\s*(?:elif|else)\b", match.group(1))[0]

    while inner.search(source):
        source = inner.sub(first, source)
    return re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)


def fault(file: Path, environment: Environment) -> str:
    """What is wrong with a fragment, or nothing."""
    source = file.read_text()
    head = re.match(r"\{# needs: (.*) #\}\n", source)
    if head is None:
        return "the first line must be {# needs: … #}"
    needs = {name.strip() for name in head.group(1).split(",")} - {"", "nothing"}
    unused = needs - meta.find_undeclared_variables(environment.parse(source))
    if unused:
        return f"needs {sorted(unused)} but never uses it"
    parser = _Roots()
    parser.feed(without_jinja(source))
    wanted = file.stem.removeprefix("_").replace("_", "-")
    if len(parser.roots) != 1 or not re.fullmatch(rf"{wanted}(-1)?", parser.roots[0] or ""):
        return f"one root element with id {wanted} (or {wanted}-<id>), not {parser.roots}"
    return ""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Jinja as the application has it, with its filters."""
    return create_app(databases.config(tmp_path_factory.mktemp("jinja"))).jinja_env


def test_macros_are_made_once() -> None:
    """An import makes them, or what they may see, anew for every fragment of every row."""
    files = [
        f.name
        for f in TEMPLATES.rglob("*.html")
        if "with context" in f.read_text() or 'import "macros.html"' in f.read_text()
    ]
    assert not files


@pytest.mark.parametrize("file", FRAGMENTS, ids=lambda f: str(f.relative_to(TEMPLATES)))
def test_a_fragment_has_one_root_with_its_name_and_says_what_it_needs(
    file: Path, environment: Environment
) -> None:
    assert not fault(file, environment)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p id='task-row'></p>", "first line"),
        ("{# needs: task #}\n<p id='task-row'></p>", "never uses"),
        ("{# needs: task #}\n<p id='row'>{{ task }}</p>", "one root"),
        ("{# needs: task #}\n<p id='task-row'>{{ task }}</p><p></p>", "one root"),
        ("{# needs: task #}\n<tr id='task-row-{{ task.id }}'><td>{{ task }}<br></td></tr>", ""),
    ],
)
def test_a_bad_fragment_is_seen(tmp_path: Path, source: str, expected: str) -> None:
    file = tmp_path / "_task_row.html"
    file.write_text(source)
    found = fault(file, Environment())
    assert expected in found if expected else not found
