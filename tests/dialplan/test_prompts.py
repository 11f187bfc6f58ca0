"""What callers may hear: the usual words, what is filled in, recordings, music, and no menus."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.dialplan.loader import load
from voicebot.dialplan.prompts import PLACEHOLDERS, Prompts, usual_words
from voicebot.dialplan.words import placeholders

from .conftest import Write
from .test_check import GREETING, told


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_prompt_has_usual_words_that_hold_what_can_be_filled_in_and_nothing_else(language: str) -> None:
    said = usual_words(language, "Bol")
    assert set(said) == set(Prompts.model_fields)
    for name, text in said.items():
        assert tuple(placeholders(text)) == PLACEHOLDERS.get(name, ()), name
    assert "Bol" in said["greeting"]


def test_nobody_who_waits_is_told_to_be_next(write: Write) -> None:
    assert "u bent zo aan de beurt" not in load(write()).prompts.waiting.text
    assert "you are next" not in load(write(("language: nl", "language: en"))).prompts.waiting.text


def test_a_prompt_that_is_filled_in_has_no_recording(write: Write, tmp_path: Path) -> None:
    (tmp_path / "plaats.wav").write_text("2.0")
    path = write((GREETING, f'{GREETING}\n  place: {{text: "U bent de {{position}}.", audio: plaats.wav}}'))
    assert load(path).prompts.place.audio is None
    assert told(path) == [
        "6:49: warning: this recording is not used, since it cannot say {position}: "
        "remove `audio`, or {position} from the text"
    ]


def test_a_prompt_that_could_be_filled_in_and_is_not_may_have_a_recording(write: Write, tmp_path: Path) -> None:
    (tmp_path / "terug.wav").write_text("2.0")
    path = write((GREETING, f"{GREETING}\n  callback: {{text: We bellen u terug., audio: terug.wav}}"))
    assert load(path).prompts.callback.audio == (tmp_path / "terug.wav").resolve()
    assert told(path) == []


@pytest.mark.parametrize(
    "offer",
    [
        "Zeg het maar, of druk op een toets.",
        "Druk op één toets.",
        "Druk op een willekeurige toets, of op welke toets dan ook.",
        "Druk een toets in.",
        "Say so, or press any key.",
        "Press a key.",
    ],
)
def test_an_offer_may_ask_for_any_key(write: Write, offer: str) -> None:
    assert told(write((GREETING, f"{GREETING}\n  offer: {offer}"))) == []


@pytest.mark.parametrize(
    ("offer", "menu"),
    [
        ("Druk op 1.", "Druk op 1"),
        ("Druk op een toets, of druk op 1.", "druk op 1"),
        ("Druk op toets twee.", "toets"),
        ("Kies een toets van uw keuze, een 1 of een 2: toets 1.", "toets"),
        ("Press any key, or press 1.", "press 1"),
    ],
)
def test_an_offer_may_not_be_a_menu(write: Write, offer: str, menu: str) -> None:
    (fault,) = told(write((GREETING, f'{GREETING}\n  offer: "{offer}"')))
    assert fault == f"6:10: warning: this names a menu ('{menu}'), and there is none: ask one open question"


def test_other_prompts_may_not_ask_for_any_key(write: Write) -> None:
    (fault,) = told(write((GREETING, f"{GREETING}\n  waiting: Druk op een toets.")))
    assert "this names a menu ('toets')" in fault


MUSIC = {
    "56.0": None,
    "600.0": None,
    "660.0": "this music lasts 11 minutes: keep it under 10, it begins again by itself",
    "0.0": "this recording is empty: record it again, or remove `music`",
    "broken": "wacht.wav is no usable recording: save it as a WAV file; callers wait in silence",
}


@pytest.mark.parametrize("content", MUSIC)
def test_music_is_measured(write: Write, tmp_path: Path, content: str) -> None:
    (tmp_path / "wacht.wav").write_text(content)
    faults = told(write(("tests:", "waiting: {music: wacht.wav}\ntests:")))
    message = MUSIC[content]
    assert len(faults) == (message is not None)
    assert all(fault.startswith("21:18: warning: ") and str(message) in fault for fault in faults)


def test_missing_music_is_a_warning(write: Write, tmp_path: Path) -> None:
    (fault,) = told(write(("tests:", "waiting: {music: wacht.wav}\ntests:")))
    assert fault == (
        f"21:18: warning: there is no {tmp_path.resolve()}/wacht.wav: callers wait in silence; "
        "put the recording there or remove `music`"
    )
