"""Two agents and a supervisor through a morning: real pages, the real server, real Redis, and callers who speak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.conftest import Desk
from tests.browser.morning import LEAD, LINE, PASSWORD, PEOPLE, Caller, Morning, opened
from tests.calls.processes import Several
from tests.calls.scene import Person, Telephone, Until
from tests.chromium import ABSENT, CHROMIUM
from tests.desk.browsers import logged_in
from voicebot.app import utc_now
from voicebot.calls import Stage
from voicebot.hearing.typed import speak
from voicebot.records import promises
from voicebot.records.database import open_database
from voicebot.records.promises import NewPromise
from voicebot.simulator.callers import Speaks, Waits

if not CHROMIUM:
    pytest.skip(ABSENT, allow_module_level=True)
pytest.importorskip("espeakng_loader", reason="no synthetic voice: pip install 'voicebot[simulator]'")

# A customer for each test: who was helped lately is offered to the same agent first.
JANSEN, VRIES, AMRANI, BAKKER = "+31612345678", "+31697000102", "+31697000105", "+31697000106"
MULDER, HENDRIKS, SMIT, YILMAZ = "+31697000107", "+31697000108", "+31697000109", "+31697000112"
POSTMA, WILLEMS, PETERS = "+31697000113", "+31697000116", "+31697000117"
STRANGER, SILENT = "+31688000001", "+31688000002"
BILL = "goedemorgen ik heb een vraag over mijn factuur"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    with opened(tmp_path_factory.mktemp("morning")) as bot:
        yield bot


@pytest.fixture(scope="module")
def cookies(bot: Several, agents_browser: Browser) -> dict[str, StorageState]:
    return {who: logged_in(agents_browser, f"{bot.url}/desk", who, PASSWORD) for who in PEOPLE}


@pytest.fixture
def morning(bot: Several, agents_browser: Browser, cookies: dict[str, StorageState]) -> Iterator[Morning]:
    engine = open_database(f"sqlite:///{bot.database}", bot.database.parent)
    morning = Morning(bot, engine, agents_browser, cookies)
    yield morning
    morning.close()
    engine.dispose()
    assert morning.errors == []


def takes(desk: Desk, caller: Caller, agent: str) -> None:
    """The call is offered at the desk, taken there, and both hear each other."""
    desk.stands("offered")
    desk.press("accept")
    desk.stands("talking")
    caller.is_with(agent)
    caller.morning.hear(caller, caller=agent, **{agent: "caller"})


# -- an agent and a caller


def test_a_bill_is_explained_with_the_file_open_and_what_it_really_was_takes_one_click(morning: Morning) -> None:
    anna = morning.desk("anna")
    caller = morning.caller(JANSEN, BILL)
    anna.stands("offered")
    anna.shows("#call blockquote", BILL)
    anna.shows("#call .understood", "Vraag over de factuur")
    anna.shows("#file h3", "J. Jansen")
    anna.shows("#file [role=tab][aria-selected=true]", "Facturen")
    anna.shows("#file [role=tabpanel]:not([hidden])", "€ 163,20")
    takes(anna, caller, "anna")
    anna.wire.hears()
    anna.wire.says()

    anna.press("hold")
    anna.shows("#call .state", "In de wacht")
    morning.hear(caller, caller="", anna="")
    anna.press("hold")
    expect(anna.page.locator("#hold")).to_have_text("In de wacht")
    morning.hear(caller, caller="anna", anna="caller")

    anna.press("hang-up")
    anna.stands("wrap_up")
    other = anna.page.locator("#disposition .really button[value]").nth(1)
    really = other.get_attribute("value")
    other.click()
    anna.stands("ready")
    written = morning.contact(JANSEN)
    assert (written.intent, written.disposition, written.agent_id) == ("invoice", really, "anna")
    assert really not in ("", "invoice")


def test_who_lost_somebody_reaches_those_who_are_there_for_it(morning: Morning) -> None:
    anna, bram = morning.desk("anna"), morning.desk("bram")
    caller = morning.caller(MULDER, "mijn man is overleden")
    bram.stands("offered")
    bram.shows("#call .from", "team nabestaanden")
    bram.shows("#file h3", "Wed. C. Mulder")
    takes(bram, caller, "bram")
    anna.stands("ready")
    bram.press("hang-up")
    bram.stands("wrap_up")
    bram.page.locator("#disposition .really button[value]").first.click()
    bram.stands("ready")


def test_in_a_warm_transfer_the_colleague_sees_file_and_words_and_the_caller_is_never_alone(morning: Morning) -> None:
    anna = morning.desk("anna")
    caller = morning.caller(VRIES, BILL)
    takes(anna, caller, "anna")
    bram = morning.desk("bram")
    anna.press("open-transfer")
    anna.press("ask-bram")
    bram.stands("invited")
    bram.shows("#call .notice", "Anna Bakker vraagt je erbij")
    bram.shows("#call blockquote", BILL)
    bram.shows("#file h3", "F. de Vries")
    bram.shows("#file [role=tab][aria-selected=true]", "Facturen")
    bram.press("accept")
    bram.stands("joined")
    morning.hear(caller, caller="anna bram", anna="caller bram", bram="caller anna")

    anna.press("hand-over-bram")
    bram.stands("talking")
    caller.is_with("bram")
    morning.hear(caller, caller="bram", bram="caller")
    anna.stands("wrap_up")
    anna.shows("#call .notice", "Bram Kuipers")
    joined = [event.detail for event in caller.leg.timeline if "participant-join" in event.detail]
    assert len(joined) == 1, "the caller never left the room"


def test_when_the_agents_page_is_gone_the_caller_is_in_line_for_somebody_else(morning: Morning) -> None:
    anna = morning.desk("anna")
    caller = morning.caller(YILMAZ, BILL)
    takes(anna, caller, "anna")
    bram = morning.desk("bram", ready=False)
    morning.contexts["anna"].close()
    morning.until(lambda: caller.call.stage is Stage.WAITING, "the caller waits again")
    bram.shows("#queue", "langst")
    bram.press("be-ready")
    takes(bram, caller, "bram")
    assert any("reconnecting" in event.detail for event in caller.leg.timeline)


# -- whoever calls


def test_an_unknown_number_whose_caller_gives_a_name_opens_the_likely_file(morning: Morning) -> None:
    anna = morning.desk("anna")
    caller = morning.caller(STRANGER, "met de boer uit emmen ik ga verhuizen")
    anna.stands("offered")
    anna.shows("#file .known", "Misschien")
    anna.shows("#file article:not([hidden]) h3", "M. de Boer")
    takes(anna, caller, "anna")
    anna.page.locator("#file [id^=it-is-]").first.click()
    anna.shows("#file .known.confirmed", "Bevestigd")


def test_who_says_nothing_reaches_a_person(morning: Morning) -> None:
    anna = morning.desk("anna")
    caller = morning.caller(SILENT, "")
    anna.shows("#call .words", "De beller zei niets")
    anna.shows("#file h3", "Onbekend nummer")
    takes(anna, caller, "anna")


def test_a_number_that_is_withheld_is_no_hindrance(morning: Morning) -> None:
    anna = morning.desk("anna")
    caller = morning.caller("anonymous", "ik wil mijn meterstand doorgeven")
    anna.stands("offered")
    anna.shows("#call .from", "Nummer afgeschermd")
    anna.shows("#call .understood", "Meterstand")
    takes(anna, caller, "anna")


def test_who_waits_and_is_promised_a_call_tomorrow_is_called_from_the_agents_list(morning: Morning) -> None:
    home = Telephone(lambda: Person("caller"))
    morning.bot.standin.add_phone(WILLEMS, home)
    anna = morning.desk("anna")
    first = morning.caller(HENDRIKS, BILL)
    takes(anna, first, "anna")
    wishes = "bel mij morgen na vijf uur"
    answers = (Until("say", "teruggebeld"), Waits(quiet_ms=4000), Speaks(speak(wishes), wishes))
    caller = morning.typed_caller(WILLEMS, "ik snap mijn factuur niet", *answers)
    anna.shows("#queue", "langst")
    caller.leg.wait()
    (promise,) = morning.promised
    assert "We bellen u morgen" in caller.said_to()
    first.person.leaves = True
    anna.stands("wrap_up")
    anna.press("be-away")
    row = anna.page.locator(f"#promise-{promise.id}")
    expect(row).to_contain_text("op tijd")
    expect(row.get_by_role("button", name="Bel nu")).to_be_disabled()

    anna.press("be-ready")
    row.get_by_role("button", name="Bel nu").click()
    anna.stands("offered")
    anna.shows("#call .kept", "Beloofd door de bot")
    anna.shows("#file h3", "N. Willems")
    anna.press("accept")
    anna.stands("talking")
    morning.until(lambda: home.people and home.people[-1].recent, "the customer is on the line")
    anna.wire.hears()
    home.people[-1].leaves = True
    anna.stands("wrap_up")
    kept = promises.get(morning.engine, promise.id)
    assert kept and (kept.state, kept.kept_by) == ("kept", "anna")


# -- who wants a supervisor, and what a supervisor does


def test_who_wants_a_supervisor_is_on_the_line_with_one_who_looks_at_the_wall(morning: Morning) -> None:
    wall, anna = morning.wall(), morning.desk("anna")
    wall.press("Zet op klaar: Sofie Peters")
    caller = morning.caller(SMIT, "ik wil uw leidinggevende spreken")
    wall.tells("Je telefoon gaat")
    wall.tells("ik wil uw leidinggevende spreken")
    wall.does("Aannemen")
    wall.tells("Het gesprek is nu van jou")
    caller.is_with("sofie")
    morning.hear(caller, caller="sofie", sofie="caller")
    anna.stands("ready")
    with wall.page.context.expect_page() as beside:
        wall.card.get_by_role("link", name="Open het dossier").click()
    expect(beside.value.locator("#file h3")).to_contain_text("L. Smit")
    wall.does("Ophangen")
    wall.tells("Gesprek voorbij")
    caller.leg.wait()


def test_when_no_supervisor_is_free_one_is_promised_by_name_and_an_agent_helps(morning: Morning) -> None:
    morning.wall()
    anna = morning.desk("anna")
    caller = morning.caller(POSTMA, "ik wil uw leidinggevende spreken")
    takes(anna, caller, "anna")
    (promise,) = morning.promised
    assert (promise.owner, promise.kind, promise.team) == ("sofie", "supervisor", LEAD)
    assert "Sofie Peters belt u" in caller.said_to()
    anna.shows("#file .promise", "Sofie Peters")


def test_a_supervisor_listens_coaches_joins_takes_over_and_hands_back(morning: Morning) -> None:
    wall, anna = morning.wall(), morning.desk("anna")
    caller = morning.caller(AMRANI, BILL)
    takes(anna, caller, "anna")

    wall.press("Luister: Anna Bakker")
    wall.tells("Je luistert mee met Anna Bakker")
    wall.tells(BILL)
    morning.hear(caller, caller="anna", anna="caller", sofie="caller anna")
    wall.does("Fluister")
    wall.tells("Alleen je collega hoort jou")
    morning.hear(caller, caller="anna", anna="caller sofie", sofie="caller anna")
    wall.does("Doe mee")
    wall.tells("De beller en je collega horen jou")
    morning.hear(caller, caller="anna sofie", anna="caller sofie", sofie="caller anna")
    wall.does("Neem over")
    wall.tells("Anna Bakker hoort mee en kan het gesprek terugkrijgen")
    anna.shows("#call .notice", "Het gesprek is nu van Sofie Peters")
    morning.hear(caller, caller="sofie", anna="caller sofie", sofie="caller")
    wall.does("Geef terug")
    wall.tells("Kies bij een gesprek")
    anna.stands("talking")
    morning.hear(caller, caller="anna", anna="caller")
    assert morning.audited(caller) == [
        ("anna", "call.accepted"),
        *[("sofie", f"call.{done}") for done in ("listened", "coached", "joined", "taken_over", "handed_back")],
    ]


def test_a_supervisor_sends_an_agent_away_and_assigns_a_promise_and_the_log_tells_who_did_it(morning: Morning) -> None:
    late = NewPromise(
        kind="visit",
        call_sid="CAp",
        line=LINE,
        team="generalists",
        phone=PETERS,
        about="Klacht over de monteur",
        language="nl",
        place=utc_now(),
        due=utc_now() - timedelta(minutes=1),
    )
    promises.promise(morning.engine, late, "p", utc_now() - timedelta(hours=4))
    wall, anna = morning.wall(), morning.desk("anna")
    wall.press("Zet op weg: Anna Bakker")
    anna.stands("away")

    wall.page.get_by_role("link", name="Wijs toe: Klacht over de monteur").click()
    wall.page.get_by_label("Medewerker", exact=True).select_option("anna")
    wall.page.locator("#ask").get_by_role("button", name="Wijs toe").click()
    expect(wall.page.locator("#promises")).to_contain_text("Anna Bakker")
    expect(anna.page.locator("#promises_mine + ul")).to_contain_text("Klacht over de monteur")

    wall.page.goto(f"{morning.bot.url}/desk/audit")
    for text in ("Anna Bakker", f"promise {morning.promised[0].id}"):
        expect(wall.page.locator("#entries tr", has_text="Sofie Peters").filter(has_text=text).first).to_be_visible()
