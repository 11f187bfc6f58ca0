"""What Alembic runs: on the connection of `voicebot.records.database.upgrade`, or for a developer.

After a change of the tables: `voicebot db upgrade && alembic revision --autogenerate -m "why"`.
"""

from __future__ import annotations

import os
from typing import Literal

from alembic import context
from sqlalchemy import Connection

from voicebot import settings
from voicebot.records.database import open_database
from voicebot.records.tables import Table, UtcTime


def migrate(connection: Connection) -> None:
    """Runs the versions that are missing; SQLite changes a table by building it anew ("batch")."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


def render(kind: str, item: object, _: object) -> str | Literal[False]:
    """How a version spells our own type: with SQLAlchemy's, so that it outlives a change of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    _, _, data = settings.folders(os.environ)
    url = settings.database_url(os.environ.get("DATABASE_URL", ""))
    with open_database(url, data).connect() as own:
        migrate(own)
