"""the section of the plan with the spans; an index that finds what changed since a moment"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OPEN = sa.text("to_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "assignment_span", sa.Column("section", sa.Text(), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE assignment_span SET section = (SELECT t.section FROM task t"
        " WHERE t.id = assignment_span.task_id)"
    )
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
            "extended",
            "section",
        ],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_history_entry_verb_at", "history_entry", ["subject", "verb", "at"])
