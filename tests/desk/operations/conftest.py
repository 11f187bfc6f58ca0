"""A contact centre whose operations people have a page: real files, real lines that take in what is saved."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask
from sqlalchemy import Engine

from tests.desk.conftest import NOON, PASSWORD, PLAN, URL, Browser, Centre, log_in
from voicebot.calls import Call, Match, Stage
from voicebot.desk import create_desk
from voicebot.desk.feed import Feed
from voicebot.desk.operations_parts import Operations
from voicebot.dialplan.saving import Versions
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import SqlDirectory
from voicebot.hearing.recognizer import SpeechModel
from voicebot.records.agents import add_agent, set_password
from voicebot.records.contacts import save_contact, set_disposition
from voicebot.records.database import open_database
from voicebot.routing.live import Live
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.simulator.paper import PaperCarrier
from voicebot.telephony.lines import Lines
from voicebot.telephony.reload import DialplanWatch

ROOT = Path(__file__).parents[3]
LINE = PLAN.line
HOME = "/desk/operations"
STRANGE = "ik wil weten hoe het zit met dat nieuwe warmtepompgedoe"


@dataclass
class Tuning:
    """The centre, the dialplan's file, and what goes wrong in calls."""

    centre: Centre
    file: Path
    lines: Lines
    watch: DialplanWatch
    calls: int = 0

    def said(
        self,
        text: str,
        intent: str | None = None,
        disposition: str | None = None,
        *,
        customer: int | None = None,
        ago: timedelta = timedelta(),
    ) -> None:
        """Somebody said this; the bot made `intent` of it and the agent `disposition`."""
        self.calls += 1
        call = Call(
            sid=f"CA{self.calls}",
            line=LINE,
            dialplan="",
            caller="+31612345678",
            started=self.centre.now - ago,
            utterance=text,
            match=Match(intent=intent),
            customers=(customer,) if customer else (),
            stage=Stage.ENDED,
        )
        save_contact(self.centre.engine, call)
        if disposition:
            set_disposition(self.centre.engine, call.sid, disposition, "")

    def look(self) -> None:
        """The lines take in what is in the files."""
        for _ in range(2):
            self.watch.look(self.centre.now)

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()

    def intent(self, sentence: str) -> str | None:
        return self.lines.get(LINE).understanding.match(sentence).intent


Model = Callable[[Dialplan], tuple[SpeechModel | None, list[str]]]
OpenTuning = Callable[..., Tuning]


@pytest.fixture(scope="session")
def people_records(tmp_path_factory: pytest.TempPathFactory, desk_records: Path) -> Path:
    """The desk's records with somebody from operations, and a supervisor."""
    folder = tmp_path_factory.mktemp("people")
    shutil.copy(desk_records, folder)
    engine = open_database("", folder)
    add_agent(engine, "olga", "Olga de Groot", [], "browser", [], "operations")
    add_agent(engine, "sofie", "Sofie Vos", ["generalists"], "browser", [], "supervisor")
    for agent in ("olga", "sofie"):
        set_password(engine, agent, PASSWORD)
    engine.dispose()
    return folder / "voicebot.db"


@pytest.fixture
def people(tmp_path: Path, people_records: Path) -> Iterator[Engine]:
    shutil.copy(people_records, tmp_path)
    engine = open_database("", tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def open_tuning(desk_redis: str, people: Engine, tmp_path: Path) -> OpenTuning:
    def open_one(speech: Model = lambda _: (None, [])) -> Tuning:
        with redis.Redis.from_url(desk_redis) as client:
            client.flushall()
        folder = tmp_path / "dialplans"
        folder.mkdir()
        file = Path(shutil.copy(ROOT / "dialplans" / "noorderlicht.yaml", folder))
        lines = Lines()
        watch = DialplanWatch(folder, ROOT / "models", speech, lines)
        watch.look(NOON)
        app = Flask("desk")
        app.config.update(SECRET_KEY="only for this test", SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=256 * 1024)
        live, carrier = Live(desk_redis), PaperCarrier()
        ringing = Ringing(live, carrier, lines.plan, URL, lambda: NOON)
        rooms = Rooms(live, people, carrier, ringing, lines.plan, URL, lambda: NOON)
        centre = Centre(live, people, app, carrier)
        tuning = Tuning(centre, file, lines, watch)
        app.register_blueprint(
            create_desk(
                live=centre.live,
                feed=Feed(centre.live, people),
                engine=people,
                directory=SqlDirectory(people),
                plan=lines.plan,
                ringing=ringing,
                rooms=rooms,
                now=lambda: centre.now,
                understood=Operations(
                    lines=lambda: lines,
                    statuses=lines.statuses,
                    versions=Versions(tmp_path / "versions"),
                    saved=tuning.look,
                ),
            )
        )
        return tuning

    return open_one


@pytest.fixture
def tuning(open_tuning: OpenTuning) -> Tuning:
    return open_tuning()


@pytest.fixture
def olga(tuning: Tuning) -> Browser:
    """Somebody from operations has logged in."""
    return log_in(tuning.centre, "olga")


def preview(olga: Browser, sentence: str, intent: str = "solar", **more: str) -> Any:
    return olga.post(f"{HOME}/preview", line=LINE, intent=intent, sentence=sentence, **more)


def hidden(text: str, name: str) -> str:
    found = re.findall(rf'name="{name}" value="([^"]*)"', text)
    assert found, text
    return html.unescape(found[-1])


def rows(page: str) -> list[str]:
    """The sentences in the list of a page."""
    part = page[page.index('<ul class="wrong">') :]
    return [html.unescape(found) for found in re.findall(r"data-enter required>([^<]*)</textarea>", part)]
