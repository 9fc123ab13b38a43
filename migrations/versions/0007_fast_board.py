"""what is due first of a task; indexes that answer the board and the counters alone"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("to_at IS NULL")


def upgrade() -> None:
    op.add_column("task", sa.Column("first_due", sa.Date(), nullable=True))
    op.execute(
        "UPDATE task SET first_due = (SELECT min(a.deadline) FROM assignment a"
        " WHERE a.task_id = task.id AND a.role = 'lead'"
        " AND a.work_state NOT IN ('refused', 'submitted', 'done'))"
        " WHERE phase <> 'draft'"
    )
    op.create_index("ix_task_first_due", "task", ["first_due"])
    op.drop_index("ix_assignment_span_task_id", table_name="assignment_span")
    op.drop_index("ix_assignment_span_open", table_name="assignment_span")
    op.create_index(
        "ix_assignment_span_open",
        "assignment_span",
        [
            "role",
            "kind",
            "phase",
            "work_state",
            "deadline",
            "agency_id",
            "submitted_on",
            "quarter_four",
            "task_id",
            "assignment_id",
            "to_at",
        ],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_assignment_span_open_of_task",
        "assignment_span",
        ["task_id", "role", "kind", "phase", "work_state", "deadline", "agency_id", "to_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
