"""A sentence spoken into the page is heard as a caller would be."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.desk.conftest import Browser, log_in
from tests.desk.operations.conftest import HOME, LINE, OpenTuning, Tuning, hidden
from voicebot.hearing import audio
from voicebot.hearing.typed import TypedModel, speak


def hear(olga: Browser, sound: bytes, rate: int = 8000, line: str = LINE) -> Any:
    headers = {"X-CSRFToken": hidden(olga.page(HOME), "csrf_token")}
    address = {"line": line, "rate": rate}
    return olga.client.post(f"{HOME}/hear", query_string=address, data=sound, headers=headers)


def recorded(text: str) -> bytes:
    return bytes(audio.pcm(speak(text)).astype("<i2").tobytes())


def test_what_is_spoken_is_heard_and_explained(open_tuning: OpenTuning) -> None:
    tuning = open_tuning(lambda _: (TypedModel(), []))
    answer = hear(log_in(tuning.centre, "olga"), recorded("ik wil verhuizen"))
    assert answer.status_code == 200
    assert 'data-heard="ik wil verhuizen"' in answer.text and "Verhuizing" in answer.text


def test_silence_is_told(open_tuning: OpenTuning) -> None:
    tuning = open_tuning(lambda _: (TypedModel(), []))
    assert "Er zijn geen woorden gehoord" in hear(log_in(tuning.centre, "olga"), b"\0" * 48000, 48000).text


def test_without_a_speech_model_the_page_says_so(tuning: Tuning, olga: Browser) -> None:
    answer = hear(olga, recorded("ik wil verhuizen"))
    assert answer.status_code == 503 and "geen spraakmodel" in answer.text


@pytest.mark.parametrize(
    ("sound", "rate"), [(b"\0", 8000), (b"\0" * (2 * 8000 * 17), 8000), (b"", 0), (b"\0\0", 7), (b"\0\0", 10**9)]
)
def test_what_is_no_recording_is_told(open_tuning: OpenTuning, sound: bytes, rate: int) -> None:
    tuning = open_tuning(lambda _: (TypedModel(), []))
    answer = hear(log_in(tuning.centre, "olga"), sound, rate)
    assert answer.status_code == 422 and "niet te gebruiken" in answer.text


def test_a_recording_without_end_is_not_read(tuning: Tuning, olga: Browser) -> None:
    assert hear(olga, b"\0" * 7_000_000, 192_000).status_code in (413, 422, 503)


class Busy(TypedModel):
    """A model that is asked while it is busy."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def recognizer(self) -> Any:
        self.asked.set()
        assert self.go_on.wait(20)
        return super().recognizer()


def test_one_recording_is_heard_at_a_time_so_that_callers_come_first(open_tuning: OpenTuning) -> None:
    model = Busy()
    tuning = open_tuning(lambda _: (model, []))
    one, other = log_in(tuning.centre, "olga"), log_in(tuning.centre, "sofie")
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(hear(one, recorded("ik wil verhuizen"))))
    thread.start()
    assert model.asked.wait(20)
    refused = hear(other, recorded("ik wil verhuizen"))
    model.go_on.set()
    thread.join(20)
    assert refused.status_code == 503 and "al naar een opname geluisterd" in refused.text
    assert answers[0].status_code == 200


class Broken(TypedModel):
    """A model that fails."""

    def recognizer(self) -> Any:
        raise RuntimeError("no memory")


def test_a_speech_model_that_fails_is_told_and_the_next_recording_is_heard(open_tuning: OpenTuning) -> None:
    tuning = open_tuning(lambda _: (Broken(), []))
    olga = log_in(tuning.centre, "olga")
    for _ in range(2):
        answer = hear(olga, recorded("ik wil verhuizen"))
        assert answer.status_code == 503 and "kon de opname niet horen" in answer.text
