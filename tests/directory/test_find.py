"""What every directory does with what a caller said, and what our own does in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory, SqlDirectory
from voicebot.directory.import_customers import CustomerLine, import_customers, save_customers
from voicebot.simulator.demo_data import load_demo
from voicebot.understanding.mentions import Mentions, mentions_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADER = "customer_number,name,phones,email,address,postcode,city,notes,geboortedatum"


def heard(said: str, language: str = "nl") -> Mentions:
    line = {"line": "+31201234567", "name": "Bol", "language": language, "prompts": {}}
    return mentions_of(said, Dialplan.model_validate(line), NOW)


@pytest.fixture
def directory(engine: Engine) -> SqlDirectory:
    load_demo(engine)
    return SqlDirectory(engine)


def first(directory: Directory, said: str, language: str = "nl") -> tuple[str, set[str]] | None:
    found = directory.find(heard(said, language))
    return (found[0].customer.name, set(found[0].clues)) if found else None


@pytest.mark.parametrize(
    ("said", "name", "clues"),
    [
        ("mijn klantnummer is een nul nul twee zeven drie een vijf", "F. de Vries", {"number"}),
        ("met de fries klantnummer 10027315", "F. de Vries", {"number", "name"}),
        ("met de vries klantnummer 10027316", "F. de Vries", {"nearly_number", "name"}),
        ("u spreekt met de vries uit leeuwarden", "F. de Vries", {"name", "city"}),
        ("met vissers uit emmen", "T. Visser", {"name", "city"}),
        ("met hansen uit groningen", "J. Jansen", {"name", "city"}),
        ("met vissen van het molenpad", "T. Visser", {"name", "street"}),
        ("negen zeven tweeëntwintig ka el nummer veertien", "J. Jansen", {"postcode", "house_number"}),
        ("met jansen postcode 9722 KM nummer 14", "J. Jansen", {"house_number", "name"}),
        ("ik woon op de lindelaan veertien in groningen", "J. Jansen", {"street", "house_number", "city"}),
        ("mijn nummer is nul zes een twee drie vier vijf zes zeven acht", "J. Jansen", {"phone"}),
        ("visser molenpad zevenentwintig emmen met visser", "T. Visser", {"name", "street", "house_number", "city"}),
        ("met yilmaz", "D. Yılmaz", {"name"}),
        ("met kok uit nijmegen", "E. Janssen-Kok", {"name", "city"}),
        ("met el amrani uit utrecht", "A. el Amrani", {"name", "city"}),
    ],
)
def test_a_dutch_caller_is_found(directory: SqlDirectory, said: str, name: str, clues: set[str]) -> None:
    assert first(directory, said) == (name, clues)


@pytest.mark.parametrize(
    ("said", "name", "clues"),
    [
        ("this is o'neill from york", "Mrs M. O'Neill", {"name", "city"}),
        ("my name is clark from manchester", "P. Clarke", {"name", "city"}),
        ("this is mrs hughes customer number two double oh two two nine eight six", "T. Hughes", {"number", "name"}),
        ("ls one four ab number fourteen", "A. Brown", {"postcode", "house_number"}),
    ],
)
def test_an_english_caller_is_found(directory: SqlDirectory, said: str, name: str, clues: set[str]) -> None:
    assert first(directory, said, "en") == (name, clues)


@pytest.mark.parametrize("said", ["", "ik snap mijn factuur niet", "met pietersen uit groningen", "met oele"])
def test_nobody_is_made_up(directory: SqlDirectory, said: str) -> None:
    assert directory.find(heard(said)) == ()


def test_a_number_one_digit_off_is_nothing_without_a_name(directory: SqlDirectory) -> None:
    assert directory.find(heard("klantnummer 10027316")) == ()


def test_somebody_of_another_name_says_a_number(directory: SqlDirectory) -> None:
    (found,) = directory.find(heard("met pietersen klantnummer 10027315"))
    assert found.other_name
    assert found.score < directory.find(heard("klantnummer 10027315"))[0].score


def test_initials_choose_between_customers_of_one_name(engine: Engine, tmp_path: Path) -> None:
    lines = [f"{number},{name},,,Dam {number},,Zwolle,," for number, name in ((1, "A. Smit"), (2, "P. Smit"))]
    (tmp_path / "c.csv").write_text("\n".join([HEADER, *lines]))
    import_customers(engine, tmp_path / "c.csv")
    directory = SqlDirectory(engine)
    assert [one.customer.name for one in directory.find(heard("met p smit uit zwolle"))] == ["P. Smit", "A. Smit"]
    assert [one.customer.name for one in directory.find(heard("met anna smit uit zwolle"))] == ["A. Smit", "P. Smit"]


def test_the_day_of_birth_counts_when_the_file_has_it(engine: Engine, tmp_path: Path) -> None:
    lines = ["1,A. Smit,,,,,,,03-03-1985", "2,B. Smit,,,,,,,1990-04-05", "3,C. Smit,,,,,,,onbekend"]
    (tmp_path / "c.csv").write_text("\n".join([HEADER, *lines]))
    import_customers(engine, tmp_path / "c.csv")
    found = SqlDirectory(engine).find(heard("met smit geboren vijf april negentien negentig"))
    assert (found[0].customer.name, set(found[0].clues)) == ("B. Smit", {"name", "date"})
    assert "date" not in found[1].clues


def test_a_customer_who_moved_is_found_where_they_live_now(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    for street, city, name in (("Dam 1", "Zwolle", "A. Smit"), ("Markt 2", "Sneek", "A. Postma")):
        file.write_text(f"{HEADER}\n1,{name},,,{street},,{city},,")
        import_customers(engine, file)
    directory = SqlDirectory(engine)
    assert first(directory, "met postma uit sneek") == ("A. Postma", {"name", "city"})
    assert first(directory, "met smit uit zwolle") is None


def test_a_name_that_half_the_town_has_is_narrowed_by_the_city(engine: Engine) -> None:
    home = {"email": "", "postcode": "", "notes": "", "extra": {}}
    many = [
        CustomerLine(
            {"number": str(n), "name": "A. de Vries", "address": f"Dam {n}", "city": f"Stad {n % 400}", **home}, ()
        )
        for n in range(399)
    ]
    many.append(
        CustomerLine({"number": "999", "name": "A. de Vries", "address": "Dam 1", "city": "Emmeloord", **home}, ())
    )
    save_customers(engine, many)
    directory = SqlDirectory(engine)
    assert directory.find(heard("met de vries")) == ()  # of so many nobody is likelier
    assert [one.customer.number for one in directory.find(heard("met de vries uit emmeloord"))] == ["999"]


def test_no_question_to_the_database_reads_a_whole_table(directory: SqlDirectory, engine: Engine) -> None:
    said = heard(
        "met de vries uit leeuwarden van de kanaalweg drie postcode 8911 bt klantnummer 10027316 of 0612345678"
    )
    with asked(engine) as questions:
        directory.find(said)
    assert len(questions) > 5
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # small tables are read whole unless that is made dear
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in questions:
            explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
            assert "Seq Scan" not in plan, statement
            assert "SCAN " not in plan.replace("USE TEMP B-TREE", ""), f"{statement}: {plan}"


@contextmanager
def asked(engine: Engine) -> Iterator[list[tuple[str, object]]]:
    """What is asked of the database meanwhile."""
    questions: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        questions.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield questions
    event.remove(engine, "before_cursor_execute", note)
