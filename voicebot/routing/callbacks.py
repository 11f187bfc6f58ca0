"""Callbacks: promised with the caller's place in line, put in line when they may be made, kept when two people speak.

The promise lives in SQL. A call that keeps it is made anew from there whenever Redis does not know it, so that a
restart or the loss of Redis loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Engine

from voicebot.calls import Call, Match, Stage, Wish
from voicebot.dialplan.hours import deadline, opens
from voicebot.dialplan.schema import Dialplan
from voicebot.records import promises
from voicebot.records.promises import Kind, NewPromise, Promise
from voicebot.routing import connect, presence
from voicebot.routing.dispatch import Assigned, PlanOf, claim
from voicebot.routing.live import Live

LOOKED_AT = 200  # promises at one look
LEASE = timedelta(minutes=10)  # of an attempt of which no more is heard
LONGEST = timedelta(hours=3)  # that two speak; after that, the news of its end was lost
AGAIN = timedelta(minutes=1)  # until somebody else is asked, when the agent's telephone could not be rung
_WITH_US = (Stage.WAITING, Stage.RINGING, Stage.CONNECTED)


def promise_callback(engine: Engine, plan: Dialplan, call: Call, now: datetime) -> Promise:
    """Promise a caller to ring back, at the time they wished or as soon as it is their turn; once for each call.

    Whom we called back already and could not help gets the same promise again. Raises ValueError when there is no
    number to ring, and what the database raises.
    """
    if call.promise is not None:
        return _again(engine, call, now)
    wish = call.wish
    start = wish.start if wish and wish.callback else None
    team = plan.teams.get(call.team)
    kind: Kind = "supervisor" if team and team.supervisors else "callback"
    match = call.match
    intent = plan.intents.get(match.intent) if match and match.intent else None
    new = NewPromise(
        kind=kind,
        call_sid=call.sid,
        customer_id=call.customer,
        line=call.line,
        team=call.team,
        phone=call.caller or "",
        about=intent.title if intent else "",
        intent=intent.id if intent else None,
        words=call.utterance if plan.privacy.keep_transcripts else "",
        language=call.language,
        place=start or call.place or now,
        not_before=start,
        due=_due(plan, call.team, wish, now),
        owner=call.contact_persons.get(call.team),
    )
    return promises.promise(engine, new, f"{call.sid}:callback", now)


def _again(engine: Engine, call: Call, now: datetime) -> Promise:
    put_off(engine, call, now)
    promise = promises.get(engine, call.promise or 0)
    if promise is None or promise.state != "open":
        raise ValueError(f"promise {call.promise} is open no more")
    return promise


def _due(plan: Dialplan, team: str, wish: Wish | None, now: datetime) -> datetime:
    """Until when it is promised: the end of the time that was wished, if the team answers in it, else as usual."""
    if wish is None or not wish.callback or wish.start is None or wish.end is None:
        return deadline(plan, team, now, plan.callbacks.within)
    at = opens(plan, team, wish.start)
    return wish.end if at is not None and at < wish.end else deadline(plan, team, wish.end, plan.callbacks.within)


def line_up(live: Live, engine: Engine, plan_of: Callable[[str, str], Dialplan], now: datetime) -> None:
    """Put every promise in line whose time has come and whose team answers now, and take out those that may not wait.

    Whoever is in line already stays where they are: doing it again changes nothing. So does a customer on the line,
    whether they speak with somebody or their agent was cut off: nobody is rung while on the telephone with us.
    """
    under_way = {call.promise: call for call in live.calls("callbacks")}
    due = promises.to_ring(engine, now, LOOKED_AT)
    with_us = _with_us(live, due, now)
    wanted, ripe = set(), set()
    for promise in due:
        plan, known = plan_of(promise.line, ""), under_way.get(promise.id)
        at = opens(plan, promise.team, now)
        if promise.call_sid in with_us or (known and _busy(known, now)) or at is None or at > now:
            continue
        new = _call(promise, plan, now)
        wanted.add(new.sid)
        ripe.add(promise.id)
        if known is None or known.sid != new.sid or not known.queues:
            connect.stand_in_line(live, live.begin(new).sid, plan, now)
    for call in under_way.values():
        out = _unheard(call) and call.sid not in wanted
        if out and connect.ended(live, call.sid, plan_of(call.line, call.dialplan), now) and call.promise not in ripe:
            put_off(engine, call, now)


def _with_us(live: Live, due: Iterable[Promise], now: datetime) -> set[str]:
    """The calls in which something was promised and that go on: who wants a supervisor is helped by somebody first."""
    known = live.known(dict.fromkeys(promise.call_sid for promise in due))
    return {sid for sid, call in known.items() if call.stage in _WITH_US and now - call.started < LONGEST}


def _busy(call: Call, now: datetime) -> bool:
    """Whether an agent or the customer is on the telephone for it; not when that must have ended unnoticed."""
    if call.stage is Stage.CONNECTED:
        return call.connected is None or now - call.connected < LONGEST
    given_up = call.stage is Stage.RINGING and call.customer_leg is not None  # its attempt has had its time
    return not _unheard(call) and not given_up


def _unheard(call: Call) -> bool:
    """Whether the call only stands in line: neither an agent nor the customer knows of it."""
    return call.stage is Stage.WAITING and call.agent is None and call.customer_leg is None


def _call(promise: Promise, plan: Dialplan, now: datetime) -> Call:
    """The call that keeps a promise. Its sid names the attempt, so that each is made once."""
    stamp = int((promise.next_try or promise.made).timestamp())
    match = Match(intent=promise.intent, best=promise.intent, confidence=1.0, team=promise.team)
    return Call(
        sid=f"callback-{promise.id}-{promise.attempts}-{stamp}",
        line=promise.line,
        dialplan=plan.digest,
        caller=promise.phone,
        started=now,
        language=promise.language,
        stage=Stage.WAITING,
        promise=promise.id,
        customers=None if promise.customer_id is None else (promise.customer_id,),
        confirmed=promise.customer_id,
        utterance=promise.words or promise.about,
        heard_by="speech",
        match=match if promise.intent else None,
        team=promise.team,
        decided=now,
        place=promise.place,
        contact_persons={promise.team: promise.owner} if promise.owner else {},
    )


def begin(engine: Engine, call: Call, now: datetime) -> bool:
    """An agent is there: the customer may be rung. False when somebody else does it, or the promise is off."""
    promise = promises.get(engine, call.promise) if call.promise is not None else None
    if promise is None or promise.state != "open":
        return False
    return promises.begin_attempt(engine, promise.id, promise.attempts + 1, now, LEASE)


def not_reached(engine: Engine, plan: Dialplan, call: Call, outcome: str, now: datetime) -> None:
    """The customer was rung and did not come to the telephone: later again, or the promise has failed."""
    promise = promises.get(engine, call.promise) if call.promise is not None else None
    if promise is None:
        return
    again = now + timedelta(seconds=plan.callbacks.retry_after)
    last = promise.attempts >= plan.callbacks.attempts
    promises.attempt_failed(engine, promise.id, promise.attempts, outcome, None if last else again, now)


def put_off(engine: Engine, call: Call, now: datetime) -> None:
    """The customer was not rung, or is not any more, since the agent left or could not be reached: soon again."""
    begin(engine, call, now)
    promise = promises.get(engine, call.promise) if call.promise is not None else None
    if promise:
        promises.attempt_postponed(engine, promise.id, promise.attempts, now + AGAIN)


def call_now(
    live: Live, engine: Engine, plan_of: PlanOf, promise_id: int, agent_id: str, now: datetime
) -> Assigned | None:
    """An agent who is ready keeps a promise of a call at once. None: not ready, or it is being kept, or no call.

    Whoever waits in line meanwhile waits a little longer: that is the agent's choice.
    """
    agent = live.agent(agent_id)
    if agent is None or not presence.free(agent, now):
        return None
    waiting = [call for call in live.calls("callbacks") if call.promise == promise_id]
    if not waiting and not promises.hurry(engine, promise_id, agent_id, now):
        return None
    promise = promises.get(engine, promise_id)
    if promise is None:
        return None
    plan = plan_of(promise.line, "")
    call = waiting[0] if waiting else live.begin(_call(promise, plan, now))
    return claim(live, call.sid, agent_id, "", plan, now)
