"""Several customer systems in their order, and our own database behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.directory.test_contract import JANSEN, NOBODY, ROWS, SHARED, heard
from tests.systems.servers import Reply, Request, Server, serving
from voicebot.directory.customers import SqlDirectory
from voicebot.directory.http import HttpDirectory
from voicebot.directory.http_asking import SystemFault
from voicebot.directory.import_customers import import_customers
from voicebot.directory.several import Directories, sources
from voicebot.systems.loader import load

YAML = """
customer_systems:
  first:
    lookups: {{phone: "{first}/?tel={{phone}}", id: "{first}/{{id}}", search: "{first}/?q={{text}}"}}
    fields: {{number: no, name: name, phones: tel}}
    cache: {{keep: 0s}}
    time_limit: 10s
  second:
    lookups: {{phone: "{second}/?tel={{phone}}", id: "{second}/{{id}}", search: "{second}/?q={{text}}"}}
    fields: {{number: no, name: name, phones: tel}}
    cache: {{keep: 0s}}
    time_limit: 10s
"""


class Card(dict[str, dict[str, str]]):
    """A system's customers by number; `down`: it answers nothing useful."""

    down = False

    def __call__(self, request: Request) -> Reply:
        if self.down:
            return 503, {}
        wanted = request.query.get("q", "").casefold()
        if request.path != "/":
            return 200, self.get(request.path[1:])
        fits = (
            wanted in one["name"].casefold() if wanted else one["tel"] == request.query["tel"] for one in self.values()
        )
        return 200, [one for one, fit in zip(self.values(), fits, strict=True) if fit]


@dataclass
class Two:
    """Two systems; JANSEN is known in both, SHARED's in the second only."""

    first: Card
    second: Card
    servers: tuple[Server, Server]
    engine: Engine
    yaml: Path

    def directories(self, *, fallback: bool = False) -> Directories:
        systems = load(self.yaml, {}).systems
        http = [HttpDirectory(source, self.engine) for source in sources(systems)]
        return Directories(http, SqlDirectory(self.engine), self.engine, fallback=fallback)


@pytest.fixture
def two(engine: Engine, tmp_path: Path) -> Iterator[Two]:
    first = Card({"1": {"no": "1", "name": "J. Jansen", "tel": JANSEN}})
    second = Card(
        {
            "9": {"no": "9", "name": "Jan Jansen", "tel": JANSEN},
            "8": {"no": "8", "name": "A. de Vries", "tel": SHARED},
        }
    )
    (tmp_path / "customers.csv").write_text(ROWS, encoding="utf-8")
    import_customers(engine, tmp_path / "customers.csv")
    with serving(first) as one, serving(second) as other:
        (tmp_path / "systems.yaml").write_text(YAML.format(first=one.url, second=other.url), encoding="utf-8")
        yield Two(first, second, (one, other), engine, tmp_path / "systems.yaml")


def test_the_first_system_that_knows_a_number_tells_who_it_is(two: Two) -> None:
    directories = two.directories()
    assert [one.name for one in directories.by_phone(JANSEN)] == ["J. Jansen"]
    assert two.servers[1].requests == []
    assert [one.name for one in directories.by_phone(SHARED)] == ["A. de Vries"]
    assert directories.by_phone(NOBODY) == ()


def test_a_file_comes_from_the_system_that_has_it(two: Two) -> None:
    directories = two.directories()
    (vries,) = directories.by_phone(SHARED)
    file = directories.file(vries.id)
    assert file is not None and file.customer.number == "8"
    assert two.servers[0].requests[-1].path == "/"  # asked by number, and for no file
    assert directories.file(987654) is None


def test_words_find_a_customer_of_the_first_system_that_knows_one(two: Two) -> None:
    directories = two.directories()
    assert [one.customer.name for one in directories.find(heard("met de vries"))] == ["A. de Vries"]
    assert [one.customer.number for one in directories.find(heard("met jansen"))] == ["1"]


def test_a_system_that_is_down_is_passed_over_when_another_knows_who_it_is(two: Two) -> None:
    two.first.down = True
    directories = two.directories()
    assert [one.name for one in directories.by_phone(JANSEN)] == ["Jan Jansen"]
    (told,) = directories.problems()
    assert "customer system first answers with status 503" in told and "agents see no file" in told
    two.first.down = False
    directories.by_phone(JANSEN)
    assert list(directories.problems()) == []


def test_whom_nobody_else_knows_may_be_known_to_the_system_that_is_down(two: Two) -> None:
    two.first.down = True
    with pytest.raises(SystemFault, match="first"):
        two.directories().by_phone(NOBODY)
    with pytest.raises(SystemFault, match="first"):
        two.directories().find(heard("met pietersen uit assen"))


def test_our_own_database_is_asked_last_where_it_is_the_fallback(two: Two) -> None:
    two.first.down = two.second.down = True
    with pytest.raises(SystemFault):
        two.directories().by_phone(JANSEN)
    directories = two.directories(fallback=True)
    (jansen,) = directories.by_phone(JANSEN)
    assert jansen.number == "10000001"
    file = directories.file(jansen.id)
    assert file is not None and file.customer == jansen
    assert any("our own records stand in" in told for told in directories.problems())
    assert [one.customer.name for one in directories.find(heard("met bakker"))] == ["B. Bakker"]


def test_the_imported_file_opens_when_the_system_that_has_it_does_not_answer(two: Two) -> None:
    two.first["1"] |= {"no": "10000001"}
    two.first["10000001"] = two.first.pop("1")
    directories = two.directories(fallback=True)
    (jansen,) = directories.by_phone(JANSEN)
    assert jansen.city == ""  # as the system tells it
    two.first.down = True
    file = directories.file(jansen.id)
    assert file is not None and file.customer.city == "Groningen"
    with pytest.raises(SystemFault):
        two.directories(fallback=False).file(jansen.id)


def test_what_is_kept_of_a_foreign_customer_is_never_shown_as_a_file(two: Two) -> None:
    (vries,) = two.directories().by_phone(SHARED)
    two.second.down = True
    with pytest.raises(SystemFault):
        two.directories(fallback=True).file(vries.id)
    two.yaml.write_text("", encoding="utf-8")  # the system was taken out
    assert two.directories(fallback=True).file(vries.id) is None
    assert [one.number for one in two.directories(fallback=True).by_phone(SHARED)] == ["10000002", "10000003"]
