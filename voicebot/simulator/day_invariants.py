"""What must be true at every moment of a day: checked at each change, so that a fault is found where it begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from voicebot.calls import GENERALISTS, Call, Party, Stage
from voicebot.records.promises import Promise
from voicebot.routing import presence
from voicebot.routing.places import lists_of, served_by
from voicebot.routing.presence import Agent, Presence

# How a call ends, once: with a person of ours or of another routing engine; with a promise; by hanging up before; told
# that the line is closed; or sent away, since nobody is at work and there is no number to call back.
Outcome = Literal["helped", "elsewhere", "promised", "abandoned", "closed", "unreachable", "callback over"]

# What is remembered of a call at a moment: stage, team, agent, queues, who did not take it, who else is on it.
_Step = tuple[datetime, Stage, str, str | None, tuple[str, ...], tuple[str, ...], tuple[Party, ...]]

OVERTAKEN = 10  # so often at most is somebody helped before a caller who came first to the same queue
_OVER = (Stage.ENDED, Stage.PROMISED)
_TOGETHER = (Stage.RINGING, Stage.CONNECTED)


class Broken(AssertionError):
    """Something that must never be true was, at `now`; with all that happened to the call."""

    def __init__(self, what: str, now: datetime, histories: Mapping[str, Iterable[_Step]]) -> None:
        lines = [f"{now:%d %H:%M:%S} UTC: {what}"]
        for sid, steps in histories.items():
            lines += [f"  {sid}", *dict.fromkeys(map(_told, steps))]
        super().__init__("\n".join(lines))


def _told(step: _Step) -> str:
    at, stage, team, agent, queues, rung, others = step
    by = f", {agent}" if agent else ""
    besides = "".join(f", with {one.agent} ({one.part})" for one in others)
    where = f", in {' and '.join(queues)}" if queues else ""
    passed = f", not taken by {' and '.join(rung)}" if rung else ""
    return f"    {at:%d %H:%M:%S} {stage}: {team}{by}{besides}{where}{passed}"


class Invariants:
    """Remembers each call and agent as last seen, and raises Broken when a change makes something wrong."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.agents: dict[str, Agent] = {}
        self.waiting: dict[str, Call] = {}
        self.outcomes: dict[str, Outcome] = {}
        self._overtaken: dict[str, int] = defaultdict(int)
        self._holds: dict[str, set[str]] = defaultdict(set)
        self._served: set[str] = set()
        self._kept: dict[int, str] = {}
        self._histories: dict[str, list[_Step]] = defaultdict(list)
        self._reserved: set[str] = set()
        self._keeping: dict[str, int] = {}  # the promises that calls under way are to keep

    # -- each change

    def changed(self, call: Call | None, agent: Agent | None, now: datetime) -> None:
        """A call, an agent or both are now as given."""
        before = self.calls.get(call.sid) if call else None
        agent_before = self.agents.get(agent.id) if agent else None
        if agent:
            self.agents[agent.id] = agent
            self._reserved.add(agent.id)
        if call:
            self._remember(call, now)
            self._check_stage(call, before, now)
            self._check_holds(call, before, now)
            if before and agent_before and agent and _assigned(before, call):
                self._check_assignment(before, agent_before, now)
            if call.stage is Stage.CONNECTED and (before is None or before.stage is not Stage.CONNECTED):
                self._check_served(call, now)

    def _remember(self, call: Call, now: datetime) -> None:
        self.calls[call.sid] = call
        self._histories[call.sid].append((now, call.stage, call.team, call.agent, call.queues, call.rung, call.others))
        if call.stage is Stage.WAITING and call.agent is None:
            self.waiting[call.sid] = call
        else:
            self.waiting.pop(call.sid, None)
        if call.promise is not None and call.stage not in _OVER:
            self._keeping[call.sid] = call.promise
        else:
            self._keeping.pop(call.sid, None)

    def _check_stage(self, call: Call, before: Call | None, now: datetime) -> None:
        if before and before.stage in _OVER and call.stage not in (before.stage, Stage.ENDED):
            self._broken(f"call {call.sid} was over and goes on", now, call.sid)

    def _check_holds(self, call: Call, before: Call | None, now: datetime) -> None:
        """No agent on two calls."""
        for agent in _holders(before):
            self._holds[agent].discard(call.sid)
        for agent in _holders(call):
            self._holds[agent].add(call.sid)
            if len(self._holds[agent]) > 1:
                self._broken(f"agent {agent} is on two calls", now, *sorted(self._holds[agent]))
            known = self.agents.get(agent)
            if known and known.call != call.sid and call.stage is Stage.CONNECTED and call.agent == agent:
                self._broken(f"agent {agent} speaks on {call.sid} and counts as {known.presence}", now, call.sid)

    def _check_served(self, call: Call, now: datetime) -> None:
        """Nobody is helped twice, on the line or by a callback."""
        if call.sid in self._served:
            self._broken(f"the caller of {call.sid} was helped twice", now, call.sid)
        self._served.add(call.sid)
        if call.promise is not None:
            first = self._kept.setdefault(call.promise, call.sid)
            if first != call.sid:
                self._broken(f"promise {call.promise} was kept twice", now, first, call.sid)

    # -- who gets whom

    def _check_assignment(self, call: Call, agent: Agent, now: datetime) -> None:
        """Both as they were before. Who waited longer for the same people goes first; nobody gets the wrong people."""
        if not presence.free(agent, now):
            self._broken(f"{agent.id} was {agent.presence} and got {call.sid}", now, call.sid)
        served = _served_queues(agent, call.queues, now)
        if not served:
            wrong = f"{agent.id} ({', '.join(agent.teams)}) may not take callers from {' or '.join(call.queues)}"
            self._broken(f"{call.sid} got {wrong}", now, call.sid)
        if call.team == GENERALISTS and GENERALISTS not in agent.teams and f"@{agent.id}" not in call.queues:
            self._broken(f"a generalists' caller got {agent.id}, who is none", now, call.sid)
        place = _place(call)
        for other in self.waiting.values():
            if _place(other) < place and set(other.queues) & set(call.queues):
                self._overtake(call, other, agent, now)

    def _overtake(self, call: Call, first: Call, agent: Agent, now: datetime) -> None:
        if _may_take(agent, first, now):
            self._broken(f"{call.sid} got {agent.id} before {first.sid}, who came first", now, first.sid, call.sid)
        self._overtaken[first.sid] += 1
        if self._overtaken[first.sid] > OVERTAKEN:
            self._broken(f"{first.sid} waits while more than {OVERTAKEN} others went first", now, first.sid)

    def looked(self, now: datetime) -> None:
        """Callers and agents were just matched: nobody waits for somebody who is free, nobody is kept for nothing."""
        for agent_id in self._reserved:
            self._check_reserved(self.agents[agent_id], now)
        self._reserved.clear()
        if not self.waiting:
            return
        free = [agent for agent in self.agents.values() if presence.free(agent, now)]
        for queue in {queue for call in self.waiting.values() for queue in call.queues} if free else ():
            able = [agent for agent in free if _served_queues(agent, (queue,), now)]
            for call in self.waiting.values() if able else ():
                for agent in able if queue in call.queues else ():
                    if agent.id not in call.rung:
                        self._broken(f"{call.sid} waits in {queue} though {agent.id} is free", now, call.sid)

    def _check_reserved(self, agent: Agent, now: datetime) -> None:
        if agent.presence not in (Presence.RESERVED, Presence.ON_CALL) or presence.free(agent, now):
            return
        call = self.calls.get(agent.call or "")
        if call is None or call.stage in _OVER or agent.id not in (call.agent, *(one.agent for one in call.others)):
            self._broken(f"{agent.id} is {agent.presence} for {agent.call}, which is not theirs", now, agent.call or "")

    # -- ends

    def ended_as(self, sid: str, outcome: Outcome, now: datetime) -> None:
        """How a call ended; each ends once."""
        before = self.outcomes.get(sid)
        if before:
            self._broken(f"call {sid} ended twice: {before}, then {outcome}", now, sid)
        if (outcome == "helped") != (sid in self._served):
            self._broken(f"call {sid} counts as {outcome}, which is not what happened", now, sid)
        self.outcomes[sid] = outcome

    def in_line(self, ripe: Iterable[int], now: datetime) -> None:
        """Promises whose time has come were just put in line: each of them is."""
        for promise in set(ripe) - set(self._keeping.values()):
            raise Broken(f"promise {promise} is due and not in line", now, {})

    def finish(self, promises: Iterable[Promise], now: datetime) -> None:
        """The day is over: no caller and no promise was lost."""
        known = {promise.call_sid: promise for promise in promises}
        for sid in (sid for sid, call in self.calls.items() if call.promise is None):
            if sid not in self.outcomes:
                self._broken(f"the caller of {sid} was lost", now, sid)
            if self.outcomes[sid] == "promised" and sid not in known:
                self._broken(f"the promise to the caller of {sid} was lost", now, sid)
        for promise in known.values():
            if (promise.state == "kept") != (promise.id in self._kept):
                self._broken(f"promise {promise.id} counts as {promise.state}", now, promise.call_sid)

    def _broken(self, what: str, now: datetime, *sids: str) -> None:
        raise Broken(what, now, {sid: self._histories.get(sid, ()) for sid in sids})


def _assigned(before: Call, call: Call) -> bool:
    waited = before.stage is Stage.WAITING and before.agent is None
    return waited and call.stage is Stage.RINGING and call.agent is not None


def _holders(call: Call | None) -> set[str]:
    if call is None or call.stage not in _TOGETHER:
        return set()
    return {*(one.agent for one in call.others), *((call.agent,) if call.agent else ())}


def _place(call: Call) -> datetime:
    return call.place or call.decided or call.started


def _may_take(agent: Agent, call: Call, now: datetime) -> bool:
    return agent.id not in call.rung and bool(_served_queues(agent, call.queues, now))


def _served_queues(agent: Agent, queues: Iterable[str], now: datetime) -> list[str]:
    """Those of the queues from which this agent may take callers now."""
    lists = lists_of(agent)
    return [
        queue
        for queue in queues
        if any(name in lists and presence.free_for(agent, lists[name], now) for name in served_by(queue))
    ]
