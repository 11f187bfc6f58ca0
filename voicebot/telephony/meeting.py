"""The room where caller and agent meet, as the caller's leg enters it."""

from __future__ import annotations

from flask import url_for

from voicebot.calls import Call, Stage
from voicebot.routing import connect
from voicebot.telephony import twiml
from voicebot.telephony.parts import Telephony


def meet(parts: Telephony, call: Call, first: twiml.Spoken | None = None) -> str:
    """Into the room where the agent comes, or is. Whoever is awaited there already needs no words."""
    here = connect.enter(parts.live, call.sid, parts.now()) or call
    parts.ringing.met(here)
    room = twiml.Room(
        call.sid,
        url_for("voice.left", sid=call.sid),
        wait=parts.public_url + url_for("voice.ringing", sid=call.sid),
    )
    return twiml.enter(room, None if here.stage is Stage.CONNECTED else first)
