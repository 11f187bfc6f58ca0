"""How words sound, as keys that compare: what is spelled or recognised differently but sounds alike gets one key.

The keys are kept in the database to find surnames: a change of the rules needs a migration that fills them anew.
"""

from __future__ import annotations

import re
from functools import lru_cache

from voicebot.dialplan.text import plain

# Letters to sounds, tried in this order at each place of the word, the longest spelling first. Capitals are sounds
# that have no letter of their own: Y ij, O ou, U oe, Q ui, E eu, X g or ch, S sj or sh, N ng. A caret or a dollar
# binds a spelling to the start or the end of the word; what stands between ( and ) must follow and is left alone.
_DUTCH = """
    tsch=tS  ssch=s  ^sch(aeiouyr)=sX  sche$=se  sch$=s  schen$=sen  sch=sX  sjt=St  sj=S  stj=S  tj=tj
    ^chr=kr  ^ch(aou)=S  ch=X  ck=k  cq=k  c(eiy)=s  c=k  qu=kw  q=k  x=ks  ph=f  pf=f
    dt$=t  dth=t  th=t  td=t  d$=t  b$=p  bt=pt  ds$=ts  gh=X  ngh=N  ng=N  nk=Nk  g=X  v=f  z=s
    eij=Y  ey=Y  ij=Y  ei=Y  aij=aj  aay=aj  ay=aj  ai=aj  aai=aj  ooi=oj  oy=oj  oi=oj  oei=Uj
    auw=O  ouw=O  au=O  ou=O  oe=U  oo=o  uij=Q  uy=Q  ui=Q  eeuw=ew  ieuw=iw  uw=u  eu=E  ue=u  uu=u
    ae=a  aa=a  ee=e  ie=i  y(aeiou)=j  y=Y  ^h=h  h=  wr=fr  ^w=w  w$=
"""
_ENGLISH = """
    ^kn=n  ^gn=n  ^pn=n  ^ps=s  ^wr=r  ^wh=w  ^x=s  ^mc=mk  ^mac=mk  mb$=m  tch=C  sch=sk  sh=S  ch=C  cia=Sa
    tion=Sn  sion=Sn  ssion=Sn  c(eiy)=s  ck=k  c=k  qu=kw  q=k  x=ks  ph=f  ough=O  augh=o  igh=I  gh=k
    dge=J  geo=Je  g(eiy)=J  j=J  gn$=n  mps=ms  ng=N  th=T  z=s  v=f  wh=w  ^h=h  h=
    eigh=A  ay=A  ai=A  ey$=i  ei=A  ea=i  ee=i  ie=i  oo=u  ou=O  ow=O  oa=o  au=o  aw=o  oul=u  oe=o  y(aeiou)=j  y=i
    ite$=It  ide$=Id  ine$=In  ile$=Il  ike$=Ik  ime$=Im  ire$=Ir  ise$=Is  ive$=If  ate$=At  ade$=Ad
    ane$=An  ale$=Al  ake$=Ak  ame$=Am  ape$=Ap  are$=Ar  ase$=As  ave$=Af  e$=
"""
_Rule = tuple[re.Pattern[str], str]


def _rules(table: str) -> dict[str, tuple[_Rule, ...]]:
    """The rules by the letter that they begin with, the longest spelling first and before that what binds."""
    rules: dict[str, list[tuple[int, _Rule]]] = {}
    for rule in table.split():
        spelling, _, sound_ = rule.partition("=")
        letters = re.sub(r"\(.*\)|[\^$]", "", spelling)
        follows = re.search(r"\((.*)\)", spelling)
        pattern = (
            (r"(?<![a-z])" if spelling.startswith("^") else "")
            + letters
            + (f"(?=[{follows[1]}])" if follows else "")
            + (r"(?![a-z])" if spelling.endswith("$") else "")
        )
        weight = len(letters) * 2 + (letters != spelling)
        rules.setdefault(letters[0], []).append((weight, (re.compile(pattern), sound_)))
    return {first: tuple(rule for _, rule in sorted(some, key=lambda one: -one[0])) for first, some in rules.items()}


_RULES = {"nl": _rules(_DUTCH), "en": _rules(_ENGLISH)}
_VOWELS = re.compile(r"[aeiouYOUQEAI]")


@lru_cache(maxsize=65_536)
def sound(word: str, language: str) -> str:
    """The phonetic key of a word, or of each word of a text: `Visscher` and `visser` are `fiser` in Dutch.

    Lower case letters and digits are themselves, capitals are sounds of more letters. In languages other than nl and
    en the key is the word without capitals, accents and doubled letters.
    """
    return " ".join(_once(_sounds(word, _RULES.get(language, {}))) for word in plain(word).replace("'", "").split())


@lru_cache(maxsize=65_536)
def skeleton(word: str, language: str) -> str:
    """The consonants of a word's sound, with a dot for a vowel in front: what recognisers keep best."""
    sounds = sound(word, language).replace(" ", "")
    return ("." if _VOWELS.match(sounds) else "") + _once(_VOWELS.sub("", sounds))


def _sounds(word: str, rules: dict[str, tuple[_Rule, ...]]) -> str:
    sounds, place = "", 0
    while place < len(word):
        for pattern, sound_ in rules.get(word[place], ()):
            found = pattern.match(word, place)
            if found:
                sounds += sound_
                place = found.end()
                break
        else:
            sounds += word[place]
            place += 1
    return sounds


def _once(sounds: str) -> str:
    """Sounds that follow themselves are said once."""
    return re.sub(r"([^\d])\1+", r"\1", sounds)
