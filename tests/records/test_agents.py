from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from tests.records.samples import NOON
from voicebot.errors import InputError
from voicebot.records import audit
from voicebot.records.agents import (
    Agent,
    Role,
    add_agent,
    agent,
    agents,
    by_sso,
    drop_password,
    reset_password,
    set_password,
    undo_change,
    update_agent,
    verify,
    who_came_in,
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


def log_of(engine: Engine) -> list[tuple[str, str, str]]:
    return [(entry.who, entry.action, entry.about) for entry in audit.search(engine)]


def test_whatever_changes_is_in_the_audit_log_with_who_did_it_and_the_old_values(engine: Engine) -> None:
    add(engine)
    change(engine, role="supervisor", teams=["schuldhulp"], by="ada")
    change(engine, by="ada")  # nothing
    reset_password(engine, "anna", by="ada")
    set_password(engine, "anna", "correct paard batterij")
    assert log_of(engine) == [
        ("anna", "agent.password_chosen", "agent anna"),
        ("ada", "agent.password_reset", "agent anna"),
        ("ada", "agent.changed", "agent anna"),
        (audit.SYSTEM, "agent.added", "agent anna"),
    ]
    (changed,) = audit.search(engine, action="agent.changed")
    assert changed.detail["was"] == {"teams": ["generalists"], "role": "agent"}
    assert changed.detail["is"] == {"teams": ["schuldhulp"], "role": "supervisor"}


def test_the_last_change_is_undone_once_and_a_later_one_after_that(engine: Engine) -> None:
    add(engine)
    first = change(engine, teams=["schuldhulp"])
    change(engine, phone="+31612345678", name="Anna Bos")
    assert undo_change(engine, "anna", by="ada", now=NOON) == first == agent(engine, "anna")
    assert undo_change(engine, "anna", by="ada", now=NOON) is None
    change(engine, role="supervisor")
    assert undo_change(engine, "anna", by="ada", now=NOON) == first


def test_the_last_admin_stays_one(engine: Engine) -> None:
    for id in ("ada", "eva"):
        add(engine, id=id, teams=(), role="admin")
    change(engine, "ada", active=False)
    for wanted in ({"active": False}, {"role": "operations"}):
        with pytest.raises(InputError, match="There would be no admin any more"):
            change(engine, "eva", **wanted)
    with pytest.raises(InputError, match="You would lock yourself out"):
        change(engine, "eva", role="operations", by="eva")
    change(engine, "ada", active=True)
    change(engine, "eva", role="operations")


def test_two_admins_who_shut_each_other_out_at_once_do_not_both_succeed(engine: Engine) -> None:
    for id in ("ada", "eva"):
        add(engine, id=id, teams=(), role="admin")
    together = Barrier(2)

    def shut_out(other: str) -> bool:
        together.wait(10)
        try:
            change(engine, other, active=False)
        except InputError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shut_out, ("ada", "eva"))) == [False, True]
    assert sum(known.active for known in agents(engine)) == 1


def test_who_has_no_password_comes_in_by_single_sign_on_alone(engine: Engine) -> None:
    password = add(engine)
    with pytest.raises(InputError, match="give its subject first"):
        drop_password(engine, "anna", by="ada", now=NOON)
    change(engine, sso="anna@example.org")
    drop_password(engine, "anna", by="ada", now=NOON)
    assert verify(engine, "anna", password) is verify(engine, "anna", "") is None
    anna = by_sso(engine, "anna@example.org")
    assert anna and not anna.has_password
    with pytest.raises(InputError, match="could not log in any more"):
        change(engine, sso=None)
    assert verify(engine, "anna", reset_password(engine, "anna")) is not None


def test_the_mark_of_a_session_changes_with_what_lets_somebody_in_and_with_nothing_else(engine: Engine) -> None:
    add(engine)
    known = who_came_in(engine, "anna")
    change(engine, teams=["schuldhulp"], role="supervisor")
    after = who_came_in(engine, "anna")
    assert known and after and known[1] == after[1] and after[0] == agent(engine, "anna")
    set_password(engine, "anna", "correct paard batterij")
    chosen = who_came_in(engine, "anna")
    change(engine, sso="anna@example.org")
    linked = who_came_in(engine, "anna")
    assert chosen and linked and len({known[1], chosen[1], linked[1]}) == 3
    change(engine, active=False)
    assert who_came_in(engine, "anna") is None
