"""Ủy quyền xác nhận: somebody decides in the city leader's place until a day."""

from datetime import date

from flask import Flask

from ntmtasks.accounts import service
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody, told


def sees(person: Client, work: Assignment) -> bool:
    """Whether work waits for a person's decision."""
    return f"waiting-row-{work.id}" in person.get("/waiting/").text


def test_the_leader_names_somebody_who_then_confirms_the_offices_work(
    app: Flask, client_of: ClientOf
) -> None:
    own, stand_in = of("III.2.a", "VP Điều phối NTM"), somebody("thoilai")
    deputy, leader = client_of("thoilai"), client_of("lanhdao")
    assert not sees(deputy, own)
    form = {"person": stand_in.id, "until": "2024-11-20"}
    assert leader.post("/stand-ins/", form).status_code == 303
    assert "20/11/2024" in leader.get("/stand-ins/").text
    assert history.of("user", stand_in.id)[0].verb == "user.stand_in"
    assert any("đến hết 20/11/2024" in line for line in told("thoilai", "stand_in"))
    waiting = deputy.get("/waiting/").text
    assert f"waiting-row-{own.id}" in waiting
    assert "III.9.a.-1" not in waiting
    assert deputy.get(f"/tasks/{own.task_id}").status_code == 200
    assert deputy.post(f"/assignments/{own.id}/confirm").status_code == 303
    assert of("III.2.a", "VP Điều phối NTM").work_state is WorkState.DONE


def test_it_ends_with_its_day_or_when_it_is_taken_back(app: Flask, client_of: ClientOf) -> None:
    own, stand_in = of("III.2.a", "VP Điều phối NTM"), somebody("thoilai")
    service.name_stand_in(somebody("lanhdao"), stand_in, date(2024, 11, 20))
    deputy = client_of("thoilai")
    with transaction():
        settings.store(settings.SAMPLE_DATE, "2024-11-20")
    assert sees(deputy, own)
    with transaction():
        settings.store(settings.SAMPLE_DATE, "2024-11-21")
    assert not sees(deputy, own)
    assert deputy.post(f"/assignments/{own.id}/confirm").status_code == 403
    with transaction():
        settings.store(settings.SAMPLE_DATE, clock.today().isoformat())
    leader = client_of("lanhdao")
    assert leader.post(f"/stand-ins/{stand_in.id}/end").status_code == 303
    assert somebody("thoilai").stands_in_until is None
    assert history.of("user", stand_in.id)[0].verb == "user.stand_in_end"
    assert not sees(deputy, own)


def test_nobody_of_the_office_and_no_past_day(app: Flask, client_of: ClientOf) -> None:
    leader = client_of("lanhdao")
    inside = leader.post("/stand-ins/", {"person": somebody("dieuphoi").id, "until": "2024-11-20"})
    assert inside.status_code == 422
    past = leader.post("/stand-ins/", {"person": somebody("thoilai").id, "until": "2024-11-13"})
    assert past.status_code == 422
    assert "không được trước hôm nay" in past.text
    unreal = leader.post("/stand-ins/", {"person": somebody("thoilai").id, "until": "mai"})
    assert "Hãy ghi ngày" in unreal.text
    assert db.session.get_one(type(somebody("thoilai")), somebody("thoilai").id).stands_in is False
