"""The pages on which an administrator keeps agencies, groups and fields of work."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from ntmtasks.agencies import queries
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.history.models import HistoryEntry
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def card(agency: Agency, **changes: object) -> dict[str, object]:
    """What the edit form of an agency sends when only `changes` are typed."""
    sent: dict[str, object] = {
        "name": agency.name,
        "short_name": agency.short_name,
        "kind": agency.kind.value,
        "position": agency.position,
        "mailbox": agency.mailbox,
        "phone": agency.phone,
        "aliases": "\n".join(alias.name for alias in agency.aliases),
        "valid_from": agency.valid_from or "",
        "valid_to": agency.valid_to or "",
        "successor_id": agency.successor_id or 0,
        "version": agency.version,
    }
    return sent | changes


def last_entry(verb: str) -> HistoryEntry:
    """The newest entry of the record with this verb."""
    return db.session.scalars(
        select(HistoryEntry).where(HistoryEntry.verb == verb).order_by(HistoryEntry.id.desc())
    ).first() or HistoryEntry(before={}, after={}, actor_name="")


def test_the_list_stands_in_protocol_order(client_of: ClientOf) -> None:
    page = client_of("admin").get("/agencies/").text
    names = [agency.name for agency in queries.all_agencies()]
    assert len(names) == 34
    places = [page.index(f">{name}</a>") for name in names]
    assert places == sorted(places)
    assert "Các sở, ban ngành thành phố</a> · 20 cơ quan" in page


def test_only_who_administers_opens_these_pages(client_of: ClientOf) -> None:
    for address in ("", "new", "1/edit", "groups/1", "fields", "fields/new", "fields/1", "areas"):
        assert client_of("dieuphoi").get(f"/agencies/{address}").status_code == 403
        assert client_of("admin").get(f"/agencies/{address}").status_code == 200


def test_what_does_not_exist_is_not_found(client_of: ClientOf) -> None:
    for address in ("9999/edit", "groups/9999", "fields/9999"):
        assert client_of("admin").get(f"/agencies/{address}").status_code == 404


def test_a_changed_agency_is_stored_and_recorded(client_of: ClientOf) -> None:
    agency = queries.by_short_name()["Sở Y tế"]
    sent = card(agency, phone="0292 3820 000", aliases="Ngành y tế\n\nNgành y tế\nSYT")
    answer = client_of("admin").post(f"/agencies/{agency.id}/edit", sent)
    assert answer.status_code == 303
    changed = queries.by_short_name()["Sở Y tế"]
    assert changed.phone == "0292 3820 000"
    assert [alias.name for alias in changed.aliases] == ["Ngành y tế", "SYT"]
    assert queries.directory().match("Ngành y tế") == "Sở Y tế"
    entry = last_entry("agency.change")
    assert entry.subject_id == agency.id
    assert entry.before == {"Điện thoại": "", "Tên gọi khác": []}
    assert entry.after == {
        "Điện thoại": "0292 3820 000",
        "Tên gọi khác": ["Ngành y tế", "SYT"],
    }


def test_htmx_gets_the_form_with_its_new_version(client_of: ClientOf) -> None:
    agency = queries.by_short_name()["Sở Y tế"]
    client = client_of("admin")
    answer = client.post(f"/agencies/{agency.id}/edit", card(agency, phone="1"), htmx=True)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<form id="agency-form"')
    db.session.refresh(agency)
    assert f'name="version" type="hidden" value="{agency.version}"' in answer.text


def test_a_stale_edit_changes_nothing_and_keeps_the_text(client_of: ClientOf) -> None:
    agency = queries.by_short_name()["Sở Y tế"]
    stale = card(agency, phone="0292 111")
    client = client_of("admin")
    assert (
        client.post(f"/agencies/{agency.id}/edit", card(agency, aliases="SYT")).status_code == 303
    )
    answer = client.post(f"/agencies/{agency.id}/edit", stale)
    assert answer.status_code == 409
    assert "đã được người khác sửa" in answer.text
    assert 'value="0292 111"' in answer.text
    assert re.search(r"Điện thoại</th><td[^>]*>–</td><td[^>]*>0292 111</td>", answer.text)
    assert re.search(r"Tên gọi khác</th><td[^>]*>SYT</td>", answer.text)
    assert queries.by_short_name()["Sở Y tế"].phone == ""


def test_bad_input_is_said_beside_the_field_and_kept(client_of: ClientOf) -> None:
    agency = queries.by_short_name()["Sở Y tế"]
    wrong = {
        "name": "",
        "short_name": "Sở Tư pháp",
        "position": "x",
        "mailbox": "không phải thư",
        "valid_from": "2024-02-01",
        "valid_to": "2024-01-01",
    }
    answer = client_of("admin").post(f"/agencies/{agency.id}/edit", card(agency, **wrong))
    assert answer.status_code == 422
    for sentence in (
        "Hãy nhập tên cơ quan.",
        "Hãy nhập một số nguyên.",
        "Hãy nhập một địa chỉ thư",
        "Ngày kết thúc phải từ ngày bắt đầu trở đi.",
    ):
        assert sentence in answer.text
    assert 'value="không phải thư"' in answer.text
    taken = client_of("admin").post(
        f"/agencies/{agency.id}/edit", card(agency, short_name="Sở Tư pháp")
    )
    assert taken.status_code == 422
    assert "Tên này đã dùng cho một mục khác." in taken.text
    assert "Sở Tư pháp" in queries.by_short_name()


def test_a_form_sent_twice_makes_one_agency(client_of: ClientOf) -> None:
    sent = {
        "name": "Sở Du lịch",
        "short_name": "Sở DL",
        "kind": "department",
        "position": 35,
        "successor_id": 0,
        "form_token": "một lần",
    }
    client = client_of("admin")
    assert client.post("/agencies/new", sent).status_code == 303
    assert client.post("/agencies/new", sent).status_code == 303
    assert client.post("/agencies/new", sent | {"form_token": "khác"}).status_code == 422
    assert [a.name for a in queries.all_agencies()].count("Sở Du lịch") == 1
    assert queries.all_agencies()[-1].name == "Sở Du lịch"
    assert last_entry("agency.add").after["Tên cơ quan"] == "Sở Du lịch"


def test_members_of_a_group_are_changed(client_of: ClientOf) -> None:
    group = next(g for g in queries.groups() if g.name == "UBND huyện")
    thoi_lai = queries.by_short_name()["UBND huyện Thới Lai"]
    client = client_of("admin")
    answer = client.post(
        f"/agencies/groups/{group.id}", {"aliases": "Các huyện", "members": [thoi_lai.id]}
    )
    assert answer.status_code == 303
    assert queries.directory().members_of("UBND huyện") == ("UBND huyện Thới Lai",)
    assert last_entry("agency.change").after["Thành viên"] == ["UBND huyện Thới Lai"]
    unknown = client.post(f"/agencies/groups/{group.id}", {"members": [9999]})
    assert unknown.status_code == 422
    assert "Hãy chọn các mục có trong danh sách." in unknown.text


def test_a_field_gets_another_agency(client_of: ClientOf) -> None:
    field = next(f for f in queries.fields() if f.name == "Giao thông")
    sent = {
        "name": field.name,
        "keywords": "cầu\nđường\ncầu",
        "agency_id": queries.by_short_name()["Sở Xây dựng"].id,
        "position": field.position,
    }
    client = client_of("admin")
    assert client.post(f"/agencies/fields/{field.id}", sent).status_code == 303
    changed = next(f for f in queries.directory().fields if f.name == "Giao thông")
    assert (changed.agency, changed.keywords) == ("Sở Xây dựng", ("cầu", "đường"))
    empty = client.post(f"/agencies/fields/{field.id}", sent | {"keywords": " "})
    assert empty.status_code == 422
    assert client.post("/agencies/fields/new", sent).status_code == 422
    assert client.post("/agencies/fields/new", sent | {"name": "Cầu đường"}).status_code == 303
    assert len(queries.fields()) == 23


def test_areas_are_listed_by_district(client_of: ClientOf) -> None:
    page = client_of("admin").get("/agencies/areas").text
    assert "Huyện Thới Lai · 12 xã" in page
    assert "Trường Xuân · Trường Xuân A · Trường Xuân B" in page


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_group_that_changed_meanwhile_stands_beside_what_was_typed(
    client_of: ClientOf, htmx: bool
) -> None:
    group = next(g for g in queries.groups() if g.name == "UBND huyện")
    first, second = group.members[:2]
    names, ids = (first.name, second.name), (first.id, second.id)
    url, seen = f"/agencies/groups/{group.id}", {"aliases": "", "version": group.version}
    client = client_of("admin")
    assert client.post(url, seen | {"members": [ids[0]]}).status_code == 303
    answer = client.post(url, seen | {"members": [ids[1]]}, htmx=htmx)
    assert answer.status_code == 409
    row = r"Thành viên</th><td[^>]*>{}</td><td[^>]*>{}</td>".format(*names)
    assert re.search(row, answer.text)
    stored = next(g for g in queries.groups() if g.name == "UBND huyện")
    assert [a.id for a in stored.members] == [ids[0]]
    again = seen | {"version": stored.version, "members": [ids[1]]}
    assert client.post(url, again).status_code == 303


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_field_that_changed_meanwhile_stands_beside_what_was_typed(
    client_of: ClientOf, htmx: bool
) -> None:
    field = next(f for f in queries.fields() if f.name == "Giao thông")
    url = f"/agencies/fields/{field.id}"
    sent = {
        "name": field.name,
        "agency_id": field.agency_id,
        "position": field.position,
        "version": field.version,
    }
    client = client_of("admin")
    assert client.post(url, sent | {"keywords": "cầu"}).status_code == 303
    answer = client.post(url, sent | {"keywords": "đường"}, htmx=htmx)
    assert answer.status_code == 409
    assert re.search(r"Từ khóa</th><td[^>]*>cầu</td><td[^>]*>đường</td>", answer.text)
    assert next(f for f in queries.fields() if f.name == "Giao thông").keywords == ["cầu"]
