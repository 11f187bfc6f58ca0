"""Letters as people spell them on the telephone: `a`, `bee`, `anna`, `bravo`, `b van bernard`."""

from __future__ import annotations

from collections.abc import Sequence


def _pairs(text: str) -> dict[str, str]:
    return {
        name: letters
        for letters, _, names in (part.partition("=") for part in text.split())
        for name in names.split(",")
    }


_ALPHABET = dict.fromkeys("abcdefghijklmnopqrstuvwxyz")
_NATO = _pairs(
    "a=alpha,alfa b=bravo c=charlie d=delta e=echo f=foxtrot g=golf h=hotel i=india j=juliet,juliett k=kilo l=lima "
    "m=mike n=november o=oscar p=papa q=quebec r=romeo s=sierra t=tango u=uniform v=victor w=whiskey,whisky x=xray "
    "y=yankee z=zulu"
)
_NAMES = {  # what a letter is called, or what a recogniser makes of it
    "nl": _pairs(
        "a=aa,ah b=be,bee c=cee,ce,see d=dee e=ee f=ef,eff g=gee h=ha,haa i=ie j=jee k=ka,kaa l=el,ell m=em n=en,enn "
        "o=oo p=pe,pee q=ku,kuu r=er,err s=es,ess t=tee u=uu v=vee w=wee x=iks,ix y=ij,ei,ypsilon z=zet,zed,zee"
    ),
    "en": _pairs(
        "a=ay,eh b=be,bee c=see,sea,cee d=dee e=ee f=eff,ef g=gee,jee h=aitch,haitch i=eye j=jay k=kay,okay l=el,ell "
        "m=em n=en,an p=pee,pea q=queue,cue r=are,ar s=ess,es t=tea,tee u=you,ewe v=vee x=ex y=why z=zed,zee"
    ),
}
_SPELLED = {
    "nl": _pairs(
        "a=anna,anton b=bernard,bernhard c=cornelis d=dirk e=eduard f=ferdinand g=gerard h=hendrik i=isaak,izaak,isaac "
        "j=johan,jan k=karel l=lodewijk,leo m=maria n=nico,nicolaas o=otto p=pieter q=quirinus,quotient "
        "r=richard,rudolf s=simon t=teunis,theodoor u=utrecht v=victor w=willem x=xantippe y=ypsilon z=zacharias"
    )
    | _NATO,
    "en": _NATO,
}
_LINKS = {"nl": {"van"}, "en": {"for", "as"}}  # "b van bernard", "b for bravo"


def letter_at(words: Sequence[str], place: int, language: str) -> tuple[str, int]:
    """The letter that a word spells and how many words that takes; an empty letter and one word when it spells none."""
    if place >= len(words) or language not in _NAMES:
        return "", 1
    letter = _letter(words[place], language)
    if letter and words[place + 1 : place + 2] and words[place + 1] in _LINKS[language] and place + 2 < len(words):
        named = words[place + 2]
        if named.startswith(letter) and len(named) > 1:
            return letter, 3
        if named in _SPELLED[language]:  # "d van bernard" was a b, or a d: the name is heard best
            return _SPELLED[language][named], 3
    if language == "nl" and words[place] == "griekse" and words[place + 1 : place + 2] in (["y"], ["ij"], ["ei"]):
        return "y", 2
    if language == "en" and words[place] == "double" and words[place + 1 : place + 2] in (["u"], ["you"]):
        return "w", 2
    return letter, 1


def _letter(word: str, language: str) -> str:
    if word in _ALPHABET:
        return word
    return _SPELLED[language].get(word) or _NAMES[language].get(word, "")


def spelled_words(words: Sequence[str], language: str) -> list[tuple[int, int, str]]:
    """Words of three letters and more that are spelled out, each with its first word and the one after its last."""
    found: list[tuple[int, int, str]] = []
    place = 0
    while place < len(words):
        spelled, end, plain_letters = "", place, 0
        while end < len(words):
            letter, used = letter_at(words, end, language)
            if not letter:
                break
            plain_letters += used > 1 or len(words[end]) == 1 or words[end] in _SPELLED[language]
            spelled, end = spelled + letter, end + used
        # Names of letters alone are mostly words: "zee en ie".
        if len(spelled) >= 3 and plain_letters * 2 > len(spelled):
            found.append((place, end, spelled))
        place = max(end, place + 1)
    return found
