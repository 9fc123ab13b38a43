"""Kinds of periods and states of reports."""

from enum import StrEnum


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ReportState(StrEnum):
    """chưa nộp, đã nộp."""

    MISSING = "missing"
    SUBMITTED = "submitted"
