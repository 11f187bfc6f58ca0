"""What stays of a call that is over: the contact, a promise that was kept, a contact person, how long it took."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.dialplan.schema import Dialplan
from voicebot.records import contact_persons, contacts, promises
from voicebot.routing import estimate
from voicebot.routing.live import Live
from voicebot.systems.events import Tell, nobody_is_told

log = logging.getLogger(__name__)

KNOWS_FOR = timedelta(days=7)  # who spoke with a customer so lately is asked first, when free


def keep(live: Live, engine: Engine, plan: Dialplan, call: Call, now: datetime, tell: Tell = nobody_is_told) -> None:
    """Keep all of it, and tell other systems. What cannot be kept is logged, and keeps nothing else from being kept."""
    steps: dict[str, Callable[[], object]] = {
        "its contact": lambda: _keep_contact(live, engine, plan, call, now),
        "its promise": lambda: _keep_promise(engine, call, now, tell),
        "its contact person": lambda: _keep_contact_person(live, engine, plan, call, now),
        "how long it took": lambda: _keep_service_time(live, call),
    }
    for what, step in steps.items():
        try:
            step()
        except Exception:
            log.exception("of call %s could not be kept: %s", call.sid, what)
    tell("call.ended", call if plan.privacy.keep_transcripts else call.model_copy(update={"utterance": ""}), now)


def _keep_contact(live: Live, engine: Engine, plan: Dialplan, call: Call, now: datetime) -> None:
    """The contact, with the caller's words for as long as the dialplan allows; old ones go once an hour."""
    lasts = plan.privacy.keep_transcripts
    contacts.save_contact(engine, call if lasts else call.model_copy(update={"utterance": ""}))
    if lasts and live.first_use(f"old-words:{call.line}:{now:%Y-%m-%dT%H}"):
        contacts.forget_words(engine, call.line, now - lasts)
        promises.forget_words(engine, call.line, now - lasts)


def _keep_promise(engine: Engine, call: Call, now: datetime, tell: Tell) -> None:
    if call.promise is None or not call.connected or not call.agent:
        return
    if promises.keep(engine, call.promise, call.agent, call.connected):
        tell("promise.kept", call, now, promises.get(engine, call.promise))


def _keep_contact_person(live: Live, engine: Engine, plan: Dialplan, call: Call, now: datetime) -> None:
    """Whoever of the team helped first keeps the case, where the dialplan wants that."""
    team = plan.teams.get(call.team)
    agent = live.agent(call.agent or "") if team and team.contact_person and call.connected else None
    if agent is None or call.team not in agent.teams:
        return
    intent = plan.intents.get(call.match.intent or "") if call.match else None
    if call.customer is None and call.caller is None:
        return
    contact_persons.open_matter(
        engine,
        customer_id=call.customer,
        phone=call.caller,
        intent=intent.id if intent else None,
        team=call.team,
        title=intent.title if intent else plan.name,
        agent_id=agent.id,
        call_sid=call.sid,
        now=now,
    )


def _keep_service_time(live: Live, call: Call) -> None:
    if call.connected and call.ended:
        estimate.note_talk(live, call.team, call.ended - call.connected)


def note_who_knows(live: Live, engine: Engine, plan: Dialplan, sid: str, now: datetime) -> None:
    """Note who keeps this caller's cases, and who spoke with them last. Raises what the stores raise."""
    cases = {team for team, known in plan.teams.items() if known.contact_person}

    def change(call: Call) -> Call | None:
        if call.decided is not None:
            return None
        customers = (call.customer,) if call.customer is not None else call.candidates
        matters = contact_persons.matters_for(engine, customers=customers, phone=call.caller)
        keepers = {team: matter.agent_id for team, matter in matters.items() if matter.agent_id and team in cases}
        last = contacts.last_agent(engine, customers=customers, phone=call.caller, since=now - KNOWS_FOR)
        return call.model_copy(update={"contact_persons": keepers, "knows": last})

    live.change_call(sid, change)
