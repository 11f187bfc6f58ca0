"""What other systems are told, as they want it. Pure: values in, JSON out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from voicebot.calls import Call
from voicebot.records.promises import Promise
from voicebot.systems.schema import EventName, Webhook

_ZAMMAD: dict[EventName, str] = {"call.offered": "newCall", "call.answered": "answer", "call.ended": "hangup"}


class Happening(NamedTuple):
    """Something that happened at a moment (aware UTC), with what is known of it: a call, a promise or both.

    `agent_name` is that of the call's agent. `customer` is by what the customer is known: `{"number": …}`, or
    `{"system": …, "key": …}` of one whose file another system has.
    """

    event: EventName
    at: datetime
    call: Call | None = None
    promise: Promise | None = None
    agent_name: str = ""
    customer: dict[str, str] = {}  # noqa: RUF012 - never changed

    @property
    def call_sid(self) -> str:
        """The call it is about, or of which it was promised."""
        return self.call.sid if self.call else self.promise.call_sid if self.promise else ""

    @property
    def subject(self) -> str:
        """What the event happens to once: a call, a call with an agent, a promise."""
        if self.event.startswith("promise.") and self.promise:
            return f"promise {self.promise.id}"
        with_agent = self.call and self.call.agent and self.event != "call.ended"
        return f"{self.call_sid} {self.call.agent}" if self.call and with_agent else self.call_sid


def own(happening: Happening, webhook: Webhook, uid: str) -> dict[str, Any]:
    """Our own form. About the caller it tells what `personal` names and no more."""
    told: dict[str, Any] = {"id": uid, "event": happening.event, "at": _iso(happening.at)}
    if happening.call:
        told["call"] = _call(happening.call)
    if happening.promise:
        told["promise"] = _promise(happening.promise)
    caller = {"phone": _phone(happening), "customer": happening.customer or None, "words": _words(happening)}
    return told | {name: caller[name] for name in webhook.personal}


def zammad(happening: Happening, webhook: Webhook) -> dict[str, Any] | None:
    """The form of Zammad's generic CTI interface; None for what did not happen: nobody was rung, nobody answered.

    It finds the agent whose screen pops by `answeringNumber`: telephone, login or id.
    """
    call = happening.call
    if call is None or not (call.agent or call.rung) or (happening.event == "call.answered" and not call.connected):
        return None
    caller, line = (call.caller or "anonymous").removeprefix("+"), call.line.removeprefix("+")
    we_call = call.sid.startswith("callback-")
    offered, agent = happening.event == "call.offered", happening.agent_name
    told: dict[str, Any] = {
        "event": _ZAMMAD[happening.event],
        "from": line if we_call else caller,
        "to": caller if we_call else line,
        "direction": "out" if we_call else "in",
        "callId": call.sid,
        "user": list(filter(None, [agent])) if offered and not we_call else agent,
    }
    if call.agent and not offered:
        told["answeringNumber"] = webhook.agents.get(call.agent, call.agent)
    more = {"call.offered": {"queue": call.team}, "call.ended": {"cause": _cause(call)}}
    return told | more.get(happening.event, {})


def _cause(call: Call) -> str:
    return "normalClearing" if call.connected else "cancel"


def _call(call: Call) -> dict[str, Any]:
    return {
        "id": call.sid,
        "line": call.line,
        "team": call.team,
        "agent": call.agent,
        "intent": call.match.intent if call.match else None,
        **{name: _iso(getattr(call, name)) for name in ("started", "decided", "connected", "ended")},
    }


def _promise(promise: Promise) -> dict[str, Any]:
    plain = ("id", "kind", "line", "team", "owner", "state", "kept_by")
    times = ("made", "not_before", "due", "kept_at")
    moments = {name: _iso(getattr(promise, name)) for name in times}
    return {**{name: getattr(promise, name) for name in plain}, "call": promise.call_sid, **moments}


def _phone(happening: Happening) -> str | None:
    return (
        (happening.promise.phone if happening.promise else None) or (happening.call and happening.call.caller) or None
    )


def _words(happening: Happening) -> str:
    """Of a promise those that were kept with it: a dialplan may say that none are."""
    if happening.promise:
        return happening.promise.words
    return happening.call.utterance if happening.call else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
