"""Who moves a caller to the webhook that knows what is next: one of all who see that it is needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from voicebot.calls import Call, Stage
from voicebot.routing.live import Live

ON_THE_WAY = timedelta(seconds=5)  # that a caller who is moved may take to come


def begins(live: Live, sid: str, now: datetime) -> Call | None:
    """A caller is moved, once: the second time would part them from the agent whom they found. None: do not."""

    def change(call: Call) -> Call | None:
        comes = call.moved is not None and now - call.moved < ON_THE_WAY
        waits = call.stage in (Stage.WAITING, Stage.RINGING)
        return call.model_copy(update={"moved": now}) if waits and not comes else None

    return live.change_call(sid, change)


def failed(live: Live, sid: str) -> None:
    """The caller could not be moved."""
    live.change_call(sid, lambda call: call.model_copy(update={"moved": None}) if call.moved else None)
