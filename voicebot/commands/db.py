"""`voicebot db`: the database, and how other commands open it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from voicebot import settings
from voicebot.errors import InputError
from voicebot.records.database import current, open_database, upgrade


@click.group()
def db() -> None:
    """The database of the records: customers, contacts, promises, agents and the rest."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Make the tables, or bring them to this version. Does nothing when they are."""
    with _reachable() as engine:
        upgrade(engine)
    click.echo("The database is up to date.")


@contextmanager
def database() -> Iterator[Engine]:
    """The database of the environment, with its tables; those of the embedded SQLite are made where needed.

    Raises InputError when it does not answer, or waits for `voicebot db upgrade`.
    """
    with _reachable() as engine:
        if not os.environ.get("DATABASE_URL"):
            upgrade(engine)
        elif not current(engine):
            raise InputError("The database has not the tables of this version: run voicebot db upgrade")
        yield engine


@contextmanager
def _reachable() -> Iterator[Engine]:
    _, _, data = settings.folders(os.environ)
    engine = open_database(settings.database_url(os.environ.get("DATABASE_URL", "")), data)
    try:
        yield engine
    except OperationalError as error:
        raise InputError(
            f"The database does not answer ({error.orig}): see whether it runs, and whether DATABASE_URL is right"
        ) from error
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise InputError(
            f"The database refuses ({error.orig}): give the user of DATABASE_URL a database of its own"
        ) from error
    finally:
        engine.dispose()
