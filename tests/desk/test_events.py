"""Live updates, read by a real client from a real server over a real Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine

from tests.desk.conftest import JANSEN, SHARED, Centre, Open, Stream
from voicebot.calls import Stage
from voicebot.desk import screen
from voicebot.desk.feed import Listener, Sign
from voicebot.directory.customers import Customer, CustomerFile, SqlDirectory
from voicebot.records.promises import keep, open_promises
from voicebot.routing import presence
from voicebot.routing.live import Event
from voicebot.routing.private_redis import private_redis

Serve = Callable[[Centre], str]
Listen = Callable[..., Stream]


@pytest.fixture
def listen(serve: Serve) -> Iterator[Listen]:
    """Opens the event stream of an agent's desk."""
    streams: list[Stream] = []
    origins: dict[int, str] = {}

    def start(centre: Centre, agent: str = "anna", **headers: str) -> Stream:
        origin = origins.get(id(centre)) or origins.setdefault(id(centre), serve(centre))
        streams.append(Stream(origin, agent, **headers))
        return streams[-1]

    yield start
    for stream in streams:
        stream.close()


def test_a_desk_that_connects_gets_the_whole_page(centre: Centre, listen: Listen) -> None:
    stream = listen(centre)
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    assert stream.headers["Cache-Control"] == "no-store"
    assert "now" in stream.until(lambda _: True)
    seen = [stream.until(lambda message: "id" in message)["id"] for _ in range(len(screen.FRAGMENTS) + 1)]
    assert [name for name in seen if name != "who"] == list(screen.FRAGMENTS)


def test_an_offer_arrives_with_words_and_file(centre: Centre, listen: Listen) -> None:
    stream = listen(centre)
    stream.shows("file", "Hier opent het dossier")
    centre.ready("anna")
    sid = centre.caller()
    centre.decided(sid)
    centre.offered(sid)
    assert "Aannemen" in stream.shows("call", "ik snap mijn factuur niet")
    stream.shows("file", "J. Jansen")


def test_the_words_of_a_caller_grow_on_the_desk_that_expects_the_call_and_on_no_other(
    centre: Centre, listen: Listen
) -> None:
    anna, bram = listen(centre, "anna"), listen(centre, "bram")
    anna.shows("file", "dossier")
    bram.shows("file", "dossier")
    centre.ready("anna")
    sid = centre.caller()
    centre.anticipated(sid, "ik snap")
    anna.shows("call", "De beller praat nog")
    for said in ("ik snap mijn", "ik snap mijn factuur"):
        centre.live.tell(Event(kind="words", call=sid, text=said))
    anna.until(lambda message: message.get("call") == sid and message["text"] == "ik snap mijn factuur")
    centre.decided(sid)
    bram.until(lambda message: message.get("id") == "colleagues" and "wordt gebeld" in message["html"])
    assert bram.said == []


def test_who_waits_and_who_is_at_work_is_on_every_desk(centre: Centre, listen: Listen) -> None:
    stream = listen(centre)
    stream.shows("queue", "Niemand wacht")
    sid = centre.caller()
    centre.live.tell(Event(kind="call", call=sid))
    stream.shows("queue", "1 praat nu met de bot")
    centre.live.sign_on(presence.Agent(id="bram", name="Bram", teams=("generalists",), since=centre.now))
    centre.ready("bram")
    stream.shows("colleagues", "Bram")
    centre.away("bram")
    stream.shows("colleagues", "Geen collega")
    centre.decided(sid)
    stream.shows("queue", "Vraag over de factuur")


def test_each_desk_lists_the_others_and_not_its_own_agent(centre: Centre, listen: Listen) -> None:
    anna, bram = listen(centre), listen(centre, "bram")
    english = listen(centre, "chris", **{"Accept-Language": "en"})
    centre.ready("anna")
    centre.ready("bram")
    assert "Anna" not in anna.shows("colleagues", "Bram")
    assert "Bram" not in bram.shows("colleagues", "Anna")
    english.until(lambda message: message.get("id") == "colleagues" and message["html"].count("ready") == 2)


def test_the_language_of_the_stream_is_the_agents(centre: Centre, listen: Listen) -> None:
    listen(centre, **{"Accept-Language": "en"}).shows("call", "You get no calls now")


def test_wrap_up_ends_by_itself(centre: Centre, listen: Listen) -> None:
    stream = listen(centre)
    stream.shows("file", "dossier")
    centre.ready("anna")
    sid = centre.caller()
    centre.decided(sid)
    centre.offered(sid)
    centre.talking(sid, "anna")
    centre.over(sid)
    centre.later(59.8)
    centre.live.tell(Event(kind="presence", agent="anna"))
    stream.shows("presence", "Afronden")
    centre.later(1)
    stream.shows("presence", "klaar voor het volgende gesprek")
    stream.shows("call", "volgende gesprek komt vanzelf")


def test_a_look_up_that_did_not_succeed_is_tried_once_more_at_the_desk(centre: Centre, listen: Listen) -> None:
    stream = listen(centre)
    stream.shows("file", "dossier")
    centre.ready("anna")
    sid = centre.caller(JANSEN, None)
    centre.decided(sid)
    centre.offered(sid)
    stream.shows("file", "wordt opgezocht")
    centre.live.tell(Event(kind="customer", call=sid))
    stream.shows("file", "J. Jansen")


def test_a_callback_that_a_colleague_made_leaves_the_list(centre: Centre, listen: Listen, engine: Engine) -> None:
    centre.promise(centre.caller())
    stream = listen(centre)
    stream.shows("promises", "+31 6 12345678")
    (promise,) = open_promises(engine, ["generalists"])
    keep(engine, promise.id, "bram", centre.now)
    centre.live.tell(Event(kind="call"))
    stream.shows("promises", "Geen open beloften")


def test_an_event_that_cannot_be_read_is_passed_over(centre: Centre, listen: Listen, desk_redis: str) -> None:
    stream = listen(centre)
    stream.shows("file", "dossier")
    with redis.Redis.from_url(desk_redis) as client:
        client.publish("desks", '{"kind": "of a later version"}')
    centre.ready("anna")
    stream.shows("presence", "klaar voor het volgende gesprek")


def test_without_redis_the_desk_says_so_and_goes_on_when_it_is_back(
    open_centre: Open, listen: Listen, tmp_path: Path
) -> None:
    url = private_redis(tmp_path / "redis")
    centre = open_centre(redis_url=url)
    stream = listen(centre)
    stream.shows("file", "dossier")
    with redis.Redis.from_url(url) as client:
        client.shutdown(nosave=True)
    stream.shows("trouble", "Redis antwoordt niet")
    private_redis(tmp_path / "redis")
    assert stream.until(lambda message: message.get("id") == "trouble")["html"] == ""
    centre.live.sign_on(centre.live.agents()[0])
    centre.ready("anna")
    stream.shows("presence", "klaar voor het volgende gesprek")
    with redis.Redis.from_url(url) as client:
        client.shutdown(nosave=True)


def test_without_its_database_the_desk_says_so_and_still_offers_calls(
    centre: Centre, listen: Listen, engine: Engine
) -> None:
    stream = listen(centre)
    stream.shows("file", "dossier")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE promises")
    centre.ready("anna")
    sid = centre.caller()
    centre.decided(sid)
    centre.offered(sid)
    stream.shows("call", "Aannemen")
    stream.shows("file", "Het klantsysteem antwoordt niet")
    stream.shows("trouble", "de database antwoordt niet")


class SilentDirectory:
    """A customer system that finds one caller and fails for all others."""

    def __init__(self, engine: Engine) -> None:
        self._customers = SqlDirectory(engine)

    def by_phone(self, phone: str) -> tuple[Customer, ...]:
        raise TimeoutError

    def file(self, customer_id: int) -> CustomerFile | None:
        if customer_id != 1:
            raise TimeoutError(f"no answer about {SHARED}")
        return self._customers.file(customer_id)


def test_when_the_customer_system_is_silent_the_file_of_the_last_caller_goes_away(
    open_centre: Open, engine: Engine, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    centre = open_centre(directory=SilentDirectory(engine))
    stream = listen(centre)
    stream.shows("file", "dossier")
    centre.ready("anna")
    first, second = centre.caller(), centre.caller(SHARED, (2, 3))
    for sid in (first, second):
        centre.decided(sid)
    centre.offered(first)
    stream.shows("file", "J. Jansen")
    centre.over(first)
    centre.offered(second)
    assert "Jansen" not in stream.shows("file", "klantsysteem antwoordt niet")
    assert SHARED not in caplog.text


def test_a_file_that_cannot_be_opened_is_told_though_the_agent_is_reserved_a_moment_before_the_call(
    open_centre: Open, engine: Engine, listen: Listen
) -> None:
    centre = open_centre(directory=SilentDirectory(engine))
    stream = listen(centre)
    centre.ready("anna")
    sid = centre.caller(SHARED, (2, 3))
    centre.decided(sid)
    centre.live.change_agent("anna", lambda agent: presence.reserve(agent, sid, centre.now, timedelta(minutes=2)))
    stream.shows("presence", "disabled")
    stream.shows("file", "Hier opent het dossier")
    ringing = {"agent": "anna", "stage": Stage.RINGING}
    centre.live.change_call(sid, lambda call: call.model_copy(update=ringing))
    centre.live.tell(Event(kind="call", agent="anna", call=sid))
    stream.shows("file", "klantsysteem antwoordt niet")


def test_only_what_concerns_an_agent_changes_their_page() -> None:
    others = [Event(kind="call", agent="bram", call="CA2"), Event(kind="presence", agent="bram", call="CA2")]
    assert screen.concerned(others, "anna", "CA1") == set()
    assert screen.concerned([Event(kind="words", call="CA1", text="ja")], "anna", "CA1") == set()
    assert "file" in screen.concerned([Event(kind="customer", call="CA1")], "anna", "CA1")
    assert screen.concerned([Event(kind="presence", agent="anna")], "anna", None) >= {"presence", "call", "file"}
    assert screen.concerned([Sign.BOARD], "anna", None) == screen.OF_THE_BOARD
    assert screen.concerned([Sign.BEGAN], "anna", None) == set(screen.FRAGMENTS)


def test_a_desk_hears_of_itself_and_of_its_call_alone() -> None:
    desk = Listener("anna", "CA1")
    heard = [
        Event(kind="call", agent="anna", call="CA2"),
        Event(kind="call", agent="bram", call="CA1"),
        Event(kind="words", call="CA1", text="ja"),
        Event(kind="presence", agent="anna"),
    ]
    others = [
        Event(kind="call", agent="bram", call="CA2"),
        Event(kind="words", call="CA2", text="ja"),
        Event(kind="words", agent="anna", call="CA2", text="ja"),
        Event(kind="call"),
    ]
    assert all(desk.hears(item) for item in (*heard, *Sign))
    assert not any(desk.hears(item) for item in others)
