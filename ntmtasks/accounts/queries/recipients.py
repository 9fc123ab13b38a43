"""Who receives what concerns an agency: the recipient book."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select

from ntmtasks.accounts.labels import in_place_of
from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import PERMISSIONS, Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.core.kept import columns

NO_RECIPIENT = "cơ quan chưa có người nhận"
_SPEAKERS = frozenset({Role.FOCAL_POINT, Role.COORDINATOR})
FEW = 20
"""So many agencies are asked for one by one; the query is another one for each number of them."""
_ABOVE = (Role.COORDINATOR, Role.CITY_LEADER, Role.ADMIN)
"""Whom a mail may reach from any agency."""


class Recipient(NamedTuple):
    """Who is told: a person, or an agency's mailbox (`user_id` None). `note` says why somebody gets
    what is not the own agency's, it is empty otherwise; so is the `address` of whom the bell alone
    reaches. `stands_for` names the absent colleague whose mail this is, empty for the own."""

    user_id: int | None
    name: str
    address: str
    note: str = ""
    stands_for: str = ""

    @property
    def remark(self) -> str:
        """Why this mail comes here, as a line of it says; empty where it needs no reason."""
        return ", ".join(filter(None, (self.note, self.stands_for)))


class Decider(NamedTuple):
    """Somebody with an address who decides on what agencies report or ask for; the recipient is
    another one while the person is away."""

    user_id: int
    recipient: Recipient
    role: Role
    agency_id: int
    stands_in: bool


class Known(NamedTuple):
    """A person who is not locked, as far as rights go (people.Asker)."""

    id: int
    role: Role
    agency_id: int
    stands_in: bool


class RecipientBook(NamedTuple):
    """Who receives what concerns an agency, answered from memory for any number of obligations."""

    people: dict[int, tuple[int, tuple[Recipient, ...]]]
    """Each unlocked person with an address, by id: the id of the agency, and who reads the mail (the
    person, or others while the person is away)."""
    focal_points: dict[int, tuple[Recipient, ...]]
    leaders: dict[int, tuple[Recipient, ...]]
    """The leaders of agencies, by agency."""
    mailboxes: dict[int, Recipient]
    coordinators: tuple[Recipient, ...]
    city_leaders: tuple[Recipient, ...]
    last_resort: tuple[Recipient, ...]
    """The coordinating office's mailbox and the administrators: where no coordinator has an address."""
    deciders: tuple[Decider, ...]
    without_address: dict[int, dict[Recipient, Role]]
    """By agency the unlocked people whom no mail reaches now, with their roles; so while they are away."""
    known: dict[int, Known]
    """Everybody who is meant here, by id."""

    def of(self, agency_id: int | None, officer_id: int | None) -> tuple[Recipient, ...]:
        """The officer in charge, else the agency's focal points, else its mailbox, else its leaders,
        else the coordinators with a note, else the last resort. Whoever left the agency no longer
        receives its mail. Empty only where nobody at all has an address."""
        if officer_id in self.people and self.people[officer_id][0] == agency_id:
            return self.people[officer_id][1]
        if agency_id in self.focal_points:
            return self.focal_points[agency_id]
        if agency_id in self.mailboxes:
            return (self.mailboxes[agency_id],)
        if agency_id in self.leaders:
            return self.leaders[agency_id]
        return self.coordinators or self.last_resort

    def ranks_above(self, agency_id: int | None) -> tuple[tuple[Recipient, ...], ...]:
        """Whom lateness of an agency's work reaches one after the other, beyond the officer: its focal
        points, its leaders, the coordinators, the leaders of the city; a rank may be empty."""
        if agency_id is None:
            return (), (), self.coordinators, self.city_leaders
        return (
            self.focal_points.get(agency_id, ()),
            self.leaders.get(agency_id, ()),
            self.coordinators,
            self.city_leaders,
        )

    def with_role(self, role: Role) -> set[int]:
        """The ids of all who have a role, with or without an address."""
        return {each.id for each in self.known.values() if each.role is role}

    def hears_of_all(self, address: str) -> bool:
        """Whether what any agency owes may come to an address."""
        above = (*self.coordinators, *self.city_leaders, *self.last_resort)
        return any(each.address == address for each in above)

    def officers_read_at(self, address: str) -> set[int]:
        """The people whose own mail is read at an address."""
        return {
            number
            for number, (_, found) in self.people.items()
            if any(each.address == address for each in found)
        }

    def is_told_for(self, agency_id: int | None, address: str) -> bool:
        """Whether an address gets what an agency owes and no officer has."""
        return any(each.address == address for each in self.of(agency_id, None))

    def concerned(self, agency_id: int, officer_id: int | None) -> tuple[Recipient, ...]:
        """Who is told at once what happens to an agency's work: the officer in charge and the focal
        points, else all its people; its mailbox where mail reaches none of them. Nobody who only stands
        in for an absent one."""
        found = [r for r in self.of(agency_id, officer_id) if not r.note]
        found += self.focal_points.get(agency_id, ())
        if not any(r.user_id for r in found):
            all_its = [each for home, each in self.people.values() if home == agency_id]
            found = [r for each in all_its for r in each] or found
        silent = self.without_address.get(agency_id, {})
        ringing = [r for r, role in silent.items() if r.user_id == officer_id or role in _SPEAKERS]
        if not any(r.user_id for r in (*found, *ringing)):
            ringing = list(silent)
        return _once((*found, *ringing))


def recipient_book(
    day: date | None = None, agencies: Collection[int] | None = None
) -> RecipientBook:
    """The book of all agencies on a day (None = today), or, if they are few, only of those with these
    numbers and of those whose people stand above all agencies; in one query."""
    people: dict[int, tuple[int, tuple[Recipient, ...]]] = {}
    by_role: dict[Role, list[Recipient]] = defaultdict(list)
    focal_points: dict[int, tuple[Recipient, ...]] = {}
    leaders: dict[int, tuple[Recipient, ...]] = {}
    deciders: list[Decider] = []
    without_address: dict[int, dict[Recipient, Role]] = defaultdict(dict)
    absent: list[_Absence] = []
    day = day or clock.today()
    if agencies is not None and len(agencies) > FEW:
        agencies = None
    asked = {f"agency_{n}": each for n, each in enumerate(agencies or ())} | {"day": day}
    mailboxes: dict[int, Recipient] = {}
    of_office: list[Recipient] = []
    known: dict[int, Known] = {}
    db.session.flush()  # as the session would, before it asks
    for row in columns(_book(None if agencies is None else len(agencies)), asked):
        agency_id, agency_name, mailbox, kind, number, name, address, role, *absence = row
        if mailbox and agency_id not in mailboxes:
            mailboxes[agency_id] = Recipient(None, agency_name, mailbox)
            if kind is AgencyKind.OFFICE:
                of_office.append(mailboxes[agency_id])
        if number is None:
            continue
        stands_in_until, away_from, away_until, deputy_id = absence
        stands_in = stands_in_until is not None and day <= stands_in_until
        known[number] = Known(number, role, agency_id, stands_in)
        recipient = Recipient(number, name, address)
        if not address:
            without_address[agency_id][recipient] = role
            continue
        people[number] = (agency_id, (recipient,))
        by_role[role].append(recipient)
        if role in _SPEAKERS:
            focal_points[agency_id] = (*focal_points.get(agency_id, ()), recipient)
        if role is Role.AGENCY_LEADER:
            leaders[agency_id] = (*leaders.get(agency_id, ()), recipient)
        if stands_in or Permission.DECIDE in PERMISSIONS[role]:
            deciders.append(Decider(number, recipient, role, agency_id, stands_in))
        if away_from and away_until and away_from <= day <= away_until:
            absent.append(_Absence(recipient, role, agency_id, deputy_id, away_until))
    book = RecipientBook(
        people=people,
        focal_points=focal_points,
        leaders=leaders,
        mailboxes=mailboxes,
        coordinators=_in_place_of_others(by_role[Role.COORDINATOR]),
        city_leaders=tuple(by_role[Role.CITY_LEADER]),
        last_resort=_in_place_of_others([*of_office, *by_role[Role.ADMIN]]),
        deciders=tuple(deciders),
        without_address=dict(without_address),
        known=known,
    )
    return _without(book, absent) if absent else book


def book_of_reader(address: str, day: date) -> RecipientBook:
    """The book as far as it can name an address: of the agencies of those who read there, or of all where
    these stand above all agencies."""
    homes = set(db.session.scalars(select(User.agency_id).where(User.email == address)))
    homes |= set(db.session.scalars(select(Agency.id).where(Agency.mailbox == address)))
    book = recipient_book(day, homes)
    return recipient_book(day) if book.hears_of_all(address) else book


@cache
def _book(number: int | None) -> Select[*tuple[Any, ...]]:
    """Every agency, each with its people who are not locked; people by number. Or so many agencies, with
    those of the people above all."""
    rows = (
        select(
            Agency.id.label("agency_id"),
            Agency.name.label("agency_name"),
            Agency.mailbox,
            Agency.kind,
            User.id,
            User.name,
            User.email,
            User.role,
            User.stands_in_until,
            User.away_from,
            User.away_until,
            User.deputy_id,
        )
        .outerjoin(User, and_(User.agency_id == Agency.id, User.locked_at.is_(None)))
        .order_by(User.id)
    )
    if number is None:
        return rows
    # With their colleagues: one of them may read the mail of an absent one.
    above = select(User.agency_id).where(
        or_(*(User.role == role for role in _ABOVE), User.stands_in_until >= bindparam("day"))
    )
    agencies: list[BindParameter[int]] = [bindparam(f"agency_{n}") for n in range(number)]
    return rows.where(
        or_(
            *(Agency.id == each for each in agencies),
            Agency.id.in_(above),
            Agency.kind == AgencyKind.OFFICE,
        )
    )


class _Absence(NamedTuple):
    """Somebody who is away, until when, and whom they named."""

    recipient: Recipient
    role: Role
    agency_id: int
    deputy_id: int | None
    until: date


def _without(book: RecipientBook, absent: Collection[_Absence]) -> RecipientBook:
    """The book while some are away: their mail goes to the deputy, else to the focal points of the
    agency, else to themselves after all; the bells of those who are spared ring on."""
    away = {each.recipient.user_id for each in absent}
    instead: dict[int | None, tuple[Recipient, ...]] = {}
    silent = {agency: dict(found) for agency, found in book.without_address.items()}
    for each in absent:
        deputies: tuple[Recipient, ...] = ()
        if each.deputy_id in book.people and each.deputy_id not in away:
            deputies = book.people[each.deputy_id][1]
        else:
            focal_points = book.focal_points.get(each.agency_id, ())
            deputies = tuple(r for r in focal_points if r.user_id not in away)
        if deputies:
            whose = in_place_of(each.recipient.name, each.until)
            instead[each.recipient.user_id] = tuple(
                deputy._replace(stands_for=whose) for deputy in deputies
            )
            spared = each.recipient._replace(address="")
            silent.setdefault(each.agency_id, {})[spared] = each.role

    def swap(found: Iterable[Recipient]) -> tuple[Recipient, ...]:
        pairs = [(r, instead.get(r.user_id, (r,))) for r in found]
        swapped = [new._replace(note=old.note) for old, others in pairs for new in others]
        return _once(sorted(swapped, key=lambda r: bool(r.stands_for)))

    return RecipientBook(
        people={number: (home, swap(found)) for number, (home, found) in book.people.items()},
        focal_points={home: swap(found) for home, found in book.focal_points.items()},
        leaders={home: swap(found) for home, found in book.leaders.items()},
        mailboxes=book.mailboxes,
        coordinators=swap(book.coordinators),
        city_leaders=swap(book.city_leaders),
        last_resort=swap(book.last_resort),
        deciders=tuple(d._replace(recipient=r) for d in book.deciders for r in swap([d.recipient])),
        without_address=silent,
        known=book.known,
    )


def _once(found: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Each person and each mailbox once, the first of several."""
    kept: dict[int | str, Recipient] = {}
    for each in found:
        kept.setdefault(each.user_id or each.address, each)
    return tuple(kept.values())


def _in_place_of_others(people: Collection[Recipient]) -> tuple[Recipient, ...]:
    return tuple(person._replace(note=NO_RECIPIENT) for person in people)


def is_reached(agency_id: int, officer_id: int | None = None) -> bool:
    """Whether anybody of an agency, or its mailbox, is told what concerns it."""
    book = recipient_book(agencies=[agency_id])
    return bool(book.concerned(agency_id, officer_id))


def addresses(user_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Name and e-mail of the people who may sign in and have one, by id; not of those who are away
    while others read for them."""
    if not user_ids:
        return {}
    silent = {r.user_id for found in recipient_book().without_address.values() for r in found}
    rows = db.session.execute(
        select(User.id, User.name, User.email).where(
            User.id.in_(user_ids), User.locked_at.is_(None), User.email != ""
        )
    )
    return {row.id: (row.name, row.email) for row in rows if row.id not in silent}
