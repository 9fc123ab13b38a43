"""What every page must be in a real browser: no error, no stranger, readable, nothing cut off."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.core.db import db
from ntmtasks.escalations.models import Escalation
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.plans.models import Plan
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.tasks.models import Assignment

pytestmark = pytest.mark.browser

PAGES = {
    None: ("/login", "/forgot", "/nowhere"),
    "chuyenvien": ("/my-work/", "/my-work/?edit=all", "/tasks/{own_task}", "/tasks/{asked_task}", "/tasks/{asked_task}/print", "/overdue", "/bell", "/password", "/escalations/", "/escalations/new", "/escalations/{difficulty}"),
    "vhttdl": ("/my-work/", "/calendar/"),
    "thoilai": ("/my-work/", "/reports/", "/reports/{report}", "/reports/{report}/print"),
    "daumoi": ("/agency-work/", "/tasks/{own_task}", "/waiting/"),
    "dieuphoi": (
        "/search?q=nước", "/tasks/", "/tasks/{own_task}", "/tasks/{asked_task}", "/tasks/new", "/waiting/", "/overview", "/overdue", "/status-pages/",
        "/plans/", "/plans/new", "/plans/new/table", "/plans/{plan}", "/reports/", "/reports/templates",
        "/tasks/{series_task}", "/tasks/{series_task}?slot={slot}", "/tasks/{series_task}/schedule",
        "/reports/timeliness", "/reports/coming", "/reports/requirements/{requirement}", "/reports/asked/new",
        "/reports/{late_report}", "/assignments/{own_work}/enter", "/assignments/{own_work}/edit",
        "/tasks/{own_task}/agencies", "/escalations/", "/escalations/{difficulty}", "/escalations/route",
        "/reminders/", "/reminders/?day=2024-12-24", "/reminders/rules", "/reminders/sent", "/reminders/sent/{mail}",
        "/reminders/absences?q=an", "/people/{person}/absence",
    ),
    "lanhdao": ("/overview", "/overview/comparison", "/overview/changes", "/overview/pictures", "/overview/timeline", "/waiting/", "/tasks/{directed_task}", "/stand-ins/"),
    "admin": (
        "/agencies/", "/agencies/fields", "/people/", "/people/new", "/agencies/{agency}/edit", "/workdays/", "/settings/",
        "/outbox/", "/people/{person}", "/people/{person}/leave", "/api-keys/", "/webhooks/",
    ),
}  # fmt: skip
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"
"""What axe finds once it is in a page; what it finds right is much, and slow to hand over."""
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


def resolve(app: Flask, address: str) -> str:
    """The address with the numbers of the sample."""
    with app.app_context():
        work = db.session.scalar(
            select(Assignment)
            .join(User, User.agency_id == Assignment.agency_id)
            .where(User.username == "chuyenvien")
            .order_by(Assignment.id)
            .limit(1)
        )
        plan = db.session.scalar(select(Plan.id).limit(1))
        asked = db.session.scalar(
            select(Assignment.task_id)
            .join(ExplanationRequest, ExplanationRequest.assignment_id == Assignment.id)
            .order_by(ExplanationRequest.id)
            .limit(1)
        )
        directed = db.session.scalar(select(Directive.task_id).limit(1))
        slot = db.session.scalars(select(Occurrence).order_by(Occurrence.id).limit(1)).one()
        assert work is not None
        return address.format(
            own_task=work.task_id,
            own_work=work.id,
            plan=plan,
            asked_task=asked,
            directed_task=directed,
            difficulty=db.session.scalar(select(Escalation.id).limit(1)),
            report=db.session.scalar(
                select(Report.id)
                .join(User, User.agency_id == Report.agency_id)
                .where(User.username == "thoilai")
                .limit(1)
            ),
            mail=db.session.scalar(
                select(OutboxMail.id).where(OutboxMail.kind == "notices").limit(1)
            ),
            late_report=db.session.scalar(
                select(Report.id)
                .where(Report.state == ReportState.MISSING)
                .order_by(Report.due_on)
                .limit(1)
            ),
            requirement=db.session.scalar(select(ReportRequirement.id).limit(1)),
            series_task=slot.task_id,
            slot=slot.id,
            agency=work.agency_id,
            person=db.session.scalar(select(User.id).where(User.username == "chuyenvien")),
        )


def listen(page: Page, faults: list[str]) -> None:
    """Collect errors of the console (CSP violations are among them) and requests to strangers."""

    def said(message: ConsoleMessage) -> None:
        is_our_404 = "status of 404" in message.text and "/nowhere" in page.url
        if message.type == "error" and not is_our_404:
            faults.append(f"console: {message.text}")

    def asked(url: str) -> None:
        if urlsplit(url).scheme != "data" and urlsplit(url).hostname != "127.0.0.1":
            faults.append(f"request to {url}")

    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", lambda request: asked(request.url))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("username", "address"), [(who, page) for who, pages in PAGES.items() for page in pages]
)
def test_a_page_is_sound(
    site: tuple[Flask, str],
    context_of: Callable[[str | None], BrowserContext],
    username: str | None,
    address: str,
    theme: str,
) -> None:
    app, origin = site
    context = context_of(username)
    context.add_cookies([{"name": "theme", "value": theme, "url": origin}])
    page, faults = context.new_page(), []
    listen(page, faults)
    answer = page.goto(resolve(app, address))
    assert answer is not None
    assert answer.status == (404 if address == "/nowhere" else 200)
    page.evaluate(Axe().axe_script)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{size}: {wide} px wide")
        for violation in page.evaluate(VIOLATIONS):
            places = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
            faults.append(f"{size}: {violation['id']} at {places}")
    assert not faults
