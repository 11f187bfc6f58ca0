"""Whether giving callers to agents stays quick as queues and teams grow, on a real private Redis.

`python -m tests.bench.assignment`, some minutes; `--quick` leaves the largest out. Callers wait for eight teams in two
languages; times are ms of this one process, Redis's part included, with nothing else in Redis's way.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from tqdm import tqdm

from voicebot.calls import GENERALISTS, Call, Match, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import connect
from voicebot.routing.dispatch import Assigned, dispatch
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.private_redis import private_redis
from voicebot.routing.tick import tick

CALLERS = (10, 100, 1_000, 10_000, 100_000)
AGENTS = (10, 100, 1_000, 5_000)
_T = TypeVar("_T")
TIMES = 200
RUSH = 1_000  # agents at most who become free at once
SPECIALISTS = tuple(f"team{number}" for number in range(1, 7))
TEAMS = (GENERALISTS, *SPECIALISTS)  # and one that has people and no callers, for those who are helped at once
IDLE = "idle"
LANGUAGES = ("nl", "en")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LINE = "+31201234567"
PLAN = Dialplan.model_validate(
    {
        "line": LINE,
        "name": "Bench",
        "language": "nl",
        "teams": {team: {"overflow_after": "never"} for team in (*TEAMS, IDLE)},
        "intents": {team: {"examples": [team], "connect": team} for team in (*TEAMS, IDLE)},
    }
)


class Bench:
    """Callers who wait and agents who are busy, and what one step costs among them."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.now = NOON
        self._chance = Random(1)
        self._numbers = iter(range(10**9))
        self._agents: list[Agent] = []

    def wait(self, many: int) -> None:
        """So many callers more stand in line, for people whom even the smallest staff has."""
        for _ in tqdm(range(many), desc="callers", leave=False, disable=None):
            team, language = _skills(self._chance.randrange(AGENTS[0]))
            self._begin(stage=Stage.WAITING, team=team, language=language, queues=(f"{team}:{language}",))

    def staff(self, many: int) -> None:
        """So many agents in all are at work, all of them on calls."""
        for number in tqdm(range(len(self._agents), many), desc="agents", leave=False, disable=None):
            team, language = _skills(number)
            agent = Agent(
                id=f"a{number}",
                name=f"a{number}",
                teams=(team,),
                languages=(language,),
                presence=Presence.ON_CALL,
                since=NOON,
                call="elsewhere",
            )
            self.live.sign_on(agent)
            self._agents.append(agent)

    def idlers(self, many: int) -> None:
        """So many agents of the team that nobody waits for are free."""
        for number in tqdm(range(many), desc="free agents", leave=False, disable=None):
            since = NOON - timedelta(seconds=number)
            self.live.sign_on(Agent(id=f"i{number}", name="i", teams=(IDLE,), presence=Presence.READY, since=since))

    def one_becomes_free(self) -> float:
        """Seconds from then until the caller who has waited longest is theirs."""
        took, assigned = 0.0, list[Assigned]()
        while not assigned:  # else nobody waits for this team in this language
            agent = self._chance.choice(self._agents)
            self._free(agent)
            took, assigned = _timed(lambda: dispatch(self.live, _plan_of, self.now))
            self._over(assigned)
            self._busy(agent)
        self.wait(1)
        return took

    def one_more_waits(self) -> float:
        """Seconds in which a caller is decided, nobody is free, and the caller is in line."""
        sid = self._begin(stage=Stage.LISTENING, language=self._chance.choice(LANGUAGES)).sid
        team = self._chance.choice(TEAMS)
        took, assigned = _timed(lambda: self._decide(sid, team))
        assert not assigned
        connect.ended(self.live, sid, PLAN, self.now)
        return took

    def one_is_helped_at_once(self) -> float:
        """Seconds in which a caller is decided and gets one of many free agents, while others wait for other teams."""
        sid = self._begin(stage=Stage.LISTENING, language=self._chance.choice(LANGUAGES)).sid
        took, assigned = _timed(lambda: self._decide(sid, IDLE))
        assert len(assigned) == 1
        connect.ended(self.live, sid, PLAN, self.now)
        return took

    def a_look_at_the_clock(self) -> float:
        """Seconds of the look that is taken each second, when nothing has become due."""
        return _timed(lambda: tick(self.live, _plan_of, self.now))[0]

    def rush(self, many: int) -> float:
        """Seconds an assignment when so many agents become free at once; the callers are then gone."""
        agents = self._chance.sample(self._agents, min(many, len(self._agents)))
        for agent in agents:
            self._free(agent)
        took, assigned = _timed(lambda: dispatch(self.live, _plan_of, self.now))
        self._over(assigned)
        for agent in agents:
            self._busy(agent)
        self.wait(len(assigned))
        return took / max(1, len(assigned))

    def _decide(self, sid: str, team: str) -> list[Assigned]:
        match = Match(intent=team, best=team, confidence=0.9, team=team)
        connect.decide(self.live, sid, "speech", "…", match, PLAN, self.now)
        return dispatch(self.live, _plan_of, self.now)

    def _begin(self, **known: object) -> Call:
        number = next(self._numbers)
        self.now += timedelta(milliseconds=1)
        values = {"place": self.now, "decided": self.now} if known["stage"] is Stage.WAITING else {}
        start = {"line": LINE, "dialplan": "", "caller": f"+3161{number:07}", "started": self.now}
        return self.live.begin(Call.model_validate({"sid": f"CA{number}", **start, **values, **known}))

    def _over(self, assigned: Sequence[Assigned]) -> None:
        for call, _ in assigned:
            connect.ended(self.live, call.sid, PLAN, self.now)

    def _free(self, agent: Agent) -> None:
        ready = {"presence": Presence.READY, "since": self.now, "call": None, "until": None}
        self.live.change_agent(agent.id, lambda known: known.model_copy(update=ready))

    def _busy(self, agent: Agent) -> None:
        busy = {"presence": Presence.ON_CALL, "call": "elsewhere", "until": None}
        self.live.change_agent(agent.id, lambda known: known.model_copy(update=busy))


def _skills(number: int) -> tuple[str, str]:
    """The team and the language of an agent."""
    return TEAMS[number % len(TEAMS)], LANGUAGES[number // len(TEAMS) % 2]


def _plan_of(_line: str, _digest: str) -> Dialplan:
    return PLAN


def _timed(step: Callable[[], _T]) -> tuple[float, _T]:
    began = time.perf_counter()
    done = step()
    return time.perf_counter() - began, done


STEPS: tuple[tuple[str, Callable[[Bench], float]], ...] = (
    ("one of the agents becomes free: the first caller is theirs (dispatch)", Bench.one_becomes_free),
    ("all are busy: one more caller stands in line (decide, dispatch)", Bench.one_more_waits),
    ("all of the team are free: a caller has one (decide, dispatch)", Bench.one_is_helped_at_once),
    ("the look at the clock each second, nothing due (tick)", Bench.a_look_at_the_clock),
)


def _measured(callers: Sequence[int], agents: Sequence[int]) -> Iterator[tuple[str, int, int, list[float]]]:
    """For each step, number of callers and number of agents, the times in seconds."""
    for waiting in callers:
        with tempfile.TemporaryDirectory(prefix="voicebot-bench-") as folder:
            live = Live(private_redis(Path(folder)))
            live.redis.config_set("appendonly", "no")
            bench = Bench(live)
            bench.wait(waiting)
            for many in agents:
                bench.staff(many)
                bench.idlers(many)
                for title, step in STEPS:
                    yield title, waiting, many, [step(bench) for _ in range(TIMES)]
                if many <= RUSH:
                    yield "all agents become free at once, each assignment", waiting, many, [bench.rush(many)]
            memory = live.redis.info("memory")["used_memory"] / 2**20
            print(f"{waiting} callers, {2 * agents[-1]} agents: {memory:.0f} MB in Redis", flush=True)
            live.redis.shutdown(nosave=True)


def _cell(times: Sequence[float]) -> str:
    ordered = sorted(times)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.99))
    return f"{p50:.1f} / {p99:.1f}" if len(ordered) > 1 else f"{p50:.1f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 10,000 callers and 1,000 agents")
    quick = parser.parse_args().quick
    callers, agents = (CALLERS[:-1], AGENTS[:-1]) if quick else (CALLERS, AGENTS)
    found = {(title, waiting, many): _cell(times) for title, waiting, many, times in _measured(callers, agents)}
    for title in dict.fromkeys(title for title, _, _ in found):
        print(f"\n{title}; ms, p50 / p99 of {TIMES}" if "once" not in title else f"\n{title}; ms")
        print(f"{'callers who wait':>18}" + "".join(f"{f'{many} agents':>16}" for many in agents))
        for waiting in callers:
            print(f"{waiting:>18}" + "".join(f"{found.get((title, waiting, many), ''):>16}" for many in agents))


if __name__ == "__main__":
    main()
