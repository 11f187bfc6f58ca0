"""A conversation over `<Connect><Stream>`: frames out, prompts and marks in, until either side ends it."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from websockets.exceptions import ConnectionClosed

from voicebot.simulator import grammar
from voicebot.simulator.callers import Act
from voicebot.simulator.clock import FRAME_MS
from voicebot.simulator.interpreter import Scene
from voicebot.simulator.leg import Ended, Fetch, Redirected, SimulatedCall
from voicebot.simulator.parameters import sid
from voicebot.simulator.stream import (
    BAD_MESSAGE,
    BAD_TRACK,
    Playback,
    StreamFailed,
    StreamSpec,
    Wire,
    report_stream,
    stream_url,
)

CREDIT_MS = 8000  # of sound that may go out unpaced before the server or the caller does something
FIRST_WORD_SECONDS, NO_PROMPT_SECONDS = 2.0, 0.3  # of wall time for the server's first message
MORE_SECONDS = 0.05  # of wall time for the rest of a prompt that seems to have ended
GAP_MS = 300  # without sound after which a prompt without a mark has ended

TRACKS = {
    "inbound_track": ("inbound",),
    "outbound_track": ("outbound",),
    "both_tracks": ("inbound", "outbound"),
}


class Conversation:
    """One bidirectional stream. Without a pace it runs as fast as `CREDIT_MS` allows."""

    def __init__(self, leg: SimulatedCall, wire: Wire) -> None:
        self._leg = leg
        self._wire = wire
        self._playback = Playback()
        self._sent_ms = 0
        self._credit_ms = CREDIT_MS
        self._prompt_began: float | None = None
        self._gap_ms = 0
        # The server must be able to react to an interruption before the prompt is over.
        self._talked_over = False

    def run(self) -> None:
        """Until the server closes. Raises what ends or redirects the leg."""
        try:
            self._await_first_word()
            while True:
                self._frame()
        except ConnectionClosed:
            if self._prompt_began is not None:
                self._prompt_ended(cut=not self._playback.empty)

    def _frame(self) -> None:
        self._read()
        leg = self._leg
        audio = self._playback.take()
        if audio and self._prompt_began is None:
            self._prompt_began = leg.clock.now
        leg.clock.tick(live=leg.person.live or self._credit_ms <= 0 or self._talked_over)
        act = leg.step(audio, playing=bool(audio))
        self._talked_over = bool(audio and act.mulaw)
        self._send(act)
        self._after(audio)

    def _send(self, act: Act) -> None:
        self._credit_ms = CREDIT_MS if act.moved else self._credit_ms - FRAME_MS
        self._wire.media(act.mulaw, self._sent_ms)
        self._sent_ms += FRAME_MS
        for digit in act.digits:
            self._wire.send("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    def _after(self, audio: bytes) -> None:
        """Marks that have been reached, and whether the prompt is over."""
        names = self._playback.reached()
        if self._may_go_on() and not names:
            self._read(MORE_SECONDS)
            names = self._playback.reached()
        for name in names:
            self._echo(name, flushed=False)
        if not self._playback.empty:
            return
        self._gap_ms = 0 if audio else self._gap_ms + FRAME_MS
        if names or (self._prompt_began is not None and self._gap_ms >= GAP_MS):
            self._prompt_ended(cut=False)

    def _may_go_on(self) -> bool:
        """Whether, without a pace, this prompt seems to end only because the server could not keep up."""
        playing = self._prompt_began is not None and self._gap_ms == 0
        return playing and self._playback.empty and self._leg.clock.pace is None

    def _await_first_word(self) -> None:
        """Without a pace, let the server begin its greeting before seconds of silence rush at it."""
        if self._leg.clock.pace is None:
            self._read(NO_PROMPT_SECONDS if self._leg.prompts else FIRST_WORD_SECONDS)

    def _read(self, wait: float = 0) -> None:
        """Take in all that the server has sent, after waiting so many seconds for the first of it."""
        deadline = time.monotonic() + wait
        message = self._wire.receive(wait)
        while message is not None:
            self._credit_ms = CREDIT_MS
            self._take_in(message)
            if time.monotonic() > deadline + 1.0:
                return  # a server that never stops must not hold up the clock
            message = self._wire.receive(0)

    def _take_in(self, message: str | bytes) -> None:
        try:
            content = json.loads(message) if isinstance(message, str) else None
            if not isinstance(content, dict):
                raise ValueError("not a JSON object in a text frame")
            if content.get("streamSid") != self._wire.sid:
                self._leg.event("warning", f"message without this stream's streamSid: {message!r:.120}")
                return
            self._obey(content)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            self._leg.event("error", f"invalid message ({fault}): {message!r:.120}", code=BAD_MESSAGE)

    def _obey(self, content: dict[str, Any]) -> None:
        match content["event"]:
            case "media":
                self._play(base64.b64decode(content["media"]["payload"], validate=True))
            case "mark":
                self._playback.mark(str(content["mark"]["name"]))
            case "clear":
                self._clear()
            case other:
                raise ValueError(f"unknown event {other!r}")

    def _play(self, mulaw: bytes) -> None:
        if mulaw.startswith(b"RIFF"):
            self._leg.event("warning", "media with a WAV header, which is heard as a click")
        if not self._playback.add(mulaw):
            self._leg.event("error", "more than 10 minutes of sound sent ahead; dropped", code=BAD_MESSAGE)

    def _clear(self) -> None:
        cut = not self._playback.empty
        names = self._playback.clear()
        self._leg.event("clear", f"{len(names)} marks")
        for name in names:
            self._echo(name, flushed=True)
        if cut or self._prompt_began is not None:
            self._prompt_ended(cut=cut)

    def _echo(self, name: str, *, flushed: bool) -> None:
        self._wire.send("mark", mark={"name": name})
        self._leg.event("mark", name, flushed=flushed)

    def _prompt_ended(self, *, cut: bool) -> None:
        began, self._prompt_began, self._gap_ms = self._prompt_began, None, 0
        now = self._leg.clock.now
        seconds = now - began if began is not None else 0.0
        self._leg.prompts += 1
        detail = f"{seconds:.2f} s" + (", cut short" if cut else "")
        self._leg.event("prompt", detail, seconds=round(seconds, 3), cut=cut)


class CopiedStream:
    """The one-way copy of a leg's sound that `<Start><Stream>` makes. What the server says is not read."""

    def __init__(self, leg: SimulatedCall, wire: Wire, name: str, tracks: tuple[str, ...]) -> None:
        self.name = name
        self._leg = leg
        self._wire = wire
        self._tracks = tracks
        self._began = leg.clock.now

    def send(self, spoken: bytes, heard: bytes) -> None:
        """20 ms of either side; the server's closing ends the copy."""
        milliseconds = round((self._leg.clock.now - self._began) * 1000)
        try:
            for track, mulaw in (("inbound", spoken), ("outbound", heard)):
                if track in self._tracks:
                    self._wire.media(mulaw, milliseconds, track)
        except ConnectionClosed:
            self.close()

    def close(self) -> None:
        """Stop the copy."""
        if self in self._leg.forks:
            self._leg.forks.remove(self)
            self._wire.stop()
            self._leg.event("stream", "copy stopped", name=self.name)


def connect(scene: Scene) -> Fetch | None:
    """`<Connect><Stream>`: a conversation, until the server closes; the next verb follows."""
    leg = scene.leg
    leg.answer()
    for element in grammar.children(leg, scene.verb):
        wire, spec = _opened(scene, element, one_way=False)
        if wire is None:
            continue
        leg.event("stream", "started", url=spec.url, sid=wire.sid)
        reason = "closed by the server"
        try:
            Conversation(leg, wire).run()
        except (Ended, Redirected) as interrupted:
            reason = str(interrupted)
            raise
        finally:
            leg.event("stream", f"stopped: {reason}", sid=wire.sid)
            wire.stop()
    return None


def start(scene: Scene) -> Fetch | None:
    """`<Start><Stream>`: a one-way copy beside what follows."""
    scene.leg.answer()
    for element in grammar.children(scene.leg, scene.verb):
        wire, spec = _opened(scene, element, one_way=True)
        if wire is not None:
            name = spec.name or wire.sid
            scene.leg.forks.append(CopiedStream(scene.leg, wire, name, spec.tracks))
            scene.leg.event("stream", "copy started", url=spec.url, name=name)
    return None


def stop(scene: Scene) -> Fetch | None:
    """`<Stop><Stream name>`: end a copy."""
    names = [element.get("name", "") for element in grammar.children(scene.leg, scene.verb)]
    for fork in tuple(scene.leg.forks):
        if fork.name in names:
            fork.close()
    return None


def _opened(scene: Scene, element: Element, *, one_way: bool) -> tuple[Wire | None, StreamSpec]:
    leg = scene.leg
    spec = _spec(scene, element)
    try:
        if not spec.tracks or (not one_way and spec.tracks != ("inbound",)):
            raise StreamFailed(BAD_TRACK, f"the track {element.get('track')} is not possible here")
        spec = replace(spec, url=stream_url(scene.document.base, spec.url))
        return Wire(leg, spec), spec
    except StreamFailed as failed:
        leg.event("error", f"stream failed: {failed}", code=failed.code)
        report_stream(leg, spec, sid("MZ"), "stream-error", str(failed))
        return None, spec


def _spec(scene: Scene, element: Element) -> StreamSpec:
    parts = grammar.children(scene.leg, element)
    return StreamSpec(
        url=element.get("url", ""),
        tracks=TRACKS.get(element.get("track", "inbound_track"), ()),
        parameters={part.get("name", ""): part.get("value", "") for part in parts},
        name=element.get("name", ""),
        status_callback=element.get("statusCallback", ""),
        status_method=element.get("statusCallbackMethod", "POST"),
    )
