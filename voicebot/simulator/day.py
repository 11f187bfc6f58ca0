"""A simulated day: thousands of callers meet a roster through the real routing code, on a clock that jumps.

Redis and SQLite are real and private; there is no telephone network, no sound and no HTTP. What its webhooks do is
done here in the same order, by the functions that they call.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import redis

from voicebot.records import promises
from voicebot.records.database import open_database, upgrade
from voicebot.routing.private_redis import private_redis
from voicebot.simulator.day_agents import Agents
from voicebot.simulator.day_callbacks import Callbacks
from voicebot.simulator.day_callers import Callers
from voicebot.simulator.day_core import Core
from voicebot.simulator.day_draws import callers, on_clock, people, zone_of
from voicebot.simulator.day_file import Day
from voicebot.simulator.day_help import Help
from voicebot.simulator.day_log import Log, Sample

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one


def simulate(
    day: Day, seed: int | None = None, calls: int | None = None, heard: Callable[[], object] = lambda: None
) -> Log:
    """Let the day happen, and the next one until its promises are kept. `heard` is called for each caller.

    The same day, seed and number of calls give the same log. Raises Broken when something happened that never may.
    """
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="voicebot-day-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        simulation = _Simulation(day, Path(folder), day.file.seed if seed is None else seed, calls, heard)
        try:
            log = simulation.run()
        finally:
            simulation.close()
    log.took_s = time.perf_counter() - began
    return log


class _Simulation:
    def __init__(self, day: Day, folder: Path, seed: int, calls: int | None, heard: Callable[[], object]) -> None:
        self._day = day
        self._zone = zone_of(day.plans[0])
        self._start = on_clock(day.file.date, 0, self._zone)
        self._night = on_clock(day.file.date, 1440, self._zone)
        self._end = on_clock(day.file.date, 2880, self._zone)
        engine = open_database("", folder)
        upgrade(engine)
        plans = {plan.line: plan for plan in day.plans}
        self._core = Core(private_redis(folder), engine, plans, self._start)
        staff = people(day, seed)
        self._agents = Agents(self._core, staff, day.file.conversations)
        self._callers = Callers(self._core, self._agents, staff)
        self._callbacks = Callbacks(self._core, self._agents, day.file.callers.reached)
        Help(self._core, self._agents, day.file.conversations)
        self._expected = callers(day, seed, calls)
        self._heard = heard

    def run(self) -> Log:
        core, date = self._core, self._day.file.date
        self._agents.sign_on(self._start)
        self._agents.come(date, self._zone, first=True)
        for plan in self._day.plans:
            self._callbacks.watch_hours(plan, [date, date + timedelta(days=1)])
        for caller in self._expected:
            self._callers.expect(caller)
            core.clock.at(caller.at, self._heard)
        core.clock.at(self._start, self._sample)
        core.clock.at(self._night, self._next_day)
        while core.now < self._end and core.clock.step():
            pass
        return self._over()

    def close(self) -> None:
        """End the private Redis."""
        with suppress(redis.RedisError):
            self._core.live.redis.shutdown(nosave=True)

    def _sample(self) -> None:
        core = self._core
        agents = Counter(work.doing for work in core.log.work.values())
        waiting = sum(call.promise is None for call in core.invariants.waiting.values())
        core.log.samples.append(Sample(core.now, waiting, agents))
        if core.now < self._night:
            core.clock.after(60, self._sample)

    def _next_day(self) -> None:
        """The day is over; people come again for the promises that are left."""
        for work in self._core.log.work.values():
            work.closes(self._core.now)
        if promises.open_promises(self._core.engine, limit=1):
            self._agents.come(self._day.file.date + timedelta(days=1), self._zone, first=False)
        self._perhaps_over()

    def _perhaps_over(self) -> None:
        """Once nobody is on the line and no promise is open, what the agents do does not matter."""
        busy = any(call.ended is None for call in self._core.invariants.calls.values())
        if busy or promises.open_promises(self._core.engine, limit=1):
            self._core.clock.after(900, self._perhaps_over)
        else:
            self._end = self._core.now

    def _over(self) -> Log:
        core = self._core
        found = (promises.get(core.engine, id) for id in core.promised_by)
        core.log.promises = tuple(promise for promise in found if promise)
        core.invariants.finish(core.log.promises, core.now)
        core.log.events = core.clock.events
        core.log.simulated_s = (min(core.now, self._end) - self._start).total_seconds()
        return core.log
