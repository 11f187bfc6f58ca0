"""Media Streams: what goes over the socket, when, and what follows."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from simple_websocket import ConnectionClosed

from tests.simulator.standin_bot import ACCOUNT, World, happened, world
from voicebot.simulator.callers import (
    HangsUp,
    Interrupts,
    Pauses,
    Presses,
    ScriptedCaller,
    Speaks,
    Waits,
)
from voicebot.simulator.stream import Playback

STREAM = '<Connect><Stream url="/socket/media"/></Connect><Redirect>/after</Redirect>'
SILENCE, VOICE, PROMPT = b"\xff" * 160, b"\x20" * 160, b"\x10" * 160


@dataclass
class Ear:
    """The bot's end of a socket: everything it receives, with a reaction to each message."""

    react: Callable[[Ear, dict[str, Any]], None] = lambda *_: None
    messages: list[dict[str, Any]] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    socket: Any = None

    def __call__(self, ws: Any) -> None:
        self.socket = ws
        try:
            while True:
                self.messages.append(json.loads(ws.receive()))
                self.react(self, self.messages[-1])
        except ConnectionClosed:
            pass
        finally:
            self.closed.set()

    @property
    def sid(self) -> str:
        return str(self.messages[1]["streamSid"])

    def of(self, event: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["event"] == event]

    def sound(self) -> list[bytes]:
        return [base64.b64decode(message["media"]["payload"]) for message in self.of("media")]

    def play(self, mulaw: bytes) -> None:
        payload = base64.b64encode(mulaw).decode()
        self.say({"event": "media", "streamSid": self.sid, "media": {"payload": payload}})

    def mark(self, name: str) -> None:
        self.say({"event": "mark", "streamSid": self.sid, "mark": {"name": name}})

    def say(self, message: dict[str, Any]) -> None:
        self.socket.send(json.dumps(message))

    def hang_up(self) -> None:
        self.socket.close()
        raise ConnectionClosed


def on(event: str, do: Callable[[Ear], None]) -> Callable[[Ear, dict[str, Any]], None]:
    """Do something at each message of a kind."""
    return lambda ear, message: do(ear) if message["event"] == event else None


def greet(ear: Ear) -> None:
    ear.play(PROMPT * 50)
    ear.mark("greeting")


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        made.bot.documents["/incoming"] = STREAM
        yield made


def heard_by(quick: World, ear: Ear, *steps: Any) -> Ear:
    quick.bot.sockets["media"] = ear
    quick.after(ScriptedCaller(steps))
    ear.closed.wait(5)
    return ear


def test_the_stream_begins_with_connected_and_start(quick: World) -> None:
    quick.bot.documents["/incoming"] = (
        '<Connect><Stream url="/socket/media"><Parameter name="token" value="abc"/></Stream></Connect>'
    )
    ear = heard_by(quick, Ear(on("start", Ear.hang_up)))
    connected, start = ear.messages[:2]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": ear.sid,
        "start": {
            "accountSid": ACCOUNT,
            "streamSid": ear.sid,
            "callSid": quick.bot.of("/incoming")[0]["CallSid"],
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": "abc"},
        },
    }


def test_the_upgrade_is_signed(quick: World) -> None:
    heard_by(quick, Ear(on("start", Ear.hang_up)))
    assert quick.bot.upgrades[0].genuine
    assert quick.bot.upgrades[0].path == "/socket/media"


def test_frames_are_numbered_and_flow_without_a_gap(quick: World) -> None:
    ear = heard_by(quick, Ear(on("start", greet)), Waits(), Speaks(VOICE * 40), HangsUp(200))
    media = ear.of("media")
    assert [message["media"]["chunk"] for message in media] == [str(n + 1) for n in range(len(media))]
    assert [message["media"]["timestamp"] for message in media] == [str(n * 20) for n in range(len(media))]
    assert {message["media"]["track"] for message in media} == {"inbound"}
    numbered = [message for message in ear.messages if message["event"] != "connected"]
    assert all(int(b["sequenceNumber"]) == int(a["sequenceNumber"]) + 1 for a, b in pairwise(numbered))
    sound = ear.sound()
    assert sound.count(VOICE) == 40
    assert set(sound) == {SILENCE, VOICE}


def test_a_mark_comes_back_when_everything_before_it_has_been_played(quick: World) -> None:
    ear = heard_by(quick, Ear(on("start", greet)), Waits(), HangsUp(0))
    events = [message["event"] for message in ear.messages]
    assert events.index("mark") == 2 + 50  # connected, start, and a second of media
    assert ear.of("mark")[0]["mark"] == {"name": "greeting"}


def test_a_mark_with_nothing_before_it_comes_back_at_once(quick: World) -> None:
    ear = heard_by(quick, Ear(on("start", lambda ear: ear.mark("now"))), Waits(), HangsUp(0))
    assert [message["event"] for message in ear.messages[2:4]] == ["media", "mark"]


def test_sound_of_any_size_is_played_to_the_last_byte() -> None:
    playback = Playback()
    for part in (b"\x10" * 100, b"\x10" * 100, b"\x10" * 75):
        playback.add(part)
    playback.mark("end")
    assert playback.take() == b"\x10" * 160
    assert playback.reached() == []
    assert playback.take() == b"\x10" * 115 + b"\xff" * 45
    assert playback.reached() == ["end"]
    assert playback.take() == b""


def test_the_end_of_a_prompt_shows_on_the_timeline(quick: World) -> None:
    quick.bot.sockets["media"] = Ear(on("start", greet))
    call = quick.after(ScriptedCaller([Waits(), HangsUp(0)]))
    (prompt,) = [event for event in call.timeline if event.kind == "prompt"]
    assert prompt.data == {"seconds": 1.0, "cut": False}


def test_clear_cuts_the_prompt_and_returns_its_marks(quick: World) -> None:
    def react(ear: Ear, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            ear.play(PROMPT * 200)
            ear.mark("greeting")
            ear.mark("second")
        elif message["event"] == "media" and base64.b64decode(message["media"]["payload"]) == VOICE:
            if not ear.of("mark"):
                ear.say({"event": "clear", "streamSid": ear.sid})
        elif message["event"] == "mark":
            ear.play(b"")

    quick.bot.sockets["media"] = ear = Ear(react)
    call = quick.after(ScriptedCaller([Interrupts(VOICE * 25, "ja maar", after_ms=500), HangsUp(100)]))
    ear.closed.wait(5)
    assert [message["mark"]["name"] for message in ear.of("mark")][:2] == ["greeting", "second"]
    prompt = next(event for event in call.timeline if event.kind == "prompt")
    assert prompt.data["cut"]
    assert prompt.data["seconds"] < 2.0
    assert ear.sound().count(VOICE) == 25


def test_keys_travel_over_the_stream(quick: World) -> None:
    ear = heard_by(quick, Ear(on("start", greet)), Waits(), Presses("1#"), HangsUp(0))
    assert [message["dtmf"] for message in ear.of("dtmf")] == [
        {"track": "inbound_track", "digit": "1"},
        {"track": "inbound_track", "digit": "#"},
    ]


def test_a_caller_who_hangs_up_stops_the_stream_before_the_socket_closes(quick: World) -> None:
    ear = heard_by(quick, Ear(on("start", greet)), HangsUp(500))
    stop = ear.messages[-1]
    assert stop["event"] == "stop"
    assert stop["stop"] == {"accountSid": ACCOUNT, "callSid": quick.bot.of("/incoming")[0]["CallSid"]}
    assert quick.bot.of("/after") == []


def test_the_next_verb_follows_when_the_server_closes(quick: World) -> None:
    def react(ear: Ear, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            greet(ear)
        if message["event"] == "mark":
            ear.hang_up()

    quick.bot.sockets["media"] = ear = Ear(react)
    call = quick.after()
    assert ear.of("stop") == []
    assert quick.bot.of("/after")[0]["CallSid"] == call.sid
    assert "stopped: closed by the server" in happened(call, "stream")


def test_a_server_gets_at_most_eight_seconds_of_sound_to_think_about(quick: World) -> None:
    thinking, enough = threading.Event(), threading.Event()

    def think(ear: Ear, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            ear.mark("go")
        if message["event"] == "media" and len(ear.of("media")) == 400:
            thinking.set()
            enough.wait(5)
            ear.hang_up()

    quick.bot.sockets["media"] = Ear(think)
    call = quick.call()
    assert thinking.wait(10)
    at = call.clock.now
    enough.set()
    call.wait(20)
    assert at < 8.0 + 2.0


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("/socket/media?token=1", 31920),
        ("ws://bot.example.org/media", 31922),
        ("ftp://127.0.0.1/media", 31923),
        ("/nothing-here", 31920),
    ],
)
def test_a_stream_that_cannot_be_opened_is_an_error_and_the_call_goes_on(quick: World, url: str, code: int) -> None:
    quick.bot.documents["/incoming"] = (
        f'<Connect><Stream url="{url}" statusCallback="{quick.bot.url}/streams"/></Connect><Say>Verder</Say>'
    )
    call = quick.after()
    (error,) = [event for event in call.timeline if event.kind == "error"]
    assert error.data["code"] == code
    assert happened(call, "say") == ["Verder"]
    assert quick.bot.of("/streams")[0]["StreamEvent"] == "stream-error"


def test_a_port_where_nobody_listens_is_refused(quick: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        quick.bot.documents["/incoming"] = f'<Connect><Stream url="ws://127.0.0.1:{port}/media"/></Connect>'
        call = quick.after()
    assert "31902" in happened(call, "error")[0]


def test_only_the_inbound_track_can_be_connected(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Connect><Stream url="/socket/media" track="both_tracks"/></Connect>'
    assert "31941" in happened(quick.after(), "error")[0]


def test_messages_that_mean_nothing_are_errors_and_the_stream_goes_on(quick: World) -> None:
    def babble(ear: Ear) -> None:
        ear.socket.send("{")
        ear.socket.send(b"\x00")
        ear.say({"event": "sing", "streamSid": ear.sid})
        ear.say({"event": "media", "streamSid": ear.sid, "media": {"payload": "!"}})
        ear.say({"event": "media", "streamSid": "MZ0", "media": {"payload": ""}})
        greet(ear)

    quick.bot.sockets["media"] = Ear(on("start", babble))
    call = quick.after(ScriptedCaller([Waits(), HangsUp(0)]))
    assert len(happened(call, "error")) == 4
    assert "streamSid" in happened(call, "warning")[0]
    assert happened(call, "mark") == ["greeting"]


def test_the_streams_own_callback_tells_of_its_beginning_and_end(quick: World) -> None:
    quick.bot.documents["/incoming"] = (
        f'<Connect><Stream url="/socket/media" name="x" statusCallback="{quick.bot.url}/streams"/></Connect>'
    )
    heard_by(quick, Ear(on("start", Ear.hang_up)))
    told = quick.bot.of("/streams")
    assert [form["StreamEvent"] for form in told] == ["stream-started", "stream-stopped"]
    assert told[0]["StreamName"] == "x"


def test_a_copy_carries_both_tracks_beside_what_follows(quick: World) -> None:
    quick.bot.documents["/incoming"] = (
        '<Start><Stream url="/socket/media" name="copy" track="both_tracks"/></Start>'
        '<Pause length="1"/><Stop><Stream name="copy"/></Stop><Say>Verder</Say>'
    )
    ear = heard_by(quick, Ear(), Speaks(VOICE * 20), Pauses(100))
    tracks = [message["media"]["track"] for message in ear.of("media")]
    assert (tracks.count("inbound"), tracks.count("outbound")) == (50, 50)
    assert ear.messages[1]["start"]["tracks"] == ["inbound", "outbound"]
    assert ear.messages[-1]["event"] == "stop"
