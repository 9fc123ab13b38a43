"""Imports go down the floors and to the left along the shelves (design.md section 2)."""

import ast
from pathlib import Path

import pytest

from ntmtasks import paths

FLOORS = {
    9: {"app", "cli", "worker", "sample", "server"},
    8: {"desk", "oversight", "intake", "reminders"},
    7: {"reports"},
    6: {"progress", "escalations", "dossiers", "funding"},
    5: {"tasks"},
    4: {"plans", "criteria"},
    2: {"accounts"},
    1: {"agencies", "outbox", "files", "workdays"},
    0.5: {"history"},  # below its neighbours, whose verbs it records
    0: {"core"},
    -1: {"config"},
    -2: {"paths"},
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
SHELVES = (
    "rules", "labels", "models", "queries", "mails", "service", "access", "forms", "jobs", "views",
)  # fmt: skip
PLACE = {shelf: place for place, shelf in enumerate(SHELVES)}
PLACE |= {"sessions": PLACE["service"] + 0.5}  # the one module that touches Flask-Login
FLASKLESS = {"rules": {"flask", "sqlalchemy"}, "service": {"flask"}, "mails": {"smtplib"}}


def faults(file: Path, root: Path) -> list[str]:
    """What the imports of one file do that the floor plan forbids."""
    where = file.relative_to(root).with_suffix("").parts
    room, shelf = where[0], where[1] if len(where) > 1 else ""
    if len(where) == 1 and room == "__init__":
        return []
    if room not in FLOOR_OF:
        return [f"{room}: a room without a floor"]
    has_shelves = 0 < FLOOR_OF[room] < 9
    if has_shelves and shelf not in {*PLACE, "__init__"}:
        return [f"{room}/{shelf}: no such shelf"]
    tree, found = ast.parse(file.read_text()), []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if node not in tree.body and not _is_for_types(node, tree):
            found.append(f"line {node.lineno}: hidden import")
        for name in _modules(node):
            parts = name.split(".")
            if parts[0] != "ntmtasks":
                if has_shelves and parts[0] in FLASKLESS.get(shelf, ()):
                    found.append(f"line {node.lineno}: {shelf} must not import {parts[0]}")
            elif len(parts) > 1:
                found += [f"line {node.lineno}: {name}: {fault}" for fault in _step(where, parts)]
    return found


def _step(where: tuple[str, ...], parts: list[str]) -> list[str]:
    room, other = where[0], parts[1]
    if other == room:
        if not 0 < FLOOR_OF[room] < 9 or len(parts) < 3 or parts[2] not in PLACE:
            return []
        mine = PLACE.get(where[1], -1)
        return [] if PLACE[parts[2]] <= mine else ["to the right"]
    if FLOOR_OF.get(other, 99) >= FLOOR_OF[room] and FLOOR_OF[room] != 9:
        return ["not below"]
    if FLOOR_OF[room] != 9 and len(parts) > 2 and parts[2] == "views":
        return ["views of another room"]
    return []


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if node.level:
        return [f"ntmtasks.relative import {node.module}"]
    return [f"{node.module}.{alias.name}" for alias in node.names]


def _is_for_types(node: ast.stmt, tree: ast.Module) -> bool:
    return any(
        isinstance(block, ast.If)
        and isinstance(block.test, ast.Name)
        and block.test.id == "TYPE_CHECKING"
        and node in block.body
        for block in tree.body
    )


def test_every_import_goes_down_or_left() -> None:
    files = sorted(paths.PACKAGE.rglob("*.py"))
    found = {
        str(f.relative_to(paths.PACKAGE)): bad for f in files if (bad := faults(f, paths.PACKAGE))
    }
    assert not found


@pytest.mark.parametrize(
    ("place", "source", "fault"),
    [
        ("tasks/service.py", "from ntmtasks.desk import queries", "not below"),
        ("accounts/service.py", "import ntmtasks.tasks.models", "not below"),
        ("progress/service.py", "from ntmtasks.funding import queries", "not below"),
        ("desk/service.py", "from ntmtasks.tasks import views", "views of another room"),
        ("tasks/models.py", "from ntmtasks.tasks import service", "to the right"),
        ("tasks/rules.py", "from sqlalchemy import select", "must not import sqlalchemy"),
        ("tasks/service.py", "def f():\n    from ntmtasks.core import db", "hidden import"),
        ("core/web.py", "from ntmtasks.accounts import queries", "not below"),
        ("tasks/helpers.py", "", "no such shelf"),
        ("utils/rules.py", "", "a room without a floor"),
    ],
)
def test_what_the_plan_forbids_is_seen(tmp_path: Path, place: str, source: str, fault: str) -> None:
    file = tmp_path / place
    file.parent.mkdir()
    file.write_text(source)
    assert any(fault in found for found in faults(file, tmp_path))
