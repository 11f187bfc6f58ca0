"""How long a caller will wait, from how long the team's last calls really took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import fmean

from voicebot.calls import Call
from voicebot.routing import queues
from voicebot.routing.live import Live
from voicebot.routing.patience import Estimate

SAMPLES = 50  # the team's last calls that count
ENOUGH = 5  # with fewer of them nothing is said
CAUTION = 1.25  # who is told three minutes and waits four was lied to; who waits two is glad


def note_talk(live: Live, team: str, talk: timedelta) -> None:
    """A call of this team took an agent so long."""
    _note(live, samples_of(team)[0], talk)


def note_wrap_up(live: Live, team: str, notes: timedelta) -> None:
    """And the notes on it so long."""
    _note(live, samples_of(team)[1], notes)


def _note(live: Live, key: str, took: timedelta) -> None:
    with live.redis.pipeline() as pipe:
        pipe.lpush(key, round(took.total_seconds(), 1))
        pipe.ltrim(key, 0, SAMPLES - 1)
        pipe.execute()


def estimate(live: Live, call: Call) -> Estimate:
    """The place of a caller in line, and how long it will take: honest, so rather too long than too short."""
    ahead, people = queues.standing(live, call)
    with live.redis.pipeline(transaction=False) as pipe:
        for key in samples_of(call.team):
            pipe.lrange(key, 0, -1)
        talks, notes = map(seconds, pipe.execute())
    return expected(ahead + 1, people, talks, notes)


def samples_of(team: str) -> tuple[str, str]:
    """Where the lengths of a team's last calls and of the notes on them are kept in Redis."""
    return f"talk:{team}", f"notes:{team}"


def seconds(found: Iterable[str]) -> list[float]:
    """What is kept there."""
    return [float(one) for one in found]


def expected(place: int, people: int, talks: Sequence[float], notes: Sequence[float]) -> Estimate:
    """How long the caller at this place waits for one of `people`, by how many seconds the last calls took.

    With n people at work who are all busy, one of them is free on average after an n-th of what a call takes.
    """
    if not people or len(talks) < ENOUGH:
        return Estimate(place)
    service = fmean(talks) + (fmean(notes) if notes else 0.0)
    return Estimate(place, timedelta(seconds=CAUTION * place * service / people))
