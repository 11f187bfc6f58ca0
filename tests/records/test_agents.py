from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from voicebot.errors import InputError
from voicebot.records.agents import (
    Agent,
    Role,
    add_agent,
    agent,
    agents,
    by_sso,
    reset_password,
    set_password,
    update_agent,
    verify,
)
from voicebot.records.tables import AgentRow


def add(
    engine: Engine,
    id: str = "anna",
    name: str = "Anna de Wit",
    teams: tuple[str, ...] = ("generalists",),
    phone: str = "browser",
    languages: tuple[str, ...] = ("nl",),
    role: Role = "agent",
) -> str:
    return add_agent(engine, id, name, teams, phone, languages, role)


def test_an_agent_logs_in_with_the_password_given(engine: Engine) -> None:
    password = add(engine, teams=("generalists", "schuldhulp"), languages=("nl", "en"), role="supervisor")
    anna = verify(engine, "anna", password)
    assert anna is not None
    assert (anna.name, anna.teams, anna.languages) == ("Anna de Wit", ("generalists", "schuldhulp"), ("nl", "en"))
    assert (anna.phone, anna.role, anna.password_changed) == ("browser", "supervisor", False)
    assert anna == agent(engine, "anna")


def test_a_wrong_password_an_unknown_agent_and_no_password_are_refused(engine: Engine) -> None:
    password = add(engine)
    assert verify(engine, "anna", password + "x") is None
    assert verify(engine, "anna", "") is None
    assert verify(engine, "bert", password) is None
    assert verify(engine, "ANNA", password) is None


def test_a_password_can_be_read_out_and_is_another_each_time(engine: Engine) -> None:
    passwords = {add(engine, id=f"agent_{n}") for n in range(5)}
    assert len(passwords) == 5
    assert all(len(password) == 19 and password.replace("-", "").isalpha() for password in passwords)


def test_the_password_itself_is_not_stored(engine: Engine) -> None:
    password = add(engine)
    with engine.connect() as connection:
        (row,) = connection.execute(select(AgentRow.__table__))
    assert password not in str(row)
    assert row.password_hash.startswith("$argon2id$")


def test_a_password_of_ones_own_replaces_the_first(engine: Engine) -> None:
    first = add(engine)
    set_password(engine, "anna", "correct paard batterij")
    assert verify(engine, "anna", first) is None
    anna = verify(engine, "anna", "correct paard batterij")
    assert anna is not None
    assert anna.password_changed


def test_a_password_that_is_too_short_is_refused(engine: Engine) -> None:
    first = add(engine)
    with pytest.raises(InputError, match="at least 10 characters"):
        set_password(engine, "anna", "kort")
    assert verify(engine, "anna", first) is not None


def test_nobody_gets_the_password_of_an_agent_who_is_not_there(engine: Engine) -> None:
    with pytest.raises(InputError, match="There is no agent bert"):
        set_password(engine, "bert", "correct paard batterij")


def test_an_id_is_given_once_and_the_first_agent_stays(engine: Engine) -> None:
    add(engine)
    with pytest.raises(InputError, match="There is an agent anna already"):
        add(engine, name="Another Anna")
    assert [known.name for known in agents(engine)] == ["Anna de Wit"]


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("browser", "browser"),
        ("+31 6 1234 5678", "+31612345678"),
        ("+44 7700 900101", "+447700900101"),
        ("sip:anna@pbx.example.org", "sip:anna@pbx.example.org"),
    ],
)
def test_an_agent_has_a_browser_a_telephone_or_a_sip_address(engine: Engine, phone: str, stored: str) -> None:
    add(engine, phone=phone)
    anna = agent(engine, "anna")
    assert anna is not None
    assert anna.phone == stored


@pytest.mark.parametrize("phone", ["", "0612345678", "+31", "sip:anna", "client:anna", "Browser"])
def test_what_cannot_ring_is_refused(engine: Engine, phone: str) -> None:
    with pytest.raises(InputError, match="is no telephone: give browser"):
        add(engine, phone=phone)
    assert agents(engine) == []


@pytest.mark.parametrize("id", ["", "anna-1", "anná", "anna b", "anna\n", "a" * 65])
def test_an_id_that_twilio_would_not_ring_is_refused(engine: Engine, id: str) -> None:
    with pytest.raises(InputError, match="cannot be an agent's id"):
        add(engine, id=id)


def test_all_faults_are_told_at_once(engine: Engine) -> None:
    with pytest.raises(InputError) as refused:
        add(engine, id="an na", name=" ", teams=(), phone="06", languages=("nl", "Dutch"))
    assert len(refused.value.faults) == 5


def test_agents_are_listed_by_name(engine: Engine) -> None:
    for id, name in (("zoe", "Anja"), ("bert", "Bert"), ("al", "Zita")):
        add(engine, id=id, name=name)
    assert [known.name for known in agents(engine)] == ["Anja", "Bert", "Zita"]
    assert agent(engine, "nobody") is None


def change(engine: Engine, id: str = "anna", **wanted: object) -> Agent:
    """Changes what is wanted and leaves the rest."""
    known = agent(engine, id)
    assert known
    values = known.model_dump(include={"name", "teams", "phone", "languages", "role", "active", "sso"})
    return update_agent(engine, id, **(values | wanted))  # type: ignore[arg-type]


def test_all_of_an_agent_but_the_id_and_the_password_can_change(engine: Engine) -> None:
    password = add(engine)
    wanted = {"name": " Anna Bos ", "teams": ["schuldhulp", "schuldhulp"], "phone": "+31 6 1234 5678"}
    changed = change(engine, **wanted, languages=["NL", "en"], role="supervisor", sso="anna@example.org")
    assert (changed.name, changed.teams, changed.phone) == ("Anna Bos", ("schuldhulp",), "+31612345678")
    assert (changed.languages, changed.role, changed.sso) == (("nl", "en"), "supervisor", "anna@example.org")
    assert changed == agent(engine, "anna") == verify(engine, "anna", password)


def test_a_change_is_checked_like_a_new_agent_and_changes_nothing_when_it_is_wrong(engine: Engine) -> None:
    add(engine)
    before = agent(engine, "anna")
    with pytest.raises(InputError) as refused:
        change(engine, name="", teams=[], phone="06", languages=["Dutch"])
    assert len(refused.value.faults) == 4
    assert agent(engine, "anna") == before


def test_nobody_who_is_not_there_is_changed(engine: Engine) -> None:
    values = {"name": "B", "teams": ["a"], "phone": "browser", "languages": [], "role": "agent", "active": True}
    with pytest.raises(InputError, match="There is no agent bert"):
        update_agent(engine, "bert", **values, sso=None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="There is no agent bert"):
        reset_password(engine, "bert")


@pytest.mark.parametrize("role", ["operations", "admin"])
def test_who_takes_no_calls_needs_no_team(engine: Engine, role: Role) -> None:
    add(engine, teams=(), role=role)
    with pytest.raises(InputError, match="in no team"):
        change(engine, role="supervisor")


def test_who_left_cannot_log_in_until_back(engine: Engine) -> None:
    password = add(engine)
    change(engine, sso="anna@example.org", active=False)
    assert verify(engine, "anna", password) is None
    assert by_sso(engine, "anna@example.org") is None
    assert [known.active for known in agents(engine)] == [False]
    change(engine, active=True)
    assert verify(engine, "anna", password) is not None
    assert by_sso(engine, "anna@example.org") == agent(engine, "anna")


def test_single_sign_on_knows_one_person_by_a_subject(engine: Engine) -> None:
    for id in ("anna", "bert"):
        add(engine, id=id)
        change(engine, id, sso=" ")
    change(engine, "anna", sso="one")
    with pytest.raises(InputError, match="knows somebody else as one"):
        change(engine, "bert", sso="one")
    change(engine, "anna", sso=None)
    change(engine, "bert", sso="one")
    found = by_sso(engine, "one")
    assert found and found.id == "bert"
    assert by_sso(engine, "") is by_sso(engine, "two") is None


def test_a_forgotten_password_is_replaced_by_one_for_the_next_login(engine: Engine) -> None:
    add(engine)
    set_password(engine, "anna", "correct paard batterij")
    fresh = reset_password(engine, "anna")
    assert verify(engine, "anna", "correct paard batterij") is None
    anna = verify(engine, "anna", fresh)
    assert anna and not anna.password_changed
