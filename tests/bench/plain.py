"""What most people would write: flask-sock, numpy and Vosk in one loop. Only for comparison."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from flask import Flask
from flask_sock import Sock
from vosk import KaldiRecognizer, Model, SetLogLevel

from tests.test_server import ROOT
from voicebot.hearing.audio import pcm

SetLogLevel(-1)
app = Flask(__name__)
sock = Sock(app)
model = Model(str(ROOT / "models" / "demo-nl"))
table = pcm(bytes(range(256)))


@sock.route("/plain/<int:batch>")
def plain(connection: Any, batch: int) -> None:
    """Decode every `batch` bytes and look at the words so far, until the stream stops."""
    recognizer = KaldiRecognizer(model, 8000.0)
    waiting = b""
    while (message := json.loads(connection.receive()))["event"] != "stop":
        if message["event"] != "media":
            continue
        waiting += base64.b64decode(message["media"]["payload"])
        if len(waiting) >= batch:
            samples = table[np.frombuffer(waiting, np.uint8)]
            waiting = b""
            if recognizer.AcceptWaveform(samples.tobytes()):
                json.loads(recognizer.Result())
            else:
                json.loads(recognizer.PartialResult())
