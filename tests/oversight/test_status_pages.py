"""Status pages: what they show outsiders, what opens none, who makes them, and what an answer costs."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency, Area, AreaKind
from ntmtasks.core import clock, tokens
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.oversight.models import StatusPage
from ntmtasks.oversight.rules.status import MOST_GUESSES, Block, SubjectKind, offered, qr_code
from ntmtasks.oversight.service import status_pages as service
from ntmtasks.oversight.service.status_pages import Showing
from ntmtasks.plans.models import Plan
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.queries.counting import Scope
from ntmtasks.tasks.rules import sum_of
from tests.conftest import SAMPLE_DAY
from tests.support.client import Client
from tests.support.work import of, somebody

EVERYTHING = tuple(Block)
Statements = Callable[[], AbstractContextManager[list[str]]]


def number_of(query: Any) -> int:
    """The number of a row of the sample."""
    return int(db.session.scalars(query.limit(1)).one())


def new_page(
    kind: SubjectKind = SubjectKind.PLAN, number: int = 0, blocks: tuple[Block, ...] = EVERYTHING
) -> str:
    """The address of a fresh page, about the sample's plan where nothing else is said."""
    number = number or number_of(select(Plan.id).order_by(Plan.id))
    token = service.make(somebody("dieuphoi"), (kind, number), Showing("", blocks, 30))
    return f"/status/{token}"


def set_pages(**values: object) -> None:
    """Change all pages behind the back of the service."""
    with transaction():
        db.session.execute(update(StatusPage).values(**values))


def test_wrong_expired_and_revoked_addresses_are_pages_that_do_not_exist(
    app: Flask, outsider: Client
) -> None:
    path = new_page()
    wrong = outsider.get("/status/" + "x" * 48)
    unknown = outsider.get("/status/" + tokens.signed("status", "y" * 32, str(app.secret_key)))
    foreign = outsider.get("/status/" + tokens.new("guest-link", str(app.secret_key)))
    set_pages(expires_at=clock.real_now() - timedelta(seconds=1))
    expired = outsider.get(path)
    set_pages(expires_at=clock.real_now() + timedelta(days=1), revoked_at=clock.real_now())
    revoked = outsider.get(path)
    nowhere = outsider.get("/nowhere")
    answers = (wrong, unknown, foreign, expired, revoked, nowhere)
    assert {a.status_code for a in answers} == {404}
    assert len({a.text for a in answers}) == 1
    assert len({frozenset(a.headers.keys()) for a in answers}) == 1
    set_pages(revoked_at=None)
    assert outsider.get(path).status_code == 200


def test_guessing_is_slowed_down_but_never_for_who_has_a_page(outsider: Client) -> None:
    path = new_page()
    for n in range(MOST_GUESSES):
        assert outsider.get(f"/status/{n}").status_code == 404
    assert outsider.get("/status/more").status_code == 429
    assert outsider.get(path).status_code == 200


def test_no_person_is_named_and_nobody_finds_it(outsider: Client) -> None:
    answer = outsider.get(new_page())
    people = db.session.execute(select(User.name, User.username, User.phone, User.email)).all()
    assert len(people) > 10
    assert "III.1.c" in answer.text  # late work that somebody has in hand
    named = {word for row in people for word in row if word and word in answer.text}
    assert named == set()
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex' in answer.text
    assert re.findall(r'<a [^>]*href="([^"]+)"', answer.text) == ["?wall=1", "?"]


def test_an_answer_says_whether_anything_has_changed(
    outsider: Client, client_of: Callable[[str], Client]
) -> None:
    path = new_page()
    first = outsider.get(path)
    known = {"If-None-Match": first.headers["ETag"]}
    again = outsider.get(path, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert outsider.get(path + "?wall=1", headers=known).status_code == 200
    work = of("III.1.c", "Sở NN&PTNT")
    form = {"state": "submitted", "percent": "100", "body": "Đã xong, kèm 12 biên bản"}
    assert client_of("daumoi").post(f"/assignments/{work.id}/progress", form).status_code == 303
    changed = outsider.get(path, headers=known)
    assert changed.status_code == 200
    late = '<b data-counter="overdue">{}</b>'
    was = int(re.findall(late.format(r"(\d+)"), first.text)[0])
    assert late.format(was - 1) in changed.text
    later = {"If-None-Match": changed.headers["ETag"]}
    assert outsider.get(path, headers=later).status_code == 304
    page = db.session.scalars(select(StatusPage)).one()
    service.change(somebody("dieuphoi"), page, Showing("", (Block.COUNTERS,), 0))
    fewer = outsider.get(path, headers=later)
    assert fewer.status_code == 200
    assert re.findall(r'data-block="([a-z]+)"', fewer.text) == ["counters"]


def test_what_it_costs_does_not_grow(outsider: Client, statements: Statements) -> None:
    path = new_page()
    known = {"If-None-Match": outsider.get(path).headers["ETag"], "X-Status-Refresh": "1"}
    with statements() as nothing_new:
        assert outsider.get(path, headers=known).status_code == 304
    assert len([s for s in nothing_new if s.startswith("SELECT")]) <= 2
    with statements() as everything:
        outsider.get(path, headers={"X-Status-Refresh": "1"})
    assert len([s for s in everything if s.startswith("SELECT")]) <= 9


def test_more_pages_cost_the_list_no_more(
    client_of: Callable[[str], Client], statements: Statements
) -> None:
    coordinator, numbers = client_of("dieuphoi"), []
    commune = number_of(select(Area.id).where(Area.name == "Đông Bình"))
    for count in (1, 4):
        for _ in range(count):
            new_page()
            new_page(SubjectKind.AREA, commune)
            new_page(SubjectKind.AGENCY, of("III.6.-1", "Sở TN&MT").agency_id)
        with statements() as sql:
            page = coordinator.get("/status-pages/").text
        numbers.append(len(sql))
    assert page.count("Xã Đông Bình, huyện Thới Lai</th>") == 5
    assert numbers[0] == numbers[1]


def test_views_are_counted_at_most_once_a_minute(outsider: Client) -> None:
    path = new_page()
    for _ in range(3):
        outsider.get(path)
    outsider.get(path, headers={"X-Status-Refresh": "1"})  # an open page that looks for news
    assert db.session.scalars(select(StatusPage.view_count)).one() == 1
    set_pages(last_viewed_at=clock.real_now() - timedelta(seconds=61))
    outsider.get(path)
    assert db.session.scalars(select(StatusPage.view_count)).one() == 4
    assert db.session.scalars(select(StatusPage.version)).one() == 1


@pytest.mark.parametrize("commune", [False, True])
def test_an_area_shows_the_work_of_its_agency_and_its_own_communes(
    outsider: Client, commune: bool
) -> None:
    district = db.session.scalars(
        select(Area).where(Area.kind == AreaKind.DISTRICT, Area.name == "Thới Lai")
    ).one()
    area = next(c for c in district.communes if c.name == "Đông Bình") if commune else district
    page = outsider.get(new_page(SubjectKind.AREA, area.id)).text
    agency = db.session.get_one(Agency, district.agency_id)
    total = counting.counters(SAMPLE_DAY, agency.id).total
    assert total
    assert f'<b data-counter="total">{total}</b>' in page
    assert agency.name in page
    assert "Đông Bình" in page
    assert ("Trường Xuân" in page) is not commune
    assert "Thạnh Quới" not in page  # of another district
    assert 'data-block="agencies"' not in page


def test_a_scope_takes_the_whole_apart(app: Flask) -> None:
    plan = db.session.scalars(select(Plan)).one()
    work = of("III.6.-1", "Sở TN&MT")
    kept = {"title": "", "issuer": "", "place": "", "signer": "", "reading": {"communes": []}}
    with transaction():
        other = Plan(
            number="9/KH",
            year=2023,
            state=plan.state,
            source_file_id=plan.source_file_id,
            created_at=clock.now(),
            **kept,
        )
        db.session.add(other)
        db.session.flush()
        work.task.plan_id = other.id
    whole = counting.tally(SAMPLE_DAY).whole
    of_plan = counting.tally(SAMPLE_DAY, Scope(plan_id=plan.id)).whole
    rest = counting.tally(SAMPLE_DAY, Scope(plan_id=other.id)).whole
    assert 0 < rest.total < of_plan.total
    assert sum_of([of_plan, rest]) == whole
    mine = counting.tally(SAMPLE_DAY, Scope(agency_id=work.agency_id)).whole
    assert mine == counting.counters(SAMPLE_DAY, work.agency_id)


def test_a_page_is_made_changed_and_revoked(
    client_of: Callable[[str], Client], outsider: Client
) -> None:
    coordinator = client_of("dieuphoi")
    agency = of("III.6.-1", "Sở TN&MT").agency_id
    form = {"subject": f"agency:{agency}", "title": "", "days": "30", "blocks": ["agencies"]}
    refused = coordinator.post("/status-pages/", form)
    assert refused.status_code == 422
    assert "Trang này chỉ hiện được: Tổng hợp, Quá hạn bao lâu" in refused.text
    form |= {"title": "Bảng tin Sở", "blocks": ["counters", "agencies"], "form_token": "once"}
    made = coordinator.post("/status-pages/", form, htmx=True)
    found = re.search(r'value="http://[^/]+(/status/([^"]+))"', made.text)
    assert found is not None
    assert 'aria-label="Mã QR của liên kết mới"' in made.text
    assert found[2] not in coordinator.get("/status-pages/").text
    assert "/status/" not in coordinator.post("/status-pages/", form, htmx=True).text
    page = db.session.scalars(select(StatusPage)).one()
    assert page.token_hash == tokens.hashed(found[2])
    assert page.blocks == ["counters"]
    assert "Bảng tin Sở" in outsider.get(found[1]).text

    change = {"title": "Tên khác", "blocks": "ages", "days": "0", "version": "1"}
    assert coordinator.post(f"/status-pages/{page.id}", change).status_code == 303
    stale = coordinator.post(f"/status-pages/{page.id}", change | {"title": "Tên thứ ba"})
    assert stale.status_code == 409
    assert "Tên khác" in stale.text
    assert "Tên thứ ba" in stale.text
    assert "Tên khác" in outsider.get(found[1]).text

    assert coordinator.post(f"/status-pages/{page.id}/revoke", {}).status_code == 303
    assert outsider.get(found[1]).status_code == 404
    assert coordinator.get(f"/status-pages/{page.id}").status_code == 404
    verbs = select(HistoryEntry.verb).where(HistoryEntry.subject == "status_page")
    assert db.session.scalars(verbs.order_by(HistoryEntry.id)).all() == [
        "status_page.make",
        "status_page.change",
        "status_page.revoke",
    ]


def test_a_subject_offers_what_says_something_of_it() -> None:
    assert offered(SubjectKind.PLAN, True, True) == list(Block)
    assert offered(SubjectKind.AREA, False, True) == [Block.COMMUNES]
    assert Block.AGENCIES not in offered(SubjectKind.AGENCY, True, False)
    assert Block.COMMUNES not in offered(SubjectKind.AGENCY, True, False)


def test_the_picture_of_an_address_has_its_three_corners_and_a_quiet_border() -> None:
    width, path = qr_code("https://example.invalid/status/abc")
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)", path)]
    dark = {(x + n, y) for x, y, length in runs for n in range(length)}
    assert min(min(x, y) for x, y in dark) == 4
    for left, top in ((4, 4), (width - 11, 4), (4, width - 11)):
        ring = {(left + n, top) for n in range(7)} | {(left, top + n) for n in range(7)}
        assert ring <= dark
        assert not {(left + n, top + 1) for n in range(1, 6)} & dark
