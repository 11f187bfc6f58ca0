"""Answering machine detection: listens to a leg that REST placed, and says whether a person or a machine answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voicebot.simulator.clock import FRAME_MS
from voicebot.simulator.leg import Fetch, SimulatedCall, StatusCallback

HUMAN_MS = 1500  # a short greeting, and somebody who then waits for an answer
SPEECH_MS = 2400  # of talking after which it is a machine (Twilio's MachineDetectionSpeechThreshold)
END_MS = 1200  # of silence after which a machine has said its message (…SpeechEndThreshold)


@dataclass(frozen=True)
class Detection:
    """What REST asked for. With a `callback` the document does not wait for the result (AsyncAmd)."""

    message_end: bool = False  # wait for the end of a machine's message (DetectMessageEnd)
    callback: StatusCallback | None = None


class Detector:
    """Listens as a copy of the leg's sound does, beside whatever the leg is doing."""

    name = "answering machine detection"

    def __init__(self, leg: SimulatedCall, *, machine: bool, message_end: bool, tell: Callable[[int], None]) -> None:
        self._leg = leg
        self._machine = machine
        self._message_end = message_end
        self._tell = tell
        self._ms = self._quiet_ms = 0
        leg.forks.append(self)

    def send(self, spoken: bytes, heard: bytes) -> None:  # noqa: ARG002
        """20 ms of the person or the machine."""
        self._ms += FRAME_MS
        self._quiet_ms = 0 if spoken.strip(b"\xff") else self._quiet_ms + FRAME_MS
        result = self._result()
        if result:
            self.close()
            self._leg.answered_by = result
            self._leg.event("answered by", result)
            self._tell(self._ms)

    def close(self) -> None:
        """Stop listening; a leg that ends before is not told of."""
        if self in self._leg.forks:
            self._leg.forks.remove(self)

    def _result(self) -> str:
        if not self._machine:
            return "human" if self._ms >= HUMAN_MS else ""
        if self._ms < SPEECH_MS:
            return ""
        if not self._message_end:
            return "machine_start"
        return "machine_end_silence" if self._quiet_ms >= END_MS else ""


def detect(leg: SimulatedCall, wanted: Detection, *, machine: bool) -> dict[str, str]:
    """Begin to listen. What the document's request is told besides, after the result unless that is called back."""

    def call_back(ms: int) -> None:
        told = {
            "AccountSid": leg.exchange.account_sid,
            "CallSid": leg.sid,
            "AnsweredBy": leg.answered_by or "",
            "MachineDetectionDuration": str(ms),
        }
        if wanted.callback is not None:
            leg.post(wanted.callback.url, told, wanted.callback.method)

    Detector(leg, machine=machine, message_end=wanted.message_end, tell=call_back)
    if wanted.callback is not None:
        return {}
    while leg.answered_by is None:
        leg.listen()
    return {"AnsweredBy": leg.answered_by}


def knowing(fetch: Fetch, told: dict[str, str]) -> Fetch:
    """The document's request with the result in it."""
    return Fetch(fetch.url, fetch.method, dict(fetch.params) | told, fetch.twiml)
