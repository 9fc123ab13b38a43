"""Changing agencies, groups and fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ntmtasks.agencies import queries
from ntmtasks.agencies.models import (
    Agency,
    AgencyAlias,
    AgencyGroup,
    Area,
    AreaKind,
    FieldOwner,
)
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import settings
from ntmtasks.core.db import db, transaction
from ntmtasks.history.service import Actor, record


def load_directory(data: Mapping[str, Any], actor: Actor | None = None) -> None:
    """Store a seed file (`data/can_tho_2024.json`) in empty tables.

    Raises KeyError or ValueError for a seed that names an unknown agency or kind.
    """
    since = date.fromisoformat(data["valid_from"])
    with transaction():
        settings.store(queries.PLACE, data["place"])
        agencies = _load_agencies(data["agencies"], since)
        for entry in data["groups"]:
            members = [agencies[name] for name in entry["members"]]
            db.session.add(
                AgencyGroup(name=entry["name"], aliases=entry["aliases"], members=members)
            )
        for position, entry in enumerate(data["fields"], 1):
            db.session.add(
                FieldOwner(
                    name=entry["name"],
                    keywords=entry["keywords"],
                    agency=agencies[entry["agency"]],
                    position=position,
                )
            )
        _load_areas(data["areas"], agencies, since)
        for agency in agencies.values():
            record(actor, "agency", agency.id, "agency.add", after={"tên": agency.name})


def _load_agencies(entries: list[dict[str, Any]], since: date) -> dict[str, Agency]:
    agencies = {
        entry["short_name"]: Agency(
            name=entry["name"],
            short_name=entry["short_name"],
            kind=AgencyKind(entry["kind"]),
            position=position,
            mailbox=entry["mailbox"],
            valid_from=since,
            aliases=[AgencyAlias(name=name) for name in dict.fromkeys(entry["aliases"])],
        )
        for position, entry in enumerate(entries, 1)
    }
    db.session.add_all(agencies.values())
    db.session.flush()
    return agencies


def _load_areas(entries: list[dict[str, Any]], agencies: dict[str, Agency], since: date) -> None:
    for entry in entries:
        office = agencies[f"UBND huyện {entry['district']}"]
        district = Area(
            name=entry["district"], kind=AreaKind.DISTRICT, agency_id=office.id, valid_from=since
        )
        db.session.add(district)
        db.session.flush()
        db.session.add_all(
            Area(name=name, kind=AreaKind.COMMUNE, district_id=district.id, valid_from=since)
            for name in entry["communes"]
        )
