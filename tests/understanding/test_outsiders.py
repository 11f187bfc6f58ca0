"""A word that an intent waits for, said of somebody else's business, names no intent: the generalists ask."""

from __future__ import annotations

import pytest

from tests.understanding.test_match import plan
from voicebot.understanding.likeness import learn_likeness
from voicebot.understanding.match import Understanding, learn
from voicebot.understanding.strange import strange
from voicebot.understanding.subjects import subjects, subjects_of_part

DENTIST = {
    "visit": {
        "title": "Afspraak bij de tandarts",
        "examples": ["ik wil een afspraak maken", "ik moet op controle", "kan ik langskomen bij de tandarts"],
        "keywords": ["afspraak", "controle"],
    },
    "bill": {
        "examples": ["ik heb een vraag over mijn rekening", "de nota klopt niet", "ik begrijp de rekening niet"],
        "keywords": ["rekening", "nota"],
    },
}


@pytest.mark.parametrize(
    "said",
    [
        "ik heb een afspraak bij de tandarts",
        "ik wil mijn abonnement op de krant opzeggen",
        "ik wil mijn sportschool opzeggen",
        "er is een storing op het spoor",
        "ik heb een klacht over het eten",
        "ik wil mijn paspoort verlengen",
        "mijn kat is overleden",
        "de rekening van het restaurant klopt niet",
        "ik heb een factuur van de garage voor mijn auto",
    ],
)
def test_a_keyword_amid_another_companys_business_names_no_intent(noorderlicht: Understanding, said: str) -> None:
    match = noorderlicht.match(said)
    assert (match.intent, match.team) == (None, "generalists")


@pytest.mark.parametrize(
    "said",
    [
        "i have an appointment at the dentist",
        "i want to cancel my newspaper subscription",
        "there is a fault on the railway",
        "my cat has died",
        "the bill at the restaurant was wrong",
    ],
)
def test_it_is_so_in_english(northwind: Understanding, said: str) -> None:
    match = northwind.match(said)
    assert (match.intent, match.team) == (None, "generalists")


@pytest.mark.parametrize(
    "said",
    [
        "ik heb een afspraak met de advocaat",
        "de factuur van de bloemist is zoek",
        "ik heb een klacht over de camping",
        "mijn hamster is gestorven",
    ],
)
def test_who_names_whose_matter_it_is_need_not_be_in_any_list(noorderlicht: Understanding, said: str) -> None:
    assert noorderlicht.match(said).intent is None


def test_the_word_after_whose_is_strange_only_when_the_dialplan_has_nothing_like_it() -> None:
    knows = learn_likeness([["de", "nota", "van", "de", "bakfietsmaker"], ["mijn", "knoflook"]], "nl")
    assert strange(knows, ["de", "nota", "van", "de", "bakfietsmakers"]).elsewhere == 0
    assert strange(knows, ["de", "nota", "van", "de", "xylofonist"]).elsewhere == 0.5
    assert strange(knows, ["de", "nota", "gaat", "xylofonist"]).elsewhere == 0


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("er is een gaslek in de school", "emergency"),
        ("ik heb een klacht over uw collega", "complaint"),
        ("ik wil de manager van de afdeling spreken", "supervisor"),
        ("ik ben mijn wachtwoord van de app vergeten", "change_details"),
        ("ik ga verhuizen naar een boerderij", "moving"),
    ],
)
def test_places_and_words_of_any_company_are_nobodys_business(
    noorderlicht: Understanding, said: str, intent: str
) -> None:
    assert noorderlicht.match(said).intent == intent


def test_what_a_dialplan_is_about_itself_is_no_other_companys_business() -> None:
    dentist = learn(plan(DENTIST))
    assert dentist.match("ik heb een afspraak bij de tandarts").intent == "visit"
    assert dentist.match("ik wil een afspraak voor mijn gebit").intent == "visit"
    assert dentist.match("ik wil een afspraak voor de zonnepanelen").intent is None
    assert dentist.match("ik begrijp de energierekening niet").intent is None


def test_a_want_is_understood_beside_a_word_about_else(noorderlicht: Understanding) -> None:
    assert noorderlicht.match("ik sta in de trein en ik wil mijn meterstand doorgeven").intent == "meter_reading"


def test_one_word_of_a_subject_makes_all_of_it_the_dialplans_own() -> None:
    knows = learn_likeness([["mijn", "kies", "is", "kapot"]], "nl")
    assert strange(knows, ["mijn", "gebit"]).elsewhere == 0
    assert strange(knows, ["mijn", "trein"]).elsewhere == 1


def test_half_a_dutch_compound_tells_its_subject_when_the_dialplan_has_none_of_it() -> None:
    assert subjects_of_part("treinverbinding", "nl") == subjects("trein", "nl")
    knows = learn_likeness([["het", "gas"]], "nl")
    assert strange(knows, ["de", "gaskraan"]).elsewhere == 0
    assert strange(knows, ["de", "koekraan"]).elsewhere == 1


@pytest.mark.parametrize("word", ["ik", "haar", "gisteren", "utrecht", "b", "12"])
def test_words_that_may_be_said_of_anything_tell_no_subject(word: str) -> None:
    assert strange(learn_likeness([["het", "gas"]], "nl"), [word]) == (0, 0, 0, 0)


def test_a_language_without_a_list_has_no_subjects() -> None:
    assert subjects_of_part("zahnarzt", "de") == frozenset()
