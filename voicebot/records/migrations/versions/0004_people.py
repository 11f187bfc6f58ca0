"""Promises that the bot keeps by itself, contact persons, hand-overs, the audit log, and agents who come and go."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TIME = sa.DateTime(timezone=True)
_HAS_WORDS = sa.text("words <> ''")
_WITH_A_PERSON = sa.text("state = 'open' AND agent_id IS NOT NULL")
_OF_A_NUMBER = sa.text("state = 'open' AND agent_id IS NOT NULL AND customer_id IS NULL")


def upgrade() -> None:
    """Makes the new tables and widens those that are there."""
    _hand_overs()
    _audit()
    _agents()
    _matters()
    _promises()
    op.create_index("ix_contacts_caller_started", "contacts", ["caller", "started"])


def _hand_overs() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("call_sid", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("from_agent", sa.String(), nullable=False),
        sa.Column("to_agent", sa.String()),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("over_budget", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hand_overs"),
        sa.UniqueConstraint("once", name="uq_hand_overs_once"),
    )
    op.create_index("ix_hand_overs_at", "hand_overs", ["at"])
    op.create_index("ix_hand_overs_call_sid", "hand_overs", ["call_sid"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    for column in ("who", "action", "about"):
        op.create_index(f"ix_audit_{column}_id", "audit", [column, "id"])


def _agents() -> None:
    with op.batch_alter_table("agents") as table:
        table.add_column(sa.Column("active", sa.Boolean()))
        table.add_column(sa.Column("sso", sa.String()))
    op.execute(sa.update(sa.table("agents", sa.column("active", sa.Boolean()))).values(active=True))
    with op.batch_alter_table("agents") as table:
        table.alter_column("active", existing_type=sa.Boolean(), nullable=False)
        table.create_unique_constraint("uq_agents_sso", ["sso"])


def _matters() -> None:
    with op.batch_alter_table("matters") as table:
        table.alter_column("customer_id", existing_type=sa.Integer(), nullable=True)
        for name in ("phone", "team", "agent_id", "call_sid", "closed_by"):
            table.add_column(sa.Column(name, sa.String()))
    op.create_index("ix_matters_phone_state", "matters", ["phone", "state"])
    op.create_index("ix_matters_agent_id_state", "matters", ["agent_id", "state"])
    for column, which in (("customer_id", _WITH_A_PERSON), ("phone", _OF_A_NUMBER)):
        name = f"ix_matters_{column}_team"
        op.create_index(name, "matters", [column, "team"], unique=True, sqlite_where=which, postgresql_where=which)


def _promises() -> None:
    needed: dict[str, sa.types.TypeEngine[Any]] = {
        "once": sa.String(),
        "words": sa.String(),
        "language": sa.String(),
        "place": _TIME,
        "attempts": sa.Integer(),
        "outcome": sa.String(),
        "note": sa.String(),
    }
    optional: dict[str, sa.types.TypeEngine[Any]] = {
        "made_by": sa.String(),
        "not_before": _TIME,
        "next_try": _TIME,
        "kept_by": sa.String(),
    }
    with op.batch_alter_table("promises") as table:
        for name, kind in (needed | optional).items():
            table.add_column(sa.Column(name, kind))
    _fill_promises()
    with op.batch_alter_table("promises") as table:
        for name, kind in needed.items():
            table.alter_column(name, existing_type=kind, nullable=False)
        table.drop_constraint("uq_promises_call_sid", type_="unique")
        table.create_unique_constraint("uq_promises_once", ["once"])
    for columns in (["due"], ["phone"], ["state", "next_try"], ["state", "owner", "due"]):
        op.create_index(f"ix_promises_{'_'.join(columns)}", "promises", columns)
    op.create_index(
        "ix_promises_line_made",
        "promises",
        ["line", "made"],
        sqlite_where=_HAS_WORDS,
        postgresql_where=_HAS_WORDS,
    )


def _fill_promises() -> None:
    # `about` may hold the caller's own words, so it becomes what is forgotten with them; and the language of a
    # line was not written down: its country's is the best guess. Whoever still waits is rung at once.
    op.execute(
        sa.text(
            "UPDATE promises SET once = call_sid || '\\:callback', words = about, about = '', place = made,"
            " attempts = 0, outcome = '', note = '',"
            " language = CASE WHEN line LIKE '+31%' OR line LIKE '+32%' THEN 'nl' ELSE 'en' END,"
            " next_try = CASE WHEN state = 'open' THEN made END,"
            " kept_by = owner"
        )
    )
