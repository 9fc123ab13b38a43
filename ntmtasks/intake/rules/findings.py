"""stub"""

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.parts import Finding, PlanReading


def find_all(reading: PlanReading, directory: Directory) -> tuple[Finding, ...]:
    return ()
