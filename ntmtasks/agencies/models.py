"""Agencies with their other names, groups of agencies, areas, and which agency leads which field."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import Base, enum_column


class AreaKind(StrEnum):
    """Levels of the administration below the city."""

    DISTRICT = "district"
    COMMUNE = "commune"


class Agency(Base):
    """An agency (cơ quan) that leads or supports tasks; `position` is the protocol order."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind))
    position: Mapped[int]
    mailbox: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    version: Mapped[int] = mapped_column()

    aliases: Mapped[list["AgencyAlias"]] = relationship(
        back_populates="agency", cascade="all, delete-orphan", order_by="AgencyAlias.name"
    )

    __mapper_args__ = {"version_id_col": version}


class AgencyAlias(Base):
    """Another name under which documents speak of an agency."""

    __tablename__ = "agency_alias"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]

    agency: Mapped[Agency] = relationship(back_populates="aliases")


class AgencyGroup(Base):
    """A group that plans address as one ("Các sở, ban ngành thành phố")."""

    __tablename__ = "agency_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    aliases: Mapped[list[str]]
    version: Mapped[int] = mapped_column()

    members: Mapped[list[Agency]] = relationship(
        secondary="agency_group_member", order_by=Agency.position
    )

    __mapper_args__ = {"version_id_col": version}


class AgencyGroupMember(Base):
    """An agency in a group."""

    __tablename__ = "agency_group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("agency_group.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)


class Area(Base):
    """A district or a commune (địa bàn); a commune names its district."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("name", "kind", "district_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[AreaKind] = mapped_column(enum_column(AreaKind))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))

    communes: Mapped[list["Area"]] = relationship(
        foreign_keys=[district_id], order_by="Area.name", viewonly=True
    )


class FieldOwner(Base):
    """Which agency usually leads work of a field (lĩnh vực); read by proposals for a new plan."""

    __tablename__ = "field_owner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    keywords: Mapped[list[str]]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    position: Mapped[int]
    version: Mapped[int] = mapped_column()

    agency: Mapped[Agency] = relationship()

    __mapper_args__ = {"version_id_col": version}
