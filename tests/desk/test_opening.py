"""Forms that are rarely wanted are fetched when they are opened: with the page, or by HTMX alone."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.progress.models.updates import Comment
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Phase, WorkState
from tests.support.client import Client
from tests.support.work import ClientOf, of

MINE = ("III.1.d", "Sở NN&PTNT")
LATE = ("III.4.a.-1", "Sở NN&PTNT")
GONE = "Việc vừa chọn không còn làm được ở đây"
CHANGED = "Hãy tải lại trang để xem bản mới."
LINK = re.compile(r'<a data-open[^>]* href="([^"]+)" hx-get="([^"]+)" hx-target="#([^"]+)"')


def opened_by(page: str) -> dict[str, tuple[str, str, str]]:
    """The links of a page that open a form, by what they open: the address, that of the form alone, and
    the place into which it goes."""
    found = [tuple(map(unescape, parts)) for parts in LINK.findall(page)]
    return {parts[0].partition("?open=")[2]: parts for parts in found}  # type: ignore[misc]  # three


def made(work: Assignment, state: WorkState) -> None:
    """Put work into a state, behind the back of the program."""
    with transaction():
        work.work_state = state


OFFERED = (
    ("chuyenvien", MINE, WorkState.ASSIGNED, "refuse-{a} extension-{a}"),
    (
        "dieuphoi",
        MINE,
        WorkState.IN_PROGRESS,
        "urging-{t} guest-links-{t} paused-task-{t} cancelled-task-{t}",
    ),
    (
        "dieuphoi",
        LATE,
        WorkState.SUBMITTED,
        "return-{a} demand-{t} paused-task-{t} cancelled-task-{t}",
    ),
    (
        "dieuphoi",
        MINE,
        WorkState.REFUSED,
        "reassign-{a} give_back-{a} paused-task-{t} cancelled-task-{t}",
    ),
    ("dieuphoi", MINE, WorkState.DONE, "reopen-{a} paused-task-{t} cancelled-task-{t}"),
    ("lanhdao", LATE, WorkState.IN_PROGRESS, "directive-{t} urging-{t} demand-{t}"),
)
"""Who is offered what in which state of which work."""


@pytest.mark.parametrize(("username", "which", "state", "names"), OFFERED)
def test_each_link_opens_its_form_on_the_page_and_alone(
    app: Flask,
    client_of: ClientOf,
    username: str,
    which: tuple[str, str],
    state: WorkState,
    names: str,
) -> None:
    work, client = of(*which), client_of(username)
    made(work, state)
    page = client.get(f"/tasks/{work.task_id}").text
    links = opened_by(page)
    assert links.keys() == set(names.format(a=work.id, t=work.task_id).split())
    assert "autofocus" not in page
    for name in links:
        address, alone, place = links[name]
        assert name.startswith("guest-links") or f' data-draft="{name}"><a' in page.replace(
            "\n", ""
        )
        whole, part = client.get(address).text, client.get(alone, htmx=True).text
        assert part.lstrip().startswith(f'<div id="{place}"'), "in the place of what was pressed"
        for shown in (whole.split(f'id="{place}"')[1], part):
            panel = shown.split("</details>")[0]
            assert "<details open>" in panel
            assert 'method="post"' in panel
            assert panel.count(" autofocus") == 1, "one may type at once"
        assert whole.count(" autofocus") == 1
        others = opened_by(whole).keys()
        assert others == links.keys() - {name}, "nothing else has opened"


def test_what_changed_meanwhile_does_not_open(app: Flask, client_of: ClientOf) -> None:
    work, client = of(*MINE), client_of("dieuphoi")
    made(work, WorkState.SUBMITTED)
    _, alone, _ = opened_by(client.get(f"/tasks/{work.task_id}").text)[f"return-{work.id}"]
    with transaction():
        of(*MINE).version += 1
    stale = client.get(alone, htmx=True)
    assert (stale.status_code, stale.headers["HX-Reswap"]) == (409, "none")
    assert CHANGED in stale.text
    address = alone.partition("&")[0]
    assert GONE not in client.get(address).text, "the page as it is now may be acted on"
    made(of(*MINE), WorkState.IN_PROGRESS)
    assert client.get(alone, htmx=True).status_code == 409
    assert GONE in client.get(address).text
    made(of(*MINE), WorkState.DONE)
    for nothing in ("x-9", f"guest-links-{work.task_id}"):
        assert client.get(f"/tasks/{work.task_id}?open={nothing}", htmx=True).status_code == 409


def test_a_refused_form_comes_back_open_with_what_was_typed(
    app: Flask, client_of: ClientOf
) -> None:
    done, client = of("III.4.b", "Sở NN&PTNT"), client_of("dieuphoi")
    typed = {"reason": "dài " * 300, "version": done.version}
    answers = [client.post(f"/assignments/{done.id}/reopen", typed, htmx=h) for h in (False, True)]
    seen = {"reason": "Lý do đã gõ", "version": done.version + 7}
    answers += [client.post(f"/assignments/{done.id}/reopen", seen, htmx=h) for h in (False, True)]
    assert [a.status_code for a in answers] == [422, 422, 409, 409]
    for answer, words in zip(answers, ("dài dài", "dài dài", "đã gõ", "đã gõ"), strict=True):
        managing = answer.text.split('<details class="manage"')[1]
        assert managing.startswith(" open>"), "nor is it hidden in a closed part"
        panel = managing.split(f'id="act-reopen-{done.id}"')[1].split("</details>")[0]
        assert "<details open>" in panel
        assert words in panel
        assert 'class="error"' in panel


def test_what_an_act_answers_with_has_no_closed_forms(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    form = {"state": "in_progress", "percent": "30", "body": "Đã làm 12/36 xã"}
    answer = client_of("daumoi").post(f"/assignments/{work.id}/progress", form, htmx=True)
    forms = re.findall(r'<form[^>]* action="([^"]+)"', answer.text)
    assert forms == [f"/assignments/{work.id}/progress"]
    urged = client_of("dieuphoi").post(
        f"/tasks/{work.task_id}/urgings", {"assignments": work.id}, htmx=True
    )
    assert f"urging-{work.task_id}" in opened_by(urged.text)
    assert 'action="' not in urged.text


def said(client: Client) -> Comment:
    """A fresh comment on the work."""
    task_id = of(*MINE).task_id
    assert client.post(f"/tasks/{task_id}/comments", {"body": "Lời đầu"}).status_code == 303
    return db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(1)).one()


def test_a_comment_is_opened_by_its_author_for_15_minutes(app: Flask, client_of: ClientOf) -> None:
    officer = client_of("chuyenvien")
    comment = said(officer)
    name = f"comment-edit-{comment.id}"
    address, alone, place = opened_by(officer.get(f"/tasks/{comment.task_id}").text)[name]
    for shown in (officer.get(address).text, officer.get(alone, htmx=True).text):
        entry = shown.split(f'id="{place}"')[1].split("</li>")[0]
        assert f'action="/comments/{comment.id}"' in entry
        assert f'action="/comments/{comment.id}/withdraw"' in entry
    colleague = client_of("daumoi")
    assert colleague.get(alone, htmx=True).status_code == 403
    assert f'action="/comments/{comment.id}"' not in colleague.get(address).text
    elsewhere = f"/tasks/{of(*LATE).task_id}?open={name}"
    assert officer.get(elsewhere, htmx=True).status_code == 404
    assert officer.get(alone + "9" * 9, htmx=True).status_code == 409, "no number at all"
    with transaction():
        comment.made_at -= timedelta(minutes=16)
    late = officer.get(alone, htmx=True).text
    assert f'id="{place}"' in late
    assert "<form" not in late
    assert GONE in officer.get(address).text


def test_a_task_that_rests_offers_to_go_on(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    with transaction():
        work.task.phase = Phase.PAUSED
    names = opened_by(client_of("dieuphoi").get(f"/tasks/{work.task_id}").text).keys()
    assert names == {f"cancelled-task-{work.task_id}", f"issued-task-{work.task_id}"}
