"""One media stream as a protocol core, with words that travel as text in the audio."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from voicebot.calls import Match
from voicebot.dialplan.loader import load
from voicebot.hearing.audio import mulaw, silence
from voicebot.hearing.listener import USUAL
from voicebot.hearing.recognizer import Recognizer
from voicebot.hearing.typed import TypedModel, speak
from voicebot.telephony.media import Heard, MediaStream
from voicebot.understanding.match import learn

PLAN = Path(__file__).parents[2] / "dialplans" / "noorderlicht.yaml"
GREETING = silence(2000)
AGAIN = silence(1000)
PAUSE = silence(USUAL.longest + 100)  # nobody waits longer for more


class Line:
    """The far side of a media stream: sends frames, plays what comes, echoes marks when they were played."""

    def __init__(
        self, prompts: dict[str, bytes] | None = None, *, asked: int = 1, recognizer: Recognizer | None = None
    ) -> None:
        self.words: list[str] = []
        known = {"greeting": GREETING, "again": AGAIN} if prompts is None else prompts
        self.stream = MediaStream(
            recognizer or TypedModel().recognizer(), known, asked=asked, on_words=self.words.append
        )
        self.at = 0
        self.playing = 0  # ms of prompt still to be played
        self.marks: list[str] = []
        self.cleared = 0
        self.feed({"event": "start", "streamSid": "MZ1", "start": {}})

    def feed(self, message: dict[str, Any]) -> None:
        for text in self.stream.receive(message):
            answer = json.loads(text)
            assert answer["streamSid"] == "MZ1"
            if answer["event"] == "media":
                self.playing += len(base64.b64decode(answer["media"]["payload"])) // 8
            elif answer["event"] == "mark":
                self.marks.append(answer["mark"]["name"])
            else:
                self.cleared += 1
                self.playing = 0

    def send(self, audio: bytes) -> Line:
        for start in range(0, len(audio), 160):
            if self.stream.heard:
                break
            payload = base64.b64encode(audio[start : start + 160]).decode()
            media = {"track": "inbound", "timestamp": str(self.at), "payload": payload}
            self.at += 20
            self.playing = max(0, self.playing - 20)
            self.feed({"event": "media", "media": media})
            while self.marks and not self.playing:
                self.feed({"event": "mark", "mark": {"name": self.marks.pop(0)}})
        return self

    @property
    def heard(self) -> Heard | None:
        return self.stream.heard


def test_a_sentence_after_the_greeting_is_heard() -> None:
    line = Line().send(silence(2500) + speak("ik snap mijn factuur niet") + PAUSE)
    assert line.heard == Heard("speech", "ik snap mijn factuur niet")
    assert line.words[0] == "ik" and line.words[-1] == "ik snap mijn factuur niet"
    assert line.cleared == 0


def test_a_caller_who_speaks_through_the_greeting_stops_it_and_loses_no_syllable() -> None:
    line = Line().send(silence(200) + speak("storing in mijn straat") + PAUSE)
    assert line.heard == Heard("speech", "storing in mijn straat")
    assert line.cleared == 1


def test_a_click_on_the_line_does_not_stop_the_greeting() -> None:
    line = Line().send(silence(500) + b"\x00" * 160 + silence(1000))
    assert line.cleared == 0 and line.heard is None


def test_a_caller_who_says_nothing_is_asked_once_more_and_then_connected() -> None:
    line = Line().send(silence(6900))
    assert line.heard is None and line.marks == []
    line.send(silence(200))
    assert line.marks or line.playing  # asked again
    line.send(silence(7000))
    assert line.heard == Heard("no_input")


def test_the_second_question_is_asked_by_say_when_there_is_no_recording_of_it() -> None:
    line = Line({"greeting": GREETING}).send(silence(8000))
    assert line.heard is not None and line.heard.again


def test_a_stream_for_the_second_question_does_not_ask_a_third_time() -> None:
    line = Line({}, asked=2).send(silence(6000))
    assert line.heard == Heard("no_input")


def test_without_recordings_nothing_is_played_and_the_caller_is_heard_at_once() -> None:
    line = Line({}).send(speak("mijn man is overleden") + PAUSE)
    assert line.heard == Heard("speech", "mijn man is overleden")
    assert line.cleared == 0


def test_a_key_asks_for_a_person_at_once_with_the_words_so_far() -> None:
    line = Line().send(silence(300) + speak("ik wil"))
    line.feed({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "0"}})
    assert line.heard == Heard("key", "ik wil")


def test_the_last_words_are_kept_when_the_caller_hangs_up() -> None:
    line = Line().send(silence(2500) + speak("ik bel over mijn"))
    line.feed({"event": "stop", "stop": {}})
    assert line.heard == Heard("hangup", "ik bel over mijn")


def test_the_last_words_are_kept_when_the_connection_breaks() -> None:
    line = Line().send(silence(2500) + speak("ik ga verhuizen"))
    line.stream.lost()
    assert line.heard == Heard("failure", "ik ga verhuizen")


def test_somebody_who_does_not_stop_talking_is_connected_with_what_was_said() -> None:
    line = Line().send(silence(2500) + speak("en toen zei hij " * 40))
    assert line.heard is not None
    assert line.heard.heard_by == "too_long" and line.heard.text.startswith("en toen zei hij")


def test_noise_without_words_ends_with_a_person_and_not_never() -> None:
    line = Line().send(b"\x1e\x9e" * 80 * 50 * 70)  # 70 s of a loud tone, which becomes the line's own noise
    assert line.heard == Heard("no_input")


def test_a_mark_that_never_comes_back_does_not_keep_the_caller_waiting() -> None:
    line = Line()
    line.marks.clear()
    line.send(silence(15_000 + 5_200))
    assert line.playing or line.marks  # asked again all the same


class Broken:
    """A recogniser that fails in the middle of a call."""

    def accept(self, mulaw: bytes) -> bool:
        raise RuntimeError("the decoder is gone")

    def partial(self) -> str:
        return ""

    def result(self) -> str:
        return ""

    def finish(self) -> str:
        return ""


def test_a_recogniser_that_fails_ends_the_listening_and_not_the_call() -> None:
    line = Line(recognizer=Broken()).send(speak("ja"))
    assert line.heard == Heard("failure")


def test_messages_of_kinds_that_nobody_knows_are_passed_over() -> None:
    line = Line()
    line.feed({"event": "sparkles"})
    line.feed({"event": "connected", "protocol": "Call"})
    line.feed({})
    assert line.heard is None


def test_it_is_known_how_much_audio_may_gather_before_the_recogniser_says_more() -> None:
    line = Line({})
    assert line.stream.lacks == 80
    line.send(speak("ja")[: 60 * 8])
    assert line.stream.lacks == 20
    line.send(speak("ja")[:160])
    assert line.stream.lacks == 80
    line.send(speak("ja")[:160] + silence(700))
    assert line.stream.lacks == 80  # in silence there is no hurry


def test_the_echo_of_the_prompt_does_not_stop_the_prompt() -> None:
    echo = mulaw((np.sin(np.arange(16_000) / 8000 * 2 * np.pi * 440) * 400).astype(np.int16))  # -41 dBFS
    line = Line().send(silence(200) + echo)
    assert line.cleared == 0 and line.heard is None


def test_a_pause_in_which_the_recogniser_hears_an_end_does_not_end_the_sentence() -> None:
    line = Line({}).send(speak("ik wil graag") + silence(1000) + speak("mijn contract opzeggen") + PAUSE)
    assert line.heard is not None and line.heard.text == "ik wil graag mijn contract opzeggen"
    assert line.words[-1] == "ik wil graag mijn contract opzeggen"


def test_what_the_caller_wants_is_told_before_the_sentence_ends_and_taken_back_when_it_turns() -> None:
    told: list[tuple[str, str | None]] = []
    clear, turn, rest = "goedemorgen ik wil mijn contract opzeggen", "o nee wacht", "ik heb een storing in huis"
    line = Line({})
    line.stream = MediaStream(
        TypedModel().recognizer(),
        {},
        understanding=learn(load(PLAN)),
        on_decision=lambda words, match: told.append((words, match.intent if match else None)),
    )
    line.send(speak(f"{clear} per mei"))
    assert told and told[-1][1] == "cancel" and line.heard is None
    line.send(speak(turn))
    assert told[-1][1] is None
    line.send(speak(rest) + PAUSE)
    assert told[-1][1] == "outage"
    assert line.heard is not None and line.heard.text == f"{clear} per mei {turn} {rest}"


class Undecided:
    """An understanding that fails."""

    plan = load(PLAN)

    def match(self, text: str) -> Match:
        raise ValueError(text)


def test_an_understanding_that_fails_costs_the_early_decision_and_not_a_word() -> None:
    line = Line({})
    line.stream = MediaStream(TypedModel().recognizer(), {}, understanding=Undecided())  # type: ignore[arg-type]
    line.send(speak("ik wil opzeggen") + PAUSE)
    assert line.heard is not None and line.heard.text == "ik wil opzeggen"
