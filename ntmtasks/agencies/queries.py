"""Reading agencies, groups, areas and fields."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ntmtasks.agencies.models import Agency, AgencyGroup, Area, AreaKind, FieldOwner
from ntmtasks.agencies.rules import AgencyEntry, AgencyKind, Directory, FieldEntry, GroupEntry
from ntmtasks.core import settings
from ntmtasks.core.db import db

PLACE = "place"
"""Name of the setting that holds the province ("Cần Thơ"), which names may end with."""


def all_agencies() -> Sequence[Agency]:
    """Every agency, the bygone ones too, in protocol order."""
    return db.session.scalars(select(Agency).order_by(Agency.position, Agency.id)).all()


def living_agencies(on: date) -> Sequence[Agency]:
    """The agencies that have not ended before a day, in protocol order: those of whom something new may
    be asked."""
    return [each for each in all_agencies() if each.valid_to is None or each.valid_to >= on]


def agencies_with_names() -> Sequence[Agency]:
    """Every agency with its aliases, in protocol order."""
    return db.session.scalars(
        select(Agency).order_by(Agency.position, Agency.id).options(selectinload(Agency.aliases))
    ).all()


def by_short_name() -> dict[str, Agency]:
    """Every agency by its short name, in protocol order."""
    return {agency.short_name: agency for agency in all_agencies()}


def agency(agency_id: int) -> Agency | None:
    """One agency with its aliases."""
    return db.session.scalar(
        select(Agency).where(Agency.id == agency_id).options(selectinload(Agency.aliases))
    )


def agency_named(name: str) -> Agency | None:
    """The agency whose name or short name is exactly `name`."""
    return db.session.scalar(
        select(Agency).where((Agency.name == name) | (Agency.short_name == name)).limit(1)
    )


def office() -> Agency | None:
    """The coordinating office; None before there is one."""
    return db.session.scalar(
        select(Agency).where(Agency.kind == AgencyKind.OFFICE).order_by(Agency.position).limit(1)
    )


def office_mailbox() -> str:
    """The address of the coordinating office, empty where it has none."""
    found = office()
    return found.mailbox if found else ""


def last_position() -> int:
    """The position of the last agency in protocol order; 0 when there is none."""
    return db.session.scalar(select(Agency.position).order_by(Agency.position.desc()).limit(1)) or 0


def groups() -> Sequence[AgencyGroup]:
    """All groups with their members in protocol order."""
    return db.session.scalars(
        select(AgencyGroup).order_by(AgencyGroup.id).options(selectinload(AgencyGroup.members))
    ).all()


def group(group_id: int) -> AgencyGroup | None:
    """One group with its members."""
    return db.session.scalar(
        select(AgencyGroup)
        .where(AgencyGroup.id == group_id)
        .options(selectinload(AgencyGroup.members))
    )


def fields() -> Sequence[FieldOwner]:
    """The table field → agency, in the order in which proposals try it."""
    return db.session.scalars(
        select(FieldOwner)
        .order_by(FieldOwner.position, FieldOwner.id)
        .options(joinedload(FieldOwner.agency))
    ).all()


def field(field_id: int) -> FieldOwner | None:
    """One field of work with its agency."""
    return db.session.scalar(
        select(FieldOwner).where(FieldOwner.id == field_id).options(joinedload(FieldOwner.agency))
    )


def field_named(name: str) -> FieldOwner | None:
    """The field of work whose name is exactly `name`."""
    return db.session.scalar(select(FieldOwner).where(FieldOwner.name == name))


def districts() -> Sequence[Area]:
    """All districts in the order of their entry, each with its communes by name."""
    return db.session.scalars(
        select(Area)
        .where(Area.kind == AreaKind.DISTRICT)
        .order_by(Area.id)
        .options(selectinload(Area.communes))
    ).all()


def area(area_id: int) -> Area | None:
    """One district or commune."""
    return db.session.get(Area, area_id)


def directory() -> Directory:
    """What a reading is matched against, built from the tables."""
    return Directory(
        agencies=tuple(
            AgencyEntry(a.short_name, a.name, a.kind, tuple(n.name for n in a.aliases))
            for a in agencies_with_names()
        ),
        groups=tuple(
            GroupEntry(g.name, tuple(g.aliases), tuple(m.short_name for m in g.members))
            for g in groups()
        ),
        fields=tuple(FieldEntry(f.name, tuple(f.keywords), f.agency.short_name) for f in fields()),
        place=settings.stored().get(PLACE, ""),
    )
