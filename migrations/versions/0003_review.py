"""review: findings as rows, unknown names, merged and separate tasks"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    finding = op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_finding_plan_id")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["app_user.id"], name=op.f("fk_finding_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_finding_plan_id_position")),
    )
    op.create_table(
        "unknown_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_unknown_name_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_name")),
    )
    op.create_index(op.f("ix_unknown_name_task_id"), "unknown_name", ["task_id"])
    op.create_table(
        "kept_apart",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["task.id"], name=op.f("fk_kept_apart_other_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_kept_apart_task_id")),
        sa.PrimaryKeyConstraint("task_id", "other_id", name=op.f("pk_kept_apart")),
    )
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_task_merged_into_id"), "task", ["merged_into_id"], ["id"])
    _findings_of_readings(finding)


def _findings_of_readings(finding: sa.Table) -> None:
    """What earlier readings kept as JSON with the plan becomes rows."""
    plan = sa.table("plan", sa.column("id", sa.Integer), sa.column("reading", sa.JSON))
    bind = op.get_bind()
    for plan_id, reading in bind.execute(sa.select(plan.c.id, plan.c.reading)).all():
        found = reading.pop("findings", [])
        rows = [
            {
                "plan_id": plan_id,
                "position": position,
                **{name: each[name] for name in ("code", "severity", "message", "quote")},
                "path": each["path"] or "",
                "remedy": "",
                "state": "open",
                "note": "",
                "version": 1,
            }
            for position, each in enumerate(found, 1)
        ]
        if rows:
            op.bulk_insert(finding, rows)
        bind.execute(sa.update(plan).where(plan.c.id == plan_id).values(reading=reading))
