"""Changing agencies, groups and fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from ntmtasks.agencies import queries
from ntmtasks.agencies.labels import KINDS
from ntmtasks.agencies.models import (
    Agency,
    AgencyAlias,
    AgencyGroup,
    Area,
    AreaKind,
    FieldOwner,
)
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import formats, settings
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history.service import Actor, record


@dataclass(frozen=True)
class AgencyCard:
    """What a person may write about an agency."""

    name: str
    short_name: str
    kind: AgencyKind
    position: int
    mailbox: str
    phone: str
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    successor_id: int | None


@dataclass(frozen=True)
class FieldCard:
    """What a person may write about a field of work."""

    name: str
    keywords: tuple[str, ...]
    agency_id: int
    position: int


class NameTaken(Exception):
    """Another row bears this name; `field` says in which field of the form it stands."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def add_agency(card: AgencyCard, actor: Actor, token: str | None = None) -> Agency:
    """Add an agency; a form sent twice gives the one it made before. Raises NameTaken."""
    with transaction():
        first_time = use_once(token)
        made = queries.agency_named(card.short_name)
        if made and not first_time:
            return made
        _refuse_taken(card, None)
        agency = Agency()
        _write(agency, card)
        db.session.add(agency)
        db.session.flush()
        record(actor, "agency", agency.id, "agency.add", after=_shown(agency))
        return agency


def change_agency(agency: Agency, card: AgencyCard, version: int | None, actor: Actor) -> None:
    """Write a card over the `version` of an agency. Raises ChangedMeanwhile, NameTaken."""
    with transaction():
        check_version(agency, version)
        _refuse_taken(card, agency.id)
        before = _shown(agency)
        _write(agency, card)
        after = _shown(agency)
        changed = [key for key in after if before[key] != after[key]]
        if not changed:
            return
        flag_modified(agency, "name")  # other names stand in rows of their own: the version counts
        record(
            actor,
            "agency",
            agency.id,
            "agency.change",
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )


def add_alias(agency: Agency, name: str, actor: Actor) -> None:
    """Let documents speak of an agency by one more name."""
    with transaction():
        if any(alias.name == name for alias in agency.aliases):
            return
        before = _shown(agency)
        agency.aliases.append(AgencyAlias(name=name))
        flag_modified(agency, "name")  # other names stand in rows of their own: the version counts
        after = _shown(agency)
        key = "Tên gọi khác"
        record(actor, "agency", agency.id, "agency.change", {key: before[key]}, {key: after[key]})


def change_group(
    group: AgencyGroup,
    aliases: tuple[str, ...],
    member_ids: Sequence[int],
    version: int | None,
    actor: Actor,
) -> None:
    """Set the other names and the members of the `version` of a group. Raises ChangedMeanwhile."""
    with transaction():
        check_version(group, version)
        before = _shown_group(group)
        group.aliases = list(aliases)
        group.members = [a for a in queries.all_agencies() if a.id in set(member_ids)]
        after = _shown_group(group)
        if before != after:
            flag_modified(group, "name")  # members stand in rows of their own: the version counts
            record(actor, "agency_group", group.id, "agency.change", before, after)


def add_field(card: FieldCard, actor: Actor, token: str | None = None) -> FieldOwner:
    """Add a field of work; a form sent twice gives the one it made before. Raises NameTaken."""
    with transaction():
        first_time = use_once(token)
        made = queries.field_named(card.name)
        if made and not first_time:
            return made
        if made:
            raise NameTaken("name")
        field = FieldOwner()
        _write_field(field, card)
        db.session.add(field)
        db.session.flush()
        record(actor, "field", field.id, "agency.change", after=_shown_field(field))
        return field


def change_field(field: FieldOwner, card: FieldCard, version: int | None, actor: Actor) -> None:
    """Write a card over the `version` of a field of work. Raises ChangedMeanwhile, NameTaken."""
    with transaction():
        check_version(field, version)
        other = queries.field_named(card.name)
        if other and other.id != field.id:
            raise NameTaken("name")
        before = _shown_field(field)
        _write_field(field, card)
        db.session.flush()
        after = _shown_field(field)
        if before != after:
            record(actor, "field", field.id, "agency.change", before, after)


def _refuse_taken(card: AgencyCard, agency_id: int | None) -> None:
    for field, name in (("name", card.name), ("short_name", card.short_name)):
        other = queries.agency_named(name)
        if other and other.id != agency_id:
            raise NameTaken(field)


def _write(agency: Agency, card: AgencyCard) -> None:
    for key, value in vars(card).items():
        if key != "aliases":
            setattr(agency, key, value)
    kept = {alias.name: alias for alias in agency.aliases}
    agency.aliases = [kept.get(name) or AgencyAlias(name=name) for name in card.aliases]


def _write_field(field: FieldOwner, card: FieldCard) -> None:
    field.name = card.name
    field.keywords = list(card.keywords)
    field.agency = db.session.get_one(Agency, card.agency_id)
    field.position = card.position


def _shown(agency: Agency) -> dict[str, Any]:
    successor = db.session.get(Agency, agency.successor_id) if agency.successor_id else None
    return {
        "Tên cơ quan": agency.name,
        "Tên ngắn": agency.short_name,
        "Loại": KINDS[agency.kind],
        "Thứ tự": agency.position,
        "Hộp thư": agency.mailbox,
        "Điện thoại": agency.phone,
        "Tên gọi khác": sorted(alias.name for alias in agency.aliases),
        "Hoạt động từ": formats.day(agency.valid_from),
        "Hoạt động đến": formats.day(agency.valid_to),
        "Cơ quan kế thừa": successor.short_name if successor else "",
    }


def _shown_group(group: AgencyGroup) -> dict[str, Any]:
    return {
        "Tên gọi khác": list(group.aliases),
        "Thành viên": [agency.short_name for agency in group.members],
    }


def _shown_field(field: FieldOwner) -> dict[str, Any]:
    return {
        "Lĩnh vực": field.name,
        "Từ khóa": list(field.keywords),
        "Cơ quan": field.agency.short_name,
        "Thứ tự": field.position,
    }


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
