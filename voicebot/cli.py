"""The command `voicebot`. Exit status: 0, 1 when what the user gave is wrong (told in words), 2 for usage."""

from __future__ import annotations

import click

from voicebot.commands.agents import agents
from voicebot.commands.customers import customers
from voicebot.commands.day import simulate_day
from voicebot.commands.db import db
from voicebot.commands.dialplan import dialplan
from voicebot.commands.erase import erase
from voicebot.commands.models import models
from voicebot.commands.recordings import recordings
from voicebot.commands.serve import serve
from voicebot.commands.simulate import call, demo
from voicebot.commands.softphone import softphone
from voicebot.commands.systems import systems
from voicebot.commands.twilio import twilio
from voicebot.errors import InputError


class _Voicebot(click.Group):
    """Tells faults in what people wrote without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InputError as error:
            for fault in error.faults:
                click.echo(fault, err=True)
            ctx.exit(1)


@click.group(cls=_Voicebot)
@click.version_option(package_name="voicebot")
def main() -> None:
    """Answer the phone with one open question and connect the caller straight to a person."""


for command in (
    demo,
    serve,
    call,
    simulate_day,
    dialplan,
    models,
    recordings,
    customers,
    agents,
    softphone,
    systems,
    erase,
    twilio,
    db,
):
    main.add_command(command)
