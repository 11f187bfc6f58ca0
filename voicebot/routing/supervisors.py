"""Who wants a supervisor gets one at once, or the promise of a call with a name and a deadline."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.dialplan.hours import deadline
from voicebot.dialplan.schema import Dialplan
from voicebot.records import promises
from voicebot.records.promises import NewPromise, Promise
from voicebot.routing import parties, presence
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent


def teams(plan: Dialplan) -> tuple[str, ...]:
    """The teams of those who lead the others."""
    return tuple(team for team, known in plan.teams.items() if known.supervisors)


def supervisors(live: Live, plan: Dialplan) -> list[Agent]:
    """All who lead."""
    wanted = set(teams(plan))
    return [agent for agent in live.agents() if wanted & set(agent.teams)]


def callable_now(live: Live, plan: Dialplan, now: datetime) -> list[Agent]:
    """The supervisors who could come now, those who are ready before those who are away."""
    able = [agent for agent in supervisors(live, plan) if parties.can_be_called_in(agent, now)]
    return sorted(able, key=lambda agent: (not presence.free(agent, now), agent.since))


def promise_call(live: Live, engine: Engine, plan: Dialplan, call: Call, now: datetime, by: str | None) -> Promise:
    """Promise a call of a supervisor, by name if there is one: who has the fewest of them still to make.

    Once for each call. Raises ValueError when there is no number to ring, and what the stores raise.
    """
    team = next(iter(teams(plan)), call.team)
    owner = _least_burdened(live, engine, plan)
    intent = plan.intents.get(call.match.intent or "") if call.match else None
    new = NewPromise(
        kind="supervisor",
        call_sid=call.sid,
        customer_id=call.customer,
        line=call.line,
        team=team,
        phone=call.caller or "",
        about=intent.title if intent else "",
        intent=intent.id if intent else None,
        words=call.utterance if plan.privacy.keep_transcripts else "",
        language=call.language,
        made_by=by,
        place=call.place or now,
        due=deadline(plan, team, now, plan.callbacks.within),
        owner=owner,
    )
    return promises.promise(engine, new, f"{call.sid}:supervisor", now)


def _least_burdened(live: Live, engine: Engine, plan: Dialplan) -> str | None:
    """The supervisor at work with the fewest open promises; when none is at work, of all."""
    known = supervisors(live, plan)
    at_work = [agent for agent in known if presence.present(agent)] or known
    burden = {agent.id: len(promises.open_promises(engine, owner=agent.id)) for agent in at_work}
    return min(burden, key=lambda id_: (burden[id_], id_), default=None)
