"""Việc của tôi, the board, the task page, what waits for a decision."""

from ntmtasks.desk.views import (
    acts,
    agency,
    arranging,
    board,
    decisions,
    entering,
    evidence,
    task,
    work,
)
from ntmtasks.desk.views.blueprint import bp

__all__ = [
    "acts",
    "agency",
    "arranging",
    "board",
    "bp",
    "decisions",
    "entering",
    "evidence",
    "task",
    "work",
]
