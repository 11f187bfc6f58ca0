"""What a recording would have done as a call: through the real media stream, on the audio's clock, without sockets."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.calls import HeardBy, Match
from voicebot.hearing.audio import FRAME, silence
from voicebot.hearing.listener import USUAL, Rules
from voicebot.hearing.recognizer import SpeechModel
from voicebot.telephony.media import Heard, MediaStream
from voicebot.understanding.match import Understanding
from voicebot.understanding.readings import match_readings

FRAME_MS = 20


@dataclass(frozen=True)
class Partial:
    """The words so far, from `at` on: ms since the recording began."""

    at: int
    text: str


@dataclass(frozen=True)
class Decision:
    """What was decided at `at` ms while listening went on; no match: what was decided before was taken back."""

    at: int
    match: Match | None


@dataclass(frozen=True)
class Rehearsal:
    """What was heard and decided. Times are ms since the recording began."""

    text: str
    match: Match
    heard_by: HeardBy  # how the listening ended
    decided_at: int  # when the decision that stood to the end was made
    early: bool  # it was made before listening ended; while the caller spoke or in the silence after
    withdrawn: int  # early decisions that did not stand: taken back, or changed
    ended_at: int  # when listening ended
    partials: tuple[Partial, ...]  # each time that the words changed
    decisions: tuple[Decision, ...]  # each time that the decision changed while listening went on


def rehearse(model: SpeechModel, understanding: Understanding, mulaw: bytes, *, rules: Rules = USUAL) -> Rehearsal:
    """Play 8 kHz mu-law to a call of its own, then silence until the listening ends; no prompt is played.

    Takes as long as the recogniser needs, nothing is waited for. Raises RuntimeError when the model gives no
    recogniser.
    """
    partials: list[Partial] = []
    decisions: list[Decision] = []
    stream = MediaStream(
        model.recognizer(),
        {},
        asked=2,  # after silence listening ends: nobody is there to be asked again
        rules=rules,
        on_words=lambda text: partials.append(Partial(stream.now, text)),
        understanding=understanding,
        on_decision=lambda _words, match: decisions.append(Decision(stream.now, match)),
    )
    heard = _play(stream, mulaw + silence(rules.in_all + 1_000))
    match = match_readings(understanding, heard.readings)
    last = decisions[-1] if decisions else None
    stood = last if last and last.match and last.match.intent == match.intent else None
    return Rehearsal(
        text=heard.text,
        match=match,
        heard_by=heard.heard_by or "no_input",
        decided_at=stood.at if stood else stream.now,
        early=stood is not None,
        withdrawn=sum(decision.match is not None for decision in decisions) - (stood is not None),
        ended_at=stream.now,
        partials=tuple(partials),
        decisions=tuple(decisions),
    )


def _play(stream: MediaStream, mulaw: bytes) -> Heard:
    stream.receive({"event": "start", "streamSid": "MZ" + "0" * 32, "start": {}})
    for number, frame in enumerate(_frames(mulaw)):
        payload = base64.b64encode(frame).decode()
        stream.receive({"event": "media", "media": {"timestamp": str(number * FRAME_MS), "payload": payload}})
        if stream.heard:
            return stream.heard
    stream.lost()
    return stream.heard or Heard("failure")


def _frames(mulaw: bytes) -> Iterator[bytes]:
    return (mulaw[start : start + FRAME].ljust(FRAME, b"\xff") for start in range(0, len(mulaw), FRAME))
