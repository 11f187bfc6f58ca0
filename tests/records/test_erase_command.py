"""`voicebot erase`: tells first, erases when told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from tests.records.samples import a_call, add_customer
from voicebot.cli import main
from voicebot.records import erasure
from voicebot.records.contacts import recent, save_contact
from voicebot.records.database import open_database, upgrade

PHONE = "+31612345678"
Run = Callable[..., Result]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database("", tmp_path)
    upgrade(engine)
    jansen = add_customer(engine, "10023841", [PHONE])
    for sid in ("CA1", "CA2"):
        save_contact(engine, a_call(sid), jansen)
    yield engine
    engine.dispose()


@pytest.fixture
def run(tmp_path: Path, records: Engine) -> Run:
    environment = {"DATABASE_URL": "", "VOICEBOT_DATA": str(tmp_path)}
    return lambda *words: CliRunner().invoke(main, ["erase", *words], env=environment)


@pytest.mark.parametrize("who", [("--customer", "10023841"), ("--phone", PHONE), ("--phone", "+31 6 1234 5678")])
def test_without_yes_it_only_tells_what_there_is(run: Run, records: Engine, who: tuple[str, str]) -> None:
    done = run(*who)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "     1  the customer's record",
        "     2  contacts: words, notes and numbers",
        "Nothing was erased yet: add --yes to erase this.",
    ]
    assert all(contact.utterance for contact in recent(records, 1, 10))
    assert erasure.customer(records, "10023841")


def test_what_was_said_is_erased_from_this_hosts_disk(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "audio" / "+31201234567"
    folder.mkdir(parents=True)
    for sid in ("CA1", "CA2", "CA7"):
        (folder / f"{sid}.wav").write_bytes(b"RIFF")
    assert "     2  recordings of what they said, on this host" in run("--phone", PHONE).output
    assert len(list(folder.iterdir())) == 3
    assert run("--phone", PHONE, "--yes").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["CA7.wav"]


def test_with_yes_it_erases(run: Run, records: Engine) -> None:
    done = run("--customer", "10023841", "--yes")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "This was erased.")
    assert erasure.customer(records, "10023841") is None
    again = run("--customer", "10023841", "--yes")
    assert again.exit_code == 1
    assert "There is no customer 10023841: erase whoever is no customer by --phone PHONE" in again.output


def test_a_program_reads_what_was_erased_as_json(run: Run) -> None:
    nothing = {"promises": 0, "matters": 0, "hand_overs": 0, "deliveries": 0, "audit": 0, "recordings": 0}
    assert json.loads(run("--phone", PHONE, "--json").output) == {
        "erased": False,
        "customers": 1,
        "contacts": 2,
        **nothing,
    }
    assert json.loads(run("--phone", PHONE, "--yes", "--json").output)["erased"] is True


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        ("+31699999999", "Nothing is kept about +31699999999"),
        ("0612345678", "'0612345678' is no telephone number: write it with its country"),
        ("", "'' is no telephone number"),
    ],
)
def test_a_number_of_nobody_ends_with_status_1_and_the_remedy(run: Run, phone: str, told: str) -> None:
    done = run("--phone", phone, "--yes")
    assert done.exit_code == 1
    assert told in done.output


def test_a_number_that_several_customers_share_is_refused(run: Run, records: Engine) -> None:
    add_customer(records, "2", [PHONE])
    done = run("--phone", PHONE, "--yes")
    assert done.exit_code == 1
    assert "(10023841, 2): give one of them by --customer" in done.output
    assert erasure.customer(records, "10023841")


@pytest.mark.parametrize("who", [(), ("--customer", "1", "--phone", PHONE)])
def test_it_needs_either_a_customer_or_a_number(run: Run, who: tuple[str, ...]) -> None:
    assert run(*who, "--yes").exit_code == 2
