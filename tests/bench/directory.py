"""How often the right customer is found by what callers say, how often the wrong one, and how long that takes.

`python -m tests.bench.directory [--customers 500000] [--calls 1000] [--database postgresql://…]`: 500,000 made-up
Dutch customers, with names as unevenly spread as real ones and customer numbers close together, and callers who say
part of who they are through a recogniser that makes mistakes. One in six is no customer at all.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

from sqlalchemy import Engine, text

from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import SqlDirectory
from voicebot.directory.import_customers import CustomerLine, save_customers
from voicebot.directory.who import who
from voicebot.records.database import open_database, upgrade
from voicebot.understanding.mentions import mentions_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLAN = Dialplan.model_validate({"line": "+31201234567", "name": "Bol", "language": "nl", "prompts": {}})
STEMS = """bak berg boer bos brand breed broek brouw bruin buur daal damm deur dijk dorp draai eik elz geer gees goed
groen groot haag haan hak ham harm hart heem heer hei hend herm hey hoek hof hol hoog horst huis jaap jan jong kamp
kap karr kei kerk klaas klein klomp kloost kok kool koop kort kost kraan kruis kuip kuyp laan lamm land lang leeuw
lei lier lind loon maas mar meer mei melk molen mul nieuw noord oor oost oud paal peet pet piet plas pol post pott
prins raad rei ried rijk roel rood roos rutt sand schaap schenk schip schol schoon schout schuur sim slag slot smed
snij spaan speel steen stok stoop storm straat tak tam teun thijs timm tol tuin uit val veen veer veld ver vink
vis vlieg vloed voet vogel vos vree vroom waal waag wal wand water weer weg wei werf west wijn wild wil wit wolf
wouter zaal zand zee zeil zijl zoet zon zuid zwan zwart""".split()  # noqa: SIM905
ENDS = ["s", "sen", "ma", "stra", "inga", "man", "mans", "er", "ers", "huis", "berg", "veld", "kamp", "dijk", "", "en"]
ENDS += ["hof", "horst", "broek", "huizen", "meijer", "laar", "ink", "link", "stede", "wijk", "hout"]
PARTICLES = ["", "", "", "", "", "van ", "de ", "van der ", "van den ", "ten ", "ter ", "el "]
TOWNS = "dam drecht huizen kerk burg hoven wijk voort um ingen lo wolde zijl stad".split()  # noqa: SIM905
STREETS = ["straat", "weg", "laan", "kade", "plein", "dijk", "gracht", "hof", "singel", "pad"]
DIGITS = ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]
LETTERS = "abcdefghjklmnprstvwxz"
MISHEARD = [  # sounds that a recogniser takes for one another on the telephone
    *(("p", "b"), ("t", "d"), ("k", "t"), ("m", "n"), ("f", "s"), ("v", "w"), ("g", "h"), ("l", "r"), ("oo", "o")),
    *(("ee", "ie"), ("a", "e"), ("ij", "ee"), ("ui", "ou"), ("o", "oe"), ("i", "e"), ("s", ""), ("n", ""), ("er", "e")),
]
WANTS = ["ik heb een vraag over mijn factuur", "ik ga verhuizen", "", "mijn meter is stuk", "kunt u mij helpen"]


@dataclass(frozen=True)
class Somebody:
    """A customer who may call."""

    number: str
    initial: str
    surname: str
    street: str
    house: int
    postcode: str
    city: str


def population(many: int, dice: random.Random) -> Iterator[Somebody]:
    """Made-up customers; a few names are common and most are rare, as in a telephone book."""
    names = [stem + end for stem in STEMS for end in ENDS]
    names += [first + second + end for first in STEMS for second in STEMS[::3] for end in ("", "s", "er")]
    dice.shuffle(names)
    weights = [1 / (rank + 20) for rank in range(len(names))]
    cities = [stem + end for stem in STEMS for end in TOWNS]
    dice.shuffle(cities)
    cities = cities[:1200]
    sizes = [1 / (rank + 5) for rank in range(len(cities))]
    surnames, homes = dice.choices(names, weights, k=many), dice.choices(cities, sizes, k=many)
    for place, (surname, city) in enumerate(zip(surnames, homes, strict=True)):
        street = dice.choice(STEMS) + dice.choice(["", "en", "er"]) + dice.choice(STREETS)
        # A street has a code of its own for every forty numbers.
        house = dice.randrange(1, 150)
        mark = crc32(f"{city} {street} {house // 40}".encode())
        code, letters = 1000 + mark % 8999, LETTERS[mark // 9000 % 20] + LETTERS[mark // 180_000 % 20]
        particle = PARTICLES[crc32(surname.encode()) % len(PARTICLES)]
        number = str(10_000_000 + 3 * place)
        initial = dice.choice("abcdefghijklmnprstw")
        yield Somebody(number, initial, particle + surname, street, house, f"{code} {letters}", city)


def stored(one: Somebody) -> CustomerLine:
    """As an import makes it."""
    name = f"{one.initial.upper()}. {one.surname.title().replace('Van Der', 'van der')}"
    home = {"address": f"{one.street.title()} {one.house}", "postcode": one.postcode.upper(), "city": one.city.title()}
    return CustomerLine({"number": one.number, "name": name, "email": "", "notes": "", "extra": {}, **home}, ())


def misheard(word: str, dice: random.Random, errors: float) -> str:
    """A name as it is recognised: mostly right, else with one sound or two taken for others, or in two words."""
    if dice.random() > errors:
        return word
    for _ in range(dice.choice([1, 1, 2])):
        options = [(a, b) for pair in MISHEARD for a, b in (pair, pair[::-1]) if a and a in word]
        if options:
            a, b = dice.choice(options)
            word = word.replace(a, b, 1)
    return word[: len(word) // 2] + " " + word[len(word) // 2 :] if len(word) > 7 and dice.random() < 0.15 else word


def spoken_digits(digits: str, dice: random.Random, errors: float) -> str:
    """Digit by digit, some misheard, with a hesitation now and then."""
    heard = [dice.choice(DIGITS) if dice.random() < errors / 10 else DIGITS[int(digit)] for digit in digits]
    if dice.random() < 0.2:
        heard.insert(dice.randrange(2, len(heard)), dice.choice(["eh", "en dan", "eh dat is"]))
    return " ".join(heard)


def sentence(one: Somebody, dice: random.Random, errors: float) -> tuple[str, str]:
    """What somebody says, and which clues that holds."""
    name = " ".join(misheard(word, dice, errors) for word in one.surname.split())
    name = f"{one.initial} {name}" if dice.random() < 0.15 else name
    opener = dice.choice(["met", "u spreekt met", "mijn naam is", "goedemorgen met", "u spreekt met meneer"])
    city, street = misheard(one.city, dice, errors / 2), misheard(one.street, dice, errors / 2)
    code = f"{spoken_digits(one.postcode[:4], dice, errors)} {one.postcode[5]} {one.postcode[6]}"
    clues = {
        "name, city": f"{opener} {name} uit {city}",
        "name, street": f"{opener} {name} ik woon op de {street} {one.house}",
        "name, street, city": f"{opener} {name} {street} {one.house} in {city}",
        "name, number": f"{opener} {name} klantnummer {spoken_digits(one.number, dice, errors)}",
        "number": f"mijn klantnummer is {spoken_digits(one.number, dice, errors)}",
        "name, postcode, house": f"{opener} {name} postcode {code} nummer {one.house}",
        "postcode, house": f"postcode {code} huisnummer {one.house}",
        "name": f"{opener} {name}",
    }
    kind = dice.choice(list(clues))
    return f"{clues[kind]} {dice.choice(WANTS)}".strip(), kind


@dataclass
class Score:
    """What came of the calls of one kind."""

    calls: int = 0
    first: int = 0
    third: int = 0
    ways: Counter[str] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.ways = Counter()


def measure(
    directory: SqlDirectory, people: list[Somebody], strangers: list[Somebody], args: argparse.Namespace
) -> None:
    """Calls, one after another, and the table."""
    dice = random.Random(args.seed + 1)
    scores: dict[str, Score] = {}
    took: list[float] = []
    for turn in range(args.calls):
        stranger = turn % 6 == 5
        one = dice.choice(strangers if stranger else people)
        said, kind = sentence(one, dice, args.errors)
        began = time.perf_counter()
        mentions = mentions_of(said, PLAN, NOW)
        found = directory.find(mentions)
        identity = who(mentions, found, ())
        took.append((time.perf_counter() - began) * 1000)
        score = scores.setdefault("no customer" if stranger else kind, Score())
        score.calls += 1
        numbers = [candidate.customer.number for candidate in found[:3]]
        score.first += numbers[:1] == [one.number]
        score.third += one.number in numbers
        opened = identity and identity.how != "several" and directory.file(identity.customers[0])
        right = "right" if opened and opened.customer.number == one.number else "wrong"
        score.ways[f"{identity.how} {right}" if identity and opened else identity.how if identity else "nobody"] += 1
    table(scores, took)


def table(scores: dict[str, Score], took: list[float]) -> None:
    """Shares in per cents of the calls of a row."""
    ways = ["certain right", "certain wrong", "maybe right", "maybe wrong", "several", "nobody"]
    print(f"{'what is said':24}{'calls':>6}{'recall@1':>10}{'@3':>7}" + "".join(f"{way:>15}" for way in ways))
    known = [score for kind, score in scores.items() if kind != "no customer"]
    total = Score(sum(s.calls for s in known), sum(s.first for s in known), sum(s.third for s in known))
    for score in known:
        total.ways.update(score.ways)
    for kind, score in [*sorted(scores.items()), ("all customers", total)]:
        shares = [score.first, score.third, *(score.ways[way] for way in ways)]
        cells = [f"{100 * share / score.calls:.1f}" for share in shares]
        print(f"{kind:24}{score.calls:6}{cells[0]:>10}{cells[1]:>7}" + "".join(f"{cell:>15}" for cell in cells[2:]))
    took.sort()
    spots = {f"p{share}": took[min(len(took) - 1, len(took) * share // 100)] for share in (50, 95, 99)}
    print("ms a sentence, from words to decision: " + ", ".join(f"{name} {ms:.1f}" for name, ms in spots.items()))


def main() -> None:
    """The whole of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=500_000)
    options.add_argument("--calls", type=int, default=1000)
    options.add_argument(
        "--errors", type=float, default=0.3, help="share of names that are heard wrong; digits a tenth"
    )
    options.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite in a new folder without")
    options.add_argument("--keep", type=Path, help="folder for SQLite's file, used again when it is there")
    options.add_argument("--seed", type=int, default=7)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(args.database, args.keep or Path(folder))
        upgrade(engine)
        everybody = list(population(args.customers + 5000, random.Random(args.seed)))
        fill(engine, everybody[:-5000])
        measure(SqlDirectory(engine), everybody[:-5000], everybody[-5000:], args)
        engine.dispose()


def fill(engine: Engine, people: list[Somebody]) -> None:
    """The customers in the database, if they are not there yet."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT count(*) FROM customers")):
            return
    began = time.perf_counter()
    save_customers(engine, [stored(one) for one in people])
    print(f"{len(people):,} customers stored with their keys in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
