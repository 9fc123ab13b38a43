"""extensions, explanations, directives, urgings"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _extensions()
    _explanations()
    _directives()
    _urgings()
    for table in ("assignment", "assignment_span"):
        column = sa.Column("extended", sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column(table, column)
    _count_extended()


def _count_extended() -> None:
    """Counting reads this index alone."""
    name, where = "ix_assignment_span_open", sa.text("to_at IS NULL")
    columns = ["role", "kind", "phase", "work_state", "deadline", "agency_id", "submitted_on"]
    columns += ["quarter_four", "task_id", "assignment_id", "to_at", "extended"]
    op.drop_index(name, "assignment_span")
    op.create_index(name, "assignment_span", columns, sqlite_where=where, postgresql_where=where)


def _reference(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _extensions() -> None:
    table = "deadline_extension"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("old_deadline", sa.Date(), nullable=False),
        sa.Column("wanted_deadline", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_deadline", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("assignment_id", table, "assignment"),
        _reference("asked_by_id", table, "app_user"),
        _reference("decided_by_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_assignment_id", table, ["assignment_id", "id"])
    op.create_index(
        f"uq_{table}_one_open",
        table,
        ["assignment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def _explanations() -> None:
    table = "explanation_request"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("assignment_id", table, "assignment"),
        _reference("asked_by_id", table, "app_user"),
        _reference("answered_by_id", table, "app_user"),
        _reference("judged_by_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_assignment_id", table, ["assignment_id", "id"])
    op.create_index(f"ix_{table}_state", table, ["state", "answer_by"])


def _directives() -> None:
    table = "directive"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("task_id", table, "task"),
        _reference("author_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_task_id", table, ["task_id", "id"])


def _urgings() -> None:
    table = "urging"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _reference("assignment_id", table, "assignment"),
        _reference("author_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_assignment_id", table, ["assignment_id", "made_at"])
