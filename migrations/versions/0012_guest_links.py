"""guest links, and what comes through them"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def _reference(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _links()
    for column in ("submitted_guest", "pending_guest"):
        op.add_column("assignment", sa.Column(column, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("progress_update") as batch:
        batch.alter_column("author_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("guest_link_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("guest", sa.Text(), nullable=False, server_default=""))
        name = op.f("fk_progress_update_guest_link_id")
        batch.create_foreign_key(name, "guest_link", ["guest_link_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_progress_update_somebody"),
            "author_id IS NOT NULL OR guest_link_id IS NOT NULL",
        )
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("author_id", existing_type=sa.Integer(), nullable=True)


def _links() -> None:
    table = "guest_link"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("use_count", sa.Integer(), nullable=False),
        _reference("assignment_id", table, "assignment"),
        _reference("agency_id", table, "agency"),
        _reference("made_by_id", table, "app_user"),
        _reference("revoked_by_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )
    op.create_index(f"ix_{table}_assignment_id", table, ["assignment_id", "id"])
