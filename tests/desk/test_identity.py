"""Who a caller may be by their words: what the agent sees, confirms, and what is kept."""

from __future__ import annotations

import re

from sqlalchemy import Engine

from tests.desk.conftest import JANSEN, NOBODY, SHARED, Browser, Centre, log_in
from voicebot.calls import Identity
from voicebot.records.contacts import recent, save_contact
from voicebot.routing import identify

MAYBE = Identity(how="maybe", customers=(2,), rests_on=("name", "city"), heard=5)
ONE_OF_TWO = Identity(how="maybe", customers=(2, 3), rests_on=("name", "postcode", "house_number"), heard=5)


def file_of(browser: Browser) -> str:
    page = browser.page()
    return re.sub(r"\s+", " ", page[page.index('<section id="file"') :])


def open_files(page: str) -> list[str]:
    """The ids of the customers whose file is open."""
    return re.findall(r'<article id="file-(\d+)" class="customer">', page)


def kept_with_disposition(page: str) -> list[str]:
    """The ids of the customers who would be kept with the disposition without another press."""
    inputs = re.findall(r'<input type="(?:hidden|radio)" name="customer" [^>]*form="disposition-[^>]*>', page)
    return [
        found[1]
        for one in inputs
        if "radio" not in one or "checked" in one
        if (found := re.search(r'value="(\d+)"', one))
    ]


def offered(
    centre: Centre, identity: Identity | None, number: str | None = NOBODY, customers: tuple[int, ...] = ()
) -> str:
    centre.ready("anna")
    sid = centre.caller(number, customers)
    identify.note(centre.live, sid, identity)
    centre.decided(sid)
    centre.offered(sid)
    return sid


def test_a_maybe_opens_the_file_and_says_what_it_rests_on(centre: Centre, anna: Browser) -> None:
    offered(centre, MAYBE)
    page = file_of(anna)
    assert open_files(page) == ["2"]
    assert "<strong>Misschien</strong> <span>op grond van naam en woonplaats</span>" in page
    assert "Dit is de beller" in page
    assert "Onbekend nummer" not in page


def test_a_maybe_in_english(centre: Centre, anna: Browser) -> None:
    anna.post("/desk/language", language="en")
    offered(centre, ONE_OF_TWO)
    page = file_of(anna)
    assert "<strong>Maybe</strong> <span>by name, postcode and house number</span>" in page
    assert "Who may it be?" in page
    assert page.count("This is the caller</button>") == 2


def test_a_maybe_is_kept_with_nothing_by_itself(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = offered(centre, MAYBE)
    assert kept_with_disposition(file_of(anna)) == []
    centre.talking(sid, "anna")
    centre.over(sid)
    save_contact(engine, centre.call(sid))
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice").status_code == 204
    assert recent(engine, 2, 5) == ()


def test_one_press_confirms_and_the_confirmed_customer_is_kept(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = offered(centre, MAYBE)
    assert anna.post(f"/desk/calls/{sid}/customer", customer="2").status_code == 204
    page = file_of(anna)
    assert "<strong>Bevestigd</strong>" in page and "Misschien" not in page
    assert kept_with_disposition(page) == ["2"]
    centre.talking(sid, "anna")
    centre.over(sid)
    save_contact(engine, centre.call(sid))
    assert [contact.call_sid for contact in recent(engine, 2, 5)] == [sid]


def test_another_one_is_picked_with_one_press(centre: Centre, anna: Browser) -> None:
    sid = offered(centre, ONE_OF_TWO)
    assert open_files(file_of(anna)) == ["2"]
    assert anna.post(f"/desk/calls/{sid}/customer", customer="3").status_code == 204
    page = file_of(anna)
    assert (open_files(page), kept_with_disposition(page)) == (["3"], ["3"])
    assert centre.call(sid).customer == 3


def test_who_is_confirmed_after_the_call_is_kept_too(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = offered(centre, MAYBE)
    centre.talking(sid, "anna")
    centre.over(sid)
    save_contact(engine, centre.call(sid))
    assert recent(engine, 2, 5) == ()
    anna.post(f"/desk/calls/{sid}/customer", customer="2")
    (contact,) = recent(engine, 2, 5)
    assert contact.utterance == "ik snap mijn factuur niet"


def test_words_that_were_not_to_be_kept_do_not_come_back(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = offered(centre, MAYBE)
    centre.talking(sid, "anna")
    centre.over(sid)
    save_contact(engine, centre.call(sid).model_copy(update={"utterance": ""}))
    anna.post(f"/desk/calls/{sid}/customer", customer="2")
    assert recent(engine, 2, 5)[0].utterance == ""


def test_somebody_else_who_was_looked_up_can_be_picked(centre: Centre, anna: Browser) -> None:
    sid = offered(centre, MAYBE)
    assert anna.post(f"/desk/calls/{sid}/customer", customer="3").status_code == 204
    assert centre.call(sid).confirmed == 3


def test_nobody_who_is_not_there_can_be_picked(centre: Centre, anna: Browser) -> None:
    sid = offered(centre, MAYBE)
    for customer in ("987654", "nobody", ""):
        answer = anna.post(f"/desk/calls/{sid}/customer", customer=customer)
        assert (answer.status_code, answer.text) == (409, "Deze oproep is er niet meer.")
    assert centre.call(sid).confirmed is None


def test_only_the_agent_with_the_call_confirms(centre: Centre, anna: Browser) -> None:
    log_in(centre, "bram").page()
    centre.ready("bram")
    sid = centre.caller(NOBODY, ())
    identify.note(centre.live, sid, MAYBE)
    centre.decided(sid)
    assert centre.offered(sid) == "bram"
    assert anna.post(f"/desk/calls/{sid}/customer", customer="2").status_code == 409


def test_confirming_needs_the_forgery_token(centre: Centre, anna: Browser) -> None:
    sid = offered(centre, MAYBE)
    assert anna.client.post(f"/desk/calls/{sid}/customer", data={"customer": "2"}).status_code == 400
    assert centre.call(sid).confirmed is None


def test_who_is_certain_is_open_and_kept(centre: Centre, anna: Browser) -> None:
    certain = Identity(how="certain", customers=(2,), rests_on=("number", "name"), heard=9)
    sid = offered(centre, certain)
    page = file_of(anna)
    assert "<strong>Herkend</strong> <span>op grond van klantnummer en naam</span>" in page
    assert (open_files(page), kept_with_disposition(page)) == (["2"], ["2"])
    assert centre.call(sid).customer == 2


def test_several_are_listed_and_none_is_open(centre: Centre, anna: Browser) -> None:
    offered(centre, Identity(how="several", customers=(2, 3), rests_on=("postcode",), heard=5))
    page = file_of(anna)
    assert "Wie kan het zijn?" in page and "A. de Vries" in page and "B. Bakker" in page
    assert (open_files(page), kept_with_disposition(page)) == ([], [])


def test_without_words_to_go_by_everything_is_as_it_was(centre: Centre, anna: Browser) -> None:
    offered(centre, None, JANSEN, (1,))
    page = file_of(anna)
    assert (open_files(page), kept_with_disposition(page)) == (["1"], ["1"])
    assert "Dit is de beller" not in page and "Herkend" not in page


def test_housemates_can_be_confirmed_as_well(centre: Centre, anna: Browser) -> None:
    sid = offered(centre, None, SHARED, (2, 3))
    page = file_of(anna)
    assert "2 klanten met dit nummer" in page and page.count("Dit is de beller</button>") == 2
    anna.post(f"/desk/calls/{sid}/customer", customer="3")
    assert open_files(file_of(anna)) == ["3"]


def test_what_the_agent_confirmed_is_not_changed_by_late_news(centre: Centre, anna: Browser) -> None:
    sid = offered(centre, MAYBE)
    anna.post(f"/desk/calls/{sid}/customer", customer="2")
    assert not identify.note(centre.live, sid, Identity(how="certain", customers=(3,), heard=99))
    assert centre.call(sid).customer == 2


def test_a_file_that_is_gone_is_not_opened(centre: Centre, anna: Browser) -> None:
    offered(centre, Identity(how="maybe", customers=(987654,), rests_on=("number",), heard=5))
    assert "Onbekend nummer" in file_of(anna)
