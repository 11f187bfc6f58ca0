from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from voicebot.directory.customers import SqlDirectory
from voicebot.directory.import_customers import import_customers, read_customers, save_customers
from voicebot.errors import InputError
from voicebot.records.tables import CustomerRow

HEADER = "customer_number,name,phones,email,address,postcode,city,notes"
JANSEN = "10023841,J. Jansen,06-12345678;+31 20 794 6000,j@example.org,Lindelaan 14,9722 KL,Groningen,belt na zessen"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def lines(*text: str, encoding: str = "utf-8", end: str = "\n") -> Path:
        file = tmp_path / "customers.csv"
        file.write_bytes(end.join([*text, ""]).encode(encoding))
        return file

    return lines


def faults(file: Path, region: str = "NL") -> list[str]:
    """The faults found in a file, without its folder."""
    with pytest.raises(InputError) as refused:
        read_customers(file, region)
    return [fault.removeprefix(f"{file.parent}/") for fault in refused.value.faults]


def how_many(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(CustomerRow)) or 0


def test_a_customer_is_found_by_each_of_their_numbers(engine: Engine, write: Write) -> None:
    assert import_customers(engine, write(HEADER, JANSEN)) == (1, 0)
    (jansen,) = SqlDirectory(engine).by_phone("+31612345678")
    assert SqlDirectory(engine).by_phone("+31207946000") == (jansen,)
    assert jansen.phones == ("+31612345678", "+31207946000")
    assert (jansen.number, jansen.name, jansen.email) == ("10023841", "J. Jansen", "j@example.org")
    assert (jansen.address, jansen.postcode, jansen.city) == ("Lindelaan 14", "9722 KL", "Groningen")
    assert (jansen.notes, jansen.extra) == ("belt na zessen", {})


def test_a_known_customer_number_is_updated_and_keeps_its_id(engine: Engine, write: Write) -> None:
    import_customers(engine, write(f"{HEADER},contracts.Stroom", f"{JANSEN},Vast"))
    (before,) = SqlDirectory(engine).by_phone("+31612345678")
    file = write(HEADER, "10023841,J. Jansen-Kok,0687654321,,,,,", "10023842,P. Pol,,,,,,")
    assert import_customers(engine, file) == (1, 1)
    (after,) = SqlDirectory(engine).by_phone("+31687654321")
    assert (after.id, after.name, after.email, after.extra) == (before.id, "J. Jansen-Kok", "", {})
    assert SqlDirectory(engine).by_phone("+31612345678") == ()


def test_a_file_with_one_fault_changes_nothing(engine: Engine, write: Write) -> None:
    file = write(HEADER, JANSEN, "10023842,P. Pol,0612,,,,,")
    with pytest.raises(InputError):
        import_customers(engine, file)
    assert how_many(engine) == 0


def test_storing_that_fails_halfway_leaves_nothing(engine: Engine, write: Write) -> None:
    customers = read_customers(write(HEADER, *(f"{number},Klant,,,,,," for number in range(1500))))

    def unplug(_: int) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        save_customers(engine, customers, unplug)
    assert how_many(engine) == 0


def test_more_customers_than_fit_in_a_statement_are_all_stored(engine: Engine, write: Write) -> None:
    file = write(HEADER, *(f"{number},Klant {number},06{10000000 + number},,,,," for number in range(2345)))
    told: list[int] = []
    customers = read_customers(file, progress=told.append)
    assert sum(told) == 2345
    told.clear()
    assert save_customers(engine, customers, told.append) == (2345, 0)
    assert sum(told) == 2345
    assert save_customers(engine, customers) == (0, 2345)
    assert how_many(engine) == 2345
    (last,) = SqlDirectory(engine).by_phone("+31610002344")
    assert last.name == "Klant 2344"


def test_every_fault_is_told_with_its_line(write: Write) -> None:
    file = write(
        HEADER,
        JANSEN,
        "",
        "10023841,J. Jansen,,,,,,",
        ",Zonder nummer,,,,,,",
        "10023844,,0612;+316,,,,,",
        "10023845,Te kort",
        "10023846,Te lang,,,,,,,,",
    )
    assert faults(file) == [
        "customers.csv:4: customer_number 10023841 was on line 2 already: keep one of the two",
        "customers.csv:5: no customer_number: every customer needs one",
        "customers.csv:6: no name: give the one the agent is to see",
        "customers.csv:6: '0612' is no telephone number in NL: write it as +31612345678, several with ; between",
        "customers.csv:6: '+316' is no telephone number in NL: write it as +31612345678, several with ; between",
        'customers.csv:7: 2 fields where the header has 8: put " around a field with a delimiter in it',
        'customers.csv:8: 10 fields where the header has 8: put " around a field with a delimiter in it',
    ]


def test_a_field_of_several_lines_does_not_shift_the_numbers_of_faults(write: Write) -> None:
    file = write(HEADER, '1,A,,,,,,"een\ntwee\ndrie"', "2,,,,,,,")
    assert faults(file) == ["customers.csv:5: no name: give the one the agent is to see"]


def test_a_thousand_faults_are_fifty_and_a_count(write: Write) -> None:
    told = faults(write(HEADER, *(f"{number},,,,,,," for number in range(1234))))
    assert len(told) == 51
    assert told[-1] == "and 1,184 more faults like these"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_spreadsheets_utf8_is_read_with_its_mark_and_without(write: Write, encoding: str, end: str) -> None:
    (customer,) = read_customers(write(HEADER, "1,Zoë Yılmaz,,,,,,", encoding=encoding, end=end))
    assert customer.values["name"] == "Zoë Yılmaz"
    assert customer.values["notes"] == ""


@pytest.mark.parametrize(("encoding", "line"), [("cp1252", 3), ("utf-16", 1)])
def test_another_encoding_is_refused_with_the_line_and_what_to_do(write: Write, encoding: str, line: int) -> None:
    (told,) = faults(write(HEADER, "1,Jan,,,,,,", "2,Zoë,,,,,,", encoding=encoding))
    assert told.startswith(f"customers.csv:{line}: this is not UTF-8 (byte 0x")
    assert "CSV UTF-8" in told


def test_semicolons_separate_fields_as_well(write: Write) -> None:
    file = write(HEADER.replace(",", ";"), '1;"Pol, P.";"0612345678;0687654321";;;;;"een; twee"')
    (customer,) = read_customers(file)
    assert (customer.values["name"], customer.values["notes"]) == ("Pol, P.", "een; twee")
    assert customer.phones == ("+31612345678", "+31687654321")


def test_a_number_given_twice_is_one_number(write: Write) -> None:
    (customer,) = read_customers(write(HEADER, "1,A,0612345678; +31612345678 ;,,,,,"))
    assert customer.phones == ("+31612345678",)


def test_the_region_is_that_of_numbers_without_a_country(write: Write) -> None:
    file = write(HEADER, "1,A,07700 900101;+31612345678,,,,,")
    assert read_customers(file, "GB")[0].phones == ("+447700900101", "+31612345678")
    assert len(faults(file, "NL")) == 1


def test_a_keypads_anonymous_is_no_customers_number(write: Write) -> None:
    assert len(faults(write(HEADER, "1,A,+86282452253,,,,,"))) == 1


def test_the_columns_may_have_any_order_and_empty_extras_are_left_out(write: Write) -> None:
    file = write("name,Sinds," + HEADER.replace("name,", "") + ",billing.bedrag", "A,2014,1,,,,,,,", "B,,2,,,,,,,€ 5")
    first, second = read_customers(file)
    assert (first.values["number"], first.values["extra"]) == ("1", {"Sinds": "2014"})
    assert second.values["extra"] == {"billing.bedrag": "€ 5"}


def test_a_header_tells_each_column_that_is_missing_nameless_or_there_twice(write: Write) -> None:
    header = "name,phones,email,address,postcode,notes,,Stroom,details.Stroom"
    told = [fault.split(": ")[1] for fault in faults(write(header))]
    assert told == [
        "column customer_number is missing",
        "column city is missing",
        "column 7 has no name",
        "column Stroom is there 2 times",
    ]


def test_an_empty_file_is_told_what_it_should_begin_with(write: Write) -> None:
    assert faults(write("")) == [f"customers.csv: the file is empty: it begins with the header {HEADER}"]


def test_a_file_with_a_header_alone_holds_nobody(engine: Engine, write: Write) -> None:
    assert import_customers(engine, write(HEADER)) == (0, 0)


def test_a_quote_that_is_never_closed_is_told_where_it_opens(write: Write) -> None:
    (told,) = faults(write(HEADER, JANSEN, '2,"B,,,,,,', "3,C,,,,,,"))
    assert told.startswith("customers.csv:3: this is not CSV")


def test_a_nul_character_is_refused(write: Write) -> None:
    assert faults(write(HEADER, "1,A\0,,,,,,")) == ["customers.csv:2: a field holds a NUL character: remove it"]
