"""Việc của tôi, the board, the task page, the bell, what waits for a decision."""

from ntmtasks.desk.views import (
    acts,
    agency,
    arranging,
    asks,
    bell,
    board,
    entering,
    evidence,
    guests,
    guidance,
    habits,
    occurrences,
    round,
    selected,
    task,
    waiting,
    work,
)
from ntmtasks.desk.views.blueprint import bp

__all__ = [
    "acts",
    "agency",
    "arranging",
    "asks",
    "bell",
    "board",
    "bp",
    "entering",
    "evidence",
    "guests",
    "guidance",
    "habits",
    "occurrences",
    "round",
    "selected",
    "task",
    "waiting",
    "work",
]
