"""The file a plan came from, handed out to whoever may read the plan."""

import hashlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.core.instance import config
from ntmtasks.files.models import StoredFile
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def the_plan() -> Plan:
    plan = db.session.scalars(select(Plan)).first()
    assert plan is not None
    return plan


def test_a_reader_gets_the_file_as_it_was_brought_in(app: Flask, client_of: ClientOf) -> None:
    plan = the_plan()
    with transaction():
        plan.source_file.name = "Kế hoạch đ 108.txt"
    client = client_of("chuyenvien")
    address = f"/plans/{plan.id}/source"
    assert f'href="{address}"' in client.get(f"/plans/{plan.id}").text
    answer = client.get(address)
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == plan.source_file.sha256
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert quote("Kế hoạch đ 108.txt") in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-cache" in answer.headers["Cache-Control"]


def test_the_file_of_a_draft_is_for_those_who_review_it(app: Flask, client_of: ClientOf) -> None:
    plan = the_plan()
    with transaction():
        plan.state = PlanState.DRAFT
    address = f"/plans/{plan.id}/source"
    assert client_of("chuyenvien").get(address).status_code == 404
    assert client_of("lanhdao").get(address).status_code == 404
    assert client_of("dieuphoi").get(address).status_code == 200


def test_a_file_gone_from_the_disk_is_not_found(
    app: Flask, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    stored = db.session.scalars(select(StoredFile)).one()
    (config().files / stored.storage_name).unlink()
    answer = client_of("dieuphoi").get(f"/plans/{the_plan().id}/source")
    assert answer.status_code == 404
    assert "missing on disk" in caplog.text
