"""What customers are found by when they say who they are, filled for those that are there."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from voicebot.dialplan.text import plain
from voicebot.records.keys import address, digits_of, found_by, postcode_key, surnames

revision = "0002"
down_revision = "0001"

_AT_ONCE = 1000


def upgrade() -> None:
    """Makes the tables and fills them."""
    keys = op.create_table(
        "customer_keys",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("digits", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_keys_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customer_keys"),
    )
    names = op.create_table(
        "customer_names",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_names_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "surname", name="pk_customer_names"),
    )
    sounds = op.create_table(
        "sound_keys",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "word", name="pk_sound_keys"),
    )
    _fill(keys, names, sounds)
    # After the rows: an index is built faster at once than row by row.
    op.create_index("ix_customer_keys_digits", "customer_keys", ["digits"])
    op.create_index("ix_customer_keys_postcode", "customer_keys", ["postcode"])
    op.create_index("ix_customer_names_surname_city", "customer_names", ["surname", "city"])
    op.create_index("ix_customer_names_surname_street", "customer_names", ["surname", "street"])
    op.create_index("ix_customer_names_street_city", "customer_names", ["street", "city"])


def _fill(keys: sa.Table, names: sa.Table, sounds: sa.Table) -> None:
    connection, after = op.get_bind(), 0
    known: dict[str, set[str]] = {"surname": set(), "city": set(), "street": set()}
    columns = sa.text("id, number, name, address, postcode, city")
    customers = sa.table("customers", sa.column("id", sa.Integer()))
    while True:
        some = connection.execute(
            sa.select(columns)
            .select_from(customers)
            .where(customers.c.id > after)
            .order_by(customers.c.id)
            .limit(_AT_ONCE)
        ).all()
        if not some:
            return
        _fill_some(connection, some, known, (keys, names, sounds))
        after = some[-1].id


def _fill_some(
    connection: sa.Connection,
    customers: Sequence[sa.Row[tuple[object, ...]]],
    known: dict[str, set[str]],
    tables: tuple[sa.Table, sa.Table, sa.Table],
) -> None:
    keys, names, sounds = tables
    rows = []
    for one in customers:
        home = {"city": plain(one.city), "street": address(one.address).street}
        rows += [{"customer_id": one.id, "surname": surname, **home} for surname in surnames(one.name)]
    connection.execute(
        keys.insert(),
        [
            {"customer_id": one.id, "digits": digits_of(one.number), "postcode": postcode_key(one.postcode)}
            for one in customers
        ],
    )
    if rows:
        connection.execute(names.insert(), rows)
    new: list[dict[str, str]] = []
    for kind, seen in known.items():
        fresh = {str(row[kind]) for row in rows if row[kind]} - seen
        new += found_by(kind, fresh)
        known[kind] = seen | fresh
    if new:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(sounds).on_conflict_do_nothing(), new)
