"""Erasure: what is kept about one person, and taking it out of the records for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    String,
    case,
    cast,
    delete,
    exists,
    false,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from voicebot.calls import Frozen
from voicebot.errors import InputError
from voicebot.records import audit
from voicebot.records.database import writing
from voicebot.records.tables import (
    AuditRow,
    ContactRow,
    CustomerNameRow,
    CustomerPhoneRow,
    CustomerRow,
    DeliveryRow,
    ForeignCustomerRow,
    HandOverRow,
    MatterRow,
    PromiseRow,
    SoundKeyRow,
    UtcTime,
)

_WORDS = {"surname": CustomerNameRow.surname, "city": CustomerNameRow.city, "street": CustomerNameRow.street}


class Person(Frozen):
    """Whom it is about: a customer with the numbers (E.164) that no other customer has, or a number alone."""

    customer_id: int | None
    phones: tuple[str, ...]


class Kept(Frozen):
    """How many rows of each table hold something of a person."""

    customers: int
    contacts: int
    promises: int
    matters: int
    hand_overs: int
    deliveries: int
    audit: int


def customer(engine: Engine, number: str) -> Person | None:
    """The customer with this customer number."""
    with engine.connect() as connection:
        id = connection.scalar(select(CustomerRow.id).where(CustomerRow.number == number))
        return None if id is None else _person(connection, id)


def caller(engine: Engine, phone: str) -> Person:
    """Whoever calls from this number: the customer who has it, or somebody who is no customer.

    Raises InputError when several customers share it: the others keep their files.
    """
    own = select(CustomerPhoneRow.customer_id).where(CustomerPhoneRow.phone == phone)
    foreign = select(ForeignCustomerRow.customer_id).where(ForeignCustomerRow.phone == phone)
    query = select(CustomerRow.id, CustomerRow.number).where(CustomerRow.id.in_(union_all(own, foreign)))
    with engine.connect() as connection:
        found = connection.execute(query.order_by(CustomerRow.id)).all()
        if len(found) > 1:
            numbers = ", ".join(number for _, number in found)
            raise InputError(f"Several customers have {phone} ({numbers}): give one of them by --customer")
        return _person(connection, found[0].id) if found else Person(customer_id=None, phones=(phone,))


def kept(engine: Engine, person: Person) -> Kept:
    """What there is to erase."""
    with engine.connect() as connection:
        return _kept(connection, person)


def calls(engine: Engine, person: Person) -> tuple[str, ...]:
    """The CallSids of all that this person called about."""
    with engine.connect() as connection:
        return tuple(connection.scalars(select(ContactRow.call_sid).where(_contacts(person))))


def erase(engine: Engine, person: Person, now: datetime) -> Kept:
    """Takes a person out of the records, all or nothing; returns what there was.

    That there was a call, when, what it was about and who took it stays, for the figures; so does who did what in the
    audit log. An open promise is withdrawn: there is nobody to call any more.
    """
    with writing(engine) as connection:
        found = _kept(connection, person)
        # Those that are found by the person's calls, promises and matters go first.
        connection.execute(update(AuditRow).where(_audit(person)).values(detail={}))
        connection.execute(update(HandOverRow).where(_hand_overs(person)).values(reason=""))
        connection.execute(delete(DeliveryRow).where(_deliveries(person)))
        blank = {"utterance": "", "note": "", "caller": None}
        connection.execute(update(ContactRow).where(_contacts(person)).values(blank))
        _erase_promises(connection, person, now)
        connection.execute(delete(MatterRow).where(_matters(person)))
        connection.execute(update(MatterRow).where(MatterRow.phone.in_(person.phones)).values(phone=None))
        _erase_customer(connection, person)
        audit.note_in(connection, audit.SYSTEM, "caller.erased", "caller", now, **found.model_dump())
        return found


def _person(connection: Connection, id: int) -> Person:
    phones = dict.fromkeys(
        [*_own_phones(connection, CustomerPhoneRow, id), *_own_phones(connection, ForeignCustomerRow, id)]
    )
    return Person(customer_id=id, phones=tuple(phones))


def _own_phones(connection: Connection, row: type[CustomerPhoneRow | ForeignCustomerRow], id: int) -> list[str]:
    """The numbers of a customer that no other customer has."""
    other = aliased(row)
    shared = exists().where(other.phone == row.phone, other.customer_id != id)
    found = connection.scalars(
        select(row.phone).where(row.customer_id == id, ~shared).order_by(*row.__table__.primary_key)
    )
    return [phone for phone in found if phone]


def _kept(connection: Connection, person: Person) -> Kept:
    parts = {
        "customers": _is(person, CustomerRow.id),
        "contacts": _contacts(person),
        "promises": _promises(person),
        "matters": _matters(person),
        "hand_overs": _hand_overs(person),
        "deliveries": _deliveries(person),
        "audit": _audit(person),
    }
    counts = {name: connection.scalar(select(func.count()).where(which)) for name, which in parts.items()}
    return Kept.model_validate(counts)


# -- which rows hold something of a person


def _contacts(person: Person) -> ColumnElement[bool]:
    return _is(person, ContactRow.customer_id) | ContactRow.caller.in_(person.phones)


def _promises(person: Person) -> ColumnElement[bool]:
    return _is(person, PromiseRow.customer_id) | PromiseRow.phone.in_(person.phones)


def _matters(person: Person) -> ColumnElement[bool]:
    """The person's own; not those of another customer for whom somebody called from this number."""
    of_a_number = MatterRow.customer_id.is_(None) & MatterRow.phone.in_(person.phones)
    return _is(person, MatterRow.customer_id) | of_a_number


def _is(person: Person, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    # Without this, nobody would be everybody: = NULL becomes IS NULL.
    return false() if person.customer_id is None else column == person.customer_id


def _hand_overs(person: Person) -> ColumnElement[bool]:
    calls = select(ContactRow.call_sid).where(_contacts(person))
    return HandOverRow.call_sid.in_(calls) & (HandOverRow.reason != "")


def _deliveries(person: Person) -> ColumnElement[bool]:
    """What other systems were still to be told; what they were told is theirs to erase."""
    calls = union_all(
        select(ContactRow.call_sid).where(_contacts(person)), select(PromiseRow.call_sid).where(_promises(person))
    )
    return DeliveryRow.call_sid.in_(calls) & (DeliveryRow.body != "")


def _audit(person: Person) -> ColumnElement[bool]:
    about = union_all(
        select(literal("call ") + ContactRow.call_sid).where(_contacts(person)),
        select(literal("promise ") + cast(PromiseRow.id, String)).where(_promises(person)),
        select(literal("matter ") + cast(MatterRow.id, String)).where(_matters(person)),
        select(literal("customer ") + cast(CustomerRow.id, String)).where(_is(person, CustomerRow.id)),
    )
    return AuditRow.about.in_(about) & (cast(AuditRow.detail, String) != "{}")


# -- what becomes of them


def _erase_promises(connection: Connection, person: Person, now: datetime) -> None:
    is_open = PromiseRow.state == "open"
    values = {
        **dict.fromkeys(("phone", "about", "words", "note"), ""),
        "next_try": None,
        "kept_at": case((is_open, literal(now, UtcTime())), else_=PromiseRow.kept_at),
        "state": case((is_open, "withdrawn"), else_=PromiseRow.state),
    }
    connection.execute(update(PromiseRow).where(_promises(person)).values(values))


def _erase_customer(connection: Connection, person: Person) -> None:
    """Deletes the customer's record, and of what customers are found by the words that were this one's alone."""
    names = select(CustomerNameRow.__table__).where(_is(person, CustomerNameRow.customer_id))
    rows = connection.execute(names).all()
    connection.execute(delete(CustomerRow).where(_is(person, CustomerRow.id)))
    for kind, column in _WORDS.items():
        theirs = SoundKeyRow.word.in_({str(row._mapping[kind]) for row in rows})
        unused = (SoundKeyRow.kind == kind) & theirs & ~exists().where(column == SoundKeyRow.word)
        connection.execute(delete(SoundKeyRow).where(unused))
