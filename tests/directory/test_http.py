"""A customer system by HTTP that is slow, wrong or gone, what is kept of its customers, and how it is asked."""

from __future__ import annotations

import base64
import logging
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from sqlalchemy import Engine, select

from tests.directory.test_contract import JANSEN, ROWS, SHARED, heard
from tests.systems.crm import TOKEN, YAML, Crm
from tests.systems.servers import Reply, Request, Server, dripping, serving
from voicebot.breaker import FAILURES, REST_S
from voicebot.directory.http import HttpDirectory
from voicebot.directory.http_asking import SystemFault, seconds_of_look_ups
from voicebot.directory.import_customers import import_customers
from voicebot.directory.several import sources
from voicebot.records.tables import CustomerRow, ForeignCustomerRow
from voicebot.systems.loader import load

SIMPLE = """
customer_systems:
  crm:
    lookups: {{{lookups}}}
    fields: {{number: no, name: name, phones: tel}}
    time_limit: 10s
    cache: {{keep: 0s}}
"""
PIET = {"no": "7", "name": "P. Pietersen", "tel": "06 11111111"}


class Clock:
    """Seconds that the test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Ask = Callable[..., HttpDirectory]


@pytest.fixture
def directory_of(engine: Engine, tmp_path: Path, clock: Clock) -> Ask:
    """The directory that a systems.yaml describes."""

    def build(yaml: str, **environ: str) -> HttpDirectory:
        (tmp_path / "systems.yaml").write_text(dedent(yaml), encoding="utf-8")
        loaded = load(tmp_path / "systems.yaml", environ)
        assert not loaded.faults, loaded.told()
        (source,) = sources(loaded.systems, clock=clock)
        return HttpDirectory(source, engine)

    return build


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Crm(ROWS)) as server:
        yield server


@pytest.fixture
def crm(server: Server, directory_of: Ask) -> HttpDirectory:
    return directory_of(YAML.format(url=server.url), CRM_TOKEN=TOKEN)


def by_phone_at(url: str) -> str:
    return SIMPLE.format(lookups=f'phone: "{url}/c?tel={{phone}}"')


def hurried(yaml: str) -> str:
    """With a short time limit; the others are so long that no busy machine is taken for a slow system."""
    return yaml.replace("time_limit: 10s", "time_limit: 1s")


# -- slow, wrong or gone


def fault(directory: HttpDirectory) -> SystemFault:
    with pytest.raises(SystemFault) as caught:
        directory.by_phone(JANSEN)
    assert directory.source.fault is caught.value
    return caught.value


def test_a_system_that_never_answers_is_waited_for_no_longer_than_its_time_limit(directory_of: Ask) -> None:
    answered = threading.Event()

    def never(_: Request) -> Reply:
        answered.wait(60)
        return 200, []

    with serving(never) as silent:
        told = fault(directory_of(hurried(by_phone_at(silent.url))))
        assert told.outcome == "slow" and "within 1 s" in str(told)
        assert not answered.is_set()
        answered.set()


@pytest.mark.parametrize("part", ["head", "body"])
def test_the_time_limit_is_for_the_whole_answer_however_it_drips(directory_of: Ask, part: str) -> None:
    with dripping(part) as url:
        assert fault(directory_of(hurried(by_phone_at(url)))).outcome == "slow"


def test_a_system_that_is_gone_is_told_with_the_remedy(directory_of: Ask) -> None:
    with serving(lambda _: (200, [])) as gone:
        directory = directory_of(by_phone_at(gone.url))
    told = fault(directory)
    assert told.outcome == "unreachable" and "check the address" in str(told)


@pytest.mark.parametrize(
    ("reply", "outcome", "words"),
    [
        ((401, {}), "refused", "status 401): check CRM_TOKEN"),
        ((403, {}), "refused", "status 403): check CRM_TOKEN"),
        ((500, "oops"), "failing", "status 500"),
        ((429, {}), "failing", "status 429"),
        ((302, b""), "failing", "status 302"),
        ((200, b"<html>Log in</html>"), "unreadable", "the answer is no JSON"),
        ((200, {"items": []}), "unreadable", "the answer has no `results`: it has items"),
        ((200, {"results": ["c-1"]}), "unreadable", "no keys with values: check `customers`"),
        ((200, {"results": [{"uuid": "5f", "naam": "Jansen"}]}), "unreadable", "it has uuid, naam"),
        ((200, {"results": [{"person": {"last_name": "Jansen"}}]}), "unreadable", "has no `uuid`: it has person"),
        ((200, {"+31612345678": {}, "x@y.nl": {}}), "unreadable", "it has …, …"),
        ((200, b'{"results": "' + b"x" * 1_100_000 + b'"}'), "too_large", "more than a megabyte"),
    ],
)
def test_a_wrong_answer_is_told_with_the_remedy_and_without_anybodys_data(
    directory_of: Ask, reply: Reply, outcome: str, words: str
) -> None:
    with serving(lambda _: reply) as wrong:
        told = fault(directory_of(YAML.format(url=wrong.url), CRM_TOKEN=TOKEN))
    assert told.outcome == outcome and words in str(told)
    assert "Jansen" not in str(told) and "12345678" not in str(told) and TOKEN not in str(told)


@pytest.mark.parametrize("reply", [(404, {}), (204, b""), (200, {"results": []}), (200, {}), (200, {"results": None})])
def test_nobody_found_is_no_fault(directory_of: Ask, reply: Reply) -> None:
    with serving(lambda _: reply) as empty:
        directory = directory_of(YAML.format(url=empty.url), CRM_TOKEN=TOKEN)
        assert directory.by_phone(JANSEN) == () and directory.source.fault is None


def test_a_certificate_that_nobody_vouches_for_is_refused(directory_of: Ask, tmp_path: Path) -> None:
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    files = ("-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem"))
    subprocess.run([*made, *files], check=True, capture_output=True)
    with serving(lambda _: (200, [PIET]), tls=(tmp_path / "cert.pem", tmp_path / "key.pem")) as untrusted:
        told = fault(directory_of(by_phone_at(untrusted.url)))
        assert told.outcome == "untrusted" and "REQUESTS_CA_BUNDLE" in str(told)
        assert not untrusted.requests


def test_a_system_that_fails_again_and_again_is_left_alone_and_then_tried_once(directory_of: Ask, clock: Clock) -> None:
    reply: list[Reply] = [(500, {})]
    with serving(lambda _: reply[0]) as server:
        directory = directory_of(by_phone_at(server.url))
        outcomes = [fault_of(directory) for _ in range(FAILURES + 2)]
        assert outcomes == ["failing"] * FAILURES + ["paused"] * 2
        assert len(server.requests) == FAILURES
        assert directory.source.fault and "status 500" in str(directory.source.fault)  # not that it is left alone
        clock.now += REST_S
        assert [fault_of(directory) for _ in range(2)] == ["failing", "paused"]
        clock.now += REST_S
        reply[0] = (200, [])
        assert directory.by_phone(JANSEN) == () and directory.source.fault is None
        assert directory.by_phone(SHARED) == ()


def fault_of(directory: HttpDirectory) -> str:
    with pytest.raises(SystemFault) as caught:
        directory.by_phone(JANSEN)
    return caught.value.outcome


def test_nothing_of_a_caller_or_of_our_secret_is_logged(
    server: Server, crm: HttpDirectory, directory_of: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (customer,) = crm.by_phone(JANSEN)
    crm.file(customer.id)
    crm.find(heard("met jansen klantnummer 10000001"))
    fault(directory_of(YAML.format(url=server.url), CRM_TOKEN="wrong-token"))
    assert not any(part in caplog.text for part in ("12345678", "10000001", "ansen", "token", "5f-"))


def test_look_ups_are_counted_by_what_came_of_them(server: Server, tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "systems.yaml").write_text(YAML.format(url=server.url), encoding="utf-8")
    seconds = seconds_of_look_ups()
    (source,) = sources(load(tmp_path / "systems.yaml", {"CRM_TOKEN": TOKEN}).systems, seconds)
    directory = HttpDirectory(source, engine)
    for phone in (JANSEN, JANSEN, "+31699999999"):
        directory.by_phone(phone)
    server.answers = lambda _: (503, {})
    with pytest.raises(SystemFault):
        directory.by_phone(SHARED)
    counts = {
        (sample.labels["lookup"], sample.labels["outcome"]): sample.value
        for family in seconds.collect()
        for sample in family.samples
        if sample.name.endswith("_count")
    }
    assert counts == {(("phone", outcome)): 1 for outcome in ("found", "kept", "nobody", "failing")}


# -- what is asked


def test_one_call_asks_once_while_an_answer_is_kept(server: Server, crm: HttpDirectory, clock: Clock) -> None:
    (customer,) = crm.by_phone(JANSEN)
    for _ in range(3):
        assert crm.by_phone(JANSEN) == (customer,)
        assert crm.file(customer.id)
        crm.find(heard("met jansen klantnummer 10000001"))
    assert [request.path for request in server.requests].count("/customers/5f-1") == 1
    assert [request.query for request in server.requests if request.query] == [
        {"phone": JANSEN},
        {"number": "10000001"},
        {"q": "jansen"},
    ]
    clock.now += 60
    crm.by_phone(JANSEN)
    assert server.requests[-1].query == {"phone": JANSEN}


def test_the_answers_that_were_used_longest_ago_make_way(server: Server, directory_of: Ask) -> None:
    yaml = YAML.format(url=server.url) + "    cache: {size: 2}\n"
    directory = directory_of(yaml, CRM_TOKEN=TOKEN)
    for phone in (JANSEN, SHARED, JANSEN, "+31699999999", JANSEN, SHARED):
        directory.by_phone(phone)
    assert [request.query["phone"] for request in server.requests] == [JANSEN, SHARED, "+31699999999", SHARED]


def test_a_number_is_written_as_the_system_writes_numbers(directory_of: Ask) -> None:
    with serving(lambda _: (200, [PIET])) as server:
        ways = "/c/{{phone_digits}}/{{phone_local}}/{{phone_short}}?q={{phone}}"
        directory_of(SIMPLE.format(lookups=f'phone: "{server.url}{ways}"'.format())).by_phone("+31611111111")
    (request,) = server.requests
    assert request.path == "/c/31611111111/0611111111/611111111" and request.query == {"q": "+31611111111"}


def test_a_look_up_with_a_body_is_a_post_of_json(directory_of: Ask) -> None:
    with serving(lambda _: (200, {"hits": [PIET]})) as server:
        lookup = f'phone: {{url: "{server.url}/find", body: {{tel: "{{phone}}", max: "5"}}, customers: hits}}'
        (piet,) = directory_of(SIMPLE.format(lookups=lookup)).by_phone("+31611111111")
    (request,) = server.requests
    assert piet.name == "P. Pietersen"
    assert (request.method, request.json) == ("POST", {"tel": "+31611111111", "max": "5"})
    assert request.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("authentication", "header", "sent"),
    [
        ("{kind: bearer, secret: KEY}", "Authorization", "Bearer s3cret"),
        ("{kind: basic, user: bot, secret: KEY}", "Authorization", "Basic " + base64.b64encode(b"bot:s3cret").decode()),
        ("{kind: header, name: X-Api-Key, secret: KEY}", "X-Api-Key", "s3cret"),
        (
            "{kind: header, name: Authorization, value: 'Token token={secret}', secret: KEY}",
            "Authorization",
            "Token token=s3cret",
        ),
        ("{kind: none}", "Authorization", None),
    ],
)
def test_a_system_knows_that_it_is_us(directory_of: Ask, authentication: str, header: str, sent: str | None) -> None:
    with serving(lambda _: (200, [])) as server:
        directory_of(by_phone_at(server.url) + f"    authentication: {authentication}\n", KEY="s3cret\n").by_phone(
            JANSEN
        )
    assert server.requests[0].headers.get(header) == sent


def test_whom_a_loose_search_finds_besides_is_not_who_calls(directory_of: Ask) -> None:
    somebody, unlisted = {"no": "8", "name": "S. Ander", "tel": "0622222222"}, {"no": "9", "name": "O. Nbekend"}
    with serving(lambda _: (200, [PIET, somebody, unlisted])) as server:
        found = directory_of(by_phone_at(server.url)).by_phone("+31611111111")
    assert [customer.name for customer in found] == ["P. Pietersen", "O. Nbekend"]


def test_a_value_cannot_become_another_part_of_the_address(directory_of: Ask) -> None:
    with serving(lambda _: (200, {"no": "7&admin=1/..?", "name": "P. Pietersen"})) as server:
        lookups = f'phone: "{server.url}/c?tel={{phone}}", id: "{server.url}/c/{{id}}"'
        directory = directory_of(SIMPLE.format(lookups=lookups))
        (piet,) = directory.by_phone(JANSEN)
        assert directory.file(piet.id)
    assert server.requests[-1].path == "/c/7%26admin%3D1%2F..%3F"


def test_many_callers_at_once_are_all_looked_up(directory_of: Ask) -> None:
    with serving(lambda request: (200, [PIET | {"tel": request.query["tel"]}])) as server:
        directory = directory_of(by_phone_at(server.url))
        found: list[str] = []

        def look(phone: str) -> None:
            found.extend(customer.name for customer in directory.by_phone(phone))

        threads = [threading.Thread(target=look, args=(f"+316111111{number}",)) for number in range(10, 50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["P. Pietersen"] * 40


# -- what is kept


def test_nothing_is_kept_of_a_customer_but_by_what_the_system_knows_them(crm: HttpDirectory, engine: Engine) -> None:
    (jansen,) = crm.by_phone(JANSEN)
    with engine.connect() as connection:
        (row,) = connection.execute(select(CustomerRow.__table__)).all()
        (key,) = connection.execute(select(ForeignCustomerRow.__table__)).all()
    assert row._mapping == {
        **dict.fromkeys(("name", "email", "address", "postcode", "city", "notes"), ""),
        **{"id": jansen.id, "number": "crm:5f-1", "extra": {}},
    }
    assert key._mapping == {"system": "crm", "key": "5f-1", "customer_id": jansen.id, "phone": None}


def test_who_is_merely_found_by_a_search_is_not_kept(crm: HttpDirectory, engine: Engine) -> None:
    assert crm.find(heard("met bakker"))
    with engine.connect() as connection:
        assert connection.scalars(select(CustomerRow.number)).all() == ["crm:5f-3"]
    assert crm.find(heard("postcode 8911 BX nummer 9")) == ()
    with engine.connect() as connection:
        assert connection.scalars(select(CustomerRow.number)).all() == ["crm:5f-3"]


def test_a_customer_who_was_imported_too_is_the_same_one(crm: HttpDirectory, engine: Engine, tmp_path: Path) -> None:
    header = "customer_number,name,phones,email,address,postcode,city,notes\n"
    rows = "10000001,Jan Jansen,,,,,,\n10000002,P. Pietersen,,,,,,\n"  # another 10000002 than the system's
    (tmp_path / "customers.csv").write_text(header + rows, encoding="utf-8")
    import_customers(engine, tmp_path / "customers.csv")
    with engine.connect() as connection:
        ids = dict(connection.execute(select(CustomerRow.number, CustomerRow.id)).all())
    (jansen,) = crm.by_phone(JANSEN)
    assert jansen.id == ids["10000001"] and jansen.name == "J. Jansen"
    assert ids["10000002"] not in {customer.id for customer in crm.by_phone(SHARED)}


def test_several_processes_that_meet_a_customer_at_once_agree_on_the_id(
    server: Server, directory_of: Ask, engine: Engine
) -> None:
    yaml = YAML.format(url=server.url)
    directories = [directory_of(yaml, CRM_TOKEN=TOKEN) for _ in range(4)]
    ready, seen = threading.Barrier(4), []

    def look(directory: HttpDirectory) -> None:
        ready.wait(20)
        seen.append(directory.by_phone(SHARED))

    threads = [threading.Thread(target=look, args=(one,)) for one in directories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4 and all(found == seen[0] for found in seen)


def test_a_system_that_knows_customers_by_telephone_alone_opens_their_files_again(
    directory_of: Ask, engine: Engine
) -> None:
    with serving(lambda request: (200, [PIET] if request.query["tel"] == "+31611111111" else [])) as server:
        yaml = by_phone_at(server.url)
        (piet,) = directory_of(yaml).by_phone("+31611111111")
        file = directory_of(yaml).file(piet.id)
    assert file is not None and file.customer == piet


def test_what_was_found_before_a_fault_is_good(server: Server, crm: HttpDirectory) -> None:
    answers = server.answers
    server.answers = lambda request: (500, {}) if "q" in request.query else answers(request)
    (jansen, *_) = crm.find(heard("met jansen klantnummer 10000001"))
    assert jansen.customer.number == "10000001"
    with pytest.raises(SystemFault):
        crm.find(heard("met bakker"))
