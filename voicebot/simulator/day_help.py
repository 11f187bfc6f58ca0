"""Colleagues who are called in and take over, and supervisors who come. See routing/rooms: here there are no legs."""

from __future__ import annotations

from datetime import timedelta

from voicebot.calls import Call, Part, Stage
from voicebot.records import hand_overs
from voicebot.records.hand_overs import Kind, NewHandOver
from voicebot.routing import connect, parties, presence, supervisors
from voicebot.routing.dispatch import ring_time
from voicebot.routing.presence import Agent
from voicebot.simulator.day_agents import Agents
from voicebot.simulator.day_core import Core
from voicebot.simulator.day_file import Conversations

_COMES = timedelta(seconds=60)
TOLD_S = 30.0  # to tell a colleague what it is about
LEADS_S = 120.0  # that a supervisor has the call
MOST = 3  # hand-overs of a call


class Help:
    """What happens in conversations besides two people speaking."""

    def __init__(self, core: Core, agents: Agents, conversations: Conversations) -> None:
        self._core = core
        self._agents = agents
        self._conversations = conversations
        agents.speak = self._speak

    def _speak(self, call: Call, seconds: float) -> None:
        """Two began to speak, and would for so long. Of some the agent cannot help, some want a supervisor."""
        wants = self._core.caller(call).wants
        self._agents.end_after(call, seconds)
        if call.promise is None and wants[5] < self._conversations.supervisor:
            self._core.clock.after(seconds * 0.4, self._ask_supervisor, call.sid, seconds)
        elif wants[call.hand_overs] < self._conversations.hand_over and call.hand_overs < MOST:
            self._core.clock.after(seconds * 0.6, self._call_in_colleague, call.sid, call.agent, seconds)

    # -- a colleague

    def _call_in_colleague(self, sid: str, by: str, seconds: float) -> None:
        call = self._core.call(sid)
        colleague = self._colleague(call)
        if call.agent != by or colleague is None or not self._call_in(call, colleague.id, "colleague", by):
            return
        self._agents.end_after(call, seconds + TOLD_S + _COMES.total_seconds())  # somebody else ends it before
        self._core.clock.after(self._answers(call, colleague.id), self._comes, sid, colleague.id)
        self._core.clock.after(self._answers(call, colleague.id) + TOLD_S, self._hand_over, sid, colleague.id, seconds)

    def _colleague(self, call: Call) -> Agent | None:
        """Who is free for longest, first of another team: that is why somebody is asked."""
        now = self._core.now
        free = [agent for agent in self._core.invariants.agents.values() if presence.free(agent, now)]
        able = [agent for agent in free if not agent.languages or call.language in agent.languages]
        return min(
            able, key=lambda agent: (call.team in agent.teams, presence.idle_since(agent), agent.id), default=None
        )

    def _call_in(self, call: Call, agent_id: str, part: Part, by: str | None) -> bool:
        lasts = ring_time(self._core.plan(call), call.team) + _COMES
        return parties.call_in(self._core.live, call.sid, agent_id, part, self._core.now, lasts, by) is not None

    def _answers(self, call: Call, agent_id: str) -> float:
        return self._agents.answers_after(agent_id, self._core.caller(call).rings[-1])

    def _comes(self, sid: str, agent_id: str) -> None:
        parties.arrive(self._core.live, sid, agent_id, self._core.now)

    def _hand_over(self, sid: str, to: str, seconds: float) -> None:
        """See Rooms.hand_over."""
        core, call = self._core, self._core.call(sid)
        by, over = call.agent or "", call.hand_overs >= core.plan(call).hand_overs
        led = parties.lead(core.live, sid, to, counts=True)
        if led is None:
            return
        log = core.log_of(call)
        log.hand_overs, log.over_budget = log.hand_overs + 1, log.over_budget + over
        self._note(call, by, to, "transfer", over=over)
        parties.finish(core.live, sid, by, core.now, connect.wrap_up_time(core.plan(call), call.team))
        core.look()
        self._speak(led, seconds * 0.6)

    # -- a supervisor

    def _ask_supervisor(self, sid: str, seconds: float) -> None:
        """See Rooms.ask_supervisor."""
        core, call = self._core, self._core.call(sid)
        plan = core.plan(call)
        if call.stage is not Stage.CONNECTED or not supervisors.teams(plan):
            return
        core.log.supervisors_asked += 1
        able = supervisors.callable_now(core.live, plan, core.now)
        for supervisor in able:
            if self._call_in(call, supervisor.id, "joins", call.agent):
                self._comes_and_leads(call, supervisor.id, seconds)
                return
        if call.caller:
            promise = supervisors.promise_call(core.live, core.engine, plan, call, core.now, call.agent)
            core.promise_made(promise)

    def _comes_and_leads(self, call: Call, supervisor: str, seconds: float) -> None:
        core, comes = self._core, self._answers(call, supervisor)
        core.log.supervisors_came += 1
        self._agents.end_after(call, seconds + LEADS_S)
        core.clock.after(comes, self._comes, call.sid, supervisor)
        core.clock.after(comes + TOLD_S, self._take_over, call.sid, supervisor)
        core.clock.after(comes + TOLD_S + LEADS_S, self._hand_back, call.sid, supervisor)

    def _take_over(self, sid: str, supervisor: str) -> None:
        call = self._core.call(sid)
        if parties.lead(self._core.live, sid, supervisor, "stands by"):
            self._note(call, call.agent or "", supervisor, "take_over")

    def _hand_back(self, sid: str, supervisor: str) -> None:
        call = self._core.call(sid)
        waiting = parties.here(call, "stands by") if call.agent == supervisor else ()
        if waiting and parties.lead(self._core.live, sid, waiting[0].agent):
            self._note(call, supervisor, waiting[0].agent, "hand_back")
            parties.finish(self._core.live, sid, supervisor, self._core.now, timedelta(0))
            self._core.look()

    def _note(self, call: Call, from_: str, to: str, kind: Kind, *, over: bool = False) -> None:
        new = NewHandOver(
            call_sid=call.sid,
            from_agent=from_,
            to_agent=to,
            team=call.team,
            kind=kind,
            over_budget=over,
            reason="a colleague knows more" if over else "",
            outcome="done",
        )
        hand_overs.note(self._core.engine, new, f"{call.sid}:{kind}:{call.hand_overs}", self._core.now)
