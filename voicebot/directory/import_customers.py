"""Customers from a CSV file: every fault with its line, and all of the file or nothing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, select

from voicebot.directory.customer import placed_column
from voicebot.directory.numbers import phone_number
from voicebot.errors import InputError
from voicebot.records.customer_keys import keep_keys
from voicebot.records.database import insert, writing
from voicebot.records.tables import CustomerPhoneRow, CustomerRow

COLUMNS = ("customer_number", "name", "phones", "email", "address", "postcode", "city", "notes")

_PLAIN = ("name", "email", "address", "postcode", "city", "notes")  # stored as they are
_AT_ONCE = 1000  # rows a statement
_FAULTS_SHOWN = 50
_phone = lru_cache(maxsize=64)(phone_number)  # slow, and asked twice: to find faults, then to store


class CustomerLine(NamedTuple):
    """A customer as in the file: the columns of the table, and the telephone numbers (E.164)."""

    values: dict[str, object]
    phones: tuple[str, ...]


class Imported(NamedTuple):
    """How many customers were imported."""

    new: int
    changed: int


class _Record(NamedTuple):
    line: int  # where it begins in the file, from 1
    fields: list[str]


def import_customers(engine: Engine, file: Path, region: str = "NL") -> Imported:
    """Adds the customers of a file and updates those with a customer number that is known already.

    `region` is the country (ISO 3166) of numbers without a country code. Raises InputError as `read_customers`.
    """
    return save_customers(engine, read_customers(file, region))


def read_customers(
    file: Path, region: str = "NL", progress: Callable[[int], object] = lambda _: None
) -> list[CustomerLine]:
    """The customers of a file; `progress` is told how many rows were read since the last time.

    Raises InputError with the line number of every fault (the first 50, and how many more).
    """
    records = list(_records(file, _text(file)))
    if not records:
        raise InputError(f"{file}: the file is empty: it begins with the header {','.join(COLUMNS)}")
    header, *rows = records
    names = _header(file, header)
    first: dict[str, int] = {}  # line of each customer number
    faults: list[str] = []
    customers = []
    for row in rows:
        found = list(_faults(names, row, first, region))
        faults += [f"{file}:{row.line}: {fault}" for fault in found]
        if not faults:
            customers.append(_customer(names, row, region))
        progress(1)
    _raise(faults)
    return customers


def save_customers(
    engine: Engine, customers: Sequence[CustomerLine], progress: Callable[[int], object] = lambda _: None
) -> Imported:
    """Stores customers in one transaction; `progress` is told how many were stored since the last time."""
    new, words = 0, dict[str, set[str]]()
    with writing(engine) as connection:
        for start in range(0, len(customers), _AT_ONCE):
            some = customers[start : start + _AT_ONCE]
            new += _save(connection, some, words)
            progress(len(some))
    return Imported(new, len(customers) - new)


def _save(connection: Connection, customers: Sequence[CustomerLine], words: dict[str, set[str]]) -> int:
    """Stores some customers and returns how many of them are new."""
    numbers = [customer.values["number"] for customer in customers]
    known = _ids(connection, numbers)
    row = insert(connection, CustomerRow)
    changed = {name: row.excluded[name] for name in (*_PLAIN, "extra")}
    connection.execute(
        row.on_conflict_do_update(index_elements=["number"], set_=changed), [customer.values for customer in customers]
    )
    ids = _ids(connection, numbers)
    connection.execute(delete(CustomerPhoneRow).where(CustomerPhoneRow.customer_id.in_(list(ids.values()))))
    phones = [
        {"customer_id": ids[customer.values["number"]], "phone": phone}
        for customer in customers
        for phone in customer.phones
    ]
    if phones:
        connection.execute(insert(connection, CustomerPhoneRow), phones)
    keep_keys(connection, {ids[customer.values["number"]]: customer.values for customer in customers}, words)
    return len(ids) - len(known)


def _ids(connection: Connection, numbers: Sequence[object]) -> dict[object, int]:
    query = select(CustomerRow.number, CustomerRow.id).where(CustomerRow.number.in_(numbers))
    return dict(connection.execute(query).all())


def _text(file: Path) -> str:
    data = file.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{file}:{line}: this is not UTF-8 (byte 0x{data[error.start]:02X}): "
            "save the file as UTF-8, in a spreadsheet as “CSV UTF-8”"
        ) from error


def _records(file: Path, text: str) -> Iterator[_Record]:
    """The rows that are not empty, the header first. The delimiter is the one the header has more of."""
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield _Record(line, [field.strip() for field in fields])
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f'{file}:{line}: this is not CSV ({error}): a field with a " in it is written as "…""…"'
        ) from error


def _header(file: Path, header: _Record) -> list[str]:
    names = header.fields
    missing = [f"column {name} is missing" for name in COLUMNS if name not in names]
    nameless = [f"column {at} has no name" for at, name in enumerate(names, 1) if not name]
    # "Electricity" and "details.Electricity" would be two values in one place.
    places = Counter(placed_column(name) for name in names if name)
    twice = [f"column {label} is there {count} times" for (_, label), count in places.items() if count > 1]
    remedy = f"the header is {','.join(COLUMNS)} and whatever other columns you like"
    _raise([f"{file}:{header.line}: {fault}: {remedy}" for fault in (*missing, *nameless, *twice)])
    return names


def _faults(names: list[str], row: _Record, first: dict[str, int], region: str) -> Iterator[str]:
    if len(row.fields) != len(names):
        yield f'{len(row.fields)} fields where the header has {len(names)}: put " around a field with a delimiter in it'
        return
    values = dict(zip(names, row.fields, strict=True))
    number = values["customer_number"]
    if not number:
        yield "no customer_number: every customer needs one"
    elif first.setdefault(number, row.line) != row.line:
        yield f"customer_number {number} was on line {first[number]} already: keep one of the two"
    if not values["name"]:
        yield "no name: give the one the agent is to see"
    if any("\0" in field for field in row.fields):
        yield "a field holds a NUL character: remove it"
    for written in _written(values["phones"]):
        if _phone(written, region) is None:
            yield f"{written!r} is no telephone number in {region}: write it as +31612345678, several with ; between"


def _customer(names: list[str], row: _Record, region: str) -> CustomerLine:
    values = dict(zip(names, row.fields, strict=True))
    phones = (_phone(written, region) for written in _written(values["phones"]))
    extra = {name: value for name, value in values.items() if value and name not in COLUMNS}
    plain = {name: values[name] for name in _PLAIN}
    return CustomerLine(
        {"number": values["customer_number"], "extra": extra, **plain},
        tuple(dict.fromkeys(phone for phone in phones if phone)),
    )


def _written(phones: str) -> list[str]:
    return [phone.strip() for phone in phones.split(";") if phone.strip()]


def _raise(faults: list[str]) -> None:
    more = len(faults) - _FAULTS_SHOWN
    if more > 0:
        raise InputError(*faults[:_FAULTS_SHOWN], f"and {more:,} more faults like these")
    if faults:
        raise InputError.of(faults)
