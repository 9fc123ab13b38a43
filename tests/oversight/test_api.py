"""/api/v1 as other systems use it: keys, pages, filters, errors, and the document that describes it."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.queries import office
from ntmtasks.core.db import db
from ntmtasks.desk.queries.lists import board
from ntmtasks.oversight.rules.api import ADDRESSES, BadParameter, read
from ntmtasks.oversight.rules.openapi import document
from ntmtasks.oversight.service import keys
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.queries.counting import counters
from ntmtasks.tasks.rules import BoardFilter, DeadlineClass, WorkState
from ntmtasks.tasks.service.changes import change_deadline
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody

TODAY = date(2024, 11, 14)
DOCUMENT = document("http://127.0.0.1:8000")
Ask = Callable[..., TestResponse]


def asker(client: Client, agency: Agency | None) -> Ask:
    """Asks /api/v1 with a key of an agency."""
    assert agency is not None
    token = keys.make_api(somebody("admin"), agency, "Cổng dữ liệu")

    def ask(path: str, **headers: str) -> TestResponse:
        given = {"Authorization": f"Bearer {token}", **headers}
        return client.get(f"/api/v1/{path}", headers=given)

    return ask


@pytest.fixture
def ask_all(app: Flask, outsider: Client) -> Ask:
    """Asks as the coordinating office."""
    return asker(outsider, office())


def own_agency(username: str) -> Agency:
    """The agency of a person of the sample."""
    return db.session.get_one(Agency, somebody(username).agency_id)


def check(path: str, answer: TestResponse) -> Any:
    """The content of an answer, every field of which must be in the schema of its address."""
    rule = DOCUMENT["paths"][path]["get"]["responses"][str(answer.status_code)]
    schema = rule["content"]["application/json"]["schema"]
    content = json.loads(answer.data)
    OAS31Validator({**schema, "components": DOCUMENT["components"]}).validate(content)
    return content


def test_the_document_is_one_and_lists_every_address(app: Flask, outsider: Client) -> None:
    answer = outsider.get("/api/v1/openapi.json")
    validate(answer.json)
    assert answer.json == DOCUMENT
    served = {
        rule.rule.removeprefix("/api/v1").replace("<id:", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule != "/api/v1/openapi.json"
    }
    assert {path.replace("_id}", "}") for path in served} == {
        path.replace("{id}", "{" + path.split("/")[1].rstrip("s") + "}")
        for path in DOCUMENT["paths"]
    }


def test_real_answers_are_what_the_document_says(ask_all: Ask) -> None:
    for name in ADDRESSES:
        content = check(f"/{name}", ask_all(name))
        assert content.get("items", True)
        if name in ("plans", "tasks", "assignments"):
            one = content["items"][0]
            check(f"/{name}/{{id}}", ask_all(f"{name}/{one['id']}"))
    shown = check("/counters", ask_all("counters?on=2024-10-31"))
    expected = counters(date(2024, 10, 31))
    assert shown["counts"] == vars(expected)
    assert sum(line["counts"]["total"] for line in shown["by_agency"]) == expected.total
    everything = ask_all("tasks").text + ask_all("assignments").text + ask_all("periods").text
    assert somebody("chuyenvien").name not in everything


def test_pages_lead_through_everything_once(ask_all: Ask) -> None:
    seen, path = [], "assignments?per_page=120&state=assigned&state=in_progress"
    while path:
        content = ask_all(path).json
        assert content is not None
        seen += [row["id"] for row in content["items"]]
        path = (content["next"] or "").partition("/api/v1/")[2]
    assert len(seen) == len(set(seen)) == content["total"] > 120
    empty = ask_all("tasks?page=100000").json
    assert empty is not None
    assert (empty["items"], empty["next"]) == ([], None)


def test_a_page_takes_as_many_queries_however_many_rows_it_has(
    ask_all: Ask, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    for name in ("tasks", "assignments", "periods"):
        numbers = []
        for size in (2, 60):
            ask_all(f"{name}?per_page={size}")
            with statements() as seen:
                ask_all(f"{name}?per_page={size}")
            numbers.append(len(seen))
        assert numbers[0] == numbers[1] <= 13, (name, numbers)


def test_filters_find_what_the_board_finds(ask_all: Ask, outsider: Client) -> None:
    late = BoardFilter(deadlines=(DeadlineClass.OVERDUE, DeadlineClass.DUE_SOON), section="III")
    rows = board(late, None, TODAY).rows
    found = ask_all("tasks?deadline=overdue&deadline=due_soon&section=III").json
    assert found is not None
    assert {row["id"] for row in found["items"]} == {row.task.id for row in rows} != set()
    overdue = ask_all("assignments?deadline=overdue").json
    assert overdue is not None
    assert {row["deadline_class"] for row in overdue["items"]} == {"overdue"}
    own = own_agency("vhttdl")
    mine = asker(outsider, own)
    scoped = board(BoardFilter(states=(WorkState.ASSIGNED,)), own.id, TODAY)
    found = mine("tasks?state=assigned&per_page=200").json
    assert found is not None
    assert found["total"] == scoped.total > 0
    assert {row["id"] for row in found["items"]} >= {row.task.id for row in scoped.rows}


def test_a_key_reads_what_its_agency_may_read(ask_all: Ask, outsider: Client) -> None:
    own = own_agency("vhttdl")
    mine = asker(outsider, own)
    for row in mine("assignments?per_page=200").json["items"]:  # type: ignore[index]  # is JSON
        task = db.session.get_one(Task, row["task_id"])
        assert own.id in {a.agency_id for a in task.assignments}
    foreign = of("III.1.c", "Sở NN&PTNT")
    assert own.id not in {a.agency_id for a in foreign.task.assignments}
    for path in (f"tasks/{foreign.task_id}", f"assignments/{foreign.id}"):
        assert ask_all(path).status_code == 200
        error = check("/tasks/{id}", mine(path))["error"]
        assert error["code"] == "not_found"
    shown = mine("counters").json
    assert shown is not None
    assert (shown["counts"], shown["by_agency"]) == (vars(counters(TODAY, own.id)), [])
    assert mine("counters?on=2024-10-31").status_code == 403
    assert mine(f"counters?agency={foreign.agency_id}").status_code == 403
    periods = mine(f"periods?agency={foreign.agency_id}").json
    assert periods is not None
    assert periods["total"] == 0


def test_only_what_changed_is_sent_again(ask_all: Ask) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    first = ask_all(f"tasks/{work.task_id}")
    tag = first.headers["ETag"]
    again = ask_all(f"tasks/{work.task_id}", **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    since = datetime.now(UTC).astimezone(timezone(timedelta(hours=7)))
    moment = since.replace(year=2024, month=11, day=14).isoformat()
    change_deadline(somebody("dieuphoi"), work, date(2025, 1, 20), "Mưa")
    assert ask_all(f"tasks/{work.task_id}", **{"If-None-Match": tag}).status_code == 200
    changed = ask_all(f"tasks?updated_since={moment}").json
    assert changed is not None
    assert [row["id"] for row in changed["items"]] == [work.task_id]


def test_errors_say_what_to_do(
    app: Flask,
    ask_all: Ask,
    outsider: Client,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = check("/tasks", ask_all("tasks?per_page=201"))["error"]
    assert (bad["code"], bad["parameter"]) == ("bad_parameter", "per_page")
    assert "từ 1 đến 200" in bad["message"]
    assert ask_all("nothing").json["error"]["code"] == "not_found"  # type: ignore[index]  # is JSON
    wrong = client_of("admin").post("/api/v1/tasks")
    assert (wrong.status_code, wrong.mimetype) == (405, "application/json")
    cookie = client_of("admin").get("/api/v1/tasks")
    assert (cookie.status_code, cookie.headers["WWW-Authenticate"]) == (401, "Bearer")
    monkeypatch.setattr(keys, "MOST_CALLS", 5)
    monkeypatch.setattr(keys, "MOST_GUESSES", 2)
    answers = [ask_all("plans").status_code for _ in range(6)]
    assert answers[-1] == 429
    given = {"Authorization": "Bearer invented"}
    guesses = [outsider.get("/api/v1/plans", headers=given) for _ in range(3)]
    assert [guess.status_code for guess in guesses] == [401, 401, 429]
    assert guesses[-1].headers["Retry-After"] == "300"


def test_a_key_is_shown_once_and_ends_when_it_is_revoked(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    admin, own = client_of("admin"), own_agency("vhttdl")
    page = admin.post("/api-keys/", {"name": "Cổng dữ liệu", "agency_id": own.id}).text
    token = page.split('id="api-key"')[1].split('value="')[1].split('"')[0]
    assert token not in admin.get("/api-keys/").text
    given = {"Authorization": f"Bearer {token}"}
    assert outsider.get("/api/v1/plans", headers=given).status_code == 200
    key = keys.queries.api_keys()[0]
    assert (key.name, key.last_used_at is not None) == ("Cổng dữ liệu", True)
    assert admin.post(f"/api-keys/{key.id}/revoke", htmx=True).status_code == 200
    assert outsider.get("/api/v1/plans", headers=given).status_code == 401
    record = admin.get(f"/agencies/{own.id}/edit").text
    assert "cấp khóa API" in record
    assert "thu hồi khóa API" in record


@pytest.mark.parametrize(
    ("address", "pairs", "name"),
    [
        ("tasks", [("stat", "assigned")], "stat"),
        ("tasks", [("state", "late")], "state"),
        ("tasks", [("plan", "0")], "plan"),
        ("tasks", [("plan", "²")], "plan"),
        ("tasks", [("plan", "1"), ("plan", "2")], "plan"),
        ("tasks", [("updated_since", "hôm qua")], "updated_since"),
        ("tasks", [("updated_since", "0001-01-01T00:00:00+14:00")], "updated_since"),
        ("periods", [("due_from", "2024-02-30")], "due_from"),
    ],
)
def test_a_parameter_without_meaning_is_refused(
    address: str, pairs: list[tuple[str, str]], name: str
) -> None:
    with pytest.raises(BadParameter) as fault:
        read(address, pairs)
    assert fault.value.name == name


def test_a_moment_without_a_zone_is_the_offices() -> None:
    for written in ("2024-11-14T08:00:00", "2024-11-14T08:00:00 07:00", "2024-11-14T01:00:00Z"):
        asked = read("tasks", [("updated_since", written)])
        assert asked["updated_since"] == datetime(2024, 11, 14, 1, tzinfo=UTC)
