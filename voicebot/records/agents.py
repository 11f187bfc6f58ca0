"""The people who answer: their teams, their telephone and how they come in. Whatever changes is in the audit log."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

import phonenumbers
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.exc import IntegrityError

from voicebot.calls import Frozen
from voicebot.errors import Fault, InputError
from voicebot.records import audit
from voicebot.records.audit import SYSTEM
from voicebot.records.database import insert, writing
from voicebot.records.tables import AgentRow

Role = Literal["agent", "supervisor", "operations", "admin"]

_HASHER = PasswordHasher()
_SHORTEST_PASSWORD = 10  # characters
_NEED_NO_TEAM = ("operations", "admin")
_UNKNOWN = "There is no agent {}: `voicebot agents list` shows those there are"
_NO_TELEPHONE = "{!r} is no telephone: give browser, a number such as +31612345678 or sip:NAME@HOST"
_NO_PASSWORD = ""  # in place of a hash: only single sign-on lets this person in
_SHOWN = [
    *(column for column in AgentRow.__table__.columns if column.name != "password_hash"),
    (AgentRow.password_hash != _NO_PASSWORD).label("has_password"),
]
_KEPT = ("name", "teams", "phone", "languages", "role", "active", "sso")  # of which the audit log keeps the old values


class Agent(Frozen):
    """A person who answers. `password_changed` is false as long as the one-time password is in use.

    Who is not `active` left, or may not come in for now; `sso` is the subject by which single sign-on knows the person,
    who may do without a password then.
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
    has_password: bool = True
    created: datetime


def add_agent(
    engine: Engine,
    id: str,
    name: str,
    teams: Iterable[str],
    phone: str,
    languages: Iterable[str],
    role: Role,
    *,
    by: str = SYSTEM,
    now: datetime | None = None,
) -> str:
    """Adds an agent and returns a password for the first time, which the agent should change.

    Raises InputError with every fault in the values, or when there is an agent with this id already.
    """
    at = now or datetime.now(UTC)
    new = Agent(
        id=id,
        name=name.strip(),
        teams=_distinct(teams),
        phone=_telephone(phone),
        languages=_distinct(language.lower() for language in languages),
        role=role,
        password_changed=False,
        created=at,
    )
    _check(new, phone)
    password = _readable_password()
    with writing(engine) as connection:
        values = new.model_dump(exclude={"has_password"}) | {"password_hash": _HASHER.hash(password)}
        row = insert(connection, AgentRow).values(values).on_conflict_do_nothing().returning(AgentRow.id)
        if connection.execute(row).first() is None:
            raise InputError(Fault(f"There is an agent {id} already: choose another id", "agent_taken"))
        detail = new.model_dump(mode="json", include={"teams", "languages", "role"})
        audit.note_in(connection, by, "agent.added", f"agent {id}", at, **detail)
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
    by: str = SYSTEM,
    now: datetime | None = None,
) -> Agent:
    """Gives an agent these values in place of those there were; returns the agent as it is now.

    Raises InputError with every fault in the values, or when nobody has this id, or somebody else this `sso`, or when
    no admin who can come in would be left.
    """
    changed = {
        "name": name.strip(),
        "teams": _distinct(teams),
        "phone": _telephone(phone),
        "languages": _distinct(language.lower() for language in languages),
        "role": role,
        "active": active,
        "sso": (sso or "").strip() or None,
    }
    try:
        with writing(engine) as connection:
            new = _replaced(connection, id, changed, phone, by)
            _note_change(connection, by, "agent.changed", new[0], new[1], now or datetime.now(UTC))
    except IntegrityError as error:  # the subject is all that must be one person's alone
        raise InputError(
            Fault(f"Single sign-on knows somebody else as {changed['sso']}: take it from them first", "agent_sso_taken")
        ) from error
    return new[1]


def undo_change(engine: Engine, id: str, *, by: str, now: datetime) -> Agent | None:
    """Takes the last change of an agent back; None when there is none that was not taken back already.

    Raises InputError as `update_agent` does.
    """
    with writing(engine) as connection:
        last = last_change(connection, id)
        if last is None:
            return None
        was = last.detail["was"]
        changed = was | {name: tuple(was[name]) for name in ("teams", "languages") if name in was}
        known, new = _replaced(connection, id, changed, "", by)
        _note_change(connection, by, "agent.undone", known, new, now)
    return new


def last_change(connection: Connection, id: str) -> audit.Entry | None:
    """The entry of the last change of an agent's values, with the old ones as `was`; None when it was undone."""
    last = audit.newest_of(connection, f"agent {id}", ("agent.changed", "agent.undone"))
    return last if last and last.action == "agent.changed" else None


def reset_password(engine: Engine, id: str, *, by: str = SYSTEM, now: datetime | None = None) -> str:
    """A one-time password in place of one that was forgotten. Raises InputError when nobody has this id."""
    password = _readable_password()
    _set_hash(engine, id, _HASHER.hash(password), False, "agent.password_reset", by, now)
    return password


def set_password(engine: Engine, id: str, password: str, *, now: datetime | None = None) -> None:
    """The password that the agent chose. Raises InputError when it is too short or nobody has this id."""
    if len(password) < _SHORTEST_PASSWORD:
        raise InputError(f"The password is too short: choose at least {_SHORTEST_PASSWORD} characters")
    _set_hash(engine, id, _HASHER.hash(password), True, "agent.password_chosen", id, now)


def drop_password(engine: Engine, id: str, *, by: str, now: datetime) -> None:
    """Only single sign-on lets the agent in from now on. Raises InputError when it does not know the agent."""
    known = agent(engine, id)
    if known is None or known.sso is None:
        raise InputError(Fault(f"Single sign-on does not know {id}: give its subject first", "agent_no_way_in"))
    _set_hash(engine, id, _NO_PASSWORD, True, "agent.password_dropped", by, now)


def verify(engine: Engine, id: str, password: str) -> Agent | None:
    """The agent with this id and password, if still active.

    Takes as long for an id that nobody has, or who left or has no password, as for a wrong password.
    """
    known = (AgentRow.id == id) & AgentRow.active
    with engine.connect() as connection:
        row = connection.execute(select(AgentRow.__table__).where(known)).one_or_none()
    try:
        _HASHER.verify((row and row.password_hash) or _nobody(), password)
    except VerificationError:
        return None
    return agent(engine, id)


def who_came_in(engine: Engine, id: str) -> tuple[Agent, str] | None:
    """The agent with this id, if still active, and a mark that changes with what lets the agent in.

    A session that began with another mark is over: the password was changed, or the subject of single sign-on.
    """
    query = select(*_SHOWN, AgentRow.password_hash).where(AgentRow.id == id, AgentRow.active)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    lets_in = f"{values.pop('password_hash')} {values['sso']}"
    return Agent.model_validate(values), hashlib.blake2b(lets_in.encode(), digest_size=8).hexdigest()


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


def _replaced(connection: Connection, id: str, changed: dict[str, Any], phone: str, by: str) -> tuple[Agent, Agent]:
    """Gives an agent these values; the agent before and after. `phone` is the telephone as it was written."""
    row = connection.execute(select(*_SHOWN).where(AgentRow.id == id).with_for_update()).one_or_none()
    if row is None:
        raise InputError(Fault(_UNKNOWN.format(id), "agent_unknown"))
    known = _agent(row)
    new = known.model_copy(update=changed)
    _check(new, phone)
    _keep_ways_in(connection, known, new, by)
    connection.execute(update(AgentRow).where(AgentRow.id == id).values(changed))
    return known, new


def _keep_ways_in(connection: Connection, known: Agent, new: Agent, by: str) -> None:
    """Raises InputError when nobody could put things right any more, or the person could not come in."""
    if not new.has_password and new.sso is None:
        raise InputError(Fault(f"{new.id} could not log in any more: reset the password first", "agent_no_way_in"))
    if not _leads(known) or _leads(new):
        return
    if known.id == by:
        raise InputError(Fault("You would lock yourself out: let another admin do it", "agent_yourself"))
    admins = select(AgentRow.id).where(AgentRow.role == "admin", AgentRow.active, AgentRow.id != known.id)
    if not connection.execute(admins.with_for_update()).all():
        raise InputError(Fault("There would be no admin any more: make somebody else admin first", "agent_last_admin"))


def _leads(known: Agent) -> bool:
    return known.active and known.role == "admin"


def _note_change(connection: Connection, by: str, action: str, known: Agent, new: Agent, now: datetime) -> None:
    before, after = (one.model_dump(mode="json", include=set(_KEPT)) for one in (known, new))
    names = [name for name in _KEPT if before[name] != after[name]]
    if names:
        detail = {"was": {name: before[name] for name in names}, "is": {name: after[name] for name in names}}
        audit.note_in(connection, by, action, f"agent {known.id}", now, **detail)


def _set_hash(engine: Engine, id: str, hashed: str, chosen: bool, action: str, by: str, now: datetime | None) -> None:
    values = {"password_hash": hashed, "password_changed": chosen}
    with writing(engine) as connection:
        if not connection.execute(update(AgentRow).where(AgentRow.id == id).values(values)).rowcount:
            raise InputError(Fault(_UNKNOWN.format(id), "agent_unknown"))
        audit.note_in(connection, by, action, f"agent {id}", now or datetime.now(UTC))


def _check(new: Agent, phone: str) -> None:
    """Raises InputError with every fault; `phone` is the telephone as it was written."""
    faults = [*_faults(new), *([] if new.phone else [Fault(_NO_TELEPHONE.format(phone), "agent_phone")])]
    if faults:
        raise InputError.of(faults)


def _distinct(some: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(some))


def _faults(new: Agent) -> Iterator[str]:
    # The softphone in the browser goes by this name, and Twilio allows no other characters in it.
    if not re.fullmatch(r"[A-Za-z0-9_]{1,64}", new.id):
        yield Fault(f"{new.id!r} cannot be an agent's id: use letters without accents, digits and _", "agent_id_wrong")
    if not new.name:
        yield Fault("The agent has no name: give the one that colleagues see", "agent_no_name")
    if not new.teams and new.role not in _NEED_NO_TEAM:
        yield Fault("The agent is in no team: give at least one, such as generalists", "agent_no_team")
    for language in new.languages:
        if not re.fullmatch("[a-z]{2}", language):
            yield Fault(f"{language!r} is no language: give two letters, such as nl or en", "agent_language")


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
