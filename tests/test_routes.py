"""Every route × every role: who gets in stands in tests/routes.txt, and nowhere else is it guessed.

GET asks for the sample's row, POST sends an empty form with its CSRF token; each finds the sample
untouched: what went through is undone before the next, and what was refused changed nothing. So a cell is 200 or 422 where one may act, 403 where one may read only, 404 where one
may not even read, 303 where one is led to the login (or where an empty form is enough to act).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import case, select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import AgencyGroup, FieldOwner
from ntmtasks.app import create_app
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, transaction
from ntmtasks.desk.models import SavedFilter
from ntmtasks.desk.service.filters import save_filter
from ntmtasks.escalations.models import Escalation
from ntmtasks.outbox.models import (
    Notice,
    OutboxMail,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from ntmtasks.outbox.rules import Event, MailState
from ntmtasks.outbox.service import notify
from ntmtasks.oversight.models import AccessToken, StatusPage
from ntmtasks.oversight.rules.keys import TokenUse
from ntmtasks.oversight.rules.status import Block, SubjectKind
from ntmtasks.oversight.service import status_pages
from ntmtasks.plans.models import Finding, Plan
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.rules.evidence import NewEvidence, NewFile
from ntmtasks.progress.service.evidence import attach
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import AssignmentRole, BoardFilter, DeadlineClass, WorkState
from ntmtasks.tasks.service.announcing import said
from tests.support import databases
from tests.support.client import Client, new_client

FILE = Path(__file__).with_name("routes.txt")
LINES = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
COLUMNS = LINES[0].split("|")[1].split()
TABLE = {key.strip(): cells.split() for key, cells in (line.split("|") for line in LINES[1:])}


def routes(app: Flask) -> set[str]:
    """ "GET /tasks/<id:task_id>" and so on, without what Flask adds by itself."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The application on a fresh sample, with a person of each role that the sample lacks."""
    with (
        databases.sample_instance("sqlite", folder) as config,
        databases.application("sqlite", config) as app,
    ):
        officer = queries.user_by_name("chuyenvien")
        assert officer is not None
        with transaction():
            for role in (Role.AGENCY_LEADER, Role.VIEWER):
                db.session.add(
                    User(
                        username=role.value,
                        name=role.value,
                        role=role,
                        agency_id=officer.agency_id,
                        password_hash="",
                        created_at=real_now(),
                    )
                )
        assignment = db.session.get_one(Assignment, numbers()["assignment_id"])
        paper = NewFile("Biên bản.pdf", b"%PDF-1.4", "application/pdf")
        attach(officer, assignment, NewEvidence((paper,)))
        with transaction():
            db.session.add(
                GuestLink(
                    assignment=assignment,
                    agency_id=assignment.agency_id,
                    name="Trạm tin",
                    token_hash="",
                    made_by=officer,
                    made_at=real_now(),
                    expires_at=real_now() + timedelta(days=1),
                )
            )
        with transaction():
            db.session.add(
                AccessToken(
                    use=TokenUse.API,
                    name="Cổng dữ liệu",
                    agency_id=officer.agency_id,
                    token_hash="",
                    made_by=officer,
                    made_at=real_now(),
                )
            )
        with transaction():
            hook = Webhook(
                name="Cổng dữ liệu",
                url="https://ntm.example.vn/",
                secret="",
                events=[],
                made_by_id=officer.id,
                made_at=real_now(),
            )
            event = WebhookEvent(
                uid="",
                event=Event.ASSIGNED,
                agency_id=officer.agency_id,
                data=said(assignment),
                at=real_now(),
                made_at=real_now(),
            )
            waiting = {"state": MailState.FAILED, "next_attempt_at": real_now()}
            db.session.add(
                WebhookDelivery(webhook=hook, event=event, made_at=real_now(), **waiting)
            )
        save_filter(officer, "Quá hạn", BoardFilter(deadlines=(DeadlineClass.OVERDUE,)))
        showing = status_pages.Showing("", (Block.COUNTERS,), 7)
        status_pages.make(officer, (SubjectKind.AGENCY, officer.agency_id), showing)
        notify(officer.id, "returned", "Trả lại", "Thiếu số liệu", "/my-work/")
        yield app


def numbers() -> dict[str, object]:
    """What stands in addresses: work of Sở NN&PTNT, a report of the district."""
    mine, stranger, district = (
        user for name in ("chuyenvien", "vhttdl", "thoilai") if (user := queries.user_by_name(name))
    )
    foreign = select(Assignment.task_id).where(Assignment.agency_id == stranger.agency_id)
    waiting_first = case((Assignment.work_state == WorkState.SUBMITTED, 0), else_=1)
    assignment = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.agency_id == mine.agency_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.task_id.not_in(foreign),
        )
        .order_by(waiting_first, Assignment.id)
    ).first()
    assert assignment is not None
    firsts = {
        "comment_id": Comment.id,
        "directive_id": Directive.id,
        "escalation_id": Escalation.id,
        "explanation_id": ExplanationRequest.id,
        "extension_id": DeadlineExtension.id,
        "field_id": FieldOwner.id,
        "filter_id": SavedFilter.id,
        "finding_id": Finding.id,
        "group_id": AgencyGroup.id,
        "key_id": AccessToken.id,
        "delivery_id": WebhookDelivery.id,
        "link_id": GuestLink.id,
        "webhook_id": Webhook.id,
        "mail_id": OutboxMail.id,
        "occurrence_id": Occurrence.id,
        "page_id": StatusPage.id,
        "plan_id": Plan.id,
        "requirement_id": ReportRequirement.id,
    }
    return {
        **{
            name: db.session.scalar(select(column).order_by(column).limit(1))
            for name, column in firsts.items()
        },
        "agency_id": mine.agency_id,
        "assignment_id": assignment.id,
        "ending": "csv",
        "file_id": 1,
        "ladder": "dated",
        "name": "app.css",
        "number": 1,
        "notice_id": db.session.scalar(
            select(Notice.id).where(Notice.user_id == mine.id).order_by(Notice.id).limit(1)
        ),
        "person_id": db.session.scalar(
            select(User.id).where(User.username.not_in(COLUMNS)).order_by(User.id).limit(1)
        ),
        "report_id": db.session.scalar(
            select(Report.id)
            .where(Report.agency_id == district.agency_id)
            .order_by(Report.due_on.desc())
            .limit(1)
        ),
        "step": "consolidated",
        "task_id": assignment.task_id,
        "token": "unknown",
        "use": "office",
        "version": "000000000000",
    }


Opens = Callable[[Path], AbstractContextManager[Flask]]


class Site:
    """The sample behind the routes, opened anew after an act that went through. Who is signed in and
    what stands in addresses is found once for each opening."""

    def __init__(
        self, folder: Path, opens: Opens, given: Callable[[], Mapping[str, object]]
    ) -> None:
        self._folder, self._opens, self._given = folder, opens, given
        self._openings = 0
        self._stack = ExitStack()

    def _open(self) -> None:
        self._openings += 1
        self._app = self._stack.enter_context(self._opens(self._folder / str(self._openings)))
        self._numbers = self._given()
        self._clients: dict[str | None, Client] = {}

    def close(self) -> None:
        """Leave the sample that is open."""
        self._stack.close()
        self._app = None

    _app: Flask | None = None

    def answer(self, key: str, username: str | None) -> str:
        """The status that a person gets from a route."""
        if self._app is None:
            self._open()
        assert self._app is not None
        method, rule = key.split(" ", 1)
        address = "".join(
            str(self._numbers[part.split(">")[0].rpartition(":")[2]]) + part.split(">")[1]
            if at
            else part
            for at, part in enumerate(rule.split("<"))
        )
        if username not in self._clients:
            self._clients[username] = new_client(self._app, username)
        client = self._clients[username]
        found = str((client.get if method == "GET" else client.post)(address).status_code)
        if method == "POST" and found in {"200", "303"} and username is not None:
            self.close()
        return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample of this file."""
    found = Site(tmp_path_factory.mktemp("routes"), opened, numbers)
    yield found
    found.close()


def test_every_route_has_a_row(tmp_path: Path) -> None:
    assert routes(create_app(databases.config(tmp_path))) == set(TABLE)


@pytest.mark.parametrize("key", TABLE)
def test_everybody_gets_what_the_table_says(key: str, site: Site) -> None:
    found = {c: site.answer(key, None if c == "nobody" else c) for c in COLUMNS}
    assert found == dict(zip(COLUMNS, TABLE[key], strict=True))
