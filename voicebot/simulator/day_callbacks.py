"""Callbacks on a simulated day: an agent takes one, the customer is rung, and answers or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from voicebot.calls import Call, Stage
from voicebot.dialplan.hours import ranges_of
from voicebot.dialplan.schema import Dialplan, Hours
from voicebot.routing import callbacks, connect
from voicebot.simulator.day_agents import Agents
from voicebot.simulator.day_core import BEAT, Core
from voicebot.simulator.day_draws import on_clock

ANSWERS_S = 9.0  # until a customer who is there answers
RINGS_S = 25.0  # until one who is not is given up


class Callbacks:
    """All callbacks. `reached`: the share of customers who answer."""

    def __init__(self, core: Core, agents: Agents, reached: float) -> None:
        self._core = core
        self._agents = agents
        self._reached = reached
        agents.arrived = self._arrived

    def watch_hours(self, plan: Dialplan, days: list[date]) -> None:
        """Promises are looked at when the line or one of its teams opens or closes."""
        for hours in filter(None, (plan.hours, *(team.hours for team in plan.teams.values()))):
            for moment in _turns(hours, days):
                self._core.clock.at(moment, self._core.line_up_at, moment)

    def _arrived(self, call: Call) -> None:
        """An agent is in the room."""
        if call.stage is Stage.CONNECTED:
            self._agents.begun(call)
        elif call.promise is not None:
            self._ring_customer(call)

    def _ring_customer(self, call: Call) -> None:
        core, log = self._core, self._core.log_of(call)
        if not callbacks.begin(core.engine, call, core.now):
            core.ended(call.sid, "callback over")
            return
        core.live.change_call(call.sid, lambda old: old.model_copy(update={"customer_leg": f"CA-{call.sid}"}))
        attempt = int(call.sid.split("-")[2])
        if log.caller.reached[attempt % len(log.caller.reached)] < self._reached:
            core.clock.after(ANSWERS_S, self._answers, call.sid)
        else:
            core.clock.after(RINGS_S, self._not_reached, call.sid)

    def _answers(self, sid: str) -> None:
        if self._core.call(sid).stage is Stage.RINGING:
            call = connect.enter(self._core.live, sid, self._core.now)
            if call and call.stage is Stage.CONNECTED:
                self._agents.begun(call)

    def _not_reached(self, sid: str) -> None:
        core, call = self._core, self._core.call(sid)
        if call.stage is not Stage.RINGING:
            return
        plan = core.plan(call)
        callbacks.not_reached(core.engine, plan, call, "no-answer", core.now)
        core.line_up_at(core.now + timedelta(seconds=plan.callbacks.retry_after) + BEAT)
        core.ended(sid, "callback over")


def _turns(hours: Hours, days: list[date]) -> Iterator[datetime]:
    """When these hours begin and end on these days."""
    for day in days:
        for minute in {minute for times in ranges_of(hours, day) for minute in times}:
            yield on_clock(day, minute, ZoneInfo(hours.timezone)) + BEAT
