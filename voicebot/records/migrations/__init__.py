"""Alembic's folder: how the tables came to be, one version after another."""
