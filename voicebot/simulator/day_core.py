"""The middle of a simulated day: the real live state and records, the clock, and what the bot does by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine

from voicebot.calls import Call, Stage
from voicebot.dialplan.hours import opens
from voicebot.dialplan.schema import Dialplan
from voicebot.records import promises
from voicebot.routing import callbacks, connect, presence
from voicebot.routing.dispatch import Assigned, dispatch
from voicebot.routing.keeping import keep
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.tick import tick
from voicebot.simulator.day_clock import CLOCKWORK, Clock
from voicebot.simulator.day_draws import Caller
from voicebot.simulator.day_invariants import Invariants, Outcome
from voicebot.simulator.day_log import CallLog, Log, doing
from voicebot.simulator.day_watch import WatchedLive

BEAT = timedelta(seconds=1)  # between two looks of the bot at the clock


class Core:
    """What callers and agents meet. `ring`, `changed_agent` and `over` are theirs to set."""

    def __init__(self, url: str, engine: Engine, plans: dict[str, Dialplan], start: datetime) -> None:
        self.live = WatchedLive(url, self._changed)
        self.engine = engine
        self.clock = Clock(start)
        self.plans = plans
        self.invariants = Invariants()
        self.log = Log()
        self.ring: Callable[[Call], None] = lambda _: None
        self.changed_agent: Callable[[Agent], None] = lambda _: None
        self._ticks: set[datetime] = set()
        self._line_ups: set[datetime] = set()
        self.promised_by: dict[int, str] = {}

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self.clock.now

    def plan_of(self, line: str, _: str) -> Dialplan:
        """The dialplan of a line."""
        return self.plans[line]

    def plan(self, call: Call) -> Dialplan:
        """The dialplan of a call."""
        return self.plans[call.line]

    def call(self, sid: str) -> Call:
        """A call as it was last seen, which is as it is: nobody else changes it."""
        return self.invariants.calls[sid]

    def agent(self, agent_id: str) -> Agent:
        """The same for an agent."""
        return self.invariants.agents[agent_id]

    def log_of(self, call: Call) -> CallLog:
        """The log of the caller, also when it is we who call."""
        sid = call.sid if call.promise is None else self.promised_by[call.promise]
        return self.log.calls[sid]

    def caller(self, call: Call) -> Caller:
        """Who is on the line."""
        return self.log_of(call).caller

    # -- what the bot does after each change

    def look(self) -> None:
        """Match callers with agents, as after everything that may change who can be helped by whom."""
        self._act(dispatch(self.live, self.plan_of, self.now))

    def tick_at(self, moment: datetime) -> None:
        """Something is due then, by time alone."""
        if moment not in self._ticks:
            self._ticks.add(moment)
            self.clock.at(moment, self._tick, moment, order=CLOCKWORK)

    def line_up_at(self, moment: datetime) -> None:
        """A promise may be due then, or may not wait any more."""
        if moment not in self._line_ups:
            self._line_ups.add(moment)
            self.clock.at(moment, self._line_up, moment, order=CLOCKWORK)

    def ended(self, sid: str, outcome: Outcome) -> None:
        """A caller's leg is over: see Telephony.ended."""
        call = self.call(sid)
        plan = self.plan(call)
        over = connect.ended(self.live, sid, plan, self.now)
        if over is None:
            return
        keep(self.live, self.engine, plan, over, self.now)
        self.invariants.ended_as(sid, outcome, self.now)
        if call.promise is None:
            log = self.log_of(call)
            log.ended, log.outcome = self.now, outcome
            if sid in self.promised_by.values():
                self.line_up_at(self.now + BEAT)
        self.look()

    def promise_made(self, promise: promises.Promise) -> None:
        """It will be in line at the next look at promises that may be kept, or when its team answers again."""
        self.promised_by[promise.id] = promise.call_sid
        at = opens(self.plans[promise.line], promise.team, self.now) or self.now
        self.log.open_from[promise.id] = at
        self.line_up_at(max(at, self.now + BEAT))

    def _tick(self, moment: datetime) -> None:
        self._ticks.discard(moment)
        self._act(tick(self.live, self.plan_of, self.now).assigned)

    def _line_up(self, moment: datetime) -> None:
        self._line_ups.discard(moment)
        callbacks.line_up(self.live, self.engine, self.plan_of, self.now)
        self.invariants.in_line(self._ripe(), self.now)
        self.look()

    def _ripe(self) -> list[int]:
        """The promises that may be kept now: their team answers, and their callers are on the line with us no more."""
        due = promises.to_ring(self.engine, self.now, callbacks.LOOKED_AT)
        free = [one for one in due if self.call(one.call_sid).ended]
        return [one.id for one in free if opens(self.plans[one.line], one.team, self.now) == self.now]

    def _act(self, assigned: list[Assigned] | tuple[Assigned, ...]) -> None:
        self.invariants.looked(self.now)
        for call, _ in assigned:
            self.ring(call)

    # -- what was changed

    def _changed(self, call: Call | None, agent: Agent | None) -> None:
        before = self.invariants.agents.get(agent.id) if agent else None
        self.invariants.changed(call, agent, self.now)
        if call and call.stage is Stage.WAITING and call.widens:
            self.tick_at(call.widens)
        if call and call.rings_until:
            self.clock.at(call.rings_until, self._still_rings, call.sid, call.rings_until)
        if agent:
            self._watch_agent(agent, before)

    def _still_rings(self, sid: str, until: datetime) -> None:
        if self.call(sid).rings_until == until:
            self.tick_at(self.now)

    def _watch_agent(self, agent: Agent, before: Agent | None) -> None:
        self.log.work[agent.id].turns(doing(agent, self.now), self.now)
        if agent.until:
            self.clock.at(agent.until, self._ran_out, agent.id, agent.until)
        for moment in agent.spared.values():
            if moment > self.now:
                self.tick_at(moment)
        if before is None or presence.present(agent) != presence.present(before):
            self.tick_at(self.now + BEAT)
        self.changed_agent(agent)

    def _ran_out(self, agent_id: str, until: datetime) -> None:
        """Wrap-up is over by itself, or a reservation of which nothing came."""
        agent = self.agent(agent_id)
        if agent.until == until and agent.presence in (Presence.WRAP_UP, Presence.RESERVED):
            self.log.work[agent_id].turns(doing(agent, self.now), self.now)
            self.tick_at(self.now)
