"""Whom to call about late work: the person of each agency, with a telephone number."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import Recipient, RecipientBook, recipient_book
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db


@dataclass(frozen=True)
class Contact:
    """A person, or the office itself where nobody is known; `remark` says for whom an absent one's mail
    is read. Either name or telephone may be empty."""

    name: str
    title: str
    phone: str
    remark: str = ""


def contacts(agencies: Collection[Agency]) -> dict[int, Contact]:
    """By agency who is told of its work first and can be called, in three queries."""
    book = recipient_book(agencies=[agency.id for agency in agencies])
    chosen = {agency.id: _first_person(book, agency.id) for agency in agencies}
    ids = [person.user_id for person in chosen.values() if person]
    rows = db.session.execute(select(User.id, User.title, User.phone).where(User.id.in_(ids)))
    known = {number: (title, phone) for number, title, phone in rows}
    found = {}
    for agency in agencies:
        person = chosen[agency.id]
        if person is None or person.user_id is None:
            found[agency.id] = Contact("", "", agency.phone)
        else:
            title, phone = known[person.user_id]
            found[agency.id] = Contact(person.name, title, phone or agency.phone, person.remark)
    return found


def _first_person(book: RecipientBook, agency_id: int) -> Recipient | None:
    """The first person of the agency whom its mail reaches, else one whom only the telephone does."""
    reached = [*book.focal_points.get(agency_id, ()), *book.leaders.get(agency_id, ())]
    reached += [r for home, read in book.people.values() if home == agency_id for r in read]
    people = [r for r in (*reached, *book.without_address.get(agency_id, {})) if r.user_id]
    return people[0] if people else None
