"""The table of usual Dutch surnames: free decoding with rapidfuzz beside a grammar of the names of customers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from tests.bench.grammar_texts import Said

if TYPE_CHECKING:
    from tests.bench.grammar import Lab

SURNAMES = (
    """
de jong|jansen|de vries|van den berg|van dijk|bakker|janssen|visser|smit|meijer|de boer|mulder|de groot|bos|vos|peters|
hendriks|van leeuwen|dekker|brouwer|de wit|dijkstra|smits|de graaf|van der meer|van der linden|kok|jacobs|de haan|
vermeulen|van den heuvel|van der veen|van den broek|de bruijn|van der heijden|schouten|van beek|willems|van vliet|
van de ven|hoekstra|maas|verhoeven|koster|van dam|van der wal|prins|blom|huisman|peeters|kuipers|van veen|post|
veenstra|kramer|van den brink|scholten|van wijk|postma|martens|vink|de ruiter|timmermans|groen|gerritsen|jonker|
van loon|van der velde|willemsen|smeets|de lange|bosch|van dongen|schipper|de koning|van der laan|driessen|van doorn|
hermans|evers|van der meulen|hofman|bosman|wolters|sanders|van der horst|molenaar|jansma|kuiper|van der zee|schaap|
van es|bouwman|de leeuw|van der pol|mol|van den bosch|kaya|yilmaz|van de velde|jonkers|claassen|hoogland|verbeek|
wijnands|van zanten|zijlstra|hulst|boersma|groeneveld|nijhuis|ter horst|te velde|wessels|lammers|rietveld|terpstra|
zwart|de bont|de rooij|van rijn|van gils|van der sluis|van den akker|van hout|van beers|van eck|van kempen|van schaik|
van oosten|van rooij|van der kolk|van der spek|van der ploeg|snijders|slager|schreuder|roelofs|rademaker|pronk|
pietersen|otten|oosterhuis|nijland|muller|meulenbelt|mertens|linders|lambers|krijnen|kroon|klaassen|klein|kemper|
keizer|joosten|jager|heijmans|heemskerk|haverkamp|hartman|gerrits|geurts|franken|faber|engels|eijkelboom|dijkman|
damen|cornelissen|coenen|bruins|broekhuizen|brands|boot|boon|bloemendaal|beumer|berends|baars|arends|aalbers|
zonneveld|wiersma|weijers|vroom|vogels|visscher|verschuren|verkerk|veldman|tuinstra|tol|teunissen|stam|spaans|
""".replace("\n", "")
    .strip("|")
    .split("|")
)

AROUND = (
    "met {}",
    "u spreekt met {}",
    "goedemorgen met mevrouw {} ik heb een vraag over mijn factuur",
    "hallo mijn naam is {} ik wil verhuizen",
    "dag u spreekt met meneer {} uit utrecht",
)
NAME_LEVELS = (None, 20, 10)
_ALIKE = 80.0  # how alike letters must be for a surname to be taken
_PLAUSIBLE = 50.0  # how alike what was heard freely must be to what a grammar says
_MOST_WORDS = 4


def said_names() -> list[Said]:
    """Every surname once."""
    return [Said("name", name, AROUND[place % len(AROUND)].format(name)) for place, name in enumerate(SURNAMES)]


def print_names(lab: Lab) -> None:
    """Hear each surname at each level, and print how often it is found."""
    clips = lab.by_turns(NAME_LEVELS, ("name",))
    heard_of = [name for name in SURNAMES if lab.knows(name)]
    around = [word for phrase in AROUND for word in phrase.replace("{}", "").split() if lab.knows(word)]
    grammar = [*heard_of, *(f"met {name}" for name in heard_of), *dict.fromkeys(around), "[unk]"]
    free, second = lab.hear("free names", clips), lab.hear("names", clips, grammar)
    ways = lab.hear("readings of names", clips, most=10)
    rows: dict[str, Callable[[int], str | None]] = {
        "free decoding, letter by letter": lambda clip: _written(free[clip].text),
        "free decoding + rapidfuzz": lambda clip: _like(free[clip].text),
        "grammar of names alone": lambda clip: _written(second[clip].text),
        "free + rapidfuzz, else grammar": lambda clip: _like(free[clip].text) or _written(second[clip].text),
        "grammar if plausible, else rapidfuzz": lambda clip: _supported(free[clip].text, _written(second[clip].text)),
        "3 readings + rapidfuzz": lambda clip: next(filter(None, map(_like, ways[clip].readings[:3])), None),
    }
    groups = (("in the vocabulary", set(heard_of)), ("not in it", set(SURNAMES) - set(heard_of)))
    print(f"\nSurnames, {lab.model}: right / wrong; {len(heard_of)} of {len(SURNAMES)} are in the vocabulary")
    for name, find in rows.items():
        for group, names in groups:
            ours = [clip for clip in clips if lab.truth(clip).truth in names]
            cells = [
                _count(lab, find, [clip for clip in ours if lab.clips[clip].snr == level]) for level in NAME_LEVELS
            ]
            print(f"{name:38}{group:20}" + "".join(f"{cell:>12}" for cell in cells) + f"   of {len(names)} each")


def _written(text: str) -> str | None:
    """The longest surname that stands in the text word for word."""
    return max((name for name in SURNAMES if f" {name} " in f" {text} "), key=len, default=None)


def _like(text: str) -> str | None:
    """The surname most like any one to four words, spaces aside."""
    best = max(SURNAMES, key=lambda name: _likeness(text, name))
    return best if _likeness(text, best) >= _ALIKE else None


@cache
def _likeness(text: str, name: str) -> float:
    words = text.split()
    pieces = (
        "".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, min(a + _MOST_WORDS, len(words)) + 1)
    )
    return max((fuzz.ratio(piece, name.replace(" ", "")) for piece in pieces), default=0.0)


def _supported(text: str, name: str | None) -> str | None:
    return name if name and _likeness(text, name) >= _PLAUSIBLE else _like(text)


def _count(lab: Lab, find: Callable[[int], str | None], clips: list[int]) -> str:
    right = sum(find(clip) == lab.truth(clip).truth for clip in clips)
    return f"{right} / {sum(find(clip) is not None for clip in clips) - right}"
