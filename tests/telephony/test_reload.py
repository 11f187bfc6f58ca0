"""Dialplans that are saved while the bot runs. Looks are made by hand, by a clock of our own; nothing is waited for."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.audio import silence, write_wav
from voicebot.hearing.models import open_model
from voicebot.hearing.recognizer import SpeechModel
from voicebot.hearing.typed import TypedModel
from voicebot.telephony.lines import KEPT, KEPT_VERSIONS, Lines, LineStatus
from voicebot.telephony.reload import DialplanWatch
from voicebot.telephony.versions import settled

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ONE, TWO = "+31201110001", "+31201110002"


def plan(number: str = ONE, greeting: str = "Dag, waarover belt u?", more: str = "") -> str:
    return f"""
line: "{number}"
name: Proef
language: nl
prompts:
  greeting: {greeting}
teams: {{generalists: {{}}}}
intents:
  invoice: {{examples: [ik snap mijn factuur niet, mijn rekening klopt niet]}}
  moving: {{examples: [ik ga verhuizen, wij krijgen een nieuw adres]}}
hours: {{timezone: Europe/Amsterdam, open: {{mon-sun: 00:00-24:00}}}}
fallback: ["+31207654321"]
{more}"""


class Bot:
    """A folder of dialplans that is watched, without the thread that looks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "dialplans"
        self.folder.mkdir(parents=True)
        self.models = folder / "models"
        self.lines = Lines()
        self.now = NOON
        self.asked = 0
        self.model: SpeechModel | None = TypedModel()
        self.watch = DialplanWatch(self.folder, self.models, self.speech, self.lines)

    def speech(self, _: Dialplan) -> tuple[SpeechModel | None, list[str]]:
        self.asked += 1
        return self.model, [] if self.model else ["There is no speech model."]

    def save(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def look(self, times: int = 1) -> bool:
        taken = False
        for _ in range(times):
            self.now += timedelta(seconds=1)
            taken = self.watch.look(self.now) or taken
        return taken

    def greeting(self, number: str = ONE, digest: str = "") -> str:
        return self.lines.plan(number, digest).prompts.greeting.text

    def told(self) -> str:
        return "\n".join(self.lines.problems())

    def status(self, number: str = ONE) -> LineStatus:
        (status,) = (status for status in self.lines.statuses() if status.number == number)
        return status


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    bot = Bot(tmp_path)
    bot.save("a.yaml", plan())
    bot.look()
    return bot


def test_a_saved_dialplan_answers_the_next_call_once_it_was_the_same_in_two_looks(bot: Bot) -> None:
    bot.save("a.yaml", plan(greeting="Hallo!"))
    assert not bot.look() and bot.greeting() == "Dag, waarover belt u?"
    assert bot.look() and bot.greeting() == "Hallo!"
    assert bot.status().since == bot.now and bot.status().latest
    assert not bot.look(20) and bot.lines.problems() == ()


def test_a_call_under_way_keeps_the_version_that_it_began_with(bot: Bot) -> None:
    began_with = bot.lines.plan(ONE).digest
    bot.save("a.yaml", plan(greeting="Hallo!"))
    bot.look(2)
    assert bot.greeting(ONE, began_with) == "Dag, waarover belt u?"
    assert bot.greeting(ONE, bot.lines.plan(ONE).digest) == "Hallo!"


def test_a_version_that_this_process_never_had_is_the_newest(bot: Bot) -> None:
    assert bot.greeting(ONE, "0123456789ab") == "Dag, waarover belt u?"


def test_versions_are_forgotten_once_no_call_can_need_them(bot: Bot) -> None:
    began_with = bot.lines.plan(ONE).digest
    bot.save("a.yaml", plan(greeting="Hallo!"))
    bot.look(2)
    bot.now += KEPT - timedelta(seconds=2)
    bot.look()
    assert bot.greeting(ONE, began_with) != "Hallo!"
    bot.look()
    assert bot.greeting(ONE, began_with) == "Hallo!" and not bot.lines.serving.older


def test_an_afternoon_of_editing_keeps_the_last_versions_only(bot: Bot) -> None:
    digests = []
    for number in range(KEPT_VERSIONS + 3):
        bot.save("a.yaml", plan(greeting=f"Hallo {number}"))
        bot.look(2)
        digests.append(bot.lines.plan(ONE).digest)
    assert len(bot.lines.serving.older) == KEPT_VERSIONS
    assert bot.greeting(ONE, digests[1]) == f"Hallo {KEPT_VERSIONS + 2}" and bot.greeting(ONE, digests[2]) == "Hallo 2"


def test_a_version_that_comes_back_is_the_one_in_use_again(bot: Bot) -> None:
    first = bot.lines.plan(ONE).digest
    for text in (plan(greeting="Hallo!"), plan()):
        bot.save("a.yaml", text)
        bot.look(2)
    assert bot.lines.plan(ONE).digest == first and (ONE, first) not in bot.lines.serving.older


def test_a_new_file_is_a_new_line(bot: Bot) -> None:
    bot.save("b.yml", plan(TWO, "Nieuw"))
    bot.look(2)
    assert {line.plan.line for line in bot.lines} == {ONE, TWO} and bot.greeting(TWO) == "Nieuw"


def test_a_renamed_file_stays_the_same_version(bot: Bot) -> None:
    before = bot.status()
    (bot.folder / "a.yaml").rename(bot.folder / "z.yaml")
    bot.look(2)
    assert bot.status().path == bot.folder / "z.yaml"
    assert (bot.status().digest, bot.status().since, bot.status().problems) == (before.digest, before.since, ())


def test_the_line_of_a_removed_file_keeps_its_last_version_and_says_so(bot: Bot) -> None:
    (bot.folder / "a.yaml").unlink()
    bot.look(2)
    assert bot.greeting() == "Dag, waarover belt u?" and not bot.status().latest
    assert "a.yaml is gone" in bot.told() and "the version of 2026-05-04 14:00 keeps answering" in bot.told()
    bot.save("a.yaml", plan(greeting="Terug"))
    bot.look(2)
    assert bot.greeting() == "Terug" and not bot.told()


def test_a_folder_that_is_away_silences_no_line(bot: Bot) -> None:
    away = bot.folder.rename(bot.folder.with_name("away"))
    bot.look(2)
    assert bot.greeting() == "Dag, waarover belt u?" and "is gone" in bot.told() and "holds no dialplan" in bot.told()
    away.rename(bot.folder)
    bot.look(2)
    assert not bot.told()


def test_a_folder_that_cannot_be_read_is_told_and_silences_no_line(bot: Bot) -> None:
    away = bot.folder.rename(bot.folder.with_name("away"))
    bot.folder.symlink_to("x" * 300)  # no name is as long as that
    bot.look(2)
    assert "dialplans cannot be read" in bot.told() and "is gone" not in bot.told() and bot.status().latest
    bot.folder.unlink()
    away.rename(bot.folder)
    bot.look(2)
    assert not bot.told()


@pytest.mark.parametrize("damage", ["intentz: {}", "  : [", 'name: "again"', "intents:"])
def test_a_broken_file_leaves_the_last_good_version_running(bot: Bot, damage: str) -> None:
    good = bot.lines.plan(ONE).digest
    bot.save("a.yaml", plan(greeting="Nieuw", more=damage))
    bot.look(2)
    assert bot.lines.plan(ONE).digest == good and bot.greeting() == "Dag, waarover belt u?"
    assert "a.yaml:1" in bot.told() and "the version of 2026-05-04 14:00 keeps answering" in bot.told()
    assert not bot.status().latest and bot.status().problems == bot.lines.problems()
    bot.save("a.yaml", plan(greeting="Nieuw"))
    bot.look(2)
    assert bot.greeting() == "Nieuw" and not bot.told() and bot.status().latest


def test_an_intent_with_a_fault_costs_nothing_while_a_good_version_runs(bot: Bot) -> None:
    bot.save("a.yaml", plan().replace("[ik ga verhuizen", "{ik ga verhuizen"))
    bot.look(2)
    assert bot.lines.get(ONE).understanding.match("ik ga verhuizen").intent == "moving" and bot.told()


def test_an_intent_with_a_fault_at_the_start_is_left_out_and_the_rest_works(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.save("a.yaml", plan().replace("moving: {examples", "moving: {exampels"))
    bot.look()
    assert bot.lines.get(ONE).understanding.match("ik snap mijn factuur niet").intent == "invoice"
    assert "moving" not in bot.lines.plan(ONE).intents and "did you mean `examples`" in bot.told()
    bot.save("a.yaml", plan(greeting="Nieuw").replace("invoice: {examples", "invoice: {exampels"))
    bot.look(2)
    assert bot.greeting() == "Nieuw" and set(bot.lines.plan(ONE).intents) == {"moving"}  # nothing better is there


def test_a_slip_that_would_send_callers_elsewhere_leaves_the_last_good_version_running(bot: Bot) -> None:
    bot.save("a.yaml", plan().replace("invoice: {", "invoice: {connect: generalisten, "))
    bot.look(2)
    assert "no team `generalisten`: did you mean `generalists`?" in bot.told() and "keeps answering" in bot.told()
    assert not bot.status().latest


def test_a_slip_at_the_start_is_told_and_gives_way_to_a_version_with_another(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.save("a.yaml", plan().replace("invoice: {", "invoice: {connect: generalisten, "))
    bot.look()
    assert bot.lines.plan(ONE).intents and "did you mean `generalists`" in bot.told() and bot.status().latest
    bot.save("a.yaml", plan(greeting="Nieuw").replace("moving: {", "moving: {connect: generalisten, "))
    bot.look(2)
    assert bot.greeting() == "Nieuw" and bot.status().latest


def test_a_file_that_is_broken_at_the_start_sends_its_callers_to_a_person(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.save("a.yaml", plan(more="  : ["))
    bot.look()
    line = bot.lines.get(ONE)
    assert not line.plan.intents and line.model is None and line.plan.fallback == ("+31207654321",)
    assert f"whoever calls {ONE} goes to the generalists" in bot.told()
    bot.save("a.yaml", plan())
    bot.look(2)
    assert bot.lines.plan(ONE).intents and not bot.told()


def test_a_half_written_file_is_waited_for(bot: Bot) -> None:
    text = plan(greeting="Hallo!")
    for end in range(0, len(text), 40):
        bot.save("a.yaml", text[:end])
        assert not bot.look() and bot.greeting() == "Dag, waarover belt u?" and not bot.told()
    bot.save("a.yaml", text)
    bot.look(2)
    assert bot.greeting() == "Hallo!"


def test_an_editor_that_replaces_the_file_never_makes_it_gone(bot: Bot) -> None:
    (bot.folder / "a.yaml").unlink()
    bot.look()
    assert not bot.told()
    (bot.folder / ".a.yaml.swp").write_text("half")
    bot.look()
    bot.save("a.yaml.new", plan(greeting="Hallo!"))
    (bot.folder / "a.yaml.new").rename(bot.folder / "a.yaml")
    bot.look(2)
    assert bot.greeting() == "Hallo!" and not bot.told()


def test_a_file_whose_times_do_not_tell_that_it_changed_is_read_again_for_a_while(bot: Bot) -> None:
    path = bot.folder / "a.yaml"
    bot.save("a.yaml", plan(greeting="Dag, hoe gaat het u?!"))
    os.utime(path, (1, 1))
    bot.look(2)
    assert bot.greeting() == "Dag, hoe gaat het u?!"


def test_two_lines_that_swap_numbers_are_swapped_whatever_is_saved_first(tmp_path: Path) -> None:
    for first, second in (("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")):
        bot = Bot(tmp_path / first)
        texts = {"a.yaml": (ONE, "Alfa"), "b.yaml": (TWO, "Beta")}
        for name, (number, greeting) in texts.items():
            bot.save(name, plan(number, greeting))
        bot.look()
        other = {ONE: TWO, TWO: ONE}
        bot.save(first, plan(other[texts[first][0]], texts[first][1]))
        bot.look(2)  # both claim one number now: whoever had it keeps it, and the other keeps its own
        assert (bot.greeting(ONE), bot.greeting(TWO)) == ("Alfa", "Beta") and "too: give each file" in bot.told()
        bot.save(second, plan(other[texts[second][0]], texts[second][1]))
        bot.look(2)
        assert (bot.greeting(ONE), bot.greeting(TWO)) == ("Beta", "Alfa") and not bot.told()


def test_a_number_that_no_file_has_any_more_keeps_its_last_version(bot: Bot) -> None:
    bot.save("a.yaml", plan(TWO, "Nieuw nummer"))
    bot.look(2)
    assert bot.greeting(TWO) == "Nieuw nummer" and bot.greeting(ONE) == "Dag, waarover belt u?"
    assert f"no file has line {ONE}" in bot.told()


def test_what_did_not_change_is_not_learned_again(bot: Bot) -> None:
    before = bot.lines.get(ONE)
    bot.save("b.yaml", plan(TWO))
    bot.look(2)
    assert bot.lines.get(ONE) is before and bot.asked == 2


def test_a_recording_that_is_mended_is_played_and_no_longer_told(bot: Bot) -> None:
    bot.save("a.yaml", plan(greeting="{text: Dag, audio: dag.wav}"))
    bot.look(2)
    assert "dag.wav cannot be read" in bot.told() and not bot.lines.get(ONE).recordings
    learned = bot.lines.get(ONE).understanding
    write_wav(bot.folder / "dag.wav", silence(100))
    bot.look(2)
    assert not bot.told() and bot.lines.get(ONE).recordings["greeting"] == silence(100)
    assert bot.lines.get(ONE).understanding is learned
    address = bot.lines.get(ONE).spoken("greeting", "").recording
    write_wav(bot.folder / "dag.wav", silence(200))
    bot.look(2)
    assert bot.lines.get(ONE).spoken("greeting", "").recording != address  # Twilio keeps what it fetched


def test_a_speech_model_that_is_installed_hears_and_is_no_longer_told(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.model = None
    bot.save("a.yaml", plan())
    bot.look()
    assert "There is no speech model." in bot.told() and bot.lines.get(ONE).model is None
    bot.model = TypedModel()
    (bot.models / "new").mkdir(parents=True)
    bot.look(2)
    assert bot.lines.get(ONE).model is bot.model and not bot.told()


def test_a_speech_model_that_leaves_the_disk_hears_on_from_memory(bot: Bot) -> None:
    hears = bot.model
    (bot.models / "oud").mkdir(parents=True)
    bot.look(2)
    bot.model = None
    (bot.models / "oud").rmdir()
    bot.look(2)
    assert bot.lines.get(ONE).model is hears and "typed in memory goes on hearing" in bot.told()


def test_a_model_that_is_damaged_on_disk_is_told_in_words_and_costs_nothing_else(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    (bot.models / "vosk-model-small-nl-0.22" / "am").mkdir(parents=True)
    watch = DialplanWatch(bot.folder, bot.models, lambda plan: open_model(bot.models, plan.language), bot.lines)
    bot.save("a.yaml", plan())
    watch.look(NOON)
    assert "vosk-model-small-nl-0.22 is damaged" in bot.told() and bot.lines.plan(ONE).intents


def test_a_fault_is_logged_once_and_so_is_its_end(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "voicebot.telephony.reload")
    bot.save("a.yaml", plan(more="intentz: {}"))
    bot.look(30)
    assert len([one for one in caplog.records if "intentz" in one.getMessage()]) == 1
    caplog.clear()
    bot.save("a.yaml", plan())
    bot.look(30)
    assert [one.getMessage().partition(":")[0] for one in caplog.records] == ["no longer so"] * 2


def test_a_plan_that_cannot_be_learned_leaves_the_version_that_runs(bot: Bot) -> None:
    def fails(_: Dialplan) -> tuple[SpeechModel | None, list[str]]:
        raise MemoryError

    watch = DialplanWatch(bot.folder, bot.models, fails, lines := Lines())
    watch.look(NOON)
    assert (
        lines.get(ONE).plan.fallback == ("+31207654321",) and "cannot be made ready (MemoryError" in lines.problems()[0]
    )


def test_a_file_is_taken_when_it_was_the_same_in_two_looks() -> None:
    a, b = Path("a"), Path("b")
    assert settled({a: "1"}, {a: "2"}, {a: "1"}) == {a: "1"}
    assert settled({a: "2"}, {a: "2"}, {a: "1"}) == {a: "2"}
    assert settled({a: "1"}, {}, {a: "1"}) == {a: "1"}
    assert settled({}, {}, {a: "1"}) == {}
    assert settled({}, {b: "1"}, {}) == {}
    assert settled({a: "1", b: "1"}, {a: "2", b: "1"}, {}) == {b: "1"}
