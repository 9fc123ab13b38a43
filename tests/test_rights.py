"""Every route to somebody's work × people whom tests/routes.txt does not show: tests/rights.txt.

There most objects belong to Sở NN&PTNT, and the people are of its own, of other agencies, and the
coordinator. Here a column is "person:whose": the coordinator, the city leader and who stands in for
the latter about the coordinating office's own work; the leader and the viewer of another agency about
work of Sở NN&PTNT, of Sở NN&PTNT about the office's; and an officer about what was handed to a
colleague. Cells are read as there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, transaction
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.rules.asks import ExplanationState, ExtensionState
from ntmtasks.progress.rules.evidence import NewEvidence, NewFile
from ntmtasks.progress.rules.occurrences import OccurrenceState
from ntmtasks.progress.service.evidence import attach
from ntmtasks.reports.models import Report
from ntmtasks.tasks.models import Assignment, TaskClause
from ntmtasks.tasks.rules import AssignmentRole
from tests import test_routes
from tests.support.work import of, somebody

FILE = Path(__file__).with_name("rights.txt")
LINES = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
COLUMNS = LINES[0].split("|")[1].split()
TABLE = {key.strip(): cells.split() for key, cells in (line.split("|") for line in LINES[1:])}
SOON = date(2024, 11, 18)


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The application on a fresh sample with the people of the columns that it lacks."""
    with test_routes.opened(folder) as app:
        with transaction():
            culture, department = somebody("vhttdl").agency_id, somebody("daumoi").agency_id
            for name, role, agency_id in (
                ("their_leader", Role.AGENCY_LEADER, culture),
                ("their_viewer", Role.VIEWER, culture),
                ("colleague", Role.OFFICER, department),
            ):
                db.session.add(
                    User(
                        username=name,
                        name=name,
                        role=role,
                        agency_id=agency_id,
                        password_hash="",
                        created_at=real_now(),
                    )
                )
            somebody("thoilai").stands_in_until = date(2099, 12, 31)
        yield app


def numbers(whose: str) -> dict[str, object]:
    """What stands in addresses: one assignment of the office, of Sở NN&PTNT, or of what the officer's
    colleague has, and what belongs to it, one of each kind."""
    if whose == "office":
        work, author = of("III.2.a", "VP Điều phối NTM"), somebody("dieuphoi")
    else:
        work, author = _of_department(), somebody("daumoi")
    with transaction():
        if whose == "handed":
            work.officer_id = somebody("colleague").id
        things = _things(work, author)
        db.session.add_all(things.values())
        paper = NewFile("Biên bản.pdf", b"%PDF-1.4", "application/pdf")
        attach(author, work, NewEvidence((paper,)))
    return {
        **test_routes.numbers(),
        **{name: thing.id for name, thing in things.items()},
        "number": db.session.scalar(
            select(func.max(Evidence.number)).where(Evidence.task_id == work.task_id)
        ),
        "assignment_id": work.id,
        "task_id": work.task_id,
    }


def _of_department() -> Assignment:
    """Work that Sở NN&PTNT leads and no agency of another column has a part in."""
    strangers = [somebody(name).agency_id for name in ("vhttdl", "thoilai", "dieuphoi")]
    others = select(Assignment.task_id).where(Assignment.agency_id.in_(strangers))
    return db.session.scalars(
        select(Assignment)
        .where(
            Assignment.agency_id == somebody("daumoi").agency_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.officer_id.is_(None),
            Assignment.task_id.not_in(others),
        )
        .order_by(Assignment.id)
    ).all()[0]


def _things(work: Assignment, author: User) -> dict[str, Any]:
    """What belongs to some work, by the name that addresses have for it."""
    asked = {"assignment_id": work.id, "asked_at": real_now()}
    said = {"task_id": work.task_id, "body": "Lời", "made_at": real_now()}
    report = db.session.scalars(select(Report).where(Report.due_on == SOON)).all()[0]
    report.agency_id = work.agency_id
    db.session.add(TaskClause(task_id=work.task_id, clause_id=report.requirement.clauses[0].id))
    return {
        "extension_id": DeadlineExtension(
            state=ExtensionState.ASKED,
            ordinal=1,
            old_deadline=SOON,
            wanted_deadline=SOON + timedelta(days=3),
            reason="Mưa",
            asked_by_id=author.id,
            **asked,
        ),
        "explanation_id": ExplanationRequest(
            state=ExplanationState.ASKED,
            question="Vì sao?",
            answer_by=SOON,
            asked_by_id=somebody("lanhdao").id,
            **asked,
        ),
        "link_id": GuestLink(
            assignment_id=work.id,
            agency_id=work.agency_id,
            name="Trạm tin",
            token_hash=str(work.id),
            made_by_id=author.id,
            made_at=real_now(),
            expires_at=real_now() + timedelta(days=1),
        ),
        "occurrence_id": Occurrence(
            task_id=work.task_id, day=date(2024, 11, 11), state=OccurrenceState.PLANNED
        ),
        "report_id": report,
        "escalation_id": Escalation(
            agency_id=work.agency_id,
            consolidator_id=somebody("daumoi").agency_id,
            submitted_to="Ủy ban nhân dân thành phố",
            problem="Vốn",
            effect="Chậm",
            decision="Bố trí",
            state=EscalationState.REPORTED,
            raised_by_id=author.id,
            raised_at=real_now(),
            changed_at=real_now(),
        ),
        "directive_id": Directive(author_id=somebody("lanhdao").id, **said),
        "comment_id": Comment(author_id=author.id, mentions=[], search_text="", **said),
    }


def test_every_route_to_somebodys_work_has_a_row() -> None:
    whose = ("assignment", "task", "extension", "explanation", "link", "occurrence", "report")
    names = tuple(f"<id:{name}_id>" for name in (*whose, "escalation", "directive", "comment"))
    found = {key for key in test_routes.TABLE if any(name in key for name in names)}
    assert {key for key in found if "/review/" not in key} == set(TABLE)


@pytest.mark.parametrize("name", COLUMNS)
def test_everybody_gets_what_the_table_says(name: str, tmp_path: Path) -> None:
    at, (username, whose) = COLUMNS.index(name), name.split(":")
    site = test_routes.Site(tmp_path, opened, lambda: numbers(whose))
    try:
        assert {key: site.answer(key, username) for key in TABLE} == {
            key: cells[at] for key, cells in TABLE.items()
        }
    finally:
        site.close()
