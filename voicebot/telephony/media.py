"""One media stream as a protocol core: Twilio's messages in, messages for Twilio out, and what the caller wants.

No sockets and no clocks: `socket.py` feeds it. https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voicebot.calls import HeardBy, Match
from voicebot.hearing.again import LONGEST
from voicebot.hearing.audio import BATCH, level
from voicebot.hearing.listener import USUAL, Done, Floor, Listener, Rules, Verdict
from voicebot.hearing.loudness import Gate, Loudness
from voicebot.hearing.recognizer import Recognizer
from voicebot.understanding.deciding import Deciding
from voicebot.understanding.match import Understanding

log = logging.getLogger(__name__)

BYTES_PER_MS = 8  # mu-law at 8 kHz
STEADY_MS = 600  # a decision that has stood for so long is seldom taken back: a telephone may ring
_CHUNK = 100 * 160  # a prompt goes out in pieces of whole 20 ms frames, far ahead of its playing


@dataclass(frozen=True)
class Heard:
    """How the listening part ended: with words, without, or with the wish to ask again by `Say` (`again`)."""

    heard_by: HeardBy | None
    text: str = ""
    others: tuple[str, ...] = field(default=(), compare=False)  # other ways to hear it, the likelier first
    audio: bytes = field(default=b"", compare=False, repr=False)  # the last of what the recogniser heard, mu-law

    @property
    def readings(self) -> tuple[str, ...]:
        """All the ways to hear the words; none when there are no words."""
        return (self.text, *self.others) if self.text else ()

    @property
    def again(self) -> bool:
        """The question must be put once more, and there is no recording of it to play on this stream."""
        return self.heard_by is None


class MediaStream:
    """The listening part of one call. Used by the one thread that owns the recogniser.

    `prompts` are the recordings that can be played on the stream, 8 kHz mu-law by name; `prompt` is the first. With an
    `understanding`, each change of the words is matched: `on_decision` is told what is decided while listening goes
    on, with the words so far, and None when that is withdrawn; `on_steady` that it has stood for a while. The callbacks
    must return soon and raise nothing.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        prompts: Mapping[str, bytes],
        *,
        prompt: str = "greeting",
        asked: int = 1,
        rules: Rules = USUAL,
        on_words: Callable[[str], None] = lambda _: None,
        understanding: Understanding | None = None,
        on_decision: Callable[[str, Match | None], None] = lambda _words, _match: None,
        on_steady: Callable[[], None] = lambda: None,
    ) -> None:
        self.heard: Heard | None = None
        self._recognizer = recognizer
        self._prompts = prompts
        self._prompt = prompt
        self._asked = asked
        self._listener = Listener(rules, asked=asked)
        self._loudness = Loudness()
        self._gate = Gate()
        self._on_words = on_words
        self._understanding = understanding
        self._deciding = Deciding(understanding.plan.language) if understanding else None
        self._decision: Match | None = None
        self._on_decision = on_decision
        self._on_steady = on_steady
        self._decided: int | None = None  # since when the decision stands, ms; None: none does, or it was steady
        self._ended: list[str] = []  # utterances that the recogniser heard the end of
        self._words = ""
        self._now = 0  # ms of audio since the stream began
        self._decoded = 0  # bytes
        self._audio = bytearray()  # the last of them
        self._stream_sid = ""
        self._mark = ""
        self._out: list[str] = []

    @property
    def now(self) -> int:
        """How far the caller's audio has been heard, in ms since the stream began."""
        return self._now

    @property
    def lacks(self) -> int:
        """How many ms of audio may come before the recogniser has more to say."""
        return (BATCH - (0 if self._gate.is_closed else self._decoded % BATCH)) // BYTES_PER_MS

    def receive(self, message: Mapping[str, Any]) -> list[str]:
        """Take one message from Twilio; returns the messages to send. Nothing more is heard once `heard` is set."""
        if self.heard is None:
            event = getattr(self, f"_on_{message.get('event')}", None)
            if event:
                event(message)
        out, self._out = self._out, []
        return out

    def lost(self) -> None:
        """The connection broke or fell silent: keep what was heard."""
        self._finish("failure")

    def _on_start(self, message: Mapping[str, Any]) -> None:
        self._stream_sid = message["streamSid"]
        self._play(self._prompt)

    def _on_media(self, message: Mapping[str, Any]) -> None:
        media = message["media"]
        if media.get("track", "inbound") != "inbound":
            return
        audio = base64.b64decode(media["payload"])
        length = len(audio) // BYTES_PER_MS
        self._now = max(self._now, int(media["timestamp"])) + length
        loud = self._loudness.loud(level(audio), length)
        try:
            verdict = self._hear(self._gate.through(audio, loud))
        except Exception:
            log.exception("the recogniser failed")
            self.heard = Heard("failure", self._words)
            return
        over_prompt = self._loudness.over_prompt
        self._act(verdict or self._listener.frame(self._now, length, loud, over_prompt=over_prompt))
        if self._deciding and self.heard is None and self._words:
            self._decide(self._deciding)

    def _hear(self, audio: bytes) -> Verdict | None:
        if not audio:
            return None
        self._decoded += len(audio)
        self._audio += audio
        del self._audio[:-LONGEST]
        if self._recognizer.accept(audio):
            self._ended.append(self._recognizer.result())
            self._listener.utterance_ended(self._now)
        return self._note(_joined([*self._ended, self._recognizer.partial()]))

    def _note(self, text: str) -> Verdict | None:
        if text == self._words or not text:
            return None
        self._words = text
        self._on_words(text)
        self._understand(text)
        return self._listener.words(self._now, text)

    def _understand(self, text: str) -> None:
        if self._understanding is None or self._deciding is None:
            return
        try:
            dictates = self._deciding.dictates(text)
            self._deciding.words(text, self._understanding.match(text, slots=dictates))
        except Exception:
            log.exception("nothing is decided early in a call: its words could not be matched")
            self._deciding = None

    def _decide(self, deciding: Deciding) -> None:
        """Look whether what the caller wants is clear by now, or no longer."""
        decision = deciding.decision(self._listener.quiet(self._now))
        self._listener.understood(clear=deciding.firm, unfinished=deciding.unfinished)
        before, self._decision = self._decision, decision
        if (decision and (decision.intent, decision.team)) != (before and (before.intent, before.team)):
            self._decided = self._now if decision else None
            self._on_decision(self._words, decision)
        if self._decided is not None and self._now - self._decided >= STEADY_MS:
            self._decided = None
            self._on_steady()

    def _on_dtmf(self, _: Mapping[str, Any]) -> None:
        self._act(self._listener.key())

    def _on_mark(self, message: Mapping[str, Any]) -> None:
        """The prompt was played. After a `clear` its mark comes too, and means nothing any more."""
        if message["mark"]["name"] == self._mark and self._listener.prompt_plays:
            self._listener.prompt_ended(self._now)

    def _on_stop(self, _: Mapping[str, Any]) -> None:
        self._finish("hangup")

    def _act(self, verdict: Verdict | None) -> None:
        if isinstance(verdict, Done):
            self._finish(verdict.heard_by)
        elif verdict is Floor.BARGE_IN:
            self._send({"event": "clear"})
        elif verdict is Floor.ASK_AGAIN:
            self._ask_again()

    def _ask_again(self) -> None:
        self._asked += 1
        if "again" in self._prompts:
            self._play("again")
        else:
            self.heard = Heard(None)

    def _finish(self, heard_by: HeardBy) -> None:
        if self.heard is not None:
            return
        try:
            # A decoder is always some tenths of a second behind: the last word may still be inside.
            text = _joined([*self._ended, self._recognizer.finish()])
            others = self._recognizer.readings()[1:]
        except Exception:
            log.exception("the recogniser failed at the end")
            text, others = "", ()
        self.heard = Heard(heard_by, text or self._words, others, bytes(self._audio))

    def _play(self, name: str) -> None:
        audio = self._prompts.get(name)
        if audio is None:  # spoken by Say before the stream
            return
        self._mark = f"{name}-{self._asked}"
        for start in range(0, len(audio), _CHUNK):
            payload = base64.b64encode(audio[start : start + _CHUNK]).decode()
            self._send({"event": "media", "media": {"payload": payload}})
        self._send({"event": "mark", "mark": {"name": self._mark}})
        self._listener.prompt_began(self._now)

    def _send(self, message: dict[str, Any]) -> None:
        self._out.append(json.dumps({**message, "streamSid": self._stream_sid}))


def _joined(parts: list[str]) -> str:
    return " ".join(part for part in parts if part)
