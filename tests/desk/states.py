"""Every state that an agent's page can be in, with more on it than on most days: for looks and for accessibility."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, update

from tests.desk.conftest import INVOICE, NOBODY, PLAN, SHARED, Centre, open_desk
from tests.desk.office import LEARNED
from voicebot.calls import Identity, Match
from voicebot.desk.operations_parts import Operations
from voicebot.dialplan.saving import Versions
from voicebot.records import agents
from voicebot.records.contact_persons import open_matter
from voicebot.records.contacts import save_contact, set_disposition
from voicebot.records.database import writing
from voicebot.records.promises import Kind, NewPromise, promise
from voicebot.records.tables import AgentRow
from voicebot.routing import connect, identify, parties, presence
from voicebot.routing.live import Live, live_agent
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.replay import Replay
from voicebot.telephony.lines import Line, Lines, serving

PEOPLE = {
    "bram": ("Bram de Groot", ("generalists",), Presence.READY),
    "chantal": ("Chantal van der Wielen-Achterberg", ("generalists", "nabestaanden"), Presence.READY),
    "dewi": ("Dewi Kusuma", ("generalists",), Presence.ON_CALL),
    "emre": ("Emre Yıldız", ("generalists", "schuldhulp"), Presence.WRAP_UP),
    "fatima": ("Fatima el Amrani", ("nabestaanden",), Presence.READY),
    "gijs": ("Gijs Post", ("generalists",), Presence.RESERVED),
    "hanneke": ("Hanneke Visser", ("leidinggevenden", "generalists"), Presence.READY),
    "ilse": ("Ilse Kok", ("generalists",), Presence.ON_CALL),
    "joost": ("Joost Bakker", ("schuldhulp",), Presence.READY),
    "karin": ("Karin Smit", ("generalists",), Presence.READY),
    "lars": ("Lars Meijer", ("generalists",), Presence.ON_CALL),
    "mia": ("Mia Jansen", ("generalists",), Presence.READY),
}
SHORT = "goedemorgen ik snap mijn factuur niet"
LONG = (
    "ja goedemiddag u spreekt met mevrouw van der wielen uit leeuwarden ik bel omdat ik vorige maand ben verhuisd en "
    "nu krijg ik nog steeds een aansprakelijkheidsverzekeringsfactuur op het oude adres en ik snap er eerlijk gezegd "
    "helemaal niets meer van kunt u mij helpen"
)


KEEPS = PLAN.model_copy(update={"privacy": PLAN.privacy.model_copy(update={"keep_audio": timedelta(days=7)})})


def open_full(redis_url: str, engine: Engine, folder: Path) -> Centre:
    """A desk with all that can be on its page: why a call was understood so, and the caller's own voice. Anna is away.

    `folder` is where the voices are kept.
    """
    lines = Lines()
    lines.serve(serving([Line(KEEPS, LEARNED)]))
    replay = Replay(Live(redis_url), folder / "audio")
    understood = Operations(lambda: lines, lambda: (), Versions(folder / "versions"))
    centre = open_desk(redis_url=redis_url, engine=engine, understood=understood, replay=replay)
    centre.plan = KEEPS
    anna = agents.agent(engine, "anna")
    assert anna
    centre.live.sign_on(live_agent(anna, centre.now))
    centre.away("anna")
    return centre


def colleagues(centre: Centre) -> None:
    """Twelve of them, in all kinds of states."""
    for id, (name, teams, stands) in PEOPLE.items():
        agent = Agent(id=id, name=name, teams=teams, languages=("nl",), presence=stands, since=centre.now)
        centre.live.sign_on(agent)
        centre.live.change_agent(id, lambda _, agent=agent: agent)


def queue(centre: Centre, count: int = 7) -> None:
    """Callers who wait; nobody free gets them, since that is not asked for."""
    for number in range(count):
        sid = centre.caller(f"+3161111110{number}", ())
        centre.decided(sid, match=Match(intent=("outage", "moving", "invoice")[number % 3], confidence=0.8))
        centre.later(11)


def promises(centre: Centre, count: int = 30) -> None:
    """Promises of every kind: late, nearly late and in time; the agent's own and the team's."""
    kinds: tuple[Kind, ...] = ("callback", "callback", "supervisor", "visit", "other")
    for number in range(count):
        due = centre.now + timedelta(minutes=(-40, 5, 90, 60 * 26)[number % 4])
        new = NewPromise(
            kind=kinds[number % 5],
            call_sid=f"CAold{number}",
            line="+31201234567",
            team="generalists",
            phone=f"+316222222{number:02}" if kinds[number % 5] in ("callback", "supervisor") else "",
            about=("Termijnbedrag", "Omvormer vervangen", "Aansprakelijkheidsverzekeringsfactuur uitgelegd krijgen")[
                number % 3
            ],
            language="nl",
            made_by="bram",
            place=centre.now,
            not_before=due - timedelta(hours=3) if number % 4 == 3 else None,
            due=due,
            owner=("anna", None, "bram")[number % 3],
        )
        promise(centre.engine, new, f"{number}", centre.now - timedelta(hours=5))


def history(centre: Centre) -> None:
    """Contacts and matters in the file of J. Jansen."""
    notes = (
        "Termijnbedrag verlaagd naar € 140, ingaand per 1 juni.",
        "",
        "Monteur komt dinsdag tussen 9 en 12.",
    )
    for number, note in enumerate(notes):
        centre.later(-86400 * (number + 2))
        sid = centre.caller()
        centre.decided(sid, "ik wil mijn termijnbedrag aanpassen want het is veel te hoog geworden")
        call = centre.call(sid).model_copy(update={"agent": "bram", "connected": centre.now, "ended": centre.now})
        centre.live.change_call(sid, lambda _, call=call: call)
        connect.ended(centre.live, sid, centre.plan, centre.now)
        save_contact(centre.engine, call)
        set_disposition(centre.engine, sid, "advance_payment", note)
        centre.later(86400 * (number + 2))
    known = {"phone": None, "intent": "solar", "team": "nabestaanden", "call_sid": "CA0", "now": centre.now}
    open_matter(centre.engine, customer_id=1, title="Zonnepanelen na overlijden", agent_id="fatima", **known)


def busy(centre: Centre) -> None:
    """All of it around the call."""
    colleagues(centre)
    queue(centre)
    promises(centre)
    history(centre)


def offer(centre: Centre, words: str = SHORT, match: Match = INVOICE, **known: object) -> str:
    """A call rings at Anna's."""
    number, customers = known.get("number", "+31612345678"), known.get("customers", (1,))
    sid = centre.caller(number, customers)  # type: ignore[arg-type]
    centre.live.change_call(sid, lambda call: call.model_copy(update={"verified": known.get("verified")}))
    if identity := known.get("identity"):
        assert isinstance(identity, Identity)
        identify.note(centre.live, sid, identity)
    doubtful = known.get("doubtful", ())
    assert connect.decide(centre.live, sid, "speech", words, match, centre.plan, centre.now, doubtful)  # type: ignore[arg-type]
    if words:
        Replay(centre.live, Path(centre.engine.url.database or "").parent / "audio").keep(
            sid, centre.plan, b"\x80" * 8000
        )
    centre.ready("anna")
    centre.give(sid, "anna")
    return sid


def talk(centre: Centre, **known: object) -> str:
    """Anna speaks with a caller."""
    sid = offer(centre, **known)  # type: ignore[arg-type]
    centre.talking(sid, "anna")
    keeps = {"contact_persons": {"nabestaanden": "fatima"}}
    centre.live.change_call(sid, lambda call: call.model_copy(update=keeps))
    centre.later(95)
    return sid


def with_a_colleague(centre: Centre, *, here: bool) -> str:
    """And somebody was called in."""
    sid = talk(centre)
    assert parties.call_in(centre.live, sid, "bram", "colleague", centre.now, timedelta(minutes=1), "anna")
    parties.leg_began(centre.live, sid, "bram", "CAbram")
    if here:
        parties.arrive(centre.live, sid, "bram", centre.now)
    return sid


def away(centre: Centre) -> None:
    """Nothing at all."""


def away_and_busy(centre: Centre) -> None:
    busy(centre)


def ready(centre: Centre) -> None:
    colleagues(centre)
    centre.ready("anna")


def coming(centre: Centre) -> None:
    colleagues(centre)
    centre.ready("anna")
    for other in PEOPLE:
        centre.away(other)
    centre.anticipated(centre.caller(), "ik snap mijn")


def offered(centre: Centre) -> None:
    busy(centre)
    offer(centre, doubtful=(3,), verified=True)


def unknown(centre: Centre) -> None:
    offer(
        centre,
        "dat weet ik ook niet",
        Match(best="person", confidence=0.2),
        number=NOBODY,
        customers=(),
        verified=False,
    )


def withheld(centre: Centre) -> None:
    offer(centre, number=None, customers=())


def several(centre: Centre) -> None:
    offer(centre, number=SHARED, customers=(2, 3))


def maybe(centre: Centre) -> None:
    how = Identity(how="maybe", customers=(2, 3), rests_on=("name", "postcode", "house_number"), heard=5)
    offer(centre, number=NOBODY, customers=(), identity=how)


def talking(centre: Centre) -> None:
    busy(centre)
    talk(centre, doubtful=(1, 4))


def softphone(centre: Centre) -> None:
    """She speaks through the page."""
    busy(centre)
    with writing(centre.engine) as connection:
        connection.execute(update(AgentRow).where(AgentRow.id == "anna").values(phone="browser"))
    centre.live.change_agent("anna", lambda anna: anna.model_copy(update={"phone": "browser"}))
    talk(centre)


def long_sentence(centre: Centre) -> None:
    busy(centre)
    match = Match(
        intent="invoice",
        best="invoice",
        confidence=0.66,
        topics=("invoice", "moving"),
        slots={"customer_number": "10000001", "postcode": "8911 BT", "date": "2026-10"},
    )
    talk(centre, words=LONG, match=match, doubtful=(6, 7, 21, 22, 23))


def held(centre: Centre) -> None:
    colleagues(centre)
    sid = talk(centre)
    centre.live.change_call(sid, lambda call: call.model_copy(update={"held": True, "hand_overs": 1}))
    centre.live.change_agent("anna", lambda anna: presence.choose_next(anna, Presence.AWAY, centre.now))


def colleague_called(centre: Centre) -> None:
    colleagues(centre)
    with_a_colleague(centre, here=False)


def colleague_here(centre: Centre) -> None:
    colleagues(centre)
    with_a_colleague(centre, here=True)


def invited(centre: Centre) -> None:
    """Anna is called in by Bram."""
    _called_in(centre, here=False)


def joined(centre: Centre) -> None:
    _called_in(centre, here=True)


def _called_in(centre: Centre, *, here: bool) -> None:
    colleagues(centre)
    sid = centre.caller()
    centre.decided(sid)
    centre.give(sid, "bram")
    centre.talking(sid, "bram")
    centre.ready("anna")
    reason = "Klant spreekt alleen Fries"
    told = {"reason": reason, "notes": {"bram": "Al veel beloofd."}}
    centre.live.change_call(sid, lambda call: call.model_copy(update=told))
    assert parties.call_in(centre.live, sid, "anna", "colleague", centre.now, timedelta(minutes=1), "bram")
    parties.leg_began(centre.live, sid, "anna", "CAanna")
    if here:
        parties.arrive(centre.live, sid, "anna", centre.now)


def wrap_up(centre: Centre) -> None:
    colleagues(centre)
    sid = talk(centre)
    centre.over(sid)


def away_after_call(centre: Centre) -> None:
    colleagues(centre)
    sid = talk(centre)
    centre.live.change_agent("anna", lambda anna: presence.choose_next(anna, Presence.AWAY, centre.now))
    centre.over(sid)


def callback(centre: Centre) -> None:
    colleagues(centre)
    sid = centre.caller()
    centre.promise(sid)
    centre.live.change_call(sid, lambda call: call.model_copy(update={"promise": 1}))
    centre.decided(sid, "Klacht")
    centre.ready("anna")
    centre.give(sid, "anna")


STATES: dict[str, Callable[[Centre], None]] = {
    one.__name__: one
    for one in (
        *(away, away_and_busy, ready, coming, offered, unknown, withheld, several, maybe, talking, softphone),
        *(long_sentence, held, colleague_called, colleague_here, invited, joined, wrap_up, away_after_call, callback),
    )
}
# The panels below the call or upon the page: in which state, and what is pressed to see them.
PRESSED = {
    "transfer": ("talking", "#open-transfer"),
    "transfer_over_budget": ("held", "#open-transfer"),
    "promise": ("talking", "#open-promise"),
    "keypad": ("softphone", "#open-keypad"),
    "why": ("long_sentence", ".why summary"),
    "more": ("away_and_busy", "#promises .promise summary"),
    "keys": ("away", "#show-keys"),
    "account": ("away", "#account summary"),
}
