"""Moves a caller to where it is known what is next, once: moved again, they lose the agent whom they found there."""

from __future__ import annotations

from datetime import datetime, timedelta

from voicebot.calls import Call, Stage
from voicebot.routing.live import Live

ON_THE_WAY = timedelta(seconds=5)  # that a caller who is moved takes to come, or who came to hear what is next


def move(live: Live, sid: str, now: datetime) -> Call | None:
    """Whoever gets the call back moves the caller. None: they are on the way or there, or need not be moved."""

    def change(call: Call) -> Call | None:
        comes = call.coming is not None and now - call.coming < ON_THE_WAY
        alone = call.stage in (Stage.WAITING, Stage.RINGING) or (call.stage is Stage.CONNECTED and call.deserted)
        return call.model_copy(update={"coming": now}) if alone and not comes else None

    return live.change_call(sid, change)


def failed(live: Live, sid: str) -> None:
    """The caller could not be moved: the next look may try it."""
    live.change_call(sid, lambda call: call.model_copy(update={"coming": None}) if call.coming else None)


def came(live: Live, sid: str, now: datetime) -> None:
    """A caller asks what is next: so they are in no room, and have not hung up while speaking."""

    def change(call: Call) -> Call | None:
        heard_by = "failure" if call.heard_by == "hangup" else call.heard_by
        fresh = {"heard_by": heard_by, "room": False, "coming": now}
        return call.model_copy(update=fresh) if call.ended is None else None

    live.change_call(sid, change)


def waits(live: Live, sid: str) -> Call | None:
    """The caller is told to wait, and may be moved from now on. None: it is their turn already."""

    def change(call: Call) -> Call | None:
        return call.model_copy(update={"coming": None}) if call.stage is Stage.WAITING else None

    return live.change_call(sid, change)
