"""Who is told at once: the bell reaches people whom no mail reaches."""

from flask import Flask
from sqlalchemy import select, update

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import is_reached, recipient_book
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db, transaction
from tests.support.work import ClientOf, of, somebody, told


def lose_address(*usernames: str) -> None:
    """These people have no e-mail any more."""
    with transaction():
        db.session.execute(update(User).where(User.username.in_(usernames)).values(email=""))


def test_the_focal_point_without_an_address_still_hears_the_bell(
    app: Flask, client_of: ClientOf
) -> None:
    lose_address("daumoi")
    work = of("III.1.d", "Sở NN&PTNT")
    url = f"/tasks/{work.task_id}/directives"
    assert client_of("lanhdao").post(url, {"body": "Làm trước tháng 12"}).status_code == 303
    assert told("daumoi", "directive")


def test_mails_go_to_who_has_an_address_as_before(app: Flask) -> None:
    lose_address("daumoi")
    agency_id = somebody("daumoi").agency_id
    assert all(r.address for r in recipient_book().of(agency_id, somebody("daumoi").id))


def test_where_no_mail_reaches_anybody_the_mailbox_gets_it_beside_the_bells(app: Flask) -> None:
    agency_id = somebody("daumoi").agency_id
    with transaction():
        db.session.execute(update(User).where(User.agency_id == agency_id).values(email=""))
        db.session.execute(
            update(Agency).where(Agency.id == agency_id).values(mailbox="snn@example.invalid")
        )
    found = recipient_book().concerned(agency_id, None)
    assert [r.address for r in found if r.user_id is None] == ["snn@example.invalid"]
    assert somebody("daumoi").id in {r.user_id for r in found}


def test_officers_hear_where_nobody_else_is_and_locked_people_never(app: Flask) -> None:
    agency_id = somebody("vhttdl").agency_id
    lose_address("vhttdl")
    with transaction():
        db.session.execute(update(Agency).where(Agency.id == agency_id).values(mailbox=""))
    assert somebody("vhttdl").id in {r.user_id for r in recipient_book().concerned(agency_id, None)}
    assert is_reached(agency_id)
    with transaction():
        for user in db.session.scalars(select(User).where(User.agency_id == agency_id)):
            user.locked_at = user.created_at
    assert not is_reached(agency_id)
