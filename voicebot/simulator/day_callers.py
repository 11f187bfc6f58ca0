"""The callers of a simulated day: they say what it is about, wait, accept a callback or hang up.

What the webhooks of `telephony` do is done here in the same order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil, inf

from voicebot.calls import GENERALISTS, Call, Match, Stage
from voicebot.dialplan.hours import attended
from voicebot.dialplan.schema import Waiting
from voicebot.dialplan.words import minutes_said
from voicebot.records import contact_persons
from voicebot.routing import connect, early, supervisors
from voicebot.routing.callbacks import promise_callback
from voicebot.routing.choice import Elsewhere, Fallback, Meet, Promise, Tell, Wait, next_step
from voicebot.routing.estimate import estimate
from voicebot.routing.keeping import note_who_knows
from voicebot.routing.patience import MOST_OFFERS, Music, Offer, Place, next_sound
from voicebot.simulator.day_agents import Agents
from voicebot.simulator.day_core import Core
from voicebot.simulator.day_draws import Caller, Person
from voicebot.simulator.day_log import CallLog, Told

MOVE_S = 0.7  # until a caller's leg is where it was sent
PIECE_S = 20.0  # of music, and then it is looked at what is next
PLACE_S = 7.0  # to say the place
OFFER_S = 8.0  # to offer a callback and to hear the answer
_MOST_TOLD = 30  # minutes; beyond it "more than half an hour" is said, which is no promise
FALLBACK_S = 25.0  # a fallback number rings; on this day nobody answers there


class Callers:
    """All callers."""

    def __init__(self, core: Core, agents: Agents, people: list[Person]) -> None:
        self._core = core
        self._agents = agents
        self._people = people
        core.ring = self._assigned
        agents.left_ringing = self._left_ringing

    def expect(self, caller: Caller) -> None:
        """This caller will call."""
        self._core.clock.at(caller.at, self._calls, caller)

    # -- what it is about

    def _calls(self, caller: Caller) -> None:
        core, plan = self._core, caller.plan
        core.log.calls[caller.sid] = CallLog(caller)
        self._open_matter(caller)
        call = Call(
            sid=caller.sid,
            line=plan.line,
            dialplan=plan.digest,
            caller=caller.phone,
            started=core.now,
            language=plan.language,
            customers=(),
        )
        core.live.begin(call)
        note_who_knows(core.live, core.engine, plan, caller.sid, core.now)
        self._speaks(caller)

    def _speaks(self, caller: Caller) -> None:
        clock = self._core.clock
        if caller.seems:
            clock.after(caller.speaks_s * 0.5, self._seems, caller, caller.seems)
            if caller.seems != caller.match:
                clock.after(caller.speaks_s * 0.75, self._seems, caller, caller.match)
            clock.after(caller.speaks_s * 0.9, self._rings_early, caller)
        clock.after(caller.speaks_s, self._decided, caller)

    def _open_matter(self, caller: Caller) -> None:
        """Some have a contact person from an earlier call, who need not be at work today."""
        team = caller.plan.team_of(caller.match.intent)
        able = [person for person in self._people if team in person.group.teams]
        if not caller.has_contact_person or not caller.phone or not able or not caller.plan.teams[team].contact_person:
            return
        contact_persons.open_matter(
            self._core.engine,
            customer_id=None,
            phone=caller.phone,
            intent=caller.match.intent,
            team=team,
            title="",
            agent_id=able[int(caller.person * len(able))].id,
            call_sid="earlier",
            now=self._core.now - timedelta(days=9),
        )

    def _seems(self, caller: Caller, match: Match) -> None:
        core = self._core
        early.anticipate(core.live, caller.sid, "…", match, caller.plan, core.now)

    def _rings_early(self, caller: Caller) -> None:
        """What the caller wants is certain: see Ringing.ring_early."""
        call = connect.begin_ringing(self._core.live, caller.sid, caller.plan, self._core.now)
        if call:
            self._agents.ring(call)

    def _decided(self, caller: Caller) -> None:
        core = self._core
        call = connect.decide(core.live, caller.sid, "speech", "…", caller.match, caller.plan, core.now)
        log = core.log.calls[caller.sid]
        log.decided, log.team = core.now, call.team if call else GENERALISTS
        log.in_line = call is not None and bool(call.queues or call.agent)
        core.clock.after(caller.patience_s, self._gives_up, caller)
        self._pursue(caller)
        self._go_on(caller)

    def _pursue(self, caller: Caller) -> None:
        """See Ringing.pursue."""
        if self._core.call(caller.sid).stage is Stage.RINGING:
            self._rings_early(caller)
        else:
            self._core.look()

    # -- what is next

    def _go_on(self, caller: Caller) -> None:
        """See webhooks.go_on."""
        call, plan = self._core.call(caller.sid), caller.plan
        if call.stage is Stage.ENDED or call.room:
            return
        open_now = attended(plan, call.match.intent if call.match else None, self._core.now)
        team = plan.teams.get(call.team)
        if team and team.supervisors and call.stage is Stage.WAITING and not open_now.otherwise:
            self._promise_supervisor(caller, call)
            return
        match next_step(call, open_now, plan.fallback, team.taskrouter if team else None):
            case Meet():
                self._comes(caller)
            case Wait():
                log = self._core.log.calls[caller.sid]
                log.turn += 1
                self._hears(caller, log.turn)
            case Promise():
                self._promise(caller, call)
            case Tell():
                self._core.ended(caller.sid, "closed")
            case Elsewhere():
                connect.sent_elsewhere(self._core.live, caller.sid)
                self._core.ended(caller.sid, "elsewhere")
            case Fallback():
                connect.ring_outside(self._core.live, caller.sid)
                self._core.clock.after(FALLBACK_S, self._no_fallback, caller, call.fallbacks)

    def _comes(self, caller: Caller) -> None:
        """Into the room where the agent comes, or is."""
        call = connect.enter(self._core.live, caller.sid, self._core.now)
        if call and call.stage is Stage.CONNECTED:
            self._agents.begun(call)

    def _assigned(self, call: Call) -> None:
        """It is this caller's turn: the agent's telephone rings, and the caller is fetched. See Ringing.act."""
        self._agents.ring(call)
        if call.promise is None:
            self._core.clock.after(MOVE_S, self._fetched, call.sid)

    def _fetched(self, sid: str) -> None:
        call = self._core.call(sid)
        if call.stage is Stage.RINGING and not call.room and call.ended is None:
            self._go_on(self._core.caller(call))

    def _left_ringing(self, sid: str) -> None:
        """The agent did not take it. Who was on the way there comes out of the room, and goes on."""
        call = self._core.call(sid)
        if call.promise is None and call.room:
            self._core.clock.after(MOVE_S, self._comes_out, self._core.caller(call))

    def _comes_out(self, caller: Caller) -> None:
        if self._core.call(caller.sid).stage is Stage.WAITING:
            self._core.live.change_call(caller.sid, lambda call: call.model_copy(update={"room": False}))
            self._go_on(caller)

    def _no_fallback(self, caller: Caller, number: int) -> None:
        if self._core.call(caller.sid).stage is Stage.ELSEWHERE:
            connect.fallback_tried(self._core.live, caller.sid, number)
            self._core.look()
            self._go_on(caller)

    # -- while nobody is free

    def _hears(self, caller: Caller, turn: int) -> None:
        """See telephony/waiting."""
        call, log, now = self._core.call(caller.sid), self._core.log.calls[caller.sid], self._core.now
        guess = estimate(self._core.live, call)
        match next_sound(call, caller.plan.waiting, guess, now):
            case Offer():
                self._note(call, offers=call.offers + 1, offered=now, wish=None)
                self._core.clock.after(OFFER_S, self._offered, caller, turn)
            case Place():
                self._note(call, told=now)
                minutes = minutes_said(guess.wait.total_seconds(), caller.plan.language) if guess.wait else inf
                if minutes <= _MOST_TOLD:
                    log.told.append(Told(now, timedelta(minutes=minutes)))
                self._core.clock.after(PLACE_S, self._looks_again, caller, turn)
            case Music():
                self._core.clock.after(_music_s(call, caller.plan.waiting, now), self._looks_again, caller, turn)

    def _note(self, call: Call, **fresh: object) -> None:
        self._core.live.change_call(call.sid, lambda old: old.model_copy(update=fresh))

    def _offered(self, caller: Caller, turn: int) -> None:
        call = self._core.call(caller.sid)
        if self._still_waits(caller, turn) and caller.takes_callback:
            self._promise(caller, call)
        else:
            self._looks_again(caller, turn)

    def _looks_again(self, caller: Caller, turn: int) -> None:
        if self._still_waits(caller, turn):
            connect.stand_in_line(self._core.live, caller.sid, caller.plan, self._core.now)
            self._go_on(caller)

    def _still_waits(self, caller: Caller, turn: int) -> bool:
        call = self._core.call(caller.sid)
        return call.stage is Stage.WAITING and not call.room and self._core.log.calls[caller.sid].turn == turn

    def _gives_up(self, caller: Caller) -> None:
        if self._core.call(caller.sid).stage in (Stage.WAITING, Stage.RINGING, Stage.ELSEWHERE):
            self._core.ended(caller.sid, "abandoned")

    # -- promises

    def _promise(self, caller: Caller, call: Call) -> None:
        """See waiting.promise."""
        core = self._core
        if not caller.phone:
            core.ended(caller.sid, "unreachable")
            return
        promise = promise_callback(core.engine, caller.plan, call, core.now)
        core.promise_made(promise)
        if connect.promised(core.live, caller.sid):
            core.ended(caller.sid, "promised")
        else:
            self._go_on(caller)

    def _promise_supervisor(self, caller: Caller, call: Call) -> None:
        """See waiting.promise_supervisor."""
        core = self._core
        if caller.phone:
            promise = supervisors.promise_call(core.live, core.engine, caller.plan, call, core.now, None)
            core.promise_made(promise)
        connect.turn_to_generalists(core.live, caller.sid, caller.plan, core.now)
        core.look()
        self._go_on(caller)


def _music_s(call: Call, waiting: Waiting, now: datetime) -> float:
    """How long this caller hears music: as many pieces as come before the next announcement is due."""
    begun, told = call.decided or call.started, call.told or now
    due = [told + timedelta(seconds=waiting.tell_place_every)]
    if call.caller and call.offers < MOST_OFFERS:
        again = call.offered and call.offered + timedelta(seconds=waiting.offer_again_after)
        due.append(again or begun + timedelta(seconds=waiting.offer_callback_after))
    return PIECE_S * max(1, ceil((min(due) - now).total_seconds() / PIECE_S))
