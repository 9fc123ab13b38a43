"""stub"""

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.parts import PlanReading


def with_proposals(reading: PlanReading, directory: Directory) -> PlanReading:
    return reading
