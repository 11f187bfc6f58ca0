"""When may an agent's telephone begin to ring for a caller who still speaks? Sooner gains time, and rings in vain.

    python -m tests.bench.ringing

On the callers of `tests.bench.deciding` that nothing was fitted on. A telephone rings once a decision has stood for so
long; in vain when the decision is taken back, or goes to another team, before listening ends. What is gained is ms
until the end of listening, when it would ring otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.bench.callers import Caller, Replay, callers, each, hear
from tests.bench.deciding import understanding
from voicebot.calls import GENERALISTS
from voicebot.telephony.rehearsal import Decision, rehearse

HOLDS_MS = (0, 200, 400, 600, 800, 1000)


@dataclass(frozen=True)
class Heard:
    """What was decided on one caller, and when listening ended (ms)."""

    decisions: tuple[Decision, ...]
    ended: int


def heard(caller: Caller) -> Heard:
    """The product's decisions."""
    trace = hear(caller)
    done = rehearse(Replay(trace), understanding(caller.language), trace.mulaw)
    return Heard(done.decisions, done.ended_at)


def rings(one: Heard, hold: int) -> list[tuple[int, bool]]:
    """When telephones began to ring, and whether each rang in vain."""
    found = []
    teams: list[str | None] = []
    for decision in one.decisions:
        kept = GENERALISTS if teams and teams[-1] == GENERALISTS else None  # who is not understood is theirs anyway
        teams.append(decision.match.team if decision.match else kept)
    times = [decision.at for decision in one.decisions] + [one.ended]
    for number, team in enumerate(teams):
        begun = number and teams[number - 1] == team
        if team is None or begun:
            continue
        until = next((times[later] for later in range(number + 1, len(teams)) if teams[later] != team), one.ended)
        if until - times[number] >= hold and times[number] + hold < one.ended:
            found.append((times[number] + hold, until != one.ended))
    return found


def main() -> None:
    """Measure and print."""
    who = [caller for caller in callers() if caller.split == "test"]
    everybody = each(heard, who, "heard")
    print(f"{len(who)} callers")
    print(f"{'a decision stood for':>22}{'rung early':>14}{'in vain':>14}{'gained p50':>14}{'p95':>10}")
    for hold in HOLDS_MS:
        rung = [(one, ring) for one in everybody for ring in rings(one, hold)]
        vain = sum(in_vain for _, (_, in_vain) in rung)
        gained = [one.ended - at for one, (at, in_vain) in rung if not in_vain]
        p50, p95 = np.percentile(gained, [50, 95])
        share = len({id(one) for one, _ in rung}) / len(who)
        print(f"{hold:>19} ms{share:>13.1%}{vain / len(rung):>14.1%}{p50:>11.0f} ms{p95:>7.0f} ms")


if __name__ == "__main__":
    main()
