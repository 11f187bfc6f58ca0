"""One meaning for all the ways in which a recogniser may have heard an utterance.

In noise the likeliest reading is often no better than the next: an intent that only one of them has was guessed by the
recogniser. tests/bench/grammar.py has the figures, of this and of the grammars that did not help.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from voicebot.calls import NO_MATCH, Match
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.match import THRESHOLD, Understanding


def match_readings(understanding: Understanding, readings: Sequence[str], now: datetime | None = None) -> Match:
    """What an utterance means by all its readings, the likeliest first; `now` as for `Understanding.match`."""
    return agreed([understanding.match(reading, now) for reading in readings], understanding.plan)


def agreed(matches: Sequence[Match], plan: Dialplan) -> Match:
    """The intent that the matches of all readings have together: each has an equal say by its confidence.

    Slots are those of the first: a number that another reading has must not be taken for what was said.
    """
    if len(matches) < 2:
        return matches[0] if matches else NO_MATCH
    said = {meaning: 0.0 for match in matches if (meaning := match.intent or match.best)}
    for match in matches:
        if meaning := match.intent or match.best:
            said[meaning] += match.confidence / len(matches)
    if not said:
        return matches[0]
    best = max(said, key=lambda meaning: said[meaning])
    likeliest = next(match for match in matches if best in (match.intent, match.best))
    accepted = best if said[best] >= THRESHOLD else None
    return likeliest.model_copy(
        update={
            "intent": accepted,
            "best": best,
            "confidence": round(said[best], 4),
            "topics": (likeliest.topics or (accepted,)) if accepted else (),
            "team": plan.team_of(accepted),
            "slots": matches[0].slots,
        }
    )
