"""One thing is broken, and the caller still reaches a person or a promise."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
import requests

from voicebot.calls import Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.recognizer import Recognizer
from voicebot.hearing.typed import TypedModel, speak
from voicebot.routing.presence import Presence
from voicebot.routing.private_redis import private_redis
from voicebot.simulator.callers import ScriptedCaller, Speaks, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.phones import Answers
from voicebot.simulator.standin import SimulatedCall

ROOT = Path(__file__).parents[2]
LINE, FALLBACK = "+31201234567", "+31207654321"
Open = Callable[..., Centre]


def typed(_: Dialplan) -> tuple[TypedModel, list[str]]:
    return TypedModel(), []


@pytest.fixture
def open_centre(tmp_path: Path) -> Iterator[Open]:
    """A centre with Anna ready and a fallback number that is answered."""
    with ExitStack() as stack:

        def make(environ: Mapping[str, str] = os.environ, **known: object) -> Centre:
            centre = stack.enter_context(Centre(data=tmp_path / "data", environ=environ, **known))  # type: ignore[arg-type]
            centre.add_agent("anna", "Anna", ("generalists",), Answers(talks_for=1))
            centre.choose("anna", Presence.READY)
            centre.standin.add_phone(FALLBACK, Answers(talks_for=1))
            return centre

        yield make


def ring(centre: Centre, line: str = LINE) -> SimulatedCall:
    text = "ik snap mijn factuur niet"
    call = centre.call("+31612345678", line, ScriptedCaller([Waits(quiet_ms=2000), Speaks(speak(text), text)]))
    call.wait()
    return call


def health(centre: Centre) -> tuple[int, str, str]:
    answer = requests.get(centre.url + "/readyz", timeout=30)
    return answer.status_code, answer.json()["status"], " ".join(answer.json()["problems"])


def reached_anna(centre: Centre, call: SimulatedCall) -> bool:
    known = centre.live.call(call.sid)
    return known is not None and known.agent == "anna" and known.connected is not None


def rang(call: SimulatedCall, number: str) -> bool:
    return any(event.kind == "answered" and number in event.detail for event in call.timeline)


def test_without_redis_the_fallback_number_rings(open_centre: Open, tmp_path: Path) -> None:
    centre = open_centre(speech=typed)
    with redis.Redis.from_url(private_redis(tmp_path / "data")) as client:
        client.shutdown(nosave=True)
    call = ring(centre)
    assert rang(call, FALLBACK), call.story()
    status, state, problems = health(centre)
    assert (status, state) == (200, "degraded") and "Redis does not answer" in problems


def test_without_redis_and_without_a_fallback_number_the_bot_says_that_it_is_down(
    open_centre: Open, tmp_path: Path
) -> None:
    plan = (ROOT / "dialplans" / "noorderlicht.yaml").read_text()
    centre = open_centre(here(tmp_path, plan.replace(f'fallback: ["{FALLBACK}"]', "")), speech=typed)
    with redis.Redis.from_url(private_redis(tmp_path / "data")) as client:
        client.shutdown(nosave=True)
    assert health(centre)[:2] == (503, "down")
    assert any(event.kind == "say" for event in ring(centre).timeline)


def test_with_a_broken_database_the_caller_is_connected_without_a_file(open_centre: Open, tmp_path: Path) -> None:
    centre = open_centre(speech=typed)
    for file in (tmp_path / "data").glob("voicebot.db*"):
        file.write_bytes(b"no database " * 1000)
    centre.engine.dispose()
    assert reached_anna(centre, ring(centre))
    status, state, problems = health(centre)
    assert (status, state) == (200, "degraded") and "database" in problems


def here(folder: Path, *plans: str, models: Path = ROOT / "models") -> dict[str, str]:
    dialplans = folder / "dialplans"
    dialplans.mkdir()
    for number, text in enumerate(plans):
        (dialplans / f"plan{number}.yaml").write_text(text)
    return {**os.environ, "VOICEBOT_DIALPLANS": str(dialplans), "VOICEBOT_MODELS": str(models)}


@pytest.mark.parametrize("damage", ["\nintentz: {}\n", "\n  : [\n", '\nname: "again"\n'])
def test_a_broken_dialplan_connects_everybody_to_a_person(open_centre: Open, tmp_path: Path, damage: str) -> None:
    plan = (ROOT / "dialplans" / "noorderlicht.yaml").read_text()
    centre = open_centre(here(tmp_path, plan + damage), speech=typed)
    centre.add_line(LINE)
    assert reached_anna(centre, ring(centre))
    status, state, problems = health(centre)
    assert (status, state) == (200, "degraded") and "plan0.yaml:" in problems


def test_a_line_that_nobody_described_is_answered_by_a_person(open_centre: Open) -> None:
    centre = open_centre(speech=typed)
    centre.add_line("+31209999999")
    assert reached_anna(centre, ring(centre, "+31209999999"))


def test_with_a_damaged_speech_model_everybody_is_connected_to_a_person(open_centre: Open, tmp_path: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(ROOT / "models" / "demo-nl", models / "demo-nl")
    (models / "demo-nl" / "conf" / "model.conf").write_text("")  # loads, and aborts the process at the first frame
    plan = (ROOT / "dialplans" / "noorderlicht.yaml").read_text()
    centre = open_centre(here(tmp_path, plan, models=models))
    assert reached_anna(centre, ring(centre))
    status, state, problems = health(centre)
    assert (status, state) == (200, "degraded") and "demo-nl" in problems


class Dying:
    """A speech model whose recognisers fail at the first sound."""

    name = "dying"

    def recognizer(self) -> Recognizer:
        raise RuntimeError("out of memory")


def test_a_model_that_gives_no_recogniser_costs_no_caller(open_centre: Open) -> None:
    centre = open_centre(speech=lambda _: (Dying(), []))
    call = ring(centre)
    assert reached_anna(centre, call)
    known = centre.live.call(call.sid)
    assert known and known.heard_by == "failure" and known.stage is Stage.ENDED
