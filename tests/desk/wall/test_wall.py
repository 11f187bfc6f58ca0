"""The wall on a real Redis and database: what it shows, what is sent of it, and what a supervisor does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.desk.office import BEREAVED, PLAN, Client, Office, open_office
from voicebot.calls import Stage
from voicebot.records import hand_overs, promises
from voicebot.records.hand_overs import NewHandOver
from voicebot.records.promises import NewPromise
from voicebot.routing import parties, presence
from voicebot.routing.live import Event
from voicebot.routing.presence import Presence


@pytest.fixture
def sofie(office: Office) -> Client:
    """A supervisor has logged in."""
    return office.come_in("sofie")


def promised(office: Office, number: int = 1, due_in: float = 60, **known: Any) -> int:
    new = NewPromise(
        kind="callback",
        call_sid=f"CAp{number}",
        line=PLAN.line,
        team="generalists",
        phone="+31612345678",
        about="Klacht",
        language="nl",
        place=office.now,
        due=office.now + timedelta(seconds=due_in),
        **known,
    )
    return promises.promise(office.engine, new, f"p{number}", office.now - timedelta(hours=2)).id


def test_it_shows_who_waits_who_speaks_what_is_at_risk_and_how_things_are(office: Office, sofie: Client) -> None:
    office.ready("anna")
    office.talking("anna")
    office.ready("bram")
    office.live.change_agent("bram", lambda one: presence.choose(one, Presence.AWAY, office.now))
    office.caller()
    promised(office, 1, due_in=-60)
    promised(office, 2, due_in=60)
    office.problems.append("The demo model is in use: install another")
    page = sofie.get("/desk/wall").text
    figures = page.partition('id="figures"')[2].partition("</section>")[0]
    assert "<dt>Wachten</dt><dd>1</dd>" in figures and "<dt>In gesprek</dt><dd>1</dd>" in figures
    assert "<dt>Te laat</dt><dd>1</dd>" in figures and "<dt>In gevaar</dt><dd>1</dd>" in figures
    assert "Vraag over de factuur" in page.partition('id="queue-generalists"')[2].partition("</li>")[0]
    assert 'id="listens-agent-generalists-anna"' in page and "Bram Kuipers" in page
    assert "te laat, beloofd vóór" in page
    assert "The demo model is in use: install another" in page and "geen spraakmodel · nieuwste versie" in page


def test_the_promises_that_fell_due_today_and_the_hand_overs_are_counted(office: Office, sofie: Client) -> None:
    kept = promised(office, 1, due_in=-60)
    promises.keep(office.engine, kept, "anna", office.now - timedelta(seconds=90))
    promised(office, 2, due_in=-30)
    new = NewHandOver(
        call_sid="CA9", from_agent="anna", to_agent="bram", team="generalists", kind="transfer", outcome="done",
        over_budget=True, reason="Weet meer van zonnepanelen",
    )  # fmt: skip
    hand_overs.note(office.engine, new, "once", office.now - timedelta(minutes=1))
    page = sofie.get("/desk/wall").text
    assert '<dd>1<span class="of">/2</span></dd>' in page
    assert "Weet meer van zonnepanelen" in page and "Anna Bakker → Bram Kuipers" in page


def test_a_supervisor_who_looks_at_the_wall_can_be_called_in(office: Office, sofie: Client) -> None:
    sofie.get("/desk/wall")
    assert office.agent("sofie").presence is Presence.AWAY
    assert parties.can_be_called_in(office.agent("sofie"), office.now)
    assert office.live.redis.zscore("beats", "sofie") > office.now.timestamp()


def test_without_the_records_the_live_state_is_shown(office: Office, sofie: Client) -> None:
    office.ready("anna")
    with office.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE promises RENAME TO gone")
    page = sofie.get("/desk/wall").text
    assert "De dossiers zijn niet te lezen" in page and "Anna Bakker" in page


def test_without_redis_the_records_are_shown(desk_redis: str, office_records: Path, tmp_path: Path) -> None:
    for office in open_office(desk_redis, office_records, tmp_path, live_url="redis://127.0.0.1:1/0"):
        promised(office, due_in=-60)
        page = office.come_in("sofie").get("/desk/wall").text
        assert "Redis antwoordt niet" in page and "te laat, beloofd vóór" in page


# -- what is sent


class Events:
    """The events of a wall, read by a real client from a real server."""

    def __init__(self, address: str, client: FlaskClient) -> None:
        cookie = client.get_cookie("session")
        assert cookie
        where = urlsplit(address)
        self._connection = HTTPConnection(where.netloc, timeout=30)
        self._connection.request("GET", f"{where.path}/wall/events", headers={"Cookie": f"session={cookie.value}"})
        self._lines = iter(self._connection.getresponse().readline, b"")

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """The messages up to and including the first one that is `wanted`."""
        messages = []
        for line in self._lines:
            if line.startswith(b"data: "):
                messages.append(json.loads(line.removeprefix(b"data: ")))
                if wanted(messages[-1]):
                    return messages
        raise AssertionError("the stream ended")

    def close(self) -> None:
        self._connection.close()


@contextmanager
def events(served: str, client: Client) -> Iterator[Events]:
    stream = Events(served, client.client)
    try:
        stream.until(lambda message: message.get("list") == "agents")  # what is there at first, the last of it
        yield stream
    finally:
        stream.close()


def rows(message: dict[str, Any], name: str) -> list[str]:
    return list(message["items"]) if message.get("list") == name else []


def test_of_three_hundred_agents_only_the_row_of_who_does_something_else_is_sent(
    office: Office, served: str, sofie: Client
) -> None:
    for number in range(300):
        known = presence.Agent(id=f"a{number}", name=f"Agent {number:03}", teams=("generalists",), since=office.now)
        office.live.sign_on(known.model_copy(update={"presence": Presence.READY}))
    with events(served, sofie) as stream:
        assert office.live.change_agent("a7", lambda one: presence.choose(one, Presence.AWAY, office.now))
        *_, message = stream.until(lambda message: message.get("list") == "agents")
    assert rows(message, "agents") == ["team-generalists", "agent-generalists-a7"]
    assert "order" not in message


def test_of_a_thousand_callers_the_first_are_read_and_the_others_counted(office: Office, sofie: Client) -> None:
    office.ready("anna")
    office.live.change_agent("anna", lambda one: one.model_copy(update={"presence": Presence.WRAP_UP}))
    with office.live.redis.pipeline() as pipe:
        first = office.caller()
        known = office.call(first).model_dump_json()
        for number in range(1000):
            sid = f"CX{number}"
            pipe.set(f"call:{sid}", known.replace(first, sid))
            pipe.zadd("waiting:generalists", {sid: office.now.timestamp() + number + 1})
        pipe.execute()
    page = sofie.get("/desk/wall").text
    assert "1001 wachten" in page and "en 995 meer" in page
    assert page.count('<span class="place figures">') == 6


def test_words_of_callers_are_no_news(office: Office, served: str, sofie: Client) -> None:
    office.ready("anna")
    with events(served, sofie) as stream:
        for number in range(200):
            office.live.tell(Event(kind="words", call="CA1", text=f"woord {number}"))
        office.live.change_agent("anna", lambda one: presence.choose(one, Presence.AWAY, office.now))
        messages = stream.until(lambda message: message.get("list") == "agents")
    assert len([message for message in messages if message.get("list") == "agents"]) == 1
    assert rows(messages[-1], "agents") == ["team-generalists", "agent-generalists-anna"]


def test_who_goes_home_leaves_the_list(office: Office, served: str, sofie: Client) -> None:
    office.ready("anna", "bram")
    with events(served, sofie) as stream:
        office.live.change_agent("bram", lambda one: presence.choose(one, Presence.OFFLINE, office.now))
        *_, message = stream.until(lambda message: message.get("list") == "agents")
    assert "agent-generalists-bram" not in message["order"] and "agent-generalists-anna" in message["order"]


# -- what a supervisor does


@pytest.fixture
def on_call(office: Office, sofie: Client) -> str:
    """Anna speaks with a caller, and a supervisor looks at the wall."""
    office.ready("anna")
    sid = office.talking("anna")
    sofie.get("/desk/wall")
    return sid


def arrive(office: Office, sid: str) -> None:
    """The supervisor's telephone rang and they are in the room."""
    (party,) = office.call(sid).others
    assert party.leg
    office.carrier.rooms[sid].add(party.leg)
    assert parties.arrive(office.live, sid, party.agent, office.now)


def test_a_supervisor_listens_coaches_joins_takes_over_and_hands_back(
    office: Office, sofie: Client, on_call: str
) -> None:
    call = f"/desk/wall/calls/{on_call}"
    assert sofie.post(f"{call}/supervise", part="listens").status_code == 204
    assert office.carrier.legs[office.call(on_call).others[0].leg or ""] == "browser:sofie"
    assert "Je telefoon gaat" in sofie.get("/desk/wall").text
    arrive(office, on_call)
    assert "Je luistert mee met Anna Bakker" in sofie.get("/desk/wall").text
    for part in ("coaches", "joins"):
        assert sofie.post(f"{call}/supervise", part=part).status_code == 204
        assert office.call(on_call).others[0].part == part
    assert sofie.post(f"/desk/calls/{on_call}/take-over").status_code == 204
    assert office.call(on_call).agent == "sofie"
    page = sofie.get("/desk/wall").text
    assert "Het gesprek is nu van jou" in page and "Anna Bakker hoort mee" in page
    assert sofie.post(f"/desk/calls/{on_call}/hand-back").status_code == 204
    assert (office.call(on_call).agent, office.call(on_call).others) == ("anna", ())
    actions = [action for who, action, about in office.log if who == "sofie" and about == f"call {on_call}"]
    assert actions == ["call.handed_back", "call.taken_over", "call.joined", "call.coached", "call.listened"]


def test_who_is_in_no_team_sees_the_file_of_a_call_that_they_took_over(office: Office, on_call: str) -> None:
    ada = office.come_in("ada")
    assert ada.get("/desk/").location == "/desk/wall"
    ada.post(f"/desk/wall/calls/{on_call}/supervise", part="joins")
    arrive(office, on_call)
    ada.post(f"/desk/calls/{on_call}/take-over")
    assert "In gesprek" in ada.get("/desk/").text


def test_a_supervisor_leaves_again(office: Office, sofie: Client, on_call: str) -> None:
    sofie.post(f"/desk/wall/calls/{on_call}/supervise", part="listens")
    arrive(office, on_call)
    assert sofie.post(f"/desk/calls/{on_call}/send-away", agent="sofie").status_code == 204
    assert office.call(on_call).others == ()
    assert office.agent("sofie").presence is Presence.AWAY
    assert office.call(on_call).stage is Stage.CONNECTED


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda office, sid: office.over(sid), "er niet meer"),
        (lambda office, _: setattr(office.carrier, "fails", True), "telefoonnet deed het niet"),
        (
            lambda office, sid: office.live.change_call(sid, lambda one: one.model_copy(update={"closing": True})),
            "Dat kan nu niet",
        ),
    ],
    ids=["over", "network", "closing"],
)
def test_why_a_supervisor_cannot_come_is_told_in_words(
    office: Office, sofie: Client, on_call: str, break_it: Callable[[Office, str], object], told: str
) -> None:
    break_it(office, on_call)
    refused = sofie.post(f"/desk/wall/calls/{on_call}/supervise", part="listens")
    assert refused.status_code == 409 and told in refused.text
    assert not [one for one in office.log if one[1] == "call.listened"]


def test_nobody_ends_a_call_or_does_what_there_is_not(sofie: Client, on_call: str) -> None:
    assert sofie.post(f"/desk/wall/calls/{on_call}/supervise", part="colleague").status_code == 422
    assert sofie.post(f"/desk/calls/{on_call}/hangup").status_code == 409


def test_a_request_for_a_supervisor_shows_at_whom_it_rings(office: Office, sofie: Client, on_call: str) -> None:
    asked = office.rooms.ask_supervisor(on_call, "anna")
    assert isinstance(asked, presence.Agent) and asked.id == "sofie"
    page = office.come_in("ada").get("/desk/wall").text
    assert "Anna Bakker vraagt iemand erbij" in page and "de telefoon gaat bij Sofie Peters" in page
    assert "Je telefoon gaat" in sofie.get("/desk/wall").text
    arrive(office, on_call)
    assert "Je doet mee met Anna Bakker" in sofie.get("/desk/wall").text
    assert "vraagt iemand erbij" not in sofie.get("/desk/wall").text


def test_a_supervisor_puts_somebody_away_and_ready_again(office: Office, sofie: Client) -> None:
    office.ready("anna")
    sid = office.caller()
    assert sofie.post("/desk/wall/agents/anna/presence", presence="away").status_code == 204
    assert office.agent("anna").presence is Presence.AWAY
    assert sofie.post("/desk/wall/agents/anna/presence", presence="ready").status_code == 204
    assert office.call(sid).agent == "anna"  # who waited is helped at once
    assert [(who, about) for who, action, about in office.log if action == "presence.set"] == [
        ("sofie", "agent anna"),
        ("sofie", "agent anna"),
    ]


def test_nobody_is_put_away_in_mid_call_or_ready_where_no_telephone_rings(
    office: Office, sofie: Client, on_call: str
) -> None:
    assert on_call
    assert sofie.post("/desk/wall/agents/anna/presence", presence="away").status_code == 409
    office.ready("bram")
    office.live.change_agent("bram", lambda one: presence.choose(one, Presence.OFFLINE, office.now))
    assert sofie.post("/desk/wall/agents/bram/presence", presence="ready").status_code == 409
    assert sofie.post("/desk/wall/agents/nobody/presence", presence="away").status_code == 409


def test_a_promise_is_given_to_somebody_who_can_keep_it(office: Office, sofie: Client) -> None:
    id = promised(office)
    form = sofie.get(f"/desk/wall/promises/{id}/owner").text
    assert "Het hele team" in form and "Bram Kuipers (niet aan het werk)" in form and "Olga" not in form
    assert sofie.post(f"/desk/wall/promises/{id}/owner", owner="bram").status_code == 204
    promise = promises.get(office.engine, id)
    assert promise and promise.owner == "bram"
    assert office.last("promise.assigned").detail == {"from": None, "to": "bram"}
    assert "Bram Kuipers" in sofie.get("/desk/wall").text
    assert sofie.post(f"/desk/wall/promises/{id}/owner", owner="olga").status_code == 422
    assert sofie.post(f"/desk/wall/promises/{id}/owner", owner="").status_code == 204
    promises.keep(office.engine, id, "bram", office.now)
    assert sofie.post(f"/desk/wall/promises/{id}/owner", owner="bram").status_code == 409


def test_somebody_without_a_script_comes_back_to_the_wall(office: Office, sofie: Client) -> None:
    office.ready("anna")
    answer = sofie.post("/desk/wall/agents/anna/presence", script=False, presence="away")
    assert (answer.status_code, answer.location) == (303, "/desk/wall")


def test_callers_of_a_team_in_which_nobody_is_at_work_stand_out(office: Office, sofie: Client) -> None:
    office.ready("anna")
    office.live.change_agent("anna", lambda one: one.model_copy(update={"presence": Presence.WRAP_UP}))
    office.caller(BEREAVED)
    queue = sofie.get("/desk/wall").text.partition('id="queue-nabestaanden"')[2].partition('id="queue-')[0]
    assert "Overlijden" in queue and "Niemand aan het werk" in queue and 'class="count warn"' in queue
