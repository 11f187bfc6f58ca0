"""`voicebot twilio setup`: points a Twilio number at this server."""

from __future__ import annotations

import os

import click

from voicebot import settings
from voicebot.dialplan.values import telephone
from voicebot.errors import InputError
from voicebot.routing.carrier import CarrierError
from voicebot.telephony.carrier import Twilio


@click.group()
def twilio() -> None:
    """The Twilio account."""


@twilio.command()
@click.argument("number")
def setup(number: str) -> None:
    """Let NUMBER (such as +31201234567) of the Twilio account call this server, at PUBLIC_URL."""
    known = settings.read(os.environ)
    voice = f"{known.public_url}/voice"
    try:
        wanted = telephone(number)
        Twilio(known).point_number(wanted, f"{voice}/incoming", f"{voice}/fallback", f"{voice}/status")
    except (ValueError, CarrierError) as error:
        raise InputError(f"{number} was not set up: {error}") from error
    click.echo(f"{wanted} now calls {voice}/incoming")
