"""Which office's own .docx a report is written in."""

from enum import StrEnum

from ntmtasks.agencies.rules import AgencyKind


class TemplateUse(StrEnum):
    """Whose reports a template is for: its letterhead is that of an office, or is filled in for each."""

    OFFICE = "office"
    AGENCIES = "agencies"


def use_for(kind: AgencyKind) -> TemplateUse:
    """The template for the reports of an agency of this kind."""
    return TemplateUse.OFFICE if kind is AgencyKind.OFFICE else TemplateUse.AGENCIES
