"""Finds out who is calling from their words, and notes it with the call."""

from __future__ import annotations

from datetime import datetime

from voicebot.calls import Call, Identity
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory
from voicebot.directory.who import better, who
from voicebot.routing.live import Event, Live
from voicebot.understanding.mentions import mentions_of


def identify(live: Live, directory: Directory, plan: Dialplan, sid: str, text: str, now: datetime) -> None:
    """Note who it seems to be by the words so far, and tell the desks.

    May be called for each longer piece of a sentence, twice, or late: what was found in more words stays, and so does
    what an agent confirmed. Raises what the stores raise.
    """
    said = mentions_of(text, plan, now)
    call = live.call(sid) if said else None
    if call is None or call.confirmed is not None:
        return
    callers = directory.by_phone(call.caller) if call.caller else ()
    if note(live, sid, who(said, directory.find(said), callers)):
        live.tell(Event(kind="customer", call=sid))


def note(live: Live, sid: str, identity: Identity | None) -> bool:
    """Keep it with the call, unless something better is known; whether it was kept."""

    def change(call: Call) -> Call | None:
        if call.confirmed is not None or not better(call.identity, identity):
            return None
        return call.model_copy(update={"identity": identity})

    return live.change_call(sid, change) is not None


def confirm(live: Live, sid: str, agent_id: str, customer_id: int) -> Call | None:
    """The agent who has the call says who it is; None when it is not this agent's call."""

    def change(call: Call) -> Call | None:
        return call.model_copy(update={"confirmed": customer_id}) if call.agent == agent_id else None

    call = live.change_call(sid, change)
    if call:
        live.tell(Event(kind="customer", agent=agent_id, call=sid))
    return call
