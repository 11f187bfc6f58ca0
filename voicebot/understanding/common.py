"""How common the little words of a language are: a dialplan has too few sentences to count them by itself."""

from __future__ import annotations

# Share of everyday sentences that hold the word, roughly, and the words; every other word is taken to be rare.
_ENGLISH = (
    (
        0.3,
        """
        i the a to my is what me you it can do of for in and on how
    """,
    ),
    (
        0.12,
        """
        please this are that be have would want need know tell with from at your like get there we was will or not
        if has did so about does when where am up out any when who which as but don't just some all one by go more
        it's i'm i'd
    """,
    ),
    (
        0.04,
        """
        could should use find much many take make give see help think going got let an our us they them he she his
        her then than now today been were had off into over too very also really here still no yes only back why
        their these those being may might must shall every each both few most other another such own same after
        before until while because again never always got gonna wanna got put try come look say said thing things
        something anything someone anyone way time new good right okay
    """,
    ),
)
_DUTCH = (
    (
        0.3,
        """
        ik de het een mijn is en van wat in je te op dat kan met voor
    """,
    ),
    (
        0.12,
        """
        wil niet die er aan hoe heb naar om zijn maar ook wel nog bij mij me we of als dan dit was hij ze u uw ben
        hebben bent worden kun kunt zou uit moet over door al jullie hebt heeft waar graag wij nu
    """,
    ),
    (
        0.04,
        """
        veel geen meer zo hier daar iets ga gaat gaan wordt word werd zal zullen zij hun hem haar ons onze deze
        welke wie wanneer waarom weet weten wilt willen kunnen moeten mag mogen laat laten doe doet doen maak maken
        geef geven krijg krijgt krijgen komt kom komen staat staan zit ligt toch dus want omdat sinds tot tegen
        onder na voordat alles alle elke andere ander zelf even weer steeds altijd nooit vandaag toen toe terug af
        ik'm 't m'n z'n zeg zeggen zien kijk kijken help helpen vraag nieuwe nieuw goed beetje hoeveel eens gewoon
        eigenlijk echt
    """,
    ),
)


def _shares(tiers: tuple[tuple[float, str], ...]) -> dict[str, float]:
    return {word: share for share, text in reversed(tiers) for word in text.split()}


# Language → word → share of sentences (0..1).
COMMON = {"nl": _shares(_DUTCH), "en": _shares(_ENGLISH)}
