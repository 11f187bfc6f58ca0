"""CPU per second of caller audio: ours beside bare libvosk and a plain flask-sock loop, in one run.

`python -m tests.bench.hearing [CALLERS]`, about 50 s. In the real-time rows CALLERS (default 4) speak to each rival,
in frames of 20 ms. Counted is CPU time while all speak, without the calls' beginning and end; of a server, that of its
processes.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from twilio.request_validator import RequestValidator
from vosk import KaldiRecognizer, Model, SetLogLevel
from websockets.sync.client import ClientConnection, connect

from tests.bench.server import APP, Running, serving
from tests.test_server import CALL, PUBLIC, ROOT, TOKEN, post
from voicebot.hearing.audio import FRAME, RATE, pcm, silence
from voicebot.hearing.vosk_model import load
from voicebot.simulator.voice import VOICES, synthesise
from voicebot.telephony.media import MediaStream

MODEL = ROOT / "models" / "demo-nl"
BATCH = 640  # bytes, 80 ms: as the bot decodes
FRAMES = 14 * 50  # of each caller; longer, and the listener would stop a caller who goes on and on
COUNTED = (51, 651)  # the frames between which CPU time is measured
ROUNDS = 2
STREAM = "MZ" + "0" * 32
PLAIN = "tests.bench.plain:app"
PAUSE_MS = 250  # between sentences: too short to be the end of an utterance
SENTENCES = (
    "ik heb een vraag over mijn factuur",
    "mijn rekening klopt niet",
    "waarom is mijn factuur hoger dan vorige maand",
    "ik heb de rekening twee keer betaald",
    "ik wil graag een betalingsregeling treffen",
    "kan ik uitstel van betaling krijgen",
    "ik ga verhuizen",
)


def speech(caller: int) -> bytes:
    """What one caller says: sentences with pauses, in a voice and an order of their own."""
    voices, first = VOICES["nl"], caller % len(SENTENCES)
    said = [
        synthesise(text, "nl", voice=voices[caller % len(voices)]) for text in SENTENCES[first:] + SENTENCES[:first]
    ]
    audio = silence(500) + silence(PAUSE_MS).join(said)
    return (audio + audio)[: FRAMES * FRAME]


def messages(audio: bytes) -> list[str]:
    """The audio as Twilio sends it."""
    return [_message(number, audio[number * FRAME : (number + 1) * FRAME]) for number in range(FRAMES)]


def _message(number: int, mulaw: bytes) -> str:
    payload = base64.b64encode(mulaw).decode()
    media = {"track": "inbound", "chunk": str(number + 1), "timestamp": str(number * 20), "payload": payload}
    return json.dumps({"event": "media", "sequenceNumber": str(number + 2), "media": media, "streamSid": STREAM})


class Bare:
    """libvosk alone: samples that are ready, 80 ms at a time, and the words so far."""

    def __init__(self, model: Model, audio: bytes) -> None:
        self._recognizer = KaldiRecognizer(model, float(RATE))
        self._batches = [pcm(audio[at : at + BATCH]).tobytes() for at in range(0, len(audio), BATCH)]

    def hear(self, number: int) -> None:
        """Take the batch that the 20 ms frame with this number completes."""
        if self._recognizer.AcceptWaveform(self._batches[number // 4]):
            self._recognizer.Result()
        else:
            self._recognizer.PartialResult()


# -- as fast as it goes, in this process


def flat_out(audios: list[bytes]) -> tuple[float, float]:
    """ms of CPU for a second of audio: bare libvosk, and MediaStream from the text of Twilio's messages on.

    By turns, two seconds of audio each, so that a core that slows down slows both.
    """
    bare_model, model = Model(str(MODEL)), load(MODEL)
    bare_s = stream_s = 0.0
    for audio in audios:
        bare, stream, texts = Bare(bare_model, audio), MediaStream(model.recognizer(), {}), messages(audio)
        for first in range(0, FRAMES, 100):
            numbers = range(first, first + 100)
            before = time.process_time()
            for number in numbers[3::4]:
                bare.hear(number)
            between = time.process_time()
            for number in numbers:
                stream.receive(json.loads(texts[number]))
            bare_s, stream_s = bare_s + between - before, stream_s + time.process_time() - between
    seconds = len(audios) * FRAMES / 50
    return bare_s * 1000 / seconds, stream_s * 1000 / seconds


# -- in real time


@dataclass
class Rival:
    """Somebody who hears callers: what takes the frame of a caller, and the clock of the CPU time that it costs."""

    name: str
    hear: Callable[[int, int], None]
    cpu_s: Callable[[], float]
    frames: int = 1  # that are brought at once
    spent_s: float = 0.0

    def speak(self, callers: int, began: float) -> None:
        """Bring each caller's frames when they are due."""
        for number in range(self.frames - 1, FRAMES, self.frames):
            for caller in range(callers):
                time.sleep(max(0, began + (number + caller / callers) / 50 - time.monotonic()))
                self.hear(caller, number)
            if number in COUNTED:
                self.spent_s = self.cpu_s() - self.spent_s


def bare(audios: list[bytes]) -> Rival:
    """libvosk alone, woken for each batch as a server is: its caches are as cold as a server's."""
    model = Model(str(MODEL))
    callers = [Bare(model, audio) for audio in audios]
    return Rival("bare libvosk", lambda caller, number: callers[caller].hear(number), time.thread_time, frames=4)


def server(
    name: str,
    app: str,
    open_: Callable[[Running, ExitStack, int], ClientConnection],
    audios: list[bytes],
    stack: ExitStack,
) -> Rival:
    """The CPU time of gunicorn and its worker, with a WebSocket for each caller."""
    running = stack.enter_context(serving(app))
    sockets = [open_(running, stack, caller) for caller in range(len(audios))]
    texts = [messages(audio) for audio in audios]
    return Rival(name, lambda caller, number: sockets[caller].send(texts[caller][number]), running.cpu_s)


def bot(running: Running, stack: ExitStack, caller: int) -> ClientConnection:
    """A call to the bot, with its stream begun."""
    sid = f"CA{caller:032}"
    answer = post(running.url, "/voice/incoming", {**CALL, "CallSid": sid}).text
    (token,) = re.findall(r'<Parameter name="token" value="([^"]+)"', answer)
    signature = RequestValidator(TOKEN).compute_signature(f"wss{PUBLIC.removeprefix('https')}/voice/media", {})
    socket = _open(running, stack, "/voice/media", {"x-twilio-signature": signature})
    socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
    begun = {"streamSid": STREAM, "callSid": sid, "customParameters": {"token": token}}
    socket.send(json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": STREAM, "start": begun}))
    return socket


def plain(batch: int) -> Callable[[Running, ExitStack, int], ClientConnection]:
    """A stream to the plain loop, which decodes each `batch` bytes."""
    return lambda running, stack, _: _open(running, stack, f"/plain/{batch}", {})


def _open(running: Running, stack: ExitStack, path: str, headers: dict[str, str]) -> ClientConnection:
    address = running.url.replace("http", "ws", 1) + path
    return stack.enter_context(
        connect(address, additional_headers=headers, compression=None, proxy=None, ping_interval=None)
    )


def real_time(audios: list[bytes]) -> list[Rival]:
    """All rivals at the same moment, so that whatever else the machine does costs all the same."""
    with ExitStack() as stack:
        rivals = [
            bare(audios),
            server("the bot: gunicorn, WebSocket, all of it", APP, bot, audios, stack),
            server("plain flask-sock loop, batches of 80 ms", PLAIN, plain(BATCH), audios, stack),
            server("plain flask-sock loop, each frame decoded", PLAIN, plain(FRAME), audios, stack),
        ]
        began = time.monotonic() + 0.2
        with ThreadPoolExecutor(len(rivals)) as pool:
            for done in [pool.submit(rival.speak, len(audios), began) for rival in rivals]:
                done.result()
        return rivals


# -- the table


def main(callers: int) -> None:
    """Measure and print."""
    SetLogLevel(-1)
    audios = [speech(caller) for caller in range(callers)]
    print("ms of CPU per second of caller audio                      beyond bare libvosk")
    alone, stream = flat_out(audios)
    print("as fast as it goes, in one process")
    _row("bare libvosk", alone, alone)
    _row("MediaStream, from the text of Twilio's messages", stream, alone)
    for _ in range(ROUNDS):
        rivals = real_time(audios)
        costs = [rival.spent_s * 1000 / ((COUNTED[1] - COUNTED[0]) / 50 * callers) for rival in rivals]
        print(f"in real time, {callers} callers each, all at once")
        for rival, cost in zip(rivals, costs, strict=True):
            _row(rival.name, cost, costs[0])


def _row(what: str, cost: float, bare: float) -> None:
    print(f"  {what:50} {cost:6.1f} {cost - bare:+12.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
