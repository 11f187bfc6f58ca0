"""When listening ends: verdicts on frames and words, on the audio's own clock."""

from __future__ import annotations

from voicebot.hearing.listener import USUAL, Done, Floor, Listener, Verdict

SHORT, LONG = "ik ga verhuizen", "goedemorgen met jansen ik wil graag mijn contract opzeggen per mei"


class Talk:
    """A caller without a prompt: loud and quiet stretches, and words that are heard."""

    def __init__(self) -> None:
        self.listener = Listener(asked=2)
        self.at = 0
        self.verdict: Verdict | None = None

    def loud(self, milliseconds: int) -> Talk:
        return self._frames(milliseconds, True)

    def quiet(self, milliseconds: int) -> Talk:
        return self._frames(milliseconds, False)

    def _frames(self, milliseconds: int, loud: bool) -> Talk:
        for _ in range(milliseconds // 20):
            if self.verdict:
                break
            self.at += 20
            self.verdict = self.listener.frame(self.at, 20, loud)
        return self

    def words(self, text: str, *, clear: bool = False, unfinished: bool = False) -> Talk:
        self.listener.words(self.at, text)
        self.listener.understood(clear=clear, unfinished=unfinished)
        return self

    def waits(self) -> int:
        """How long a silence it takes."""
        began = self.at
        self.quiet(10_000)
        assert self.verdict == Done("speech")
        return self.at - began


def test_a_clear_and_finished_sentence_ends_sooner_than_an_unclear_one() -> None:
    clear = Talk().loud(1500).words(LONG, clear=True).waits()
    unclear = Talk().loud(1500).words(LONG).waits()
    assert clear < unclear


def test_a_sentence_that_does_not_sound_finished_is_waited_for() -> None:
    finished = Talk().loud(1500).words(LONG, clear=True).waits()
    unfinished = Talk().loud(1500).words(f"{LONG} en", clear=True, unfinished=True).waits()
    assert finished < unfinished


def test_who_has_said_little_is_given_time() -> None:
    assert Talk().loud(800).words("ik wil").waits() > Talk().loud(1500).words(LONG).waits()


def test_who_pauses_for_long_is_waited_for_as_long_again() -> None:
    quick = Talk().loud(1500).words(LONG, clear=True).waits()
    slow = Talk().loud(500).words("goedemorgen").quiet(1_300).loud(1500).words(LONG, clear=True).waits()
    assert slow > quick and slow > 1_300


def test_nobody_is_waited_for_longer_than_the_rules_say() -> None:
    talk = Talk().loud(500).words("ik wil", unfinished=True).quiet(1_700).loud(500).words("ik wil een", unfinished=True)
    assert USUAL.longest <= talk.waits() < USUAL.longest + 20


def test_a_pause_within_a_sentence_does_not_end_it() -> None:
    talk = Talk().loud(600).words("ik wil mijn", unfinished=True).quiet(1_400).loud(600)
    assert talk.verdict is None


def test_the_end_that_the_recogniser_hears_ends_nothing_while_the_caller_goes_on() -> None:
    talk = Talk().loud(600).words(SHORT)
    talk.listener.utterance_ended(talk.at)
    assert talk.loud(1_000).verdict is None
    assert talk.words(f"{SHORT} naar utrecht").loud(1_000).verdict is None


def test_on_a_line_that_never_falls_silent_the_recognisers_end_ends_it() -> None:
    talk = Talk().loud(600).words(SHORT)
    talk.listener.utterance_ended(talk.at)
    assert talk.loud(USUAL.unheard).verdict == Done("speech")


def test_words_that_come_late_do_not_make_the_silence_shorter() -> None:
    prompt = Talk().loud(1500).words(LONG, clear=True).waits()
    late = Talk().loud(1500).words("goedemorgen met").quiet(300).words(LONG, clear=True)
    assert 300 + late.waits() == prompt


def test_somebody_who_does_not_stop_is_connected() -> None:
    talk = Talk().loud(200).words("en toen zei hij")
    assert talk.loud(USUAL.too_long + 100).verdict == Done("too_long")


def test_silence_asks_again_once_and_then_connects() -> None:
    listener = Listener()
    assert listener.frame(USUAL.no_input, 20, False) is Floor.ASK_AGAIN
    assert Talk().quiet(USUAL.no_input).verdict == Done("no_input")
