"""`voicebot serve`: the server as it runs in production, from the settings in the environment."""

from __future__ import annotations

import os
import sys

import click

from voicebot import settings

THREADS = 256  # each live call takes one, and each open desk
# gthread: a call's socket lives as long as its thread, where a sync worker would cut it after 30 s. At a deploy the
# graceful timeout outlasts the listening part of a call. One process holds the models; more hosts share Redis and SQL.
GUNICORN = (
    *("--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)),
    *("--timeout", "60", "--graceful-timeout", "90", "--no-control-socket", "--access-logfile", "-"),
)


@click.command()
def serve() -> None:
    """Serve calls and desks with gunicorn. Settings come from the environment; faults are told all at once."""
    known = settings.read(os.environ)
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"0.0.0.0:{known.port}"]
    sys.stdout.flush()
    os.execv(sys.executable, [*command, "voicebot.app:from_environment()"])  # noqa: S606
