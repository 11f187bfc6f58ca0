"""The agents of a simulated day: they come, have breaks and go, take calls or miss them, talk and take notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from voicebot.calls import GENERALISTS, Call, Stage
from voicebot.dialplan.values import Range
from voicebot.routing import connect, presence
from voicebot.routing.dispatch import ring_time
from voicebot.routing.estimate import note_wrap_up
from voicebot.routing.presence import Agent, Presence
from voicebot.simulator.day_core import Core
from voicebot.simulator.day_draws import Person, Ring, on_clock
from voicebot.simulator.day_file import Conversations
from voicebot.simulator.day_log import By, CallLog, Work

LEG_S = 0.5  # until a leg that is placed rings
PASSES_S = 3.0  # until an agent lets a call pass
BACK_S = 120.0  # until somebody who missed a call sees it and is ready again
_BOUND = (Presence.RESERVED, Presence.ON_CALL)


class Agents:
    """All agents. For others to set: `arrived`, when one is in the room; `left_ringing`, when one is not; `speak`."""

    def __init__(self, core: Core, people: list[Person], conversations: Conversations) -> None:
        self._core = core
        self._people = {person.id: person for person in people}
        self._conversations = conversations
        self._wants: dict[str, Presence] = {}
        self._rings: Counter[str] = Counter()  # telephones that rang for a call
        self._ends: Counter[str] = Counter()  # and the ends that were planned for it: the last one counts
        self.arrived: Callable[[Call], None] = lambda _: None
        self.left_ringing: Callable[[str], None] = lambda _: None
        self.speak: Callable[[Call, float], None] = self.end_after
        core.changed_agent = self._changed

    # -- shifts

    def sign_on(self, now: datetime) -> None:
        """Make all known to routing, offline."""
        for person in self._people.values():
            self._core.log.work[person.id] = Work()
            self._wants[person.id] = Presence.OFFLINE
            agent = Agent(
                id=person.id,
                name=person.id,
                teams=person.group.teams,
                languages=person.group.languages,
                since=now,
            )
            self._core.live.sign_on(agent)

    def come(self, day: date, zone: ZoneInfo, first: bool) -> None:
        """Everybody's shifts and breaks of a day; on the first one also what is left of last night's shift."""
        for person in self._people.values():
            for shift in person.group.shift:
                if first and shift.end > 1440:
                    self._works(person.id, day, Range(0, shift.end - 1440), zone)
                self._works(person.id, day, shift, zone)
            for pause in person.breaks:
                length = timedelta(minutes=pause.end - pause.start)
                self._core.clock.at(on_clock(day, pause.start, zone), self._pause, person.id, length)

    def _works(self, agent_id: str, day: date, shift: Range, zone: ZoneInfo) -> None:
        for minutes, wanted in ((shift.start, Presence.READY), (shift.end, Presence.OFFLINE)):
            self._core.clock.at(on_clock(day, minutes, zone), self._want, agent_id, wanted)

    def _want(self, agent_id: str, wanted: Presence) -> None:
        self._wants[agent_id] = wanted
        self._settle(agent_id)

    def _pause(self, agent_id: str, length: timedelta) -> None:
        """A break is due: it begins now, or when the call and its notes are done."""
        if self._wants[agent_id] is not Presence.READY:
            return
        agent = self._core.agent(agent_id)
        if self._busy(agent):
            self._core.clock.after(5, self._pause, agent_id, length)
            return
        self._want(agent_id, Presence.AWAY)
        self._core.clock.at(self._core.now + length, self._back, agent_id)

    def _back(self, agent_id: str) -> None:
        if self._wants[agent_id] is Presence.AWAY:
            self._want(agent_id, Presence.READY)

    def _busy(self, agent: Agent) -> bool:
        bound = agent.presence in (*_BOUND, Presence.WRAP_UP)
        return bound and not presence.free(agent, self._core.now)

    def _settle(self, agent_id: str) -> None:
        """Do what the agent wants, unless a call or its notes come first."""
        agent, wanted = self._core.agent(agent_id), self._wants[agent_id]
        ready = wanted is Presence.READY and presence.free(agent, self._core.now)
        if self._busy(agent) or agent.presence is wanted or ready:
            return
        self._core.live.change_agent(agent_id, lambda known: presence.choose(known, wanted, self._core.now))
        if wanted is Presence.READY:
            self._core.look()

    def _changed(self, agent: Agent) -> None:
        """Whoever is free by what routing did goes, if it is time to; who takes notes is done at some time."""
        if agent.presence is Presence.WRAP_UP and agent.until and agent.call:
            lasts = (agent.until - self._core.now) * self._core.caller(self._core.call(agent.call)).notes
            self._core.clock.at(min(self._core.now + lasts, agent.until), self._noted, agent.id, agent.call)
        elif agent.missed:
            self._core.clock.after(BACK_S, self._sees_missed, agent.id)
        elif presence.free(agent, self._core.now) and self._wants.get(agent.id) is not Presence.READY:
            self._core.clock.at(self._core.now, self._settle, agent.id)

    def _noted(self, agent_id: str, sid: str) -> None:
        """The notes on a call are written, or the time for them is over."""
        agent = self._core.agent(agent_id)
        if agent.presence is not Presence.WRAP_UP or agent.call != sid:
            return
        if self._wants[agent_id] is not Presence.READY:
            wanted = self._wants[agent_id]
            self._core.live.change_agent(agent_id, lambda known: presence.choose(known, wanted, self._core.now))
        elif agent.until and agent.until > self._core.now:
            self._core.live.change_agent(agent_id, lambda known: presence.close(known, sid, self._core.now))
            self._note_time(self._core.call(sid))
            self._core.look()

    def _note_time(self, call: Call) -> None:
        """See desk/actions: what is written at the desk tells how long notes take."""
        if call.ended:
            note_wrap_up(self._core.live, call.team, self._core.now - call.ended)

    def _sees_missed(self, agent_id: str) -> None:
        if self._core.agent(agent_id).missed:
            self._settle(agent_id)

    # -- calls that ring

    def ring(self, call: Call) -> None:
        """An agent's telephone begins to ring: it is answered, missed or passed on."""
        log, agent_id = self._core.log_of(call), call.agent or ""
        ring = log.caller.rings[log.rings % len(log.caller.rings)]
        log.rings += 1
        self._rings[call.sid] += 1
        step, after = self._reaction(call, self._people[agent_id], ring)
        self._core.clock.after(after, self._react, step, call.sid, agent_id, self._rings[call.sid])

    def _reaction(self, call: Call, person: Person, ring: Ring) -> tuple[Callable[[str, str], None], float]:
        """What the agent does, and after how many seconds."""
        rings = ring_time(self._core.plan(call), call.team).total_seconds()
        answers = LEG_S + person.group.answers.at(ring.z)
        if ring.share < person.group.misses or answers > rings:
            return self._miss, rings
        if ring.share < person.group.misses + person.group.passes:
            return self._pass, PASSES_S
        return self._answer, answers

    def answers_after(self, agent_id: str, ring: Ring) -> float:
        """After how many seconds an agent answers who is called in to a call."""
        return LEG_S + self._people[agent_id].group.answers.at(ring.z)

    def _react(self, step: Callable[[str, str], None], sid: str, agent_id: str, rings: int) -> None:
        """Unless the telephone does not ring any more for this."""
        call = self._core.call(sid)
        offered = call.stage in (Stage.LISTENING, Stage.RINGING) and call.agent == agent_id and not call.here
        if offered and self._rings[sid] == rings:
            step(sid, agent_id)

    def _answer(self, sid: str, agent_id: str) -> None:
        call = connect.arrive(self._core.live, sid, agent_id, self._core.now)
        if call:
            self.arrived(call)

    def _miss(self, sid: str, agent_id: str) -> None:
        call = self._core.call(sid)
        connect.missed(self._core.live, sid, agent_id, self._core.plan(call), self._core.now)
        self._core.look()
        self.left_ringing(sid)

    def _pass(self, sid: str, agent_id: str) -> None:
        call = self._core.call(sid)
        connect.let_pass(self._core.live, sid, agent_id, self._core.plan(call), self._core.now)
        self._core.look()
        self.left_ringing(sid)

    # -- conversations

    def begun(self, call: Call) -> None:
        """Caller and agent speak."""
        log = self._core.log_of(call)
        if call.promise is None:
            log.connected, log.agent, log.by = self._core.now, call.agent, self._helps_as(call, log)
        else:
            self._core.log.spoken[call.promise] = self._core.now
        self.speak(call, self._conversations.talk_of(call.team).at(log.caller.talk_z))

    def _helps_as(self, call: Call, log: CallLog) -> By:
        log.person = call.team in call.contact_persons
        if call.contact_persons.get(call.team) == call.agent:
            return "contact person"
        teams = self._people[call.agent or ""].group.teams
        return "own team" if call.team in teams or call.team == GENERALISTS else "generalists"

    def end_after(self, call: Call, seconds: float) -> None:
        """They are done in so many seconds, whatever was planned before."""
        self._ends[call.sid] += 1
        self._core.clock.after(seconds, self._done, call.sid, self._ends[call.sid])

    def _done(self, sid: str, number: int) -> None:
        call = self._core.call(sid)
        if call.stage is Stage.CONNECTED and call.agent and self._ends[sid] == number:
            connect.close(self._core.live, sid, call.agent)
            self._core.ended(sid, "helped")
