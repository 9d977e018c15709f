"""What timers, rates and follow-ups have to remember; the rules that were seen before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rule")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failing_since", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("told_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("tokens", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("tokens_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("open_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("digest_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("receipt", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_alert_digest_id"), ["digest_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_digest_id"))
        for column in ("receipt", "digest_id", "open_until", "urgent"):
            batch_op.drop_column(column)
    with op.batch_alter_table("channel", schema=None) as batch_op:
        for column in ("tokens_at", "tokens", "told_at", "failing_since"):
            batch_op.drop_column(column)
    op.drop_table("rule")
