"""slots of recurring work, and when an agency was last heard of"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "occurrence"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_kind", sa.String(length=32), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("source_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("task_id", table, "task"),
        _reference("assignment_id", table, "assignment"),
        _reference("area_id", table, "area"),
        _reference("recorded_by_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_task_id", table, ["task_id", "day"])
    op.create_index(f"ix_{table}_state", table, ["state", "task_id"])
    _heard()


def _heard() -> None:
    """Of each assignment the last update, else the day on which it became work."""
    long_ago = sa.text("'1970-01-01 00:00:00'")
    moment = sa.DateTime(timezone=True)
    column = sa.Column("heard_at", moment, nullable=False, server_default=long_ago)
    op.add_column("assignment", column)
    op.execute(
        """
        UPDATE assignment SET heard_at = coalesce(
            (SELECT max(made_at) FROM progress_update WHERE assignment_id = assignment.id),
            (SELECT min(from_at) FROM assignment_span
             WHERE assignment_id = assignment.id AND phase = 'issued'),
            updated_at)
        """
    )
    columns = ["work_state", "role", "heard_at", "task_id", "agency_id"]
    op.create_index("ix_assignment_silent", "assignment", columns)


def _reference(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_index("ix_assignment_silent", "assignment")
    op.drop_column("assignment", "heard_at")
    op.drop_table("occurrence")
