"""The board: 69 tasks, filters in the address, a fixed number of queries."""

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from ntmtasks import sample
from ntmtasks.core.db import db
from ntmtasks.desk.queries import lists as queries
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import BoardFilter, DeadlineClass, read_filter
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def rows(page: str) -> list[str]:
    """The ids of the rows of a board."""
    return re.findall(r'<tr id="task-row-(\d+)"', page)


def test_all_69_tasks_stand_on_two_pages(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    first, second = client.get("/tasks/").text, client.get("/tasks/?page=2").text
    assert (len(rows(first)), len(rows(second))) == (50, 19)
    assert len(set(rows(first) + rows(second))) == 69
    assert rows(client.get("/tasks/?page=200").text) == rows(second)


def test_words_are_found_without_marks(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    found = rows(client.get("/tasks/?q=khuyen nong").text)
    assert found == rows(client.get("/tasks/?q=Khuyến NÔNG").text)
    extension = db.session.scalars(select(Task.id).where(Task.path == "III.1.c")).one()
    assert str(extension) in found
    assert len(found) < 69
    assert rows(client.get("/tasks/?q=%25").text) == []


def test_every_counter_leads_to_as_many_obligations(app: Flask) -> None:
    counters = counting.counters(sample.SAMPLE_DAY)
    for klass in DeadlineClass:
        page = queries.board(BoardFilter(deadlines=(klass,)), None, sample.SAMPLE_DAY)
        assert page.obligations == getattr(counters, klass.value)
        assert bool(page.total) == bool(page.obligations)


def test_the_counters_of_an_agency_lead_to_its_own_obligations(app: Flask) -> None:
    for agency, counters in counting.counters_by_agency(sample.SAMPLE_DAY):
        whole = queries.board(BoardFilter(agency=agency.id), None, sample.SAMPLE_DAY)
        assert whole.obligations == counters.total
        late = BoardFilter(agency=agency.id, deadlines=(DeadlineClass.OVERDUE,))
        assert queries.board(late, None, sample.SAMPLE_DAY).obligations == counters.overdue


def test_an_agency_sees_its_own_tasks_alone(app: Flask, client_of: ClientOf) -> None:
    page = client_of("thoilai").get("/tasks/")
    shown = {int(i) for i in rows(page.text)}
    for task in db.session.scalars(select(Task)):
        own = any(a.agency.short_name == "UBND huyện Thới Lai" for a in task.assignments)
        assert (task.id in shown) is own


def test_unknown_values_are_ignored_with_a_notice(app: Flask, client_of: ClientOf) -> None:
    answer = client_of("dieuphoi").get("/tasks/?deadline=late&sort=x&page=zero")
    assert answer.status_code == 200
    assert "deadline, sort, page" in answer.text
    assert len(rows(answer.text)) == 50


def test_an_address_says_its_filter_again() -> None:
    chosen, ignored = read_filter(
        [("q", "xã"), ("state", "done"), ("state", "submitted"), ("sort", "agency"), ("page", "3")]
    )
    assert not ignored
    assert read_filter(chosen.pairs())[0] == chosen
