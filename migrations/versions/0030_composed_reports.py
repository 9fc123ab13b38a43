"""reports in sections with figures, and every submission as it was sent"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _edited("report_section", sa.Column("kind", sa.String(length=32), nullable=False), "text")
    _edited("report_figure", sa.Column("label", sa.Text(), nullable=False), "unit", "value")
    table = "report_submission"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("source_kind", sa.String(length=32), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("source_on", sa.Date(), nullable=True),
        _reference("report_id", table, "report"),
        _reference("sent_by_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("report_id", "number", name=op.f(f"uq_{table}_report_id_number")),
    )
    _keep_bodies()
    op.drop_column("report", "body")


def _edited(table: str, key: sa.Column[str], *texts: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        key,
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("report_id", table, "report"),
        _reference("edited_by_id", table, "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("report_id", key.name, name=op.f(f"uq_{table}_report_id_{key.name}")),
    )


def _reference(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _keep_bodies() -> None:
    """What came as one text is the section of the results, as it is for papers entered later."""
    connection = op.get_bind()
    periods = connection.execute(
        sa.text(
            "SELECT report_id, label, starts_on, cut_off FROM reporting_period "
            "WHERE report_id IS NOT NULL ORDER BY position"
        )
    ).all()
    of_report: dict[int, list[tuple[str, str, str]]] = {}
    for report_id, label, starts_on, cut_off in periods:
        of_report.setdefault(report_id, []).append((label, str(starts_on), str(cut_off)))
    sent = connection.execute(
        sa.text(
            "SELECT report.id, report.body, requirement.title, report.submitted_at, "
            "report.submitted_by_id, report.source_kind, report.source_ref, report.source_on "
            "FROM report JOIN report_requirement AS requirement "
            "ON requirement.id = report.requirement_id "
            "WHERE report.submitted_at IS NOT NULL AND report.submitted_by_id IS NOT NULL"
        )
    ).all()
    keep = sa.text(
        "INSERT INTO report_submission (report_id, number, content, sent_at, sent_by_id, "
        "source_kind, source_ref, source_on) VALUES (:report_id, 1, :content, :sent_at, :sent_by, "
        ":kind, :ref, :on)"
    )
    for report_id, body, title, sent_at, sent_by, kind, ref, on in sent:
        own = of_report[report_id]
        content = {
            "title": title,
            "period_labels": [label for label, _, _ in own],
            "starts_on": min(first for _, first, _ in own),
            "cut_off": max(last for _, _, last in own),
            "sections": [{"kind": "criteria", "text": body}],
            "figures": [],
            "annex": [],
            "tables": [],
        }
        values = {"report_id": report_id, "content": json.dumps(content), "sent_at": sent_at}
        values |= {"sent_by": sent_by, "kind": kind, "ref": ref, "on": on}
        connection.execute(keep, values)
