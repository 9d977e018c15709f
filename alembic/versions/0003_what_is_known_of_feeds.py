"""What is known of feeds: their health, rhythm and names; what happened to them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def _source() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("last_code", sa.String(length=40), nullable=True),
        sa.Column("identity", sa.String(length=10), nullable=False, server_default="guid"),
        sa.Column("renamed_at", sa.BigInteger(), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("document_at", sa.BigInteger(), nullable=True),
        sa.Column("listed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("pace", sa.Float(), nullable=True),
        sa.Column("newest_at", sa.BigInteger(), nullable=True),
        sa.Column("advice_s", sa.Integer(), nullable=True),
        sa.Column("health", sa.String(length=24), nullable=False, server_default="new"),
        sa.Column("health_at", sa.BigInteger(), nullable=True),
        sa.Column("health_detail", sa.Text(), nullable=True),
    )


def _sighting() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("guid", sa.Text(), nullable=False, server_default=""),
        sa.Column("url", sa.Text(), nullable=False, server_default=""),
        sa.Column("heading", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("listed_at", sa.BigInteger(), nullable=False, server_default="0"),
    )


def upgrade() -> None:
    with op.batch_alter_table("source") as batch_op:
        for column in _source():
            batch_op.add_column(column)
    with op.batch_alter_table("sighting") as batch_op:
        for column in _sighting():
            batch_op.add_column(column)
    with op.batch_alter_table("article") as batch_op:
        batch_op.add_column(sa.Column("dated", sa.String(length=10), nullable=False, server_default="none"))
    op.execute("UPDATE article SET dated = 'stated' WHERE published_at IS NOT NULL")
    op.execute("UPDATE sighting SET listed_at = seen_at")
    op.execute("UPDATE sighting SET guid = key WHERE key NOT LIKE 'http%'")
    op.execute(
        "UPDATE sighting SET url = (SELECT article.url FROM article WHERE article.id = sighting.article_id)"
    )
    op.create_index("ix_sighting_source_url", "sighting", ["source", "url"])
    op.create_index("ix_sighting_source_heading", "sighting", ["source", "heading"])
    op.create_table(
        "feed_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("was", sa.String(length=24), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_event")),
    )
    op.create_index(op.f("ix_feed_event_source"), "feed_event", ["source"])


def downgrade() -> None:
    op.drop_table("feed_event")
    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_column("dated")
    op.drop_index("ix_sighting_source_heading", "sighting")
    op.drop_index("ix_sighting_source_url", "sighting")
    with op.batch_alter_table("sighting") as batch_op:
        for column in _sighting():
            batch_op.drop_column(column.name)
    with op.batch_alter_table("source") as batch_op:
        for column in _source():
            batch_op.drop_column(column.name)
