"""What the wall says of agents, callers and promises, decided from values alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.desk.office import INVOICE, NOON, PLAN
from voicebot.calls import Call, Party, Stage
from voicebot.desk import wall_screen
from voicebot.desk.wall_read import Queue, Seen
from voicebot.desk.wall_screen import Row, State, asked, groups, mine, over_budget, row, state, team_queue, totals
from voicebot.routing.presence import Agent, Presence

TEAM = "generalists"


def agent(id: str = "anna", presence: Presence = Presence.READY, **known: Any) -> Agent:
    return Agent(id=id, name=id.title(), teams=known.pop("teams", (TEAM,)), presence=presence, since=NOON, **known)


def call(sid: str = "CA1", **known: Any) -> Call:
    usual = {"stage": Stage.CONNECTED, "agent": "anna", "agent_leg": "CAanna", "match": INVOICE, "connected": NOON}
    return Call(sid=sid, line=PLAN.line, dialplan="", caller="+31612345678", started=NOON, **(usual | known))


def seen(*agents: Agent, calls: tuple[Call, ...] = (), queues: tuple[Queue, ...] = (), after: float = 0) -> Seen:
    queues = queues or (Queue(TEAM, 0, 0, (), len(agents), (), ()),)
    return Seen(NOON + timedelta(seconds=after), agents, {one.sid: one for one in calls}, queues)


def shown(one: Agent, *calls: Call, others: tuple[Agent, ...] = (), me: str = "sofie") -> Row:
    now = seen(one, *others, calls=calls)
    return row(one, TEAM, now, {other.id: other.name for other in now.agents}, lambda *_: PLAN, me)


ON_CALL: dict[str, Any] = {"presence": Presence.ON_CALL, "call": "CA1"}


@pytest.mark.parametrize(
    ("one", "is_"),
    [
        (agent(), State.READY),
        (agent(presence=Presence.RESERVED, call="CA1", until=NOON + timedelta(seconds=90)), State.RINGING),
        (agent(**ON_CALL), State.TALKING),
        (agent("bram", **ON_CALL), State.WITH),
        (agent(presence=Presence.WRAP_UP, call="CA1", until=NOON + timedelta(seconds=60)), State.WRAP_UP),
        (agent(presence=Presence.WRAP_UP, call="CA1", until=NOON), State.READY),  # it ran out
        (agent(presence=Presence.AWAY), State.AWAY),
        (agent(presence=Presence.AWAY, missed=True), State.MISSED),
    ],
)
def test_what_an_agent_does(one: Agent, is_: State) -> None:
    assert state(one, {"CA1": call()}, NOON) is is_


def test_a_row_tells_of_a_call_what_it_is_about_and_how_long_people_speak() -> None:
    began = NOON - timedelta(minutes=3)
    anna = shown(agent(**ON_CALL), call(connected=began))
    assert (anna.about, anna.since, anna.sid) == ("Vraag over de factuur", began, "CA1")
    assert anna.may == ("listens", "coaches", "joins")


def test_a_colleague_on_the_call_is_shown_with_whose_it_is() -> None:
    bram = Party(agent="bram", part="colleague", leg="CAbram", here=True)
    rows = shown(agent(**ON_CALL), call(others=(bram,)), others=(agent("bram", **ON_CALL),))
    assert rows.others == ("Bram",)
    there = shown(agent("bram", **ON_CALL), call(others=(bram,)), others=(agent(**ON_CALL),))
    assert (there.state, there.beside, there.may) == (State.WITH, "Anna", ())


@pytest.mark.parametrize(
    ("one", "may"),
    [
        (agent(), ("away",)),
        (agent(presence=Presence.AWAY), ("ready",)),
        (agent(presence=Presence.AWAY, missed=True), ("ready",)),
        (agent(presence=Presence.RESERVED, call="CA1", until=NOON + timedelta(seconds=90)), ()),
    ],
)
def test_what_a_supervisor_may_do_with_somebody_who_is_not_on_a_call(one: Agent, may: tuple[str, ...]) -> None:
    assert shown(one).may == may


def test_nobody_comes_to_their_own_call_nor_twice_to_another() -> None:
    assert shown(agent(**ON_CALL), call(), me="anna").sid is None
    sofie = Party(agent="sofie", part="listens", here=True)
    assert shown(agent(**ON_CALL), call(others=(sofie,))).sid is None


def test_people_stand_by_team_and_name_and_who_is_offline_not_at_all() -> None:
    people = (
        agent("chris", Presence.AWAY),
        agent("anna"),
        agent("bram", Presence.OFFLINE),
        agent("dewi", teams=("schuldhulp", TEAM)),
    )
    queues = tuple(Queue(team, 0, 0, (), 0, (), ()) for team in (TEAM, "nabestaanden", "schuldhulp"))
    found = groups(seen(*people, queues=queues), lambda *_: PLAN, "sofie")
    assert [(group.team, [one.id for one in rows]) for group, rows in found] == [
        (TEAM, ["anna", "chris", "dewi"]),
        ("schuldhulp", ["dewi"]),
    ]
    assert (found[0][0].ready, found[0][0].busy, found[0][0].away) == (2, 0, 1)


def waits(sid: str, seconds: float, **known: Any) -> Call:
    return call(sid, stage=Stage.WAITING, agent=None, decided=NOON - timedelta(seconds=seconds), **known)


def test_a_queue_tells_places_real_waits_and_what_is_expected() -> None:
    first = (waits("CA1", 130, place=NOON - timedelta(seconds=500)), waits("CA2", 10, language="en", match=None))
    queue = Queue(TEAM, 9, 3, first, 2, (120.0,) * 5, (40.0,) * 5)
    told = team_queue(queue, lambda *_: PLAN)
    assert [(one.place, one.since, one.about, one.language, one.minutes) for one in told.first] == [
        (1, NOON - timedelta(seconds=130), "Vraag over de factuur", "nl", 2),
        (2, NOON - timedelta(seconds=10), None, "en", 4),
    ]
    assert (told.waiting, told.more, told.callbacks) == (9, 7, 3)
    unknown = team_queue(Queue(TEAM, 1, 0, first[:1], 2, (120.0,), ()), lambda *_: PLAN)
    assert unknown.first[0].minutes is None


def test_the_figures_count_each_agent_once_and_the_longest_of_all_queues() -> None:
    people = (agent("anna", **ON_CALL), agent("bram", teams=(TEAM, "schuldhulp")), agent("chris", Presence.OFFLINE))
    queues = (
        Queue(TEAM, 4, 1, (waits("CA7", 30),), 2, (), ()),
        Queue("schuldhulp", 2, 0, (waits("CA8", 150),), 1, (), ()),
    )
    now = totals(seen(*people, calls=(call(),), queues=queues), None)
    assert (now.waiting, now.callbacks, now.talking, now.ready, now.away) == (6, 1, 1, 1, 0)
    assert (now.longest, now.late_wait) == (NOON - timedelta(seconds=150), True)
    assert (now.due, now.late, now.hand_overs) == (0, 0, None)  # not known


def test_calls_with_more_hand_overs_than_their_budget_are_told_with_the_reason() -> None:
    at_budget, over = call("CA1", hand_overs=1), call("CA2", hand_overs=2, agent="bram", reason="Weet meer van zon")
    now = seen(agent("anna"), agent("bram"), calls=(at_budget, over))
    (only,) = over_budget(now, lambda *_: PLAN)
    assert (only.agent, only.count, only.allowed, only.reason) == ("Bram", 2, 1, "Weet meer van zon")


def test_who_is_rung_to_join_is_asked_for_until_they_are_there() -> None:
    rung = Party(agent="sofie", part="joins", leg="CAsofie")
    people = (agent(**ON_CALL), agent("sofie", Presence.RESERVED, call="CA1", until=NOON + timedelta(seconds=90)))
    (one,) = asked(seen(*people, calls=(call(others=(rung,)),)), lambda *_: PLAN)
    assert (one.agent, one.supervisor, one.about) == ("Anna", "Sofie", "Vraag over de factuur")
    there = rung.model_copy(update={"here": True})
    assert asked(seen(*people, calls=(call(others=(there,)),)), lambda *_: PLAN) == []


def test_my_own_call_is_one_that_rings_one_i_am_on_or_one_that_i_took_over() -> None:
    def my(one: Call, presence: Presence = Presence.ON_CALL) -> wall_screen.Mine | None:
        sofie = agent("sofie", presence, call="CA1", until=NOON + timedelta(seconds=90))
        return mine(seen(agent(**ON_CALL), sofie, calls=(one,)), "sofie", lambda *_: PLAN)

    rings = my(call(others=(Party(agent="sofie", part="listens"),)), Presence.RESERVED)
    assert rings and (rings.part, rings.here, rings.agent) == ("listens", False, "Anna")
    coaches = my(call(others=(Party(agent="sofie", part="coaches", here=True),)))
    assert coaches and (coaches.part, coaches.here) == ("coaches", True)
    stands_by = Party(agent="anna", part="stands by", leg="CAanna", here=True)
    took = my(call(agent="sofie", others=(stands_by,)))
    assert took and (took.part, took.waits, took.here) == (None, "Anna", True)
    assert mine(seen(agent("sofie")), "sofie", lambda *_: PLAN) is None


def test_a_callers_call_for_me_comes_before_it_rings() -> None:
    sofie = agent("sofie", Presence.RESERVED, call="CA1", until=NOON + timedelta(seconds=90))

    def my(**known: Any) -> wall_screen.Mine | None:
        still = call(agent="sofie", stage=Stage.LISTENING, connected=None, **known)
        return mine(seen(sofie, calls=(still,)), "sofie", lambda *_: PLAN)

    comes, rings = my(), my(rings_until=NOON + timedelta(seconds=20))
    assert comes and rings and (comes.coming, rings.coming) == (True, False)
