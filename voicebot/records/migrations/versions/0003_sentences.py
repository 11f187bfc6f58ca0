"""Sentences that were not understood: what was added to the dialplans for them, and which were dealt with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "dialplan_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("undone", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_dialplan_edits"),
    )
    op.create_index("ix_dialplan_edits_line_at", "dialplan_edits", ["line", "at"])
    op.create_table(
        "sentence_reviews",
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("line", "key", name="pk_sentence_reviews"),
    )
