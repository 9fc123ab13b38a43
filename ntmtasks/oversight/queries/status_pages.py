"""Reading status pages: which there are, which one a token opens, what they are about."""

from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

from sqlalchemy import ColumnElement, Date, Select, Text, Time, and_, bindparam, func, select
from sqlalchemy.orm import joinedload

from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency, Area, AreaKind
from ntmtasks.core import clock
from ntmtasks.core.clock import real_now_sql
from ntmtasks.core.db import db
from ntmtasks.core.tokens import hashed
from ntmtasks.history.models import HistoryEntry
from ntmtasks.oversight.models import StatusPage
from ntmtasks.oversight.rules.status import Block, SubjectKind, offered
from ntmtasks.plans import queries as plans
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.rules.states import OWED
from ntmtasks.tasks.queries.counting import Scope

LATEST = 500
"""So many of the newest entries of the record are looked at for news."""
MOST = 200
"""So many status pages are listed."""


@dataclass(frozen=True)
class Opened:
    """A page that its token opens. `news` is another number after every act on record; `now` is the
    true time; `hour` is the last one of today that has passed for a report that is still owed."""

    page: StatusPage
    news: int
    now: datetime
    hour: time | None


@dataclass(frozen=True)
class Subject:
    """What a page is about. `work` says whose obligations and reports it counts, None for nobody's;
    `of_work` names the agency where that is another one than the subject. `district` and `commune`
    say which communes it shows, "" for any; `has_communes` whether it shows any at all."""

    kind: SubjectKind
    name: str
    work: Scope | None
    of_work: str = ""
    has_communes: bool = True
    district: str = ""
    commune: str = ""

    @property
    def offered(self) -> list[Block]:
        """The blocks that say something about it."""
        return offered(self.kind, self.work is not None, self.has_communes)


@dataclass(frozen=True)
class ShownPage:
    """A status page in the list, and whether its link opens it now."""

    page: StatusPage
    name: str
    is_living: bool


def opened(token: str) -> Opened | None:
    """What a token opens; None where it is unknown, expired or revoked."""
    local = clock.local(clock.now())
    values = {"token": hashed(token), "today": local.date(), "time": local.time()}
    row = db.session.execute(_opened(), values).one_or_none()
    return Opened(row[0], row[1] or 0, row[2], row[3]) if row else None


@cache  # building it takes longer than an answer that nothing has changed
def _opened() -> Select[StatusPage, int, datetime, time | None]:
    # The sum also grows when a transaction ends after others with higher numbers; their maximum
    # alone would miss it.
    newest = select(HistoryEntry.id).order_by(HistoryEntry.id.desc()).limit(LATEST).subquery()
    news = select(func.sum(newest.c.id)).scalar_subquery()
    hour = (
        select(func.max(ReportRequirement.due_time))
        .join(Report, Report.requirement_id == ReportRequirement.id)
        .where(
            Report.state.in_(OWED),
            Report.due_on == bindparam("today", type_=Date),
            ReportRequirement.due_time < bindparam("time", type_=Time),
        )
        .scalar_subquery()
    )
    return select(StatusPage, news, real_now_sql(), hour).where(
        StatusPage.token_hash == bindparam("token", type_=Text), _living()
    )


def _living() -> ColumnElement[bool]:
    return and_(StatusPage.revoked_at.is_(None), StatusPage.expires_at > real_now_sql())


def status_page(page_id: int) -> StatusPage | None:
    """One page, living or not."""
    return db.session.get(StatusPage, page_id)


def is_living(page: StatusPage) -> bool:
    """Whether the link of a page opens it now."""
    return (
        db.session.scalar(select(StatusPage.id).where(StatusPage.id == page.id, _living()))
        is not None
    )


def pages() -> list[ShownPage]:
    """The newest status pages, the living ones first."""
    lives = _living()
    rows = db.session.execute(
        select(StatusPage, lives)
        .order_by(lives.desc(), StatusPage.id.desc())
        .limit(MOST)
        .options(
            joinedload(StatusPage.plan),
            joinedload(StatusPage.agency),
            joinedload(StatusPage.area),
            joinedload(StatusPage.made_by),
            joinedload(StatusPage.revoked_by),
        )
    ).all()
    districts = {each.id: each.name for each in agencies.districts()}
    return [ShownPage(page, _name(page, districts), bool(living)) for page, living in rows]


def _name(page: StatusPage, districts: dict[int, str]) -> str:
    if page.plan is not None:
        return plan_name(page.plan)
    if page.agency is not None:
        return page.agency.name
    return area_name(page.area, districts.get(page.area.district_id or 0, "")) if page.area else ""


def plan_name(plan: Plan) -> str:
    """A plan as a page is called after it."""
    return f"Kế hoạch {plan.number}" if plan.number else plan.title


def area_name(area: Area, district: str) -> str:
    """A district, or a commune with its district."""
    if area.kind is AreaKind.DISTRICT:
        return f"Huyện {area.name}"
    return f"Xã {area.name}" + (f", huyện {district}" if district else "")


def subject_of(page: StatusPage) -> Subject:
    """What a page is about."""
    found = subject(_key(page))
    if found is None:
        raise LookupError(f"status page {page.id} is about nothing")
    return found


def _key(page: StatusPage) -> tuple[SubjectKind, int]:
    if page.plan_id is not None:
        return SubjectKind.PLAN, page.plan_id
    if page.agency_id is not None:
        return SubjectKind.AGENCY, page.agency_id
    return SubjectKind.AREA, page.area_id or 0


def subject(key: tuple[SubjectKind, int]) -> Subject | None:
    """What a kind and a number stand for."""
    kind, number = key
    if kind is SubjectKind.PLAN:
        plan = db.session.get(Plan, number)
        return Subject(kind, plan_name(plan), Scope(plan_id=plan.id)) if plan else None
    if kind is SubjectKind.AGENCY:
        agency = db.session.get(Agency, number)
        return _of_agency(agency) if agency else None
    area = db.session.get(Area, number)
    return _of_area(area) if area else None


def _of_agency(agency: Agency) -> Subject:
    """Communes are shown where the agency is that of a district."""
    area = db.session.scalar(select(Area).where(Area.agency_id == agency.id).limit(1))
    is_district = area is not None and area.kind is AreaKind.DISTRICT
    return Subject(
        SubjectKind.AGENCY,
        agency.name,
        Scope(agency_id=agency.id),
        has_communes=is_district,
        district=area.name if area and is_district else "",
    )


def _of_area(area: Area) -> Subject:
    """The work is that of its own agency; of a commune without one, that of its district's."""
    above = db.session.get(Area, area.district_id) if area.district_id else None
    agency_id = area.agency_id or (above.agency_id if above else None)
    agency = db.session.get(Agency, agency_id) if agency_id else None
    is_district = area.kind is AreaKind.DISTRICT
    return Subject(
        SubjectKind.AREA,
        area_name(area, above.name if above else ""),
        Scope(agency_id=agency.id) if agency else None,
        of_work=agency.name if agency else "",
        district=area.name if is_district else above.name if above else "",
        commune="" if is_district else area.name,
    )


def subjects() -> dict[str, list[tuple[str, str]]]:
    """What a new page may be about, by sort, as value and name: issued plans, agencies, areas."""
    found = {
        "Kế hoạch": [
            (f"{SubjectKind.PLAN}:{p.id}", plan_name(p)) for p in plans.plans(with_drafts=False)
        ],
        "Cơ quan": [
            (f"{SubjectKind.AGENCY}:{a.id}", a.name)
            for a in agencies.all_agencies()
            if a.valid_to is None
        ],
    }
    for district in agencies.districts():
        areas = [district, *district.communes]
        found[f"Huyện {district.name}"] = [
            (f"{SubjectKind.AREA}:{area.id}", area_name(area, district.name))
            for area in areas
            if area.valid_to is None
        ]
    return {sort: choices for sort, choices in found.items() if choices}
