"""Customers by what a caller said, in our own database: by indexed keys, a bounded number of rows at each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process
from sqlalchemy import Connection, select

from voicebot.directory.likeness import alike, surname_hypotheses
from voicebot.directory.numbers import phone_number
from voicebot.records.keys import postcode_key, sound_keys
from voicebot.records.tables import CustomerKeyRow, CustomerNameRow, CustomerPhoneRow, SoundKeyRow
from voicebot.understanding.mentions import Mentions

_WORDS = 4_000  # words of one sound that are compared
_SURNAMES = 24  # surnames that are looked for
_PLACES = 6  # cities, or streets, the same
_ROWS = 200  # customers of these surnames, or at a postcode, that are looked at
_ALIKE = 0.7  # surnames below this are not looked for
_SAME_PLACE = 0.82
_REGIONS = {"nl": "NL", "en": "GB"}


def customers_by(connection: Connection, said: Mentions) -> set[int]:
    """The ids of customers whom it may be: some hundreds at most, those with the number that was said included."""
    found = set(_by_number(connection, said))
    found |= set(_by_phone(connection, said))
    found |= set(_by_postcode(connection, said))
    streets = similar(connection, "street", said.streets, said.language, _PLACES, _SAME_PLACE)
    cities = similar(connection, "city", said.cities, said.language, _PLACES, _SAME_PLACE)
    found |= set(_by_address(connection, said, streets, cities))
    return found | set(_by_name(connection, said, streets, cities))


def _by_number(connection: Connection, said: Mentions) -> Iterable[int]:
    """By a number that was said, or one that differs in one digit."""
    numbers = {number for number in said.numbers if 3 < len(number) <= 20}
    near = {other for number in numbers for other in _one_character_off(number)}
    if not numbers:
        return ()
    key = CustomerKeyRow.digits
    exact = list(connection.scalars(select(CustomerKeyRow.customer_id).where(key.in_(numbers)).limit(_ROWS)))
    if not (said.names or said.typed):  # heard, a number that nearly fits is worth something only beside a name
        return exact
    return [*exact, *connection.scalars(select(CustomerKeyRow.customer_id).where(key.in_(near)).limit(_ROWS))]


def _one_character_off(written: str) -> Iterator[str]:
    for place, one in enumerate(written):
        alphabet = "0123456789" if one.isdigit() else "abcdefghijklmnopqrstuvwxyz"
        yield from (written[:place] + other + written[place + 1 :] for other in alphabet if other != one)


def _by_phone(connection: Connection, said: Mentions) -> Iterable[int]:
    written = {phone_number(number, _REGIONS.get(said.language, "NL")) for number in said.numbers if len(number) >= 9}
    phones = [phone for phone in written if phone]
    query = select(CustomerPhoneRow.customer_id).where(CustomerPhoneRow.phone.in_(phones)).limit(_ROWS)
    return connection.scalars(query).all() if phones else ()


def _by_postcode(connection: Connection, said: Mentions) -> Iterable[int]:
    codes = [postcode_key(code) for code in said.postcodes]
    if not codes:
        return ()
    key = CustomerKeyRow.postcode
    exact = list(connection.scalars(select(CustomerKeyRow.customer_id).where(key.in_(codes)).limit(_ROWS)))
    if not (said.names or said.typed):
        return exact
    # Beside a name it may be one letter or digit off.
    near = [other for code in codes for other in _one_character_off(code)]
    return [*exact, *connection.scalars(select(CustomerKeyRow.customer_id).where(key.in_(near)).limit(_ROWS))]


def _by_address(connection: Connection, said: Mentions, streets: list[str], cities: list[str]) -> Iterable[int]:
    """By street and city, when a house number was said as well; by street and house number when that was typed."""
    row = CustomerNameRow
    if not (streets and (cities or said.typed) and said.house_numbers):
        return ()
    there = [row.city.in_(cities)] if cities else []
    query = select(row.customer_id).where(row.street.in_(streets), *there)
    return connection.scalars(query.limit(_ROWS)).all()


def _by_name(connection: Connection, said: Mentions, streets: list[str], cities: list[str]) -> Iterator[int]:
    """By surname in a city or a street that was said; by surname alone when there are not too many."""
    heard = list(dict.fromkeys(one for name in said.names for one in surname_hypotheses(name)))
    surnames = similar(connection, "surname", heard, said.language, _SURNAMES, _ALIKE)
    if not surnames:
        return
    row = CustomerNameRow
    for column, known in ((row.city, cities), (row.street, streets)):
        if known:
            query = select(row.customer_id).where(row.surname.in_(surnames), column.in_(known))
            yield from connection.scalars(query.limit(_ROWS))
    # The likeliest surnames first, each whole or not at all: of half a village nobody can be chosen.
    left = _ROWS
    for surname in surnames[:_PLACES]:
        ids = connection.scalars(select(row.customer_id).where(row.surname == surname).limit(left + 1)).all()
        if len(ids) > left:
            return
        left -= len(ids)
        yield from ids


def similar(
    connection: Connection, kind: str, heard: Sequence[str], language: str, many: int, least: float
) -> list[str]:
    """The words of a kind (surname, city, street) that are like what was heard, the likest first."""
    keys = {key for word in heard for key in sound_keys(word)}
    if not keys:
        return []
    row = SoundKeyRow
    query = select(row.word).where(row.kind == kind, row.key.in_(keys)).limit(_WORDS * len(heard))
    words = set(connection.scalars(query))
    # First what is written alike, quickly; then the few by sound as well.
    near = {
        word
        for one in heard
        for word, _, _ in process.extract(one, words, scorer=fuzz.ratio, limit=many * 4, score_cutoff=45)
    }
    scores = {word: max(alike(word, one, language) for one in heard) for word in near}
    return sorted((word for word in scores if scores[word] >= least), key=lambda word: (-scores[word], word))[:many]
