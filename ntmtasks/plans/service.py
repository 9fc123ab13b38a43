"""What official papers of an agency share: their head and who signs them."""

from datetime import date

from ntmtasks.accounts.queries.people import head_of
from ntmtasks.agencies.labels import HEADS
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import COMMITTEES, UNDER_THE_CITY, AgencyKind
from ntmtasks.core.papers import Letterhead, Signature, signed_by
from ntmtasks.plans.models import Plan

_TO_FILL_IN = "…"
_DISTRICT = "huyện "
_COMMITTEE = "Ủy ban nhân dân"


def letterhead(agency: Agency, plan: Plan | None, on: date) -> Letterhead:
    """The head of a report. A district writes where it is, all others where the plan was issued; the
    registry knows the abbreviations of agencies that are no committee."""
    is_district = agency.kind is AgencyKind.DISTRICT and _DISTRICT in agency.name
    place = agency.name.rpartition(_DISTRICT)[2] if is_district else plan.place if plan else ""
    return Letterhead(
        parent=in_full(plan.issuer) if plan and agency.kind in UNDER_THE_CITY else "",
        issuer=agency.name,
        symbol="BC-UBND" if agency.kind in COMMITTEES else f"BC-{_TO_FILL_IN}",
        place=place or _TO_FILL_IN,
        on=on,
    )


def in_full(name: str) -> str:
    """A committee's name as papers write it."""
    return name.replace("UBND", _COMMITTEE)


def signature(agency: Agency) -> Signature:
    """Whoever leads an agency signs; where nobody is known, the name is left to be filled in."""
    head = head_of(agency.id)
    usual = HEADS[agency.kind]
    title = head.title if head and head.title else usual
    committee = _COMMITTEE if agency.kind in COMMITTEES else ""
    return signed_by(title, head.name if head else "", committee, usual)
