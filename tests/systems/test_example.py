"""systems.example.yaml is right: its customer systems and webhooks work with real servers of the kinds it describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.directory.test_contract import heard
from tests.records.samples import NOON, a_call
from tests.systems.servers import Reply, Request, serving
from tests.systems.zammad import CTI_TOKEN, TOKEN, Zammad, user
from voicebot.directory.customers import SqlDirectory
from voicebot.directory.http import HttpDirectory
from voicebot.directory.several import Directories, sources
from voicebot.records import outbox
from voicebot.records.agents import add_agent
from voicebot.systems.events import tell
from voicebot.systems.loader import load
from voicebot.systems.schema import Systems
from voicebot.systems.sender import Sender

EXAMPLE = Path(__file__).parents[2] / "systems.example.yaml"
ENVIRON = {
    "CRM_TOKEN": "crm-token",
    "ZAMMAD_TOKEN": TOKEN,
    "REPORTS_SECRET": "reports-secret",
    "ZAMMAD_CTI_TOKEN": CTI_TOKEN,
}
VRIES = {
    "id": "c-17",
    "customer_number": 20000017,
    "person": {"initials": "A.", "last_name": "de Vries"},
    "phones": [{"kind": "home", "number": "058-1234567"}, {"kind": "mobile", "number": "06 8765 4321"}],
    "email": "a.devries@example.org",
    "address": {"street": "Kanaalweg", "house_number": 3, "postcode": "8911 BT", "city": "Leeuwarden"},
    "remarks": None,
    "billing": {"monthly_amount": "€ 96", "last_invoice": {"amount": "€ 96,00", "state": "betaald"}},
    "contracts": [{"title": "Stroom"}, {"title": "Gas"}],
}


def crm(request: Request) -> Reply:
    """The REST system of the example."""
    if request.headers.get("Authorization") != "Bearer crm-token":
        return 401, {}
    if request.path.startswith("/api/customers/"):
        return (200, VRIES) if request.path.endswith("/c-17") else (404, {})
    if request.path == "/api/search":
        assert request.method == "POST" and request.json["limit"] == "10"
        return 200, {"results": [VRIES] if request.json["text"] in ("de vries", "8911 BT") else []}
    known = request.query.get("phone") == "+31687654321" or request.query.get("number") == "20000017"
    return 200, {"results": [VRIES] if known else []}


@pytest.fixture
def zammad() -> Zammad:
    jansen = user(4, "Jan", "Jansen", "+31612345678", "0612340000", city="Groningen", vip=True, note="Belt laat")
    return Zammad([jansen, user(5, "Piet", "Smit", "0622222222")], {"anna.bakker@example.org": "Anna Bakker"})


@pytest.fixture
def systems(zammad: Zammad, tmp_path: Path) -> Iterator[Systems]:
    """The example, with the servers of this test in place of those it names."""
    with ExitStack() as servers:
        text = EXAMPLE.read_text(encoding="utf-8")
        hosts: dict[str, Callable[[Request], Reply]] = {"crm": crm, "zammad": zammad, "reports": lambda _: (200, {})}
        for host, answers in hosts.items():
            url = servers.enter_context(serving(answers)).url
            text = text.replace(f"https://{host}.example.org", url)
        # So long that no busy machine is taken for a slow system.
        text = text.replace("time_limit: 2s", "time_limit: 10s").replace(
            "  zammad:\n", "  zammad:\n    time_limit: 10s\n"
        )
        (tmp_path / "systems.yaml").write_text(text, encoding="utf-8")
        loaded = load(tmp_path / "systems.yaml", ENVIRON)
        assert loaded.told() == []
        yield loaded.systems


@pytest.fixture
def directory(systems: Systems, engine: Engine) -> Directories:
    asked = [HttpDirectory(source, engine) for source in sources(systems)]
    return Directories(asked, SqlDirectory(engine), engine, fallback=systems.fallback == "sql")


def test_the_example_as_it_is_has_no_fault_and_holds_no_secret() -> None:
    loaded = load(EXAMPLE, ENVIRON)
    assert loaded.told() == []
    assert list(loaded.systems.customer_systems) == ["crm", "zammad"] and len(loaded.systems.webhooks) == 2
    assert not any(secret in EXAMPLE.read_text(encoding="utf-8") for secret in ENVIRON.values())


def test_the_file_of_a_rest_system_opens(directory: Directories) -> None:
    (vries,) = directory.by_phone("+31687654321")
    file = directory.file(vries.id)
    assert file is not None
    customer = file.customer
    assert (customer.number, customer.name) == ("20000017", "A. de Vries")
    assert customer.phones == ("+31581234567", "+31687654321")
    assert (customer.address, customer.postcode, customer.city) == ("Kanaalweg 3", "8911 BT", "Leeuwarden")
    assert customer.tab("billing") == {"Termijnbedrag": "€ 96", "Laatste factuur": "€ 96,00, betaald"}
    assert customer.tab("contracts") == {"Lopende contracten": "Stroom, Gas"}


@pytest.mark.parametrize("said", ["klantnummer 20000017", "met de vries uit leeuwarden", "8911 bt nummer 3"])
def test_a_customer_of_a_rest_system_is_found_by_what_they_say(directory: Directories, said: str) -> None:
    assert [one.customer.number for one in directory.find(heard(said))] == ["20000017"]


@pytest.mark.parametrize("phone", ["+31612345678", "+31612340000"])
def test_a_zammad_user_is_found_however_the_number_is_written_there(directory: Directories, phone: str) -> None:
    (jansen,) = directory.by_phone(phone)
    file = directory.file(jansen.id)
    assert file is not None
    assert (file.customer.number, file.customer.name, file.customer.city) == ("4", "Jan Jansen", "Groningen")
    assert file.customer.tab("details") == {"Organisatie": "Bakkerij Jansen", "VIP": "✓"}
    assert [one.customer.name for one in directory.find(heard("met smit"))] == ["Piet Smit"]


def test_the_link_leads_to_the_customer_in_zammad(systems: Systems) -> None:
    pop = systems.screen_pop
    assert pop and pop.auto and pop.url.endswith("/#user/profile/{customer_number}")


def send_all(engine: Engine, systems: Systems) -> None:
    sender = Sender(engine, systems, lambda: NOON)
    for webhook in systems.webhooks:
        while sender.send_due(webhook):
            pass


def test_zammad_logs_the_call_and_opens_the_caller_for_the_agent_who_answers(
    systems: Systems, zammad: Zammad, engine: Engine
) -> None:
    add_agent(engine, "anna", "Anna Bakker", ["generalists"], "browser", ["nl"], "agent")
    call = a_call(agent="anna")
    tell(engine, systems, "call.offered", call, NOON)
    send_all(engine, systems)
    assert zammad.log["CA1"] == {"from": "31612345678", "to": "31201234567", "state": "newCall"}
    tell(engine, systems, "call.answered", call.model_copy(update={"connected": NOON}), NOON)
    tell(engine, systems, "call.ended", call.model_copy(update={"connected": NOON, "ended": NOON}), NOON)
    send_all(engine, systems)
    assert zammad.opened == [("anna.bakker@example.org", "31612345678")]
    assert (zammad.log["CA1"]["state"], zammad.log["CA1"]["comment"]) == ("hangup", "normalClearing")
    assert outbox.listed(engine, None, 10) == ()


def test_a_call_that_nobody_was_rung_for_is_no_error_in_zammad(
    systems: Systems, zammad: Zammad, engine: Engine
) -> None:
    tell(engine, systems, "call.ended", a_call(ended=NOON), NOON)
    send_all(engine, systems)
    assert zammad.log == {} and outbox.listed(engine, None, 10) == ()


def test_a_wrong_token_for_zammad_is_told(systems: Systems, engine: Engine) -> None:
    systems._secrets["ZAMMAD_CTI_TOKEN"] = "old"
    tell(engine, systems, "call.offered", a_call(agent="anna"), NOON)
    send_all(engine, systems)
    problems: dict[str, Any] = {one.event: one.problem for one in outbox.listed(engine, None, 10)}
    assert problems == {"call.offered": "answered with status 401"}
