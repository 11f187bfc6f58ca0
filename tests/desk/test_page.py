"""What an agent sees, as the server renders it."""

from __future__ import annotations

import re

from sqlalchemy import Engine

from tests.desk.conftest import JANSEN, NOBODY, PLAN, SHARED, Browser, Centre, log_in
from voicebot.calls import NO_MATCH, Call, Match
from voicebot.desk import screen, standing
from voicebot.directory.customers import Customer, CustomerFile
from voicebot.records.contacts import save_contact, set_disposition
from voicebot.routing import connect


def part(page: str, id: str) -> str:
    """The text and the opening tags of one section of the page."""
    found = re.search(rf'<section id="{id}".*?</section>\s*(?=<|$)', page, re.DOTALL)
    assert found, f"there is no section {id}"
    end = page.index("</aside>")  # a file has sections of its own
    return found[0] if id != "file" else page[page.index('<section id="file"') : end]


def offered(centre: Centre, number: str | None = JANSEN, customers: tuple[int, ...] | None = (1,)) -> str:
    centre.ready("anna")
    sid = centre.caller(number, customers)
    centre.decided(sid)
    centre.offered(sid)
    return sid


def test_before_the_phone_is_answered_the_page_shows_words_meaning_and_file(centre: Centre, anna: Browser) -> None:
    centre.promise(offered(centre))
    page = anna.page()
    assert "ik snap mijn factuur niet" in part(page, "call")
    assert "Vraag over de factuur" in part(page, "call") and "91%" in part(page, "call")
    assert "Termijnbedrag" in part(page, "call")  # what it may be instead
    file = part(page, "file")
    assert "J. Jansen" in file and "10000001" in file and "Belt het liefst na zessen" in file
    assert "Omvormer gemeld als defect" in file
    assert "Beloofd: terugbellen" in file


def test_the_file_opens_at_the_tab_of_what_the_caller_wants(centre: Centre, anna: Browser) -> None:
    offered(centre)
    file = part(anna.page(), "file")
    selected = re.findall(r'data-tab="(\w+)"\s+aria-selected="true"', file)
    assert selected == ["billing"]
    assert re.search(r'id="panel-billing-1"[^>]*tabindex="0">', file), "the panel of the tab is hidden"


def test_the_file_shows_the_last_contacts(centre: Centre, anna: Browser, engine: Engine) -> None:
    earlier = centre.live.call(centre.caller())
    assert earlier
    save_contact(engine, earlier)
    set_disposition(engine, earlier.sid, "solar", "Monteur besteld")
    now = centre.live.call(offered(centre))
    assert now
    save_contact(engine, now)
    set_disposition(engine, now.sid, "invoice", "Dit gesprek")
    file = part(anna.page(), "file")
    assert "Zonnepanelen" in file and "Monteur besteld" in file
    assert "Dit gesprek" not in file  # the call itself is in the middle of the page


def test_all_customers_with_one_number_are_shown_and_none_is_chosen_for_the_agent(
    centre: Centre, anna: Browser
) -> None:
    offered(centre, SHARED, (2, 3))
    file = part(anna.page(), "file")
    assert "A. de Vries" in file and "B. Bakker" in file
    assert " checked" not in file
    assert len(re.findall(r'class="customer" hidden', file)) == 2


def test_a_customer_whose_name_was_heard_is_chosen_among_several() -> None:
    files = [
        CustomerFile(customer=Customer(id=id, number=str(id), name=name))
        for id, name in ((2, "A. de Vries"), (3, "B. Bakker"))
    ]
    assert standing.named(files, "met bakker ik snap mijn factuur niet") == files[1]
    assert standing.named(files, "met bakker namens de familie de vries") is None
    assert standing.named(files[:1], "") == files[0]


def test_an_unknown_number_is_welcome(centre: Centre, anna: Browser) -> None:
    offered(centre, NOBODY, ())
    page = anna.page()
    assert "Onbekend nummer" in part(page, "file")
    assert "+31 6 99999999" in part(page, "call")


def test_a_withheld_number_is_welcome(centre: Centre, anna: Browser) -> None:
    offered(centre, None, ())
    assert "schermt het nummer af" in part(anna.page(), "file")


def test_while_the_number_is_looked_up_the_page_says_so_and_asks_itself_once_they_talk(
    centre: Centre, anna: Browser
) -> None:
    sid = offered(centre, JANSEN, None)
    assert "wordt opgezocht" in part(anna.page(), "file")
    centre.talking(sid, "anna")
    assert "J. Jansen" in part(anna.page(), "file")


def test_a_caller_who_was_not_understood_is_introduced_as_such(centre: Centre, anna: Browser) -> None:
    centre.ready("anna")
    sid = centre.caller()
    centre.decided(sid, "dat weet ik ook niet", Match(best="person", confidence=0.2))
    centre.offered(sid)
    page = anna.page()
    assert "Niet begrepen" in part(page, "call") and "dat weet ik ook niet" in part(page, "call")
    centre.talking(sid, "anna")
    assert "Iets anders…" in part(anna.page(), "disposition")


def test_a_caller_who_said_nothing_is_introduced_as_such(centre: Centre, anna: Browser) -> None:
    centre.ready("anna")
    sid = centre.caller()
    connect.decide(centre.live, sid, "no_input", "", NO_MATCH, PLAN, centre.now)
    centre.offered(sid)
    assert "De beller zei niets" in part(anna.page(), "call")


def test_what_a_caller_says_cannot_become_part_of_the_page(centre: Centre, anna: Browser) -> None:
    centre.ready("anna")
    sid = centre.caller()
    centre.decided(sid, "<script>alert(1)</script>")
    centre.offered(sid)
    page = anna.page()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_dutch_comes_first_and_the_browser_or_the_switch_may_ask_for_english(centre: Centre, anna: Browser) -> None:
    assert "Wachtrij" in anna.page()
    assert "Wachtrij" in anna.client.get("/desk/", headers={"Accept-Language": "fr"}).text
    assert "Queue" in anna.client.get("/desk/", headers={"Accept-Language": "en-GB,en;q=0.9,nl;q=0.5"}).text
    assert anna.post("/desk/language", language="en", next="/desk/").location == "/desk/"
    assert "Queue" in anna.client.get("/desk/", headers={"Accept-Language": "nl"}).text


def test_the_left_column_shows_who_waits_and_which_colleagues_are_there(centre: Centre, anna: Browser) -> None:
    log_in(centre, "bram")
    centre.ready("bram")
    centre.decided(centre.caller())
    queue = part(anna.page(), "queue")
    assert "Vraag over de factuur" in queue and "langst" in queue
    colleagues = part(anna.page(), "colleagues")
    assert "Bram" in colleagues and "Anna" not in colleagues


def test_an_agent_whose_phone_rang_unanswered_is_told_why_they_are_away(centre: Centre, anna: Browser) -> None:
    connect.missed(centre.live, offered(centre), "anna", PLAN, centre.now)
    assert "werd niet opgenomen" in part(anna.page(), "presence")


def test_wrap_up_that_ran_out_shows_ready_and_keeps_the_form(centre: Centre, anna: Browser) -> None:
    sid = offered(centre)
    centre.talking(sid, "anna")
    centre.over(sid)
    assert "Gesprek voorbij" in part(anna.page(), "call")
    centre.later(61)
    page = anna.page()
    assert "volgende gesprek komt vanzelf" in part(page, "call")
    assert f'id="disposition-{sid}"' in page


def test_the_tab_of_an_intent_that_the_dialplan_no_longer_has_is_details(centre: Centre) -> None:
    known = {"sid": "CA1", "line": "+31201234567", "dialplan": "", "caller": None, "started": centre.now}
    call = Call.model_validate({**known, "match": Match(intent="gone")})
    plan = connect.Dialplan.model_validate({"line": "+31201234567", "name": "N", "language": "nl"})
    assert screen.tab_to_open(call, plan) == "details"
    assert screen.title(plan, "gone") == "gone"
