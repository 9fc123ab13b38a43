"""Reading a whole plan: text in, :class:`PlanReading` out."""

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.parts import LeftOut, PlanReading


def read_plan(text: str, directory: Directory, year: int | None = None) -> PlanReading:
    """Read a plan's text; ``year`` is the plan's year where the title does not tell it.

    Never raises: a text that is no plan gives a reading without items.
    """
    source = nfc(text)
    return PlanReading(year=year, left_out=(LeftOut(source, "chưa đọc"),) if source else ())
