"""The people who answer: their teams, their telephone and their password."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

import phonenumbers
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Engine, Row, select, update
from sqlalchemy.exc import IntegrityError

from voicebot.calls import Frozen
from voicebot.errors import InputError
from voicebot.records.database import insert, writing
from voicebot.records.tables import AgentRow

Role = Literal["agent", "supervisor", "operations", "admin"]

_HASHER = PasswordHasher()
_SHORTEST_PASSWORD = 10  # characters
_NEED_NO_TEAM = ("operations", "admin")
_UNKNOWN = "There is no agent {}: `voicebot agents list` shows those there are"
_NO_TELEPHONE = "{!r} is no telephone: give browser, a number such as +31612345678 or sip:NAME@HOST"
_SHOWN = [column for column in AgentRow.__table__.columns if column.name != "password_hash"]


class Agent(Frozen):
    """A person who answers. `password_changed` is false as long as the one-time password is in use.

    Who is not `active` left, or may not come in for now; `sso` is the subject by which single sign-on knows the person.
    """

    id: str
    name: str
    teams: tuple[str, ...]
    phone: str  # "browser", E.164 or a SIP address
    languages: tuple[str, ...]
    role: Role
    active: bool = True
    sso: str | None = None
    password_changed: bool
    created: datetime


def add_agent(
    engine: Engine, id: str, name: str, teams: Iterable[str], phone: str, languages: Iterable[str], role: Role
) -> str:
    """Adds an agent and returns a password for the first time, which the agent should change.

    Raises InputError with every fault in the values, or when there is an agent with this id already.
    """
    new = Agent(
        id=id,
        name=name.strip(),
        teams=_distinct(teams),
        phone=_telephone(phone),
        languages=_distinct(language.lower() for language in languages),
        role=role,
        password_changed=False,
        created=datetime.now(UTC),
    )
    _check(new, phone)
    password = _readable_password()
    with writing(engine) as connection:
        values = new.model_dump() | {"password_hash": _HASHER.hash(password)}
        row = insert(connection, AgentRow).values(values).on_conflict_do_nothing().returning(AgentRow.id)
        if connection.execute(row).first() is None:
            raise InputError(f"There is an agent {id} already: choose another id")
    return password


def update_agent(
    engine: Engine,
    id: str,
    *,
    name: str,
    teams: Iterable[str],
    phone: str,
    languages: Iterable[str],
    role: Role,
    active: bool,
    sso: str | None,
) -> Agent:
    """Gives an agent these values in place of those there were; returns the agent as it is now.

    Raises InputError with every fault in the values, or when nobody has this id, or somebody else this `sso`.
    """
    known = agent(engine, id)
    if known is None:
        raise InputError(_UNKNOWN.format(id))
    changed = {
        "name": name.strip(),
        "teams": _distinct(teams),
        "phone": _telephone(phone),
        "languages": _distinct(language.lower() for language in languages),
        "role": role,
        "active": active,
        "sso": (sso or "").strip() or None,
    }
    new = known.model_copy(update=changed)
    _check(new, phone)
    _update(engine, id, changed)
    return new


def reset_password(engine: Engine, id: str) -> str:
    """A one-time password in place of one that was forgotten. Raises InputError when nobody has this id."""
    password = _readable_password()
    _update(engine, id, {"password_hash": _HASHER.hash(password), "password_changed": False})
    return password


def set_password(engine: Engine, id: str, password: str) -> None:
    """The password that the agent chose. Raises InputError when it is too short or nobody has this id."""
    if len(password) < _SHORTEST_PASSWORD:
        raise InputError(f"The password is too short: choose at least {_SHORTEST_PASSWORD} characters")
    _update(engine, id, {"password_hash": _HASHER.hash(password), "password_changed": True})


def verify(engine: Engine, id: str, password: str) -> Agent | None:
    """The agent with this id and password, if still active.

    Takes as long for an id that nobody has, or who left, as for a wrong password.
    """
    known = (AgentRow.id == id) & AgentRow.active
    with engine.connect() as connection:
        row = connection.execute(select(AgentRow.__table__).where(known)).one_or_none()
    try:
        _HASHER.verify(row.password_hash if row else _nobody(), password)
    except VerificationError:
        return None
    return agent(engine, id)


def by_sso(engine: Engine, subject: str) -> Agent | None:
    """The agent whom single sign-on knows by this subject, if still active."""
    with engine.connect() as connection:
        row = connection.execute(select(*_SHOWN).where(AgentRow.sso == subject, AgentRow.active)).one_or_none()
    return _agent(row) if row else None


def agents(engine: Engine) -> list[Agent]:
    """Everybody, those who left too, by name."""
    with engine.connect() as connection:
        rows = connection.execute(select(*_SHOWN).order_by(AgentRow.name, AgentRow.id))
        return [_agent(row) for row in rows]


def agent(engine: Engine, id: str) -> Agent | None:
    """The agent with this id."""
    with engine.connect() as connection:
        row = connection.execute(select(*_SHOWN).where(AgentRow.id == id)).one_or_none()
    return _agent(row) if row else None


def _agent(row: Row[Any]) -> Agent:
    return Agent.model_validate(dict(row._mapping))


def _update(engine: Engine, id: str, values: dict[str, object]) -> None:
    try:
        with writing(engine) as connection:
            changed = connection.execute(update(AgentRow).where(AgentRow.id == id).values(values)).rowcount
    except IntegrityError as error:  # the subject is all that must be one person's alone
        raise InputError(
            f"Single sign-on knows somebody else as {values.get('sso')}: take it from them first"
        ) from error
    if not changed:
        raise InputError(_UNKNOWN.format(id))


def _check(new: Agent, phone: str) -> None:
    """Raises InputError with every fault; `phone` is the telephone as it was written."""
    faults = [*_faults(new), *([] if new.phone else [_NO_TELEPHONE.format(phone)])]
    if faults:
        raise InputError.of(faults)


def _distinct(some: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(some))


def _faults(new: Agent) -> Iterator[str]:
    # The softphone in the browser goes by this name, and Twilio allows no other characters in it.
    if not re.fullmatch(r"[A-Za-z0-9_]{1,64}", new.id):
        yield f"{new.id!r} cannot be an agent's id: use letters without accents, digits and _"
    if not new.name:
        yield "The agent has no name: give the one that colleagues see"
    if not new.teams and new.role not in _NEED_NO_TEAM:
        yield "The agent is in no team: give at least one, such as generalists"
    for language in new.languages:
        if not re.fullmatch("[a-z]{2}", language):
            yield f"{language!r} is no language: give two letters, such as nl or en"


def _telephone(written: str) -> str:
    """The telephone as it is stored; empty when it is none."""
    written = written.strip()
    if written == "browser" or re.fullmatch(r"sip:[^@\s]+@[^@\s]+", written):
        return written
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else ""


def _readable_password() -> str:
    """Four words of two syllables, 49 bits: easy to read out over the telephone."""
    return "-".join(_syllable() + _syllable() for _ in range(4))


def _syllable() -> str:
    return secrets.choice("bdfgklmnprstvz") + secrets.choice("aeiou")


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex())
