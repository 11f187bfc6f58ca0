"""As much of Twilio's signalling as its script needs to register and to be rung; the caller is another page.

The messages are those that release 2.18.5 sends and takes. No Twilio account was there to compare with.
"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

SIGNAL = "wss://voice-js.*.twilio.com/signal"
CALL_SID = "CA" + "7" * 32

# A caller who hums, and listens.
_CALLER = """
  async () => {
    window.caller = new RTCPeerConnection();
    const context = new AudioContext(), hum = new OscillatorNode(context, { frequency: 440 });
    const voice = new MediaStreamAudioDestinationNode(context);
    hum.connect(voice);
    hum.start();
    caller.addTrack(voice.stream.getTracks()[0], voice.stream);
    caller.ontrack = ({ streams }) => {
      const silent = new Audio();
      silent.muted = true;
      silent.srcObject = streams[0]; // without an element Chrome decodes nothing
      window.ear = new AnalyserNode(context, { fftSize: 2048 });
      context.createMediaStreamSource(streams[0]).connect(ear);
    };
    await caller.setLocalDescription(await caller.createOffer());
    await new Promise((done) => {
      const look = () => caller.iceGatheringState === "complete" && done();
      caller.onicegatheringstatechange = look;
      look();
    });
    return caller.localDescription.sdp;
  }
"""
_HEARS = """
  () => {
    if (!window.ear) return 0;
    const samples = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(samples);
    return Math.max(...samples.map(Math.abs));
  }
"""


class Signalling:
    """The far end of the script's WebSocket, and a caller in a page of their own."""

    def __init__(self, page: Page, caller: Page) -> None:
        self.tokens: list[str] = []
        self.taken: list[str] = []  # the kinds of messages that came
        self._caller = caller
        self._socket: WebSocketRoute | None = None
        page.route_web_socket(SIGNAL.replace("*", "roaming"), self._opened)

    def _opened(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.on_message(self._take)

    def _take(self, text: str | bytes) -> None:
        message = json.loads(text)
        kind, payload = message["type"], message.get("payload", {})
        self.taken.append(kind)
        if kind == "listen":
            self.tokens.append(payload["token"])
            token = {"identity": "chris", "ttl": 3600}
            self._send("connected", edge="roaming", region="US_EAST_VIRGINIA", home="us1", token=token)
        elif kind == "register":
            self._send("ready" if payload["media"]["audio"] else "offline")
        elif kind == "answer":
            self._answered = payload["sdp"]

    def _send(self, kind: str, **payload: Any) -> None:
        assert self._socket
        self._socket.send(json.dumps({"type": kind, "version": "1.6", "payload": payload}))

    def ring(self) -> None:
        """The caller calls."""
        sdp = self._caller.evaluate(_CALLER)
        parameters = {"CallSid": CALL_SID, "From": "+31612345678", "To": "client:chris", "AccountSid": "AC1"}
        self._send("invite", callsid=CALL_SID, sdp=sdp, parameters=parameters)

    def connect(self) -> None:
        """What the browser answered reaches the caller."""
        answer = {"type": "answer", "sdp": self._answered}
        self._caller.evaluate("(answer) => caller.setRemoteDescription(answer)", answer)

    def caller_hears(self) -> float:
        """How loud it is at the caller's ear, 0 to 1."""
        return float(self._caller.evaluate(_HEARS))

    def hang_up(self) -> None:
        """The caller hangs up."""
        self._send("hangup", callsid=CALL_SID)

    def drop(self) -> None:
        """The connection is lost."""
        assert self._socket
        self._socket.close(code=1011, reason="lost")
